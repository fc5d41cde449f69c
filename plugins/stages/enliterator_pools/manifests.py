# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What project manifests state: the project, its licence, and the packages it requires."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Final

from attrs import frozen

from enliterator_core import (
    Block,
    Candidate,
    Claim,
    Document,
    Extraction,
    Extractor,
    Reference,
    Source,
    Span,
    find_secrets,
)

_REQUIREMENTS: Final = re.compile(
    r"(?:project\.(?P<base>dependencies)|project\.optional-dependencies\.(?P<extra>[^.\[\]]+)"
    r"|dependency-groups\.(?P<group>[^.\[\]]+)|(?P<build>build-system\.requires))(?:\[\d+\]|\.\d+)?"
)
_NPM: Final = re.compile(r"(?P<kind>dependencies|devDependencies|peerDependencies)\.(?P<package>.+)")
_POETRY: Final = re.compile(r"tool\.poetry\.(?:group\.(?P<group>[^.]+)\.)?dependencies\.(?P<package>[^.]+)")
_CARGO: Final = re.compile(r"(?P<kind>dependencies|dev-dependencies|build-dependencies)\.(?P<package>[^.]+)")
_QUOTED: Final = re.compile(
    r"(?P<quote>[\"'])(?P<package>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]\n]*\])?\s*"
    r"(?:[<>=!~;@ ](?:(?!(?P=quote))[^\n])*)?(?P=quote)"
)
_LINE: Final = re.compile(
    r"^(?P<package>[A-Za-z0-9][A-Za-z0-9._-]*)[ \t]*(?:\[[^\]\n]*\])?[ \t]*(?:[<>=!~;@][^\n]*)?(?:[ \t]#[^\n]*)?$", re.M
)
_STRING: Final = re.compile(r"[:=]\s*(?P<quote>[\"'])(?P<value>[^\"'\n]*)(?P=quote)")
_SPDX: Final = re.compile(r"[A-Za-z0-9.+-]+(?: (?:OR|AND|WITH) [A-Za-z0-9.+-]+)*")
_FILES: Final = ("pyproject.toml", "package.json", "cargo.toml")


@frozen
class Manifests(Extractor):
    """Projects, their licences and requirements: pyproject.toml, package.json, Cargo.toml, requirements files."""

    name = "manifests"

    def reads(self, source: Source) -> bool:
        """Want the manifests that it knows."""
        file_name = source.path.rsplit("/", 1)[-1].lower()
        return source.kind == "file" and (file_name in _FILES or _is_requirements(file_name))

    def extract(self, source: Source, document: Document) -> Extraction:
        """Return the project and depends_on for each package that a line of the manifest names."""
        if source.path.lower().endswith(".txt"):
            owner = source.path
            needs = [(match["package"], "", _span(source, match)) for match in _LINE.finditer(document.text)]
            return _of(owner, needs, _normal)
        entries = [block for block in document.blocks if block.kind == "entry"]
        project = _project(source, document, entries)
        needs = [need for entry in entries for need in _needs(source, document.text, entry)]
        named = _normal if source.path.lower().endswith("pyproject.toml") else str
        found = _of(project.name if project else source.path, needs, named)
        if project is None:
            return found
        licensed = _licence(source, document.text, entries, project.name)
        described = Claim(
            Reference("Manifest", source.path),
            "connects_to",
            Reference("Manifest", project.name),
            project.evidence[-1:],
            predicate="describes",
        )
        return Extraction(
            (project, *licensed.candidates, *found.candidates), (described, *licensed.claims, *found.claims)
        )


def _is_requirements(file_name: str) -> bool:
    return file_name.startswith("requirements") and file_name.endswith(".txt")


def _span(source: Source, match: re.Match[str]) -> Span:
    return Span(source.path, match.start(), match.end())


def _normal(package: str) -> str:
    """Return the name by which a Python package is known, however it is written (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()


def _of(owner: str, needs: list[tuple[str, str, Span]], named: Callable[[str], str]) -> Extraction:
    candidates = []
    claims = []
    for package, purpose, span in needs:
        name = named(package)
        if name.lower() == owner.lower():
            continue
        written = (package, name.replace("-", "_")) if named is _normal else ()
        forms = tuple(form for form in dict.fromkeys(written) if form != name)
        candidates.append(Candidate("Manifest", name, "package", "", forms, (span,)))
        ends = Reference("Manifest", owner), Reference("Manifest", name)
        claims.append(Claim(ends[0], "depends_on", ends[1], (span,), predicate=purpose or None))
    return Extraction(tuple(candidates), tuple(claims))


def _needs(source: Source, text: str, entry: Block) -> Iterator[tuple[str, str, Span]]:
    """Yield package, purpose and span for each requirement that an entry of the manifest states."""
    words = text[entry.start : entry.end]
    if match := _REQUIREMENTS.fullmatch(entry.info):
        purpose = match["extra"] or match["group"] or ("build" if match["build"] else "")
        for quoted in _QUOTED.finditer(text, entry.start, entry.end):
            if not (match["extra"] and quoted["package"] == entry.name):
                yield quoted["package"], purpose and f"for {purpose}", _span(source, quoted)
        return
    for pattern in (_NPM, _POETRY, _CARGO):
        match = pattern.fullmatch(entry.info)
        if match and "\n" not in words.strip() and match["package"] != "python":
            groups = match.groupdict()
            kind = groups.get("group") or groups.get("kind") or ""
            purpose = "" if kind == "dependencies" else re.sub(r"-?[dD]ependencies", "", kind)
            package = match["package"]
            if package.startswith('"'):  # a key with more than letters and digits: "@scope/name"
                package = json.loads(package)
            yield package, purpose and f"for {purpose}", Span(source.path, entry.start, entry.end)
            return


def _value(text: str, entries: list[Block], *keys: str) -> tuple[str, Block] | None:
    for entry in entries:
        if entry.info in keys:
            match = _STRING.search(text, entry.start, entry.end)
            if match and match["value"]:
                return match["value"], entry
    return None


def _project(source: Source, document: Document, entries: list[Block]) -> Candidate | None:
    named = _value(document.text, entries, "project.name", "name", "package.name", "tool.poetry.name")
    if named is None or find_secrets(named[0]):
        return None
    said = _value(
        document.text, entries, "project.description", "description", "package.description", "tool.poetry.description"
    )
    spans = [Span(source.path, block.start, block.end) for _, block in (said, named) if block] if said else []
    evidence = tuple(spans) or (Span(source.path, named[1].start, named[1].end),)
    return Candidate("Manifest", named[0], "project", said[0] if said else "", (), evidence, document.time)


def _licence(source: Source, text: str, entries: list[Block], project: str) -> Extraction:
    stated = _value(text, entries, "project.license", "license", "package.license", "tool.poetry.license")
    if stated is None or not _SPDX.fullmatch(stated[0]):
        return Extraction()
    span = Span(source.path, stated[1].start, stated[1].end)
    claim = Claim(
        Reference("Manifest", project), "connects_to", Reference("Rights", stated[0]), (span,), predicate="license"
    )
    return Extraction((Candidate("Rights", stated[0], "licence", evidence=(span,)),), (claim,))
