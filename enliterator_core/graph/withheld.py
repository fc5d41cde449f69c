# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What must not be said: runs of words of the sources whose content is withheld, as hashes."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Final

from enliterator_core.graph.kept import Kept

_WORD: Final = re.compile(r"\w+")
# What an ASCII character is of a word: itself, in lower case, or a space.
_PLAIN: Final = bytes(ord(chr(code).lower()) if _WORD.match(chr(code)) else 32 for code in range(128)).ljust(256)
_RUN: Final = 5  # as many words of a withheld source in a row count as its content
_ALL: Final = b"\1" * _RUN
_KEPT: Final = 32  # sources whose runs are kept


def _words(text: str) -> list[str]:
    if text.isascii():
        return text.encode().translate(_PLAIN).decode().split()
    return _WORD.findall(text.casefold())


def _runs(words: list[str]) -> list[tuple[str, ...]]:
    """Return every five words in a row; case, spacing and punctuation of a text do not count."""
    return list(zip(*(words[at:] for at in range(_RUN)), strict=False))


class _Said:
    """The words of texts and, as hashes, their runs."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.words: set[str] = set()
        self.runs: set[int] = set()
        for text in texts:
            words = _words(text)
            self.words.update(words)
            self.runs.update(map(hash, _runs(words)))

    def may_say(self, words: list[str]) -> bool:
        """Say whether as many words in a row as a run has are all among the words: few texts get further than this."""
        return _ALL in bytes(map(self.words.__contains__, words))


class Withheld:
    """The runs of the sources that are withheld from everybody, and of any other source when asked."""

    def __init__(self, paths: Iterable[str], text_of: Callable[[str], str]) -> None:
        self._paths = frozenset(paths)
        self.any = bool(self._paths)
        self._everybody = _Said(map(text_of, sorted(self._paths)))
        self._others: Kept[str, _Said] = Kept(lambda path: _Said([text_of(path)]), _KEPT)

    def first(self, text: str, paths: Iterable[str], besides: Collection[str]) -> str | None:
        """Return the first run of a text that a withheld source, or one of `paths`, says and none of `besides`."""
        every = [self._everybody, *(self._others[path] for path in paths if path not in self._paths)]
        if not any(known.runs for known in every):
            return None
        words = _words(text)
        every = [known for known in every if known.may_say(words)]
        if not every:
            return None
        runs = _runs(words)
        hashes = list(map(hash, runs))
        shared = set[int]().union(*(known.runs.intersection(hashes) for known in every))
        if not shared:
            return None
        said = {run for one in besides for run in _runs(_words(one))}
        found = (run for run, one in zip(runs, hashes, strict=True) if one in shared)
        return next((" ".join(run) for run in found if run not in said), None)
