# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A mended copy of chat files: what can be put right without guessing is, what cannot is left out, all of it counted.

Among files that are the splits of one dataset the later ones are kept whole: train gives way to validation, both to
test, as in a dataset that is made here.
"""

import ast
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson
from attrs import field, frozen

from enliterator_core.dataset.chat_rules import ROLES, WARNINGS, faults
from enliterator_core.dataset.check import MOST_TOKENS, files_of, twins_of
from enliterator_core.dataset.lines import lines_of
from enliterator_core.dataset.look import Run
from enliterator_core.dataset.seen import Seen
from enliterator_core.errors import UsageError

#: other names under which chat data has the roles
_ROLES: Final[Mapping[str, str]] = {"human": "user", "gpt": "assistant", "model": "assistant", "bot": "assistant"}
_REPEATS: Final = ("duplicate_across_files", "duplicate", "contradiction")
_BOM: Final = b"\xef\xbb\xbf"


@frozen
class Fixed:
    """What became of one file: how many examples ``to`` holds, and how many were changed and left out, by reason."""

    path: str
    to: str
    examples: int
    changed: Counter[str] = field(factory=Counter)
    dropped: Counter[str] = field(factory=Counter)


def copies_of(paths: Sequence[Path], to: Path | None) -> dict[Path, Path]:
    """Return where the mended copy of each file goes: into ``to``, else beside what was named.

    A folder's copies go to `FOLDER.fixed/`, a file's is `NAME.fixed.jsonl`. UsageError where there is one already, or
    where two files would have the same copy.
    """
    copies: dict[Path, Path] = {}
    for path in paths:
        for file in files_of([path]):
            beside = path.with_name(f"{path.name}.fixed") / file.name if path.is_dir() else None
            copies[file] = to / file.name if to else beside or file.with_name(f"{file.stem}.fixed{file.suffix}")
    if len(set(copies.values())) < len(copies):
        raise UsageError("two of the files have the same name", hint="mend them one after the other")
    for copy in copies.values():
        if copy.exists():
            raise UsageError(f"{copy} is there already", hint="take it away, or name another folder with --to")
    return copies


def fix_paths(paths: Sequence[Path], *, to: Path | None = None, limit: int = MOST_TOKENS) -> list[Fixed]:
    """Write a mended copy of every file and return what was done, in the order of the files.

    Nothing is changed in place. The copies have no errors, and no duplicates or contradictions: of those the first one
    stays. OSError when a file cannot be read or written.
    """
    copies = copies_of(paths, to)
    seen, kept, done = Seen(), list[str](), list[Fixed]()
    for path, copy in reversed(copies.items()):
        copy.parent.mkdir(parents=True, exist_ok=True)
        whole = copy.with_name(f"{copy.name}.whole")
        try:
            changed, dropped, texts = _mend_file(path, whole, seen, limit)
            twins = twins_of([text for _, text in texts], kept) if len(copies) > 1 else [None] * len(texts)
            near = {number for (number, _), twin in zip(texts, twins, strict=True) if twin is not None}
            dropped["near_duplicate_across_files"] += len(near)
            _copy(whole, copy, near)
        finally:
            whole.unlink(missing_ok=True)
        if len(copies) > 1:
            kept += [text for number, text in texts if number not in near]
        done.append(Fixed(str(path), str(copy), len(texts) - len(near), changed, +dropped))
    return done[::-1]


def _mend_file(
    path: Path, to: Path, seen: Seen, limit: int
) -> tuple[Counter[str], Counter[str], list[tuple[int, str]]]:
    """Write what is sound and mended; return the counts, and what is said on each line of what was written."""
    changed, dropped = Counter[str](), Counter[str]()
    seen.begin(str(path))
    written, texts = 0, list[tuple[int, str]]()
    with to.open("wb") as out:
        for first, lines in lines_of(path):
            glance = Run(limit, Seen(), keep=False)
            glance.seen.begin("")
            glance.look(first, lines)
            sound: list[bytes | None] = []
            for number, line in enumerate(lines, first):
                codes = [fault.code for fault in glance.faults.get(number, ()) if fault.code not in _REPEATS]
                mended = _mended(line, codes, limit, changed, dropped) if codes else line
                if mended is not None:
                    sound.append(mended.rstrip(b"\r"))
            run = Run(limit, seen, keep=True)
            run.look(1, sound)
            said = dict(run.texts)
            for place, line in enumerate(sound, 1):
                repeats = [fault.code for fault in run.faults.get(place, ()) if fault.code in _REPEATS]
                if repeats or line is None:
                    dropped[repeats[0]] += 1
                    continue
                written += 1
                texts.append((written, said[place]))
                out.write(line + b"\n")
    return changed, dropped, texts


def _copy(whole: Path, to: Path, without: set[int]) -> None:
    """Write a file without some of its lines."""
    with whole.open("rb") as lines, to.open("xb") as out:
        out.writelines(line for number, line in enumerate(lines, 1) if number not in without)


def _mended(
    line: bytes | None, codes: Sequence[str], limit: int, changed: Counter[str], dropped: Counter[str]
) -> bytes | None:
    """Return a line with its faults mended, or None where that cannot be done without guessing; both are counted."""
    record = None if line is None or codes[0] == "repeated_key" else _read(line)
    if record is None:
        dropped[codes[0]] += 1
        return None
    try:
        _mend(record)
        left = [fault.code for fault in faults(record, limit)]
        text = orjson.dumps(record)
    except (RecursionError, TypeError):  # nested more deeply than can be written
        dropped[codes[0]] += 1
        return None
    if errors := [code for code in left if code not in WARNINGS]:
        dropped[errors[0]] += 1
        return None
    changed.update({code for code in codes if code not in left})
    return line if set(codes) == set(left) else text


def _read(line: bytes) -> Any:
    """Return what a line says, without byte order mark and NULs, read as cp1252 if it can be no UTF-8; else None."""
    line = line.removeprefix(_BOM).replace(b"\0", b"")
    try:
        return orjson.loads(line)
    except ValueError:
        # Only a line without any character in UTF-8 beyond ASCII is likely to be in another encoding throughout.
        if line.decode("utf-8", "ignore").isascii():
            try:
                return orjson.loads(line.decode("cp1252"))
            except ValueError:
                return None
        return None


def _mend(record: Any) -> None:
    """Put right what has one right form: names of roles, weights, arguments, and what follows the last answer."""
    messages = record.get("messages") if isinstance(record, dict) else None
    if not isinstance(messages, list) or not all(isinstance(one, dict) for one in messages):
        return
    for message in messages:
        role = message.get("role")
        if isinstance(role, str) and role not in ROLES:
            name = role.strip().lower()
            message["role"] = _ROLES.get(name, name)
        weight = message.get("weight", 0)
        if message.get("role") != "assistant" or weight not in (0, 1):
            message.pop("weight", None)
        elif "weight" in message:
            message["weight"] = int(weight)
        for call in message.get("tool_calls") if isinstance(message.get("tool_calls"), list) else ():
            function = call.get("function") if isinstance(call, dict) else None
            if isinstance(function, dict) and "arguments" in function:
                function["arguments"] = _arguments(function["arguments"])
    while messages and messages[-1].get("role") != "assistant" and any(m.get("role") == "assistant" for m in messages):
        messages.pop()


def _arguments(value: Any) -> Any:
    """Return the arguments of a call as a JSON string, where they are an object or are written as one of Python."""
    if isinstance(value, str):
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            try:
                value = ast.literal_eval(value)
            except (ValueError, SyntaxError, MemoryError, RecursionError):
                return value
        else:
            return value
    return orjson.dumps(value).decode() if isinstance(value, dict) else value
