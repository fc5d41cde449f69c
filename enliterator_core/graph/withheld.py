# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What must not be said: runs of words of the sources whose content is withheld, as hashes."""

import re
from collections.abc import Callable, Collection, Iterable
from typing import Final

_WORD: Final = re.compile(r"\w+")
_RUN: Final = 5  # as many words of a withheld source in a row count as its content
_KEPT: Final = 64  # sources whose runs are kept


def _runs(text: str) -> list[tuple[str, ...]]:
    """Return every five words in a row of a text; case, spacing and punctuation do not count."""
    words = _WORD.findall(text.casefold())
    return list(zip(*(words[at:] for at in range(_RUN)), strict=False))


class Withheld:
    """The runs of the sources that are withheld from everybody, and of any other source when asked."""

    def __init__(self, paths: Iterable[str], text_of: Callable[[str], str]) -> None:
        self._text_of = text_of
        self._paths = frozenset(paths)
        self._everybody = {hash(run) for path in sorted(self._paths) for run in _runs(text_of(path))}
        self._others: dict[str, set[int]] = {}

    def _of(self, path: str) -> set[int]:
        if path not in self._others:
            if len(self._others) >= _KEPT:
                self._others.clear()
            self._others[path] = set(map(hash, _runs(self._text_of(path))))
        return self._others[path]

    def first(self, text: str, paths: Iterable[str], besides: Collection[str]) -> str | None:
        """Return the first run of a text that a withheld source, or one of `paths`, says and none of `besides`."""
        every = [self._everybody] if self._everybody else []
        every += [self._of(path) for path in paths if path not in self._paths]
        if not every:
            return None
        runs = _runs(text)
        hashes = list(map(hash, runs))
        if all(known.isdisjoint(hashes) for known in every):
            return None
        said = {run for one in besides for run in _runs(one)}
        found = (run for run, hash in zip(runs, hashes, strict=True) if any(hash in known for known in every))
        return next((" ".join(run) for run in found if run not in said), None)
