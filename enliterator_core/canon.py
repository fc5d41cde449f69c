# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The canon: pools, the closed verb glossary, and paths written as text and read back.

A path is written `Idea(Radical inclusion) → embodies → Manifest(Temple 2023).` and parses back to the same pools,
names and verbs, whatever characters a name has: a name whose brackets balance stands as it is, any other has its
brackets escaped; backslashes, line breaks and other control characters are always escaped.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from attrs import field, frozen


@frozen
class Pool:
    """One of the kinds that an entity can be of; `optional` pools are used only when the data has them."""

    name: str
    title: str
    meaning: str
    optional: bool = False


_POOLS: Final = (
    Pool("Idea", "Idea", "a concept, principle or question"),
    Pool("Manifest", "Manifest", "a concrete thing: a document, a module, an object, a work"),
    Pool("Experience", "Experience", "something lived through or observed by someone"),
    Pool("Relational", "Relational", "a group, community or network"),
    Pool("Evolutionary", "Evolutionary", "a version, a change, a step in a history"),
    Pool("Practical", "Practical", "a way of doing something: a step, a procedure, a command"),
    Pool("Emanation", "Emanation", "an influence that something has on what comes after"),
    Pool("Rights", "Provenance and Rights", "a licence, a consent, a statement of origin"),
    Pool("Lexicon", "Lexicon and Ontology", "a word as such: an abbreviation, a synonym, a tag"),
    Pool("Intent", "Intent and Task", "something that a person wants done"),
    Pool("Actor", "Actor and Role", "a person, an organisation or a role", optional=True),
    Pool("Spatial", "Spatial", "a place", optional=True),
    Pool("Evidence", "Evidence and Observation", "a test, a measurement, an observation", optional=True),
    Pool("Risk", "Risk and Governance", "a hazard, a rule about hazards", optional=True),
    Pool("Method", "Method and Model", "a method or a model that yields evidence", optional=True),
)

POOLS: Final[dict[str, Pool]] = {pool.name: pool for pool in _POOLS}

ANY: Final = frozenset(POOLS)


@frozen
class Verb:
    """One verb of the closed glossary.

    `sources` and `targets` are the pools it may join; `reverse` is the verb read backwards (its own name when
    `symmetric`); `phrase` and `reverse_phrase` are its English, for prose.
    """

    name: str
    reverse: str
    sources: frozenset[str] = field(repr=False)
    targets: frozenset[str] = field(repr=False)
    phrase: str
    reverse_phrase: str
    symmetric: bool = False

    def joins(self, source: str, target: str) -> bool:
        """Say whether the verb may join an entity of pool `source` to one of pool `target`."""
        return source in self.sources and target in self.targets


def _verb(name: str, reverse: str, pools: str, phrase: str, reverse_phrase: str) -> Verb:
    """Read `Idea|Emanation>any` into a verb."""
    sources, targets = (ANY if side == "any" else frozenset(side.split("|")) for side in pools.split(">"))
    return Verb(name, reverse, sources, targets, phrase, reverse_phrase, symmetric=name == reverse)


