# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the lines of chat files have said so far, as 64-bit numbers: which say something again, which something else.

The numbers are Python's own hashes, keyed anew in each process: among ten million examples two different ones are taken
for equal once in 370,000 runs, and nobody can write a file in which they are.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from attrs import define, field

from enliterator_core.dataset.chat_rules import OUTPUTS, Fault

#: the orders of roles that need no closer look, and where what the system says ends
ORDERS: Final[Mapping[tuple[str, ...], int]] = {
    (*system, *("user", "assistant") * turns): len(system) for turns in range(1, 9) for system in ((), ("system",))
}
_PLAIN: Final = frozenset(("role", "content"))
_ANSWER: Final = frozenset(("role", "content", "weight"))


@define
class Seen:
    """The first place of each input with its answer, and of each other answer to the same input."""

    inputs: dict[int, int] = field(factory=dict)
    others: dict[tuple[int, int], int] = field(factory=dict)
    answers: "array[int]" = field(factory=lambda: array("q"))
    lines: "array[int]" = field(factory=lambda: array("q"))
    paths: list[str] = field(factory=list)
    starts: list[int] = field(factory=list)

    def begin(self, path: str) -> None:
        """Go on with another file."""
        self.paths.append(path)
        self.starts.append(len(self.lines))

    def say(self, key: int, answer: int, line: int) -> tuple[int | None, int | None] | None:
        """Keep what a line says; return the examples that said the same and, or else, something else before.

        None when nobody has asked this before: the usual case.
        """
        number = len(self.lines)
        self.answers.append(answer)
        self.lines.append(line)
        first = self.inputs.setdefault(key, number)
        if first == number:
            return None
        if self.answers[first] == answer:
            return first, None
        same = self.others.setdefault((key, answer), number)
        return (None if same == number else same), first

    def place(self, number: int) -> tuple[str, int]:
        """Return the file and the line of an example."""
        return self.paths[bisect_right(self.starts, number) - 1], self.lines[number]


def said_again(known: tuple[int | None, int | None], seen: Seen) -> Iterator[Fault]:
    """Yield what is wrong with the example that was said last, by who said the same, and who something else."""
    same, other = known
    if same is not None:
        path, line = seen.place(same)
        if path == seen.paths[-1]:
            yield Fault("duplicate", f"the same as line {line}")
        else:
            yield Fault("duplicate_across_files", f"the same as {path}:{line}")
    if other is not None:
        path, line = seen.place(other)
        yield Fault("contradiction", f"{path}:{line} answers the same input differently")


def input_key(record: Any, given: Sequence[Any], answer: Sequence[Any]) -> tuple[int, int]:
    """Return the numbers of what is given and of what is answered in any example; a message's weight is not said."""
    roles = tuple(one.get("role") if isinstance(one.get("role"), str) else None for one in (*given, *answer))
    last = answer[0]
    plain = len(answer) == 1 and last.keys() <= _ANSWER and isinstance(last.get("content"), str)
    told = hash(last["content"]) if plain else hash(_spelt(answer))
    tools = record.get("tools") or record.get("functions") if "messages" in record else record["input"].get("tools")
    if tools is None and all(one.keys() == _PLAIN and isinstance(one["content"], str) for one in given):
        order = (len(roles), tuple(one["content"] for one in given))
        return hash(order if roles in ORDERS else (roles, *order)), told
    return hash(_spelt([*given, tools])), told if "messages" in record else hash(_spelt([record.get(OUTPUTS[0])]))


def _spelt(values: Sequence[Any]) -> str:
    """Return the same text for the same JSON values, whatever the order of keys."""
    try:
        return orjson.dumps(list(values), option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # nested more deeply than can be written
        return repr(values)
