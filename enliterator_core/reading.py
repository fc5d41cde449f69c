# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What rules that read documents share: sentences with their places, words without markup, names of Python modules."""

import re
from collections.abc import Iterable
from typing import Final

_END: Final = re.compile(
    r"[.!?…]+[\"')\]*_`”’»]*(?=\s+[\"'(\[*_`“‘«]*[A-Z0-9À-ÞΑ-ΩА-Я]|\s*\Z|[ \t]*\n[ \t]*\n)|\n[ \t]*\n"
)
_NO_END: Final = re.compile(
    r"(?:e\.g|i\.e|etc|vs|cf|al|[dm]r|mrs|ms|prof|st|nos?|figs?|eq|sec|ch|vol|pp?|eds?|approx|resp|inc|ltd|co"
    r"|jan|feb|mar|apr|ju[nl]|aug|sept?|oct|nov|dec|[a-z])\.",
    re.IGNORECASE,
)
_LAST_WORD: Final = re.compile(r"[^\s(\[\"'“*_`]*\Z")


def _ends(text: str, start: int, end: int) -> bool:
    """Say whether the stop that ends at `end` closes a sentence that began at `start`."""
    before = _LAST_WORD.search(text, max(start, end - 24), end)
    word = before.group() if before else ""
    if _NO_END.fullmatch(word):
        return False
    return not (word[:-1].isdigit() and not text[start : end - len(word)].strip())


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Return where each sentence between two positions starts and ends, without the space around it.

    A sentence ends at a full stop, question or exclamation mark before a capital or a digit, or at a blank line; what
    is left without a stop is a piece of its own. English abbreviations and list numbers do not end one.
    """
    stop = len(text) if end is None else end
    found: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, stop):
        close = match.start() if match.group().startswith("\n") else match.end()
        if close < match.end() or _ends(text, begin, match.end()):
            _keep(text, begin, close, found)
            begin = match.end()
    _keep(text, begin, stop, found)
    return found


def _keep(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    piece = text[start:end]
    left = len(piece) - len(piece.lstrip())
    if left < len(piece):
        found.append((start + left, start + len(piece.rstrip())))


_MARKED: Final = re.compile(r"[`*_\[<\\:]")
_INLINE: Final = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<role>:[a-z:+-]+:|\{[a-z:+-]+\})?(?P<ticks>`+)(?P<code>.+?)(?P=ticks)_{0,2}(?!`)"
    r"|!?\[(?P<words>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"(?:\((?:[^()\s]|\([^()]*\))*(?:\s+[\"'][^\n]*?[\"'])?\)|\[[^\]]*\])"
    r"|<(?P<address>https?://[^>\s]+)>|</?[a-zA-Z][^<>]*>|<!--.*?-->"
    r"|\[\^[^\]]+\]",
    re.DOTALL,
)
_STRONG: Final = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*])", re.DOTALL)
_UNDER: Final = re.compile(r"(?<![\w_])(_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w_])", re.DOTALL)
_KEPT: Final = re.compile("\ue000(\\d+)\ue001")
_LEADER: Final = re.compile(r"\n[ \t]*(?:>[ \t]?|#[ \t]|[*][ \t])")


def _inner(match: re.Match[str]) -> str:
    if match["escaped"]:
        return match["escaped"]
    if match["code"] is not None:
        code = match["code"].strip()
        role = match["role"] or ""
        if role[1:-1] in ("pep", "rfc") and code.isdigit():
            return f"{role[1:-1].upper()} {code}"
        titled = re.fullmatch(r"(.+?)\s*<[^<>]+>", code, re.DOTALL) if role or match.group().endswith("`_") else None
        return titled[1] if titled else code.rsplit(".", 1)[-1] if code.startswith("~") else code.lstrip("!")
    if match["words"] is not None:
        return plain(match["words"])
    return match["address"] or ""


def plain(text: str) -> str:
    """Return a source's words without inline markup (emphasis, code marks, links, tags), its spaces single.

    Quote and comment marks at the start of later lines go as well; every other character stays as it was.
    """
    if "\n" in text:
        text = _LEADER.sub("\n", text)
    if _MARKED.search(text):
        kept: list[str] = []

        def keep(match: re.Match[str]) -> str:
            kept.append(_inner(match))
            return f"\ue000{len(kept) - 1}\ue001"

        # What code marks and links hold is set aside, so that the underscores of `__init__` are no emphasis.
        text = _UNDER.sub(r"\2", _STRONG.sub(r"\2", _INLINE.sub(keep, text.replace("\ue000", ""))))
        text = _KEPT.sub(lambda match: kept[int(match[1])], text)
    return " ".join(text.split())


def module_names(paths: Iterable[str]) -> dict[str, str]:
    """Return the dotted module name of every Python file among the paths.

    The name starts at the outermost folder of the unbroken chain of folders with an ``__init__.py``; a file that is
    in no package has the dotted path of its folders in front of its stem, so that names stay apart.
    """
    every = sorted(path for path in paths if path.endswith(".py"))
    packages = {path.rpartition("/")[0] for path in every if path.rsplit("/", 1)[-1] == "__init__.py"}
    names = {}
    for path in every:
        folder, _, file_name = path.rpartition("/")
        parts = [] if file_name == "__init__.py" and folder else [file_name.removesuffix(".py")]
        if folder and folder not in packages:
            names[path] = ".".join([*folder.split("/"), *parts])
            continue
        while folder and folder in packages:
            folder, _, last = folder.rpartition("/")
            parts.insert(0, last)
        names[path] = ".".join(parts)
    return names
