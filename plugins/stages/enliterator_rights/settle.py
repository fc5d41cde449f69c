# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Settles the rights of every path from what all sources say.

A file's own tag speaks for that file; then its `.license` sidecar and REUSE.toml (whose `override` goes first); then
what the document says of itself; then the nearest folder upward with a licence file or a manifest; then the user.
Fail closed: a statement that is not understood quarantines what it speaks for.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from attrs import define, evolve, field, frozen

from enliterator_core import Rights
from enliterator_rights.expressions import allowed, joined, names, normalized
from enliterator_rights.rules import Stated, pattern

_COMMIT: Final = "commit:"
Said = Mapping[str, Any]


@frozen
class Claim:
    """What speaks for a path: an expression, or None for words that are not understood."""

    license: str | None
    words: str
    basis: str
    confidence: float
    holders: tuple[str, ...] = ()


@frozen
class _Annotation:
    patterns: tuple[re.Pattern[str], ...]
    precedence: str
    claim: Claim | None
    holders: tuple[str, ...]


def _tagged(words: Iterable[str], basis: str, holders: Iterable[str] = ()) -> Claim:
    every = list(words)
    known = [one for one in map(normalized, every) if one]
    license = joined(known) if known and len(known) == len(every) else None
    return Claim(license, "; ".join(every), basis, 1.0, tuple(holders))


