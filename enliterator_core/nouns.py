# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What everything is made of: frozen classes whose ids derive from their content.

Positions count characters (Unicode code points) of a source's decoded text; paths are POSIX and relative to the
SOURCE that was built; times are ISO 8601 text, as precise as what stated them.
"""

from collections.abc import Iterable
from functools import cached_property, partial
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Final, Literal

from attrs import define, evolve, field, frozen

TimeBasis = Literal["front matter", "document property", "git", "archive", "statement", "unknown"]


def content_id(*parts: str) -> str:
    """Return 16 hexadecimal digits that stand for the given texts, in their order."""
    digest = blake2b(digest_size=8)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(len(encoded).to_bytes(8, "big") + encoded)
    return digest.hexdigest()


def sha256_of(data: bytes) -> str:
    """Return the SHA-256 of bytes as 64 hexadecimal digits."""
    return sha256(data).hexdigest()


if TYPE_CHECKING:
    from attrs import frozen as quickly_frozen
else:
    # For what is made by the million: frozen for the type checker alone, since it takes a third of the time to make.
    quickly_frozen = partial(define, unsafe_hash=True)


@quickly_frozen(order=True)
class Span:
    """A piece of a source: the characters from ``start`` up to, not including, ``end`` of its decoded text."""

    source: str
    start: int
    end: int


@frozen
class Block:
    """A piece of a document by structure.

    ``kind`` is heading, paragraph, item, table, code, quote, front_matter, symbol, comment or entry (a key with its
    value). ``level`` is a heading's or item's depth; ``info`` says more: a code block's language, an item's ordinal,
    a symbol's sort (module, class, function, method, test) or a key's path. ``name`` is what the block names
    (a heading's words, a symbol's qualified name, a key), empty where it names nothing.
    """

    kind: str
    start: int
    end: int
    level: int = 0
    info: str = ""
    name: str = ""


@frozen
class Time:
    """When something was or was seen, and what says so; never the file system's time of change."""

    value: str | None = None
    basis: TimeBasis = "unknown"


UNKNOWN_TIME: Final = Time()


@frozen
class Rights:
    """What may be done with a source: derived from a licence or a statement, never guessed.

    ``license`` is an SPDX expression, ``statement`` the words that were found, ``basis`` where (spdx tag, reuse,
    license file, manifest, statement, unknown), ``confidence`` 0 to 1. ``embargo`` is the ISO date up to which
    nothing may be used. Whatever is quarantined is neither trainable nor publishable, and ``reason`` says why.
    """

    license: str | None = None
    statement: str = ""
    holder: str | None = None
    basis: str = "unknown"
    confidence: float = field(default=0.0, converter=float)  # 1 and 1.0 have one id
    publishable: bool = False
    trainable: bool = False
    embargo: str | None = None
    quarantined: bool = True
    reason: str | None = "no licence or statement was found"

    @property
    def id(self) -> str:
        """The content id of these rights."""
        return content_id("rights", repr(self))


def strictest(rights: Iterable[Rights]) -> Rights:
    """Return the rights under which content of all the given ones may be used together; of none: quarantined.

    Licences and holders are joined with AND and commas; a flag holds only when it holds for all.
    """
    every = sorted(set(rights), key=lambda one: (one.license or "", one.holder or "", one.id))
    if not every:
        return Rights()
    first = next((one for one in every if one.quarantined), every[0])
    licenses = sorted({one.license for one in every if one.license})
    holders = sorted({one.holder for one in every if one.holder})
    return evolve(
        first,
        license=" AND ".join(f"({one})" if " OR " in one and len(licenses) > 1 else one for one in licenses) or None,
        holder=", ".join(holders) or None,
        confidence=min(one.confidence for one in every),
        publishable=all(one.publishable for one in every),
        trainable=all(one.trainable for one in every),
        embargo=max((one.embargo for one in every if one.embargo), default=None),
        quarantined=any(one.quarantined for one in every),
    )


@frozen
class Source:
    """One file, commit or set of rows that was taken in: ``kind`` is file, commit or rows, ``size`` counts bytes,
    ``rights`` is a :attr:`Rights.id` (empty before the rights stage)."""

    path: str
    sha256: str
    media_type: str
    size: int
    kind: Literal["file", "commit", "rows"] = "file"
    encoding: str = "utf-8"
    title: str = ""
    time: Time = UNKNOWN_TIME
    rights: str = ""


