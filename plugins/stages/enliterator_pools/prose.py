# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What sentences state: links to other documents, what is done with which command, other names, and plain relations.

Only sentences of a few known shapes are read, and both ends must be names that stand there as such.
"""

import posixpath
import re
from typing import Final
from urllib.parse import unquote

from attrs import define, field, frozen

from enliterator_core import (
    MASK,
    Block,
    Candidate,
    Claim,
    Document,
    Extraction,
    Extractor,
    Reference,
    Source,
    Span,
    plain,
    sentences,
)
from enliterator_pools.sentences import stated_in

_PROSE: Final = frozenset({"paragraph", "item", "quote", "table"})
_LINK: Final = re.compile(r"(?<!!)\[[^\]\n]*\]\((?P<target><[^>\n]+>|[^()\s]+)(?:\s+[\"'][^\n]*?[\"'])?\)")
_ROLE: Final = re.compile(
    r":(?:py:)?(?P<role>func|class|meth|mod|attr|exc|data|obj|const):`[~!]?(?:[^`<\n]*<)?~?(?P<name>[\w.]+)(?:\(\))?>?`"
)
_DOC: Final = re.compile(r"(?::doc:|\{doc\})`(?:[^`<\n]*<)?(?P<target>[^`<>\n]+)>?`")
_SEE: Final = re.compile(
    r"\b(?:[Ss]ee(?: also)?|described in|documented in|explained in|defined in)\s+`(?P<path>[\w./-]+\.[a-z]{1,5})`"
)
_COMMAND: Final = r"`(?P<command>[^`\n]{2,100})`"
_TO_RUN: Final = re.compile(
    r"(?:\A|(?<=[.:;]\s)|(?<=\*\*\s))(?:In order to|To)\s+(?P<goal>[a-z]+(?:\s|-)(?:`[^`\n]*`|[^.;:`\n]){2,80}?),\s+"
    r"(?:you can\s+|just\s+|simply\s+|please\s+)?"
    r"(?P<verb>run|use|call|type|enter|execute|invoke)\s+(?:the command\s+)?" + _COMMAND
)
_RUN_TO: Final = re.compile(
    r"\b(?P<verb>[Rr]un|[Uu]se|[Tt]ype|[Ee]xecute|[Ii]nvoke)\s+(?:the command\s+)?"
    + _COMMAND
    + r"(?:\s+again)?\s+to\s+"
    r"(?P<goal>[a-z]+\s(?:`[^`\n]*`|[^.;:,`\n]){2,80}?)(?=[.;:,]|\s(?:so|before|after|when|if|then|unless|while|\()\b|\Z)"
)
_ALIAS: Final = re.compile(
    r"(?P<m>\*\*|\*|`|\"|_)(?P<one>[^*`\"_\n]{2,50})(?P=m)[,]?\s+\(?(?:(?:is|are)\s+)?"
    r"(?:also\s+(?:called|known as|written|named)|a\.?k\.?a\.?|abbreviated(?:\s+(?:as|to))?|for short)[,:]?\s+"
    r"(?:an?\s+|the\s+)?(?P<n>\*\*|\*|`|\"|_)(?P<other>[^*`\"_\n]{2,50})(?P=n)"
)
_FILE: Final = re.compile(r"`(?P<path>(?:[\w.-]+/)*[\w-]+\.[a-z]{1,5})`")
_WORTH: Final = re.compile(
    r"\]\(|[:}]`|\b(?:see|run|use|type|execute|invoke|call|enter|also|a\.?k\.?a|abbreviated|defined|described|documented)\b",
    re.IGNORECASE,
)


@frozen
class Sentences(Extractor):
    """Links, commands with what they are for, other names, and sentences of the shape `X is based on Y`."""

    name = "sentences"

    def reads(self, source: Source) -> bool:
        """Want files, not commits."""
        return source.kind == "file"

    def extract(self, source: Source, document: Document) -> Extraction:
        """Return what the sentences of the document's prose state."""
        found = _Found(source, document)
        text = document.text
        for block in document.blocks:
            if block.kind in _PROSE:
                if _WORTH.search(text, block.start, block.end):
                    found.links(block)
                    found.commands(block)
                    found.aliases(block)
                for claim in stated_in(source.path, text, block):
                    found.claims.append(claim)
        return Extraction(tuple(found.candidates), tuple(found.claims))