_VERBS: Final = (
    _verb("embodies", "is_embodiment_of", "Idea>Manifest", "is embodied in", "is an embodiment of"),
    _verb("elicits", "is_elicited_by", "Manifest>Experience", "elicits", "is elicited by"),
    _verb("influences", "is_influenced_by", "Idea|Emanation>any", "influences", "is influenced by"),
    _verb("refines", "is_refined_by", "Evolutionary>Idea", "refines", "is refined by"),
    _verb("version_of", "has_version", "Evolutionary>Manifest", "gave a version of", "has a version from"),
    _verb("co_occurs_with", "co_occurs_with", "any>any", "is mentioned together with", "is mentioned together with"),
    _verb("located_at", "hosts", "Manifest>Spatial", "is located at", "hosts"),
    _verb("adjacent_to", "adjacent_to", "Spatial>Spatial", "lies next to", "lies next to"),
    _verb("validated_by", "validates", "Practical>Experience|Evidence", "is validated by", "validates"),
    _verb("supports", "is_supported_by", "Evidence>Idea", "supports", "is supported by"),
    _verb("refutes", "is_refuted_by", "Evidence>Idea", "refutes", "is refuted by"),
    _verb("diffuses_through", "carries", "Emanation>Relational", "spreads through", "carries"),
    _verb("codifies", "derived_from", "Idea>Practical", "is put into practice by", "is derived from"),
    _verb("inspires", "is_inspired_by", "Experience>Emanation", "inspires", "is inspired by"),
    _verb("feeds_back", "is_fed_by", "Emanation>Idea", "feeds back into", "is fed by"),
    _verb("connects_to", "is_connected_from", "any>any", "is connected to", "is connected to"),
    _verb("cites", "cited_by", "any>any", "cites", "is cited by"),
    _verb("precedes", "follows", "any>any", "comes before", "comes after"),
    _verb("authors", "authored_by", "Actor>Manifest", "wrote", "was written by"),
    _verb("owns", "owned_by", "Actor>Manifest", "holds the rights to", "belongs to"),
    _verb("member_of", "has_member", "Actor>Relational", "is a member of", "has among its members"),
    _verb("reports", "reported_by", "Actor>Experience", "reports", "is reported by"),
    _verb("measures", "measured_by", "Evidence>Manifest", "checks", "is checked by"),
    _verb("requires_mitigation", "mitigates", "Risk>Practical", "calls for", "mitigates"),
    _verb("constrains", "constrained_by", "Risk>Rights", "constrains", "is constrained by"),
    _verb("produces", "produced_by", "Method>Evidence", "produces", "is produced by"),
    _verb("standardizes", "standardized_by", "Method>Practical", "standardizes", "is standardized by"),
    _verb("normalizes", "is_normalized_by", "Lexicon>any", "is another name for", "is also called"),
    _verb("disambiguates", "is_disambiguated_by", "Lexicon>any", "tells apart", "is told apart by"),
    _verb("part_of", "has_part", "Manifest>Manifest", "is part of", "contains"),
    _verb("depends_on", "required_by", "Manifest>Manifest", "depends on", "is required by"),
    _verb("requests", "is_requested_by", "Intent>Relational", "asks", "is asked by"),
    _verb("selects_template", "is_selected_by", "Intent>Practical", "is done with", "is used for"),
    _verb("traverses_pattern", "is_traversed_by", "Intent>any", "passes through", "is passed by"),
    _verb("targets", "is_targeted_by", "Intent>Manifest", "is about", "is the subject of"),
)

VERBS: Final[dict[str, Verb]] = {verb.name: verb for verb in _VERBS}

_REVERSED: Final[dict[str, Verb]] = {verb.reverse: verb for verb in _VERBS if not verb.symmetric}


def verb_and_direction(name: str) -> tuple[Verb, bool]:
    """Return the glossary verb that `name` is, and whether it is read forwards; raise KeyError for any other name."""
    if name in VERBS:
        return VERBS[name], True
    return _REVERSED[name], False


def reverse_of(name: str) -> str:
    """Return the name that reads the verb `name` the other way round; raise KeyError for a name not in the glossary."""
    verb, forwards = verb_and_direction(name)
    return verb.reverse if forwards else verb.name


_WORDS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^A-Z\s_-]+|[A-Z]")
_LONGEST_NAME: Final = 60


@lru_cache(maxsize=4096)
def name_in_words(predicate: str | None) -> str:
    """Return the name of an imported relation as people write it: ACTED_IN is "acted in", .../core#broader "broader".

    It stands in quotes, several with "and"; empty where there is none, or none that can be read.
    """
    names = []
    for one in (predicate or "").split(" | "):
        last = re.split(r"[#/]", one.rstrip("#/"))[-1] if "://" in one else one
        words = " ".join(_WORDS.findall("".join(" " if c in '"\\' or not c.isprintable() else c for c in last)))
        if words and len(words) <= _LONGEST_NAME:
            names.append(f'"{words.lower()}"')
    return " and ".join(dict.fromkeys(names))


PREDICATES: Final = {
    "is described in": ("is described in", "describes"),
    "describes": ("describes", "is described in"),
    "is defined in": ("is defined in", "defines"),
    "license": ("is under", "covers"),
}
"""What our own rules find that no verb says, under `connects_to`: how it is said, and read the other way round."""


def phrase_of(name: str, predicate: str | None = None) -> str:
    """Return the English phrase of a verb or of a reverse verb; raise KeyError for a name not in the glossary.

    Of `connects_to`, a relation's own ``predicate`` says more: what it means where it is one of :data:`PREDICATES`,
    else the name that it was imported with.
    """
    verb, forwards = verb_and_direction(name)
    one, other = verb.phrase, verb.reverse_phrase
    if verb.name == "connects_to" and predicate:
        if predicate in PREDICATES:
            one, other = PREDICATES[predicate]
        elif said := name_in_words(predicate):
            one, other = f"is connected by {said} to", f"is connected by {said} from"
    return one if forwards else other