@frozen
class Document:
    """What a reader made of a source: its decoded text, its blocks in order, and what it states about itself.

    ``stated`` holds what the format itself says (title, date, author, license ...), by lower-case key.
    """

    text: str
    blocks: tuple[Block, ...] = ()
    title: str = ""
    time: Time = UNKNOWN_TIME
    stated: tuple[tuple[str, str], ...] = ()


@frozen
class Entity:
    """A thing that the sources speak of; its name is unique in its pool, its id derives from both.

    ``kind`` is a plain word for what it is (module, function, concept, step, release ...), ``description`` the words
    of the source at the first of the ``evidence`` spans, ``repr_text`` how it reads to a model, ``rights`` the id of
    the strictest rights among its evidence.
    """

    pool: str
    name: str
    kind: str = ""
    description: str = ""
    repr_text: str = ""
    time: Time = UNKNOWN_TIME
    rights: str = ""
    evidence: tuple[Span, ...] = ()

    @cached_property
    def id(self) -> str:
        """The content id: pool and canonical name."""
        return entity_id(self.pool, self.name)

    @property
    def mention(self) -> str:
        """How prose speaks of it: see :func:`mention_of`."""
        return mention_of(self.pool, self.kind, self.name)


def mention_of(pool: str, kind: str, name: str) -> str:
    """Return how prose speaks of an entity: its kind and its name, quoted if it has spaces; of people just the name."""
    if pool == "Actor":
        return name
    if kind and name.startswith(f"{kind} ") and name.count(" ") == kind.count(" ") + 1:
        return f"the {name}"  # named by its kind and a number or key
    quoted = f'"{name}"' if " " in name else name
    return f"the {kind} {quoted}" if kind else quoted


def entity_id(pool: str, name: str) -> str:
    """Return the id that the entity ``name`` of ``pool`` has in every batch."""
    return content_id(pool, name)


@quickly_frozen()
class Term:
    """What an entity is called: its canonical name, other surface forms, and forms that are mistaken for it.

    ``languages`` holds (name or form, BCP 47 tag) for those whose language the sources tell, in order.
    """

    entity: str
    pool: str
    name: str
    description: str = ""
    surface_forms: tuple[str, ...] = ()
    negative_forms: tuple[str, ...] = ()
    languages: tuple[tuple[str, str], ...] = ()


@frozen
class Relation:
    """One verb between two entities (ids), with the spans that state it; ``predicate`` is an imported one's own name.

    Stored once, in the glossary's forward direction; a symmetric one with the smaller id first.
    """

    subject: str
    verb: str
    object: str
    evidence: tuple[Span, ...] = ()
    confidence: float = 1.0
    predicate: str | None = None

    @property
    def key(self) -> tuple[str, str, str]:
        """Subject, verb and object: what makes the relation the same one in every batch."""
        return self.subject, self.verb, self.object


@frozen
class Gap:
    """Something that is absent: ``severity`` is high, medium or low; ``close`` names the intake that would close it."""

    kind: str
    severity: Literal["high", "medium", "low"]
    subject: str
    message: str
    close: str
    count: int = 1


def group_of(anchor: str) -> str:
    """Return the content id that every example with this anchor has as its group: that of "group" and the anchor."""
    encoded = anchor.encode("utf-8", "surrogatepass")  # in one piece, as it is asked for of every entity
    return blake2b(b"\0\0\0\0\0\0\0\5group%b%b" % (len(encoded).to_bytes(8), encoded), digest_size=8).hexdigest()


@frozen
class Example:
    """One verified training example, with all that proves it.

    ``anchor`` is the key of the thing its answer turns on and ``group`` the content id of that key, which decides the
    split; ``spans`` are what its answer reproduces or rests on; ``absence`` holds the query that found nothing where
    the answer is that something is not there, ``withheld`` the path of the source that a refusal is about.
    """

    task: str
    system: str
    user: str
    assistant: str
    anchor: str
    entities: tuple[str, ...]
    relations: tuple[tuple[str, str, str], ...]
    spans: tuple[Span, ...]
    rights: Rights
    verifier: str
    absence: str | None = None
    withheld: str | None = None

    @property
    def id(self) -> str:
        """The content id: task and messages."""
        return content_id(self.task, self.system, self.user, self.assistant)

    @property
    def group(self) -> str:
        """The content id of the anchor."""
        return group_of(self.anchor)


@frozen
class Batch:
    """One enliteration: numbered from 1 in its workspace and known by its origin."""

    id: int
    name: str
    origin: str
    created_at: str
    settings: str = "{}"


SEVERITIES: Final = ("high", "medium", "low")
