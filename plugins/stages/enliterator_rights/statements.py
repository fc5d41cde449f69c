# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What one source says about rights: its own, those of the folder it stands in, or those of other files.

A tag counts only where it speaks for the file: in a comment before anything else, in the first 30 lines. Where a
document shows a tag as an example, in a string, a code block or further down, it says nothing.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from enliterator_core import MASK, Document, Source
from enliterator_rights.expressions import joined, normalized
from enliterator_rights.texts import identify

_HEAD_LINES: Final = 30
_TAG: Final = re.compile(r"SPDX-License-Identifier[:][ \t]*(.*?)[ \t]*$")
_COPYRIGHT_TAG: Final = re.compile(r"SPDX-(?:File|Snippet)CopyrightText[:][ \t]*(.*?)[ \t]*$")
_COPYRIGHT: Final = re.compile(
    r"^[ \t>#*/;.-]*(?:copyright\b(?:[ \t]*\(c\)|[ \t]*©)?|©)[ \t]*:?[ \t]*((?:[12]\d{3}|[A-Z█]).*?)[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_YEARS: Final = re.compile(
    r"^(?:\(c\)|©|copyright|[12]\d{3}(?:[ \t]*[-–,][ \t]*(?:[12]\d{3}|present|now))*|[ \t,.;:-])+", re.I
)
_AFTER_NAME: Final = re.compile(
    rf"[ \t]*(?:<[^>]*>|\([^)]*@[^)]*\)|[<(]?{MASK}+[>)]?|\.?[ \t]*all rights reserved\.?).*$", re.I
)
_ADDRESS: Final = re.compile(r"[\s,;(<]*https?://\S*$", re.IGNORECASE)
_BLANK_HOLDERS: Final = (
    *("<", "[", "{", "holder", "owner", "notice", "license", "law", "and ", "or ", "the copyright", "http", "on "),
    *("their ", "its ", "his ", "her ", "respective ", "the respective "),
)
# What a licence's own text says of itself: whoever wrote the licence does not hold the work.
_OF_THE_LICENCE: Final = re.compile(
    r"[^\n]*\n(?:(?![^\n]*copyright)[^\n]*\n){0,4}?\s*everyone is permitted to copy and distribute", re.IGNORECASE
)
_LICENSE_FILE: Final = re.compile(r"(?:licen[cs]e|copying|unlicense)(?:[-_.][\w.+-]+)?", re.IGNORECASE)
# A file of another name that is no known text, such as a page about licences, is a document like any other.
_LOUD: Final = re.compile(r"(?:^|/)(?:LICEN[CS]E|COPYING|UNLICENSE|LICENSES/)[^/]*$")
_CODE_ENDING: Final = re.compile(
    r"\.(?:py|js|ts|c|h|go|rs|java|rb|sh|html?|css|json|toml|ya?ml|xml|license)$", re.IGNORECASE
)
_CC_LINK: Final = re.compile(
    r"creativecommons\.org/(?:licenses/(by(?:-nc)?(?:-nd|-sa)?)/(\d\.\d)|publicdomain/zero/(1\.0))", re.IGNORECASE
)
_SPEAKS: Final = re.compile(
    r"\b(?:this|these|the(?: text of this| contents? of this)?)\s+(?:\w+\s+){0,2}?(?:works?|documents?|documentation"
    r"|pages?|sites?|website|texts?|book|handbook|manual|article|content|dataset|material|files?|repository)\b"
    r"[^.]{0,80}?\b(?:licen[cs]ed|available|released|published|shared)\b[^.]{0,40}?\bunder\b",
    re.IGNORECASE,
)
_RESERVED: Final = re.compile(r"<meta[^>]+name=[\"']tdm-reservation[\"'][^>]+content=[\"']1[\"']", re.IGNORECASE)

_MARKUP: Final = frozenset({"text/markdown", "text/html", "application/xml", "image/svg+xml"})
_PLAIN: Final = frozenset({"text/plain"})
_LINE_COMMENT: Final = re.compile(r"[ \t]*(?:#|//|--|;|%|\.\.(?=[ \t])|\*(?!/))[ \t]?(.*)$")
_SHEBANG: Final = re.compile(r"#!|<\?xml|<!doctype", re.IGNORECASE)


def head_comments(text: str, media_type: str, path: str = "") -> Iterator[str]:
    """Yield the lines of the comments with which a file begins, without their marks."""
    opening, closing = ("<!--", "-->") if media_type in _MARKUP else ("/*", "*/")
    inside, front_matter = False, False
    bare = media_type in _PLAIN or path.endswith(".license")
    for number, line in enumerate(text[:20_000].splitlines()[:_HEAD_LINES]):
        words = line.strip()
        if media_type == "text/markdown" and words in ("---", "+++") and (number == 0 or front_matter):
            front_matter = not front_matter
        elif front_matter:
            found = _LINE_COMMENT.match(line) if words.startswith("#") else None
            if found:
                yield found[1].strip()
        elif inside or words.startswith(opening):
            inside = closing not in words
            yield words.removeprefix(opening).partition(closing)[0].strip(" *-!")
            if not inside and words.partition(closing)[2].strip():
                return
        elif not words or _SHEBANG.match(words):
            continue
        elif bare and (_TAG.match(words) or _COPYRIGHT_TAG.match(words)):
            yield words
        elif media_type not in _MARKUP and (found := _LINE_COMMENT.match(line)):
            yield found[1].strip()
        else:
            return


