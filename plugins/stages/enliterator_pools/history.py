# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a commit states: who made it, when, and which files it added or changed."""

import re
from typing import Final

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import MASK, Candidate, Claim, Document, Extraction, Extractor, Reference, Source, Span, Time

_HASH: Final = re.compile(r"^commit (?P<hash>[0-9a-f]{40,64})", re.MULTILINE)
_AUTHOR: Final = re.compile(r"^Author:[ \t]*(?P<name>[^\n<]*[^\n<\s])", re.MULTILINE)
_DATE: Final = re.compile(r"^Date:[ \t]*(?P<date>\S+)", re.MULTILINE)
_CHANGE: Final = re.compile(r"^(?P<status>[AM]|[RC]\d*)\t(?:(?P<old>[^\t\n]+)\t)?(?P<path>[^\t\n]+)$", re.MULTILINE)
# Files that whoever adds them has not written.
_NOT_WRITTEN: Final = re.compile(
    r"(?:^|/)(?:licen[cs]es?/.*|(?:licen[cs]e|copying|notice)[^/]*|[^/]*(?:lock|-lock\.\w+))$", re.IGNORECASE
)
_QUOTED: Final = re.compile(r'"(?P<inner>.*)"')


@frozen
class History(Extractor):
    """Commits: each a step in the history of the files it touched; of more than ``most_files`` it says nothing."""

    name = "history"

    most_files: int = field(default=50, validator=ge(1))

    def reads(self, source: Source) -> bool:
        """Want commits."""
        return source.kind == "commit"

    def extract(self, source: Source, document: Document) -> Extraction:
        """Return the commit and its author, version_of for files changed and authors for files added."""
        text = document.text
        hash_ = _HASH.search(text)
        author, date = _AUTHOR.search(text), _DATE.search(text)
        if hash_ is None or date is None:
            return Extraction()
        body = date.end()
        subject = re.compile(r"\S[^\n]*").search(text, body)
        if subject is None or _CHANGE.match(subject.group()) or MASK in subject.group():
            return Extraction()
        said = subject.group().strip()
        name = f"{said} ({hash_['hash'][:7]})"
        time = source.time if source.time.value else Time(date["date"], "git")
        where = _span(source, subject)
        change = Candidate("Evolutionary", name, "commit", said, (said, hash_["hash"][:7]), (where,), time)
        candidates, claims = [change], list[Claim]()
        changes = list(_CHANGE.finditer(text, subject.end()))
        by = author["name"] if author and MASK not in author["name"] else None
        if author and by:
            candidates.append(Candidate("Actor", by, "person", evidence=(_span(source, author),), time=time))
        for match in changes if len(changes) <= self.most_files else []:
            file = Reference("Manifest", unquoted(match["path"]))
            claims.append(Claim(Reference("Evolutionary", name), "version_of", file, (where, _span(source, match))))
            if match["status"] == "A" and by and author and not _NOT_WRITTEN.search(match["path"]):
                claims.append(
                    Claim(Reference("Actor", by), "authors", file, (_span(source, author), _span(source, match)))
                )
        return Extraction(tuple(candidates), tuple(claims))


def unquoted(path: str) -> str:
    """Return a path without the quotes that git puts round unusual names, its escapes read as UTF-8 bytes."""
    match = _QUOTED.fullmatch(path)
    if match is None:
        return path
    simple = {"n": 10, "t": 9, '"': 34, "\\": 92, "a": 7, "b": 8, "f": 12, "r": 13, "v": 11}

    def byte(found: re.Match[bytes]) -> bytes:
        escape = found[1].decode("ascii", "replace")
        return bytes([int(escape, 8) & 255 if escape[0] in "01234567" else simple.get(escape, ord(escape[0]))])

    raw = re.sub(rb"\\([0-7]{3}|.)", byte, match["inner"].encode("utf-8", "surrogatepass"))
    return raw.decode("utf-8", "replace")


def _span(source: Source, match: re.Match[str]) -> Span:
    return Span(source.path, match.start(), match.end())
