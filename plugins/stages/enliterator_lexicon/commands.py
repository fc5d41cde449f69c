# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Commands whose text says what they do: a sentence that opens with one, or a remark behind one in a block of shell."""

import re
from typing import Final

from enliterator_core import MASK, Block, Candidate, plain, sentences
from enliterator_lexicon.documents import Found
from enliterator_lexicon.prose import is_statement
from enliterator_lexicon.words import STOP

_OPENS: Final = re.compile(r"`(?P<command>[a-z./][\w./-]* [^`\n()=;]{1,80})`\s+(?P<verb>[a-z]+s)\s")
_REMARK: Final = re.compile(
    r"^[ \t]*(?:\$[ \t]+)?(?P<command>[a-z./][\w./-]*(?: [^#\n]*?[^#\s])?)[ \t]+#[ \t]+(?P<words>\S[^\n]{9,160})$",
    re.MULTILINE,
)
_SHELLS: Final = frozenset({"sh", "bash", "shell", "console", "shell-session", "zsh"})


def about_commands(found: Found) -> None:
    """Add each command that a sentence opens with and describes, and each line of shell with a remark behind it."""
    for block in found.document.blocks:
        if block.kind in {"paragraph", "item"}:
            _in_prose(found, block)
        elif block.kind == "code" and block.info.lower() in _SHELLS:
            for match in _REMARK.finditer(found.document.text, block.start, block.end):
                place = (match.start("words"), match.end("words"))
                _add(found, match["command"], match["words"].strip(), place, (match.start("command"), match.end()))


def _in_prose(found: Found, block: Block) -> None:
    text = found.document.text
    if "`" not in text[block.start : block.end]:
        return
    for start, end in sentences(text, block.start, block.end):
        match = _OPENS.match(text, start, end)
        if match is None or match["verb"] in STOP:
            continue
        said = plain(text[start:end])
        if is_statement(said):
            _add(found, match["command"], said, (start, end), (start, end))


def _add(found: Found, command: str, said: str, said_at: tuple[int, int], stated_at: tuple[int, int]) -> None:
    if MASK not in command + said:
        evidence = tuple(dict.fromkeys((found.span(*said_at), found.span(*stated_at))))
        found.add(Candidate("Practical", command.strip(), "command", said, (), evidence, found.document.time))