@define
class _Found:
    source: Source
    document: Document
    candidates: list[Candidate] = field(factory=list)
    claims: list[Claim] = field(factory=list)

    def around(self, block: Block, position: int) -> Span:
        """Return the span of the sentence at a position; of a table, its row."""
        pieces = sentences(self.document.text, block.start, block.end) if block.kind != "table" else []
        start, end = next((one for one in pieces if one[0] <= position < one[1]), (block.start, block.end))
        return Span(self.source.path, start, end)

    def links(self, block: Block) -> None:
        """Add cites for links to files, and for the names that a docstring's roles and a "see" point to."""
        text, me = self.document.text, self._speaker(block)
        for match in _LINK.finditer(text, block.start, block.end):
            target = linked_path(self.source.path, match["target"].strip("<>"))
            if target and target != self.source.path:
                self._cites(me, target, self.around(block, match.start()))
        for match in _ROLE.finditer(text, block.start, block.end):
            called = "()" if match["role"] in ("func", "meth") else ""  # so that no package of that name is meant
            self._cites(me, match["name"] + called, self.around(block, match.start()))
        for match in _DOC.finditer(text, block.start, block.end):
            target = linked_path(self.source.path, match["target"])
            if target:
                self._cites(me, target, self.around(block, match.start()))
        for match in _SEE.finditer(text, block.start, block.end):
            path = match["path"]
            bare = "/" not in path
            target = linked_path(self.source.path, path) if bare or path.startswith(".") else posixpath.normpath(path)
            if target and target != self.source.path:
                self._cites(me, target, self.around(block, match.start()))

    def _speaker(self, block: Block) -> str:
        """Return the name of what a block speaks for: the function or class of a docstring, else the file."""
        module = dict(self.document.stated).get("module")
        return f"{module}.{block.name}" if block.info == "docstring" and block.name and module else self.source.path

    def _cites(self, me: str, target: str, span: Span) -> None:
        self.claims.append(Claim(Reference("Manifest", me), "cites", Reference("Manifest", target), (span,)))

    def commands(self, block: Block) -> None:
        """Add what somebody may want done, and the command that a sentence says does it."""
        for begin, end in sentences(self.document.text, block.start, block.end):
            marker = _MARKER.match(self.document.text, begin, end)
            start = marker.end() if marker else begin
            words = self.document.text[start:end]
            for match in (*_TO_RUN.finditer(words), *_RUN_TO.finditer(words)):
                self._command(match, Span(self.source.path, start, end), plain(words))

    def _command(self, match: re.Match[str], span: Span, said: str) -> None:
        goal, command = plain(match["goal"]), match["command"].strip()
        if not _is_goal(goal) or MASK in goal + command or not _is_command(command, match["verb"].lower()):
            return
        wanted = goal[0].upper() + goal[1:]
        self.candidates.append(Candidate("Intent", wanted, "task", said, (goal,), (span,)))
        self.candidates.append(Candidate("Practical", command, "command", said, (), (span,), defines=False))
        intent = Reference("Intent", wanted)
        self.claims.append(Claim(intent, "selects_template", Reference("Practical", command), (span,)))
        for file in _FILE.finditer(match["goal"]):
            self.claims.append(Claim(intent, "targets", Reference("Manifest", file["path"]), (span,)))

    def aliases(self, block: Block) -> None:
        """Add other names that a sentence gives for something, both of them marked as names."""
        for match in _ALIAS.finditer(self.document.text, block.start, block.end):
            name, other = plain(match["one"]), plain(match["other"])
            if name.lower() == other.lower() or MASK in name + other:
                continue
            span = self.around(block, match.start())
            self.candidates.append(Candidate("Lexicon", other, "synonym", "", (), (span,)))
            self.claims.append(Claim(Reference("Lexicon", other), "normalizes", Reference("", name), (span,)))


def linked_path(path: str, target: str) -> str | None:
    """Return the path in the dataset that a link leads to, or None when it leads elsewhere or nowhere.

    A link from the root of a site, such as `/guide/start`, keeps its slash: where that root lies among the files is
    found out once all of them are known.
    """
    target = unquote(target.partition("#")[0].partition("?")[0])
    if not target or ":" in target or target.startswith(("//", "\\")):
        return None
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
    return None if joined.startswith("..") or joined in (".", "/") else joined


_NO_GOAL: Final = frozenset(
    {"be", "the", "this", "that", "a", "an", "my", "your", "date", "me", "ensure", "him", "them", "some", "do", "it"}
)


_ANAPHORA: Final = frozenset({"this", "that", "these", "those", "it", "it's", "them", "is", "are", "needed", "more"})
_MARKER: Final = re.compile(r"\s*(?:[-*+•]|\d+[.)])\s+(?:\[[ xX]\]\s+)?")


def _is_goal(goal: str) -> bool:
    words = goal.split()
    if not _ANAPHORA.isdisjoint(words):
        return False
    return (
        2 <= len(words) <= 12
        and words[0] not in _NO_GOAL
        and words[0].isalpha()
        and not goal.endswith(("to", "the", "a"))
    )


def _is_command(command: str, verb: str) -> bool:
    """Say whether code is a command line: a name for a function is none, and "use" is said of both."""
    if (
        re.search(r"\w\(|==", command)
        or not re.match(r"[a-z./$~]", command)
        or command.endswith(("()", ")"))
        or "=" in command.split()[0]
    ):
        return False
    return " " in command or verb in {"run", "type", "execute", "enter", "invoke"}
