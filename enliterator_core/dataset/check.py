# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The check of any chat JSONL, ours or not, line by line: one file, or the splits of one dataset."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final, Literal

import orjson
from attrs import define, field, frozen

from enliterator_core.dataset.chat_rules import FIXES, WARNINGS, Fault, faults, text_of
from enliterator_core.dataset.settings import SPLITS

MOST_TOKENS: Final = 65_536
MOST_BYTES: Final = 512_000_000
FEWEST: Final = 10
NEAR: Final = 0.9


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


@define
class _Seen:
    """What the lines so far have said, by hash: where each input and each example stood first."""

    inputs: dict[bytes, tuple[bytes, str, int]] = field(factory=dict)
    examples: dict[bytes, tuple[str, int]] = field(factory=dict)
    texts: dict[str, list[tuple[int, str]]] = field(factory=dict)


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
    """Return every defect of the files, in order; several files are taken for the splits of one dataset.

    ``limit`` is the most tokens that one example may have. Reads line by line; with several files it keeps their
    texts to look for near-duplicates.
    """
    files, seen, found = files_of(paths), _Seen(), list[Defect]()
    for path in paths:
        if path.is_dir() and not files_of([path]):
            found.append(_defect(path, 0, Fault("no_file", "the folder has no JSONL file")))
    for path in files:
        found.extend(_check_file(path, seen, limit, keep=len(files) > 1))
    if len(files) > 1:
        found.extend(_near_duplicates([(path, seen.texts.get(str(path), [])) for path in files]))
    return found


def _defect(path: Path, line: int, fault: Fault) -> Defect:
    severity: Literal["error", "warning"] = "warning" if fault.code in WARNINGS else "error"
    return Defect(str(path), line, severity, fault.code, fault.message, FIXES[fault.code])


def _check_file(path: Path, seen: _Seen, limit: int, *, keep: bool) -> Iterator[Defect]:
    try:
        if path.stat().st_size > MOST_BYTES:
            yield _defect(path, 0, Fault("too_large", "the file is over 512 MB"))
        count = 0
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                for fault in _line_faults(line, path, number, seen, limit, keep):
                    yield _defect(path, number, fault)
                count += bool(line.strip())
    except OSError as error:
        yield _defect(path, 0, Fault("no_file", f"it cannot be read: {error.strerror or error}"))
        return
    # A file of a dataset with a split may well be small: only what is trained on has a least size.
    if count < FEWEST and path.name not in ("validation.jsonl", "test.jsonl"):
        yield _defect(path, 0, Fault("too_few", f"it has {count} examples"))


def _line_faults(line: bytes, path: Path, number: int, seen: _Seen, limit: int, keep: bool) -> Iterator[Fault]:
    if not line.strip():
        yield Fault("blank_line", "the line is empty")
        return
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError as error:
        yield Fault("not_utf8", f"byte {error.start} of the line is not UTF-8")
        return
    if text.startswith("\ufeff"):
        yield Fault("not_utf8", "the line starts with a byte order mark")
        text = text[1:]
    try:
        record = orjson.loads(text)
    except ValueError as error:
        yield Fault("not_json", f"it is not JSON: {str(error)[:80]}")
        return
    told = list(faults(record, limit))
    yield from told
    if not any(fault.code in ("not_chat", "missing_assistant") for fault in told):
        yield from _repeats(record["messages"], path, number, seen, keep)


def _hash(values: Any) -> bytes:
    return blake2b(orjson.dumps(values, option=orjson.OPT_SORT_KEYS), digest_size=12).digest()


def _repeats(messages: list[dict[str, Any]], path: Path, number: int, seen: _Seen, keep: bool) -> Iterator[Fault]:
    """Yield what the line says again, or says differently, of what was said before; and keep what it says."""
    place = str(path), number
    whole, given, answer = _hash(messages), _hash(messages[:-1]), _hash(messages[-1])
    if first := seen.examples.setdefault(whole, place):
        if first != place and first[0] == place[0]:
            yield Fault("duplicate", f"the same as line {first[1]}")
        elif first != place:
            yield Fault("duplicate_across_files", f"the same as {first[0]}:{first[1]}")
    known = seen.inputs.setdefault(given, (answer, *place))
    if known[0] != answer:
        yield Fault("contradiction", f"{known[1]}:{known[2]} answers the same input differently")
    if keep:
        said = [text_of(message) for message in messages if message.get("role") in ("user", "assistant")]
        seen.texts.setdefault(str(path), []).append((number, "\n".join(said)))


def _near_duplicates(texts: Sequence[tuple[Path, list[tuple[int, str]]]]) -> Iterator[Defect]:
    """Yield the lines of each file that nearly equal one of a file after it; what is equal was told as a duplicate."""
    from enliterator_core.dataset.near_duplicates import Held, Numbering

    for place, (path, lines) in enumerate(texts):
        later = [(other, number, text) for other, rest in texts[place + 1 :] for number, text in rest]
        numbering = Numbering([text for _, text in lines] + [text for _, _, text in later])
        held = Held(list(numbering.sets(text for _, _, text in later)), NEAR)
        for (number, text), keys in zip(lines, numbering.sets(text for _, text in lines), strict=True):
            twin = held.twin(keys)
            if twin is not None and later[twin][2] != text:
                message = f"nearly the same as {later[twin][0]}:{later[twin][1]}"
                yield _defect(path, number, Fault("near_duplicate_across_files", message))