_ARROW: Final = " → "
_ESCAPED: Final = re.compile(r"[\\\x00-\x1f\x7f\x80-\x9f\u2028\u2029\ud800-\udfff]")
_BRACKET: Final = re.compile(r"[()]")
_SPECIAL: Final = re.compile(rf"[()]|{_ESCAPED.pattern}")
_ESCAPE: Final = re.compile(r"\\(?:u\{([0-9a-f]{1,6})\}|(.))", re.DOTALL)


def _balanced(name: str) -> bool:
    depth = 0
    for character in name:
        depth += (character == "(") - (character == ")")
        if depth < 0:
            return False
    return depth == 0


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return "\\\\" if character == "\\" else f"\\u{{{ord(character):x}}}"


def _write_name(name: str) -> str:
    if not _SPECIAL.search(name):
        return name
    escaped = _ESCAPED.sub(_escape, name)
    return escaped if _balanced(name) else _BRACKET.sub(r"\\\g<0>", escaped)


def _read_name(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else match[2], text)


def write_node(pool: str, name: str) -> str:
    """Return one node as :func:`textize` writes it."""
    return f"{pool}({_write_name(name)})"


def textize(entities: Sequence[tuple[str, str]], verbs: Sequence[str]) -> str:
    """Write a path of (pool, name) pairs and the verbs between them as one line that :func:`parse` reads back.

    Raises ValueError when a pool or a verb is not in the canon, or their numbers do not fit.
    """
    if len(entities) != len(verbs) + 1:
        raise ValueError(f"{len(entities)} entities need {len(entities) - 1} verbs between them, not {len(verbs)}")
    parts = []
    for (pool, name), verb in zip(entities, (*verbs, None), strict=True):
        if pool not in POOLS or (verb is not None and verb not in VERBS and verb not in _REVERSED):
            raise ValueError(f"{pool if pool not in POOLS else verb!r} is not in the canon")
        parts.append(write_node(pool, name))
        if verb is not None:
            parts.append(verb)
    return f"{_ARROW.join(parts)}."


def _end_of_name(text: str, start: int) -> int:
    depth, position = 0, start
    while position < len(text):
        character = text[position]
        if character == "\\":
            position += 1
        elif character == "(":
            depth += 1
        elif character == ")":
            if depth == 0:
                return position
            depth -= 1
        position += 1
    raise ValueError(f"the name that starts at character {start} does not end")


def _read_simple(text: str) -> tuple[list[tuple[str, str]], list[str]] | None:
    """Read a line none of whose names has brackets or escapes, which is most; None for any other."""
    if "\\" in text or not text.endswith(")."):
        return None
    entities: list[tuple[str, str]] = []
    verbs: list[str] = []
    for part in text[:-2].split(f"){_ARROW}"):
        pool, _, name = part.partition("(")
        if entities:
            verb, _, pool = pool.partition(_ARROW)
            if verb not in VERBS and verb not in _REVERSED:
                return None
            verbs.append(verb)
        if pool not in POOLS or "(" in name or ")" in name:
            return None
        entities.append((pool, name))
    return entities, verbs


def parse(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Read a line that :func:`textize` wrote: the (pool, name) pairs and the verbs between them.

    Raises ValueError, naming the place, for anything else.
    """
    if (read := _read_simple(text)) is not None:
        return read
    entities: list[tuple[str, str]] = []
    verbs: list[str] = []
    position = 0
    while True:
        bracket = text.find("(", position)
        pool = text[position:bracket] if bracket >= 0 else text[position:]
        if pool not in POOLS or bracket < 0:
            raise ValueError(f"{pool[:40]!r} at character {position} is not a pool")
        end = _end_of_name(text, bracket + 1)
        entities.append((pool, _read_name(text[bracket + 1 : end])))
        if text[end + 1 :] == ".":
            return entities, verbs
        if not text.startswith(_ARROW, end + 1):
            raise ValueError(f"expected an arrow or the final stop at character {end + 1}")
        position = end + 1 + len(_ARROW)
        stop = text.find(_ARROW, position)
        verb = text[position:stop] if stop >= 0 else text[position:]
        if stop < 0 or (verb not in VERBS and verb not in _REVERSED):
            raise ValueError(f"{verb[:40]!r} at character {position} is not a verb")
        verbs.append(verb)
        position = stop + len(_ARROW)