@define
class Settler:
    """Knows what every source says, and settles path by path."""

    said: Mapping[str, Said]
    stated: Stated
    roots: tuple[str, ...] = ("",)
    folders: dict[str, list[Claim]] = field(factory=lambda: defaultdict(list))
    annotations: dict[str, list[_Annotation]] = field(factory=dict)
    reached: dict[str, Claim | None] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        for path, said in self.said.items():
            folder = path.rpartition("/")[0]
            if "text" in said and folder.rpartition("/")[2] != "LICENSES":
                license, confidence = said["text"] or (None, 0.0)
                words = f"the licence text {path}"
                self.folders[folder].append(Claim(license, words, "license file", confidence, tuple(said["holders"])))
            if "manifest" in said:
                words, holders = said["manifest"]
                self.folders[folder].append(Claim(normalized(words), words, "manifest", 0.95, tuple(holders)))
            if "annotations" in said:
                self.annotations[folder] = [
                    _Annotation(
                        tuple(pattern(glob) for glob in globs),
                        precedence,
                        Claim(license, f"an annotation in {path}", "reuse", 1.0) if has_tags else None,
                        tuple(holders),
                    )
                    for globs, precedence, license, holders, has_tags in said["annotations"]
                ]

    def rights(self, path: str) -> Rights:
        """Return the rights of one source."""
        said = self.said.get(path, {})
        if path.startswith(_COMMIT):
            return self.stated.of(path, self._of_commits())
        found = self._license_text(path, said) if "text" in said else self._found(path, said)
        if said.get("reserved") and found.trainable:
            reason = "it reserves text and data mining (tdm-reservation)"
            found = evolve(found, trainable=False, reason=reason)
        return self.stated.of(path, found)

    def _license_text(self, path: str, said: Said) -> Rights:
        if not said["text"]:
            words = f"the licence text {path}"
            return Rights(statement=words, basis="license file", reason="a licence text that is not known")
        license, confidence = said["text"]
        reason = "a licence text: it may be passed on word for word, and is not learned from"
        return Rights(license, "a licence text", None, "license file", confidence, True, False, None, False, reason)

    def _found(self, path: str, said: Said) -> Rights:
        claims, holders = self._specific(path, said)
        if claims:
            return self._of(claims, holders)
        claim = self._upward(path)
        if claim is not None and claim.license is not None:
            return self._of([claim], holders)
        if self.stated.default is not None:
            return evolve(self.stated.default, holder=", ".join(holders) or None)
        if claim is not None:
            return self._of([claim], holders)
        return Rights(holder=", ".join(holders) or None)

    def _specific(self, path: str, said: Said) -> tuple[list[Claim], tuple[str, ...]]:
        """Return what speaks for this file alone, and the holders that it names."""
        sidecar = self.said.get(f"{path}.license", {})
        own = [_tagged(said["tag"], "spdx tag")] if "tag" in said else []
        beside = [_tagged(sidecar["tag"], "spdx tag")] if "tag" in sidecar else []
        holders = tuple(said.get("holders") or sidecar.get("holders") or ())
        annotation = self._annotation(path)
        if annotation is not None:
            reuse = [annotation.claim] if annotation.claim is not None else []
            if annotation.precedence == "override":
                return reuse, annotation.holders or holders
            if annotation.precedence == "aggregate":
                return [*(beside or own), *reuse], tuple(dict.fromkeys((*holders, *annotation.holders)))
            if not (own or beside):
                return reuse, holders or annotation.holders
            return beside or own, holders or annotation.holders
        if beside or own:
            return beside or own, holders
        if "stated" in said:
            return [_tagged([said["stated"]], "statement")], holders
        if "cc" in said:
            words = f"the document puts itself under {said['cc']}"
            return [Claim(normalized(said["cc"]), words, "statement", 0.9)], holders
        return [], holders

    def _annotation(self, path: str) -> _Annotation | None:
        """Return the annotation that holds for a path: the topmost override, else that of the nearest REUSE.toml."""
        nearest: _Annotation | None = None
        parts = path.split("/")
        for depth in range(len(parts)) if self.annotations else ():
            folder = "/".join(parts[:depth])
            inside = "/".join(parts[depth:])
            for one in reversed(self.annotations.get(folder, ())):
                if any(glob.match(inside) for glob in one.patterns):
                    if one.precedence == "override":
                        return one
                    nearest = one
                    break
        return nearest

    def _upward(self, path: str) -> Claim | None:
        """Return what the nearest folder upward says that has a licence file or a manifest."""
        folder = path.rpartition("/")[0]
        if folder not in self.reached:
            claims = self.folders.get(folder)
            if claims:
                self.reached[folder] = _together(claims)
            else:
                self.reached[folder] = self._upward(folder) if folder else None
        return self.reached[folder]

    def _of_commits(self) -> Rights:
        """Return the rights of the repository's root, under which its history stands."""
        claims = [self._upward(f"{root}commit") for root in self.roots]
        if claims and all(claim is not None and claim.license is not None for claim in claims):
            return self._of([claim for claim in claims if claim is not None], ())
        if self.stated.default is not None:
            return self.stated.default
        return Rights(reason="no licence speaks for the repository's root")

    def _of(self, claims: list[Claim], holders: tuple[str, ...]) -> Rights:
        """Return the rights that follow from claims that hold together."""
        words = "; ".join(dict.fromkeys(claim.words for claim in claims))
        names_held = holders or tuple(dict.fromkeys(name for claim in claims for name in claim.holders))
        holder = ", ".join(names_held) or None
        known = [claim.license for claim in claims if claim.license is not None]
        if len(known) < len(claims):
            return Rights(
                statement=words, holder=holder, basis=claims[0].basis, reason=f"not understood: {words[:120]}"
            )
        license = joined(known)
        may = allowed(license)
        confidence = min(claim.confidence for claim in claims)
        flags = (may.publishable and may.known, may.trainable and may.known, None, not may.known, may.reason)
        return Rights(license, words, holder, claims[0].basis, confidence, *flags)


def _together(claims: list[Claim]) -> Claim:
    """Return what the licence files and the manifest of one folder say together.

    A manifest whose expression names every licence text that stands beside it says how they are joined; where that is
    not so, all of them hold.
    """
    holders = tuple(dict.fromkeys(name for claim in claims if claim.basis == "license file" for name in claim.holders))
    holders = holders or tuple(dict.fromkeys(name for claim in claims for name in claim.holders))
    manifests = [claim for claim in claims if claim.basis == "manifest"]
    texts = [claim for claim in claims if claim.basis == "license file"]
    if manifests and all(claim.license for claim in manifests):
        said = joined([claim.license for claim in manifests if claim.license])
        covered = names(said, versions=False)
        rest = [one for one in texts if one.license and not names(one.license, versions=False) <= covered]
        parts = [*manifests, *rest]
    else:
        parts = [one for one in claims if one.license] if any(one.license for one in texts) else claims
        parts = parts if all(one.license for one in texts) else claims
    words = "; ".join(dict.fromkeys(claim.words for claim in parts))
    if any(claim.license is None for claim in parts):
        return Claim(None, words, parts[0].basis, 0.0, holders)
    license = joined([claim.license for claim in parts if claim.license])
    return Claim(license, words, parts[0].basis, min(claim.confidence for claim in parts), holders)