def holder_of(words: str) -> str:
    """Return the name in a copyright line, without signs, years and addresses; empty when there is none."""
    name = _AFTER_NAME.sub("", _YEARS.sub("", words)).strip(" \t,.;:*/-")
    name = _ADDRESS.sub("", name.removeprefix("by ")).strip(" \t,;:")
    return "" if not name or name.lower().startswith(_BLANK_HOLDERS) or len(name) > 120 else name


def holders_in(text: str) -> list[str]:
    """Return the holders that the copyright lines of a licence text name, in order, each once."""
    head = text[:20_000]
    lines = (found for found in _COPYRIGHT.finditer(head) if not _OF_THE_LICENCE.match(head, found.start()))
    names = (holder_of(found[1]) for found in lines)
    return list(dict.fromkeys(name for name in names if name))[:5]


def is_license_text(path: str) -> bool:
    """Say whether a file holds a licence text, by its name or folder."""
    folder, _, name = path.rpartition("/")
    if folder == "LICENSES" or folder.endswith("/LICENSES"):
        return True
    return bool(_LICENSE_FILE.fullmatch(name)) and not _CODE_ENDING.search(name)


def said_by(source: Source, document: Document) -> dict[str, Any]:
    """Return what a source says, as JSON values; a key is there only when something was said.

    `tag` (the words of its own tag), `holders`, `cc` (a Creative Commons expression that it puts itself under),
    `stated` (front matter's licence), `reserved` (it reserves text and data mining), `text` ([identifier, confidence]
    of a licence text, or [] for one that is not known), `manifest` ([words, holders]), `annotations` (REUSE.toml).
    """
    said: dict[str, Any] = {}
    if source.kind == "commit":
        return said
    stated = dict(document.stated)
    if source.kind == "rows":
        words = {"stated": stated.get("license"), "holders": [stated["holder"]] if "holder" in stated else None}
        return {key: value for key, value in words.items() if value}
    match = identify(document.text) if is_license_text(source.path) else None
    if match or (is_license_text(source.path) and _LOUD.search(source.path)):
        said["text"] = [match.license, match.confidence] if match else []
        said["holders"] = holders_in(document.text)
        return said
    lines = list(head_comments(document.text, source.media_type, source.path))
    tags = [found[1] for line in lines if (found := _TAG.match(line))]
    if tags:
        said["tag"] = tags
    holders = [holder_of(found[1]) for line in lines if (found := _COPYRIGHT_TAG.match(line) or _COPYRIGHT.match(line))]
    if any(holders):
        said["holders"] = list(dict.fromkeys(name for name in holders if name))
    if source.media_type == "text/markdown" and (stated.get("license") or stated.get("licence")):
        said["stated"] = stated.get("license") or stated.get("licence")
    if stated.get("tdm-reservation", "").strip() == "1" or _RESERVED.search(document.text, 0, 20_000):
        said["reserved"] = True
    if cc := _creative_commons(document):
        said["cc"] = cc
    name = source.path.rpartition("/")[2]
    if name in ("pyproject.toml", "Cargo.toml", "package.json") and (manifest := _manifest(name, document.text)):
        said["manifest"] = manifest
    if name == "REUSE.toml":
        said["annotations"] = _annotations(document.text)
    return said


def _creative_commons(document: Document) -> str:
    """Return the licence that a document puts itself under by a link, where a sentence says so."""
    if "creativecommons.org/" not in document.text:
        return ""
    found: set[str] = set()
    for block in document.blocks:
        if block.kind not in ("paragraph", "item", "quote"):
            continue
        words = document.text[block.start : block.end]
        links = _CC_LINK.findall(words)
        if links and _SPEAKS.search(words):
            found |= {f"CC-{kind.upper()}-{version}" if kind else f"CC0-{zero}" for kind, version, zero in links}
    return joined(sorted(found)) if found else ""


def _table(load: Any, text: str) -> dict[str, Any]:
    try:
        data = load(text)
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _names(people: Any) -> list[str]:
    every = people if isinstance(people, list) else [people]
    names = [one.get("name", "") if isinstance(one, dict) else one for one in every]
    return [name for name in (holder_of(name) for name in names if isinstance(name, str)) if name]


def _manifest(name: str, text: str) -> list[Any]:
    """Return [the licence's words, the authors] of a manifest; empty when it says nothing of a licence."""
    if name == "package.json":
        data = _table(json.loads, text)
        words, people = data.get("license"), data.get("author", [])
    else:
        data = _table(tomllib.loads, text)
        part = data.get("project") if name == "pyproject.toml" else data.get("package")
        part = part if isinstance(part, dict) else {}
        words, people = part.get("license"), part.get("authors", [])
    if isinstance(words, dict):
        words = words.get("text") or words.get("type")
    if not isinstance(words, str) or not words.strip() or words.upper().startswith("SEE LICEN"):
        return []
    if len(words) > 200:  # the whole text stands there
        match = identify(words)
        words = match.license if match else "a text that is not known"
    return [words.strip(), _names(people)]


def _annotations(text: str) -> list[list[Any]]:
    """Return [patterns, precedence, expression or None, holders] for each annotation of a REUSE.toml."""
    rows = _table(tomllib.loads, text).get("annotations", [])
    found = []
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        paths, tags = _strings(row.get("path")), _strings(row.get("SPDX-License-Identifier"))
        precedence = row.get("precedence", "closest")
        holders = [name for name in map(holder_of, _strings(row.get("SPDX-FileCopyrightText"))) if name]
        expressions = [normalized(tag) for tag in tags]
        known = [one for one in expressions if one]
        licence = joined(known) if known and len(known) == len(expressions) else None
        found.append([paths, precedence if isinstance(precedence, str) else "closest", licence, holders, bool(tags)])
    return found


def _strings(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
