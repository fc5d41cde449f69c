# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check of any chat JSONL, ours or not: one file, or the splits of one dataset, a run of lines at a time."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

from attrs import frozen

from enliterator_core.dataset.chat_rules import FIXES, WARNINGS, Fault
from enliterator_core.dataset.lines import lines_of
from enliterator_core.dataset.look import Run
from enliterator_core.dataset.seen import Seen
from enliterator_core.dataset.settings import SPLITS

MOST_TOKENS: Final = 65_536
MOST_BYTES: Final = 512_000_000
FEWEST: Final = 10
NEAR: Final = 0.9
_LONG: Final = 50_000  # characters
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


@frozen
class Defect:
    """One thing wrong with a dataset: where, how bad, what, and what to do about it.

    ``line`` counts from 1; 0 stands for the file as a whole. ``code`` is one word for machines.
    """

    path: str
    line: int
    severity: Literal["error", "warning"]
    code: str
    message: str
    fix: str


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Return the files to check: a folder stands for its splits, or for all its JSONL files where it has none."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            splits = [path / f"{name}.jsonl" for name in SPLITS]
            files += [one for one in splits if one.is_file()] or sorted(path.glob("*.jsonl"))
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def check_paths(paths: Sequence[Path], *, limit: int = MOST_TOKENS) -> list[Defect]:
    """Return every defect of the files, in order: see :func:`defects_of`."""
    return list(defects_of(paths, limit=limit))


def defects_of(paths: Sequence[Path], *, limit: int = MOST_TOKENS) -> Iterator[Defect]:
    """Yield every defect of the files, in order; several files are taken for the splits of one dataset.

    ``limit`` is the most tokens that one example may have. Reads a run of lines at a time; keeps a few numbers of each
    example, and with several files their texts, to look for near-duplicates.
    """
    files, seen = files_of(paths), Seen()
    for path in paths:
        if path.is_dir() and not files_of([path]):
            yield _defect(path, 0, Fault("no_file", "the folder has no JSONL file"))
    texts: list[tuple[Path, list[tuple[int, str]]]] = []
    for path in files:
        run = Run(limit, seen, keep=len(files) > 1)
        yield from _check_file(path, run)
        texts.append((path, run.texts))
    if len(files) > 1:
        yield from _near_duplicates(texts)


def _defect(path: Path, line: int, fault: Fault) -> Defect:
    severity: Literal["error", "warning"] = "warning" if fault.code in WARNINGS else "error"
    return Defect(str(path), line, severity, fault.code, fault.message, FIXES[fault.code])


def _check_file(path: Path, run: Run) -> Iterator[Defect]:
    count = 0
    try:
        if path.stat().st_size > MOST_BYTES:
            yield _defect(path, 0, Fault("too_large", "the file is over 512 MB"))
        run.seen.begin(str(path))
        for first, lines in lines_of(path):
            if first == 1 and lines[0] is not None and lines[0].startswith(_UTF_16):
                yield _defect(path, 0, Fault("not_utf8", "the file is in UTF-16"))
                return
            run.look(first, lines)
            for number in sorted(run.faults):
                for fault in run.faults[number]:
                    yield _defect(path, number, fault)
            count += run.count
    except OSError as error:
        yield _defect(path, 0, Fault("no_file", f"it cannot be read: {error.strerror or error}"))
        return
    # A file of a dataset with a split may well be small: only what is trained on has a least size.
    if count < FEWEST and path.name not in ("validation.jsonl", "test.jsonl"):
        yield _defect(path, 0, Fault("too_few", f"it has {count} examples"))


def _near_duplicates(texts: Sequence[tuple[Path, list[tuple[int, str]]]]) -> Iterator[Defect]:
    """Yield the lines of each file that nearly equal one of a file after it; what is equal was told as a duplicate."""
    for place, (path, lines) in enumerate(texts):
        later = [(other, number, text) for other, rest in texts[place + 1 :] for number, text in rest]
        found = twins_of([text for _, text in lines], [text for _, _, text in later])
        for (number, text), twin in zip(lines, found, strict=True):
            if twin is not None and later[twin][2] != text:
                message = f"nearly the same as {later[twin][0]}:{later[twin][1]}"
                yield _defect(path, number, Fault("near_duplicate_across_files", message))


def twins_of(texts: Sequence[str], held: Sequence[str]) -> list[int | None]:
    """Return for each text the number of a held one that nearly equals it, None where none does.

    Very long texts are compared one by one: among many they would take the room of many.
    """
    from enliterator_core.dataset.near_duplicates import grams, jaccard, twins

    usual = [number for number, text in enumerate(held) if len(text) <= _LONG]
    found = twins([text if len(text) <= _LONG else "" for text in texts], [held[number] for number in usual], NEAR)
    result = [
        None if twin is None or len(text) > _LONG else usual[twin] for twin, text in zip(found, texts, strict=True)
    ]
    long = [(number, grams(text)) for number, text in enumerate(held) if len(text) > _LONG]
    for place, text in enumerate(texts):
        if result[place] is None and (len(text) > _LONG or long):
            mine = grams(text)
            others = long if len(text) <= _LONG else [(number, grams(one)) for number, one in enumerate(held)]
            result[place] = next((number for number, one in others if jaccard(mine, one) > NEAR), None)
    return result
