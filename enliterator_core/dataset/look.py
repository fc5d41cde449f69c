# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong with a run of lines of a chat file.

What a plain conversation can be told by at a glance is told so; every line that is anything else is looked at by all
the rules, one after the other. Secrets are searched for in all texts of a run at once.
"""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, Final

import orjson
from attrs import define, field

from enliterator_core.dataset.chat_rules import (
    OUTPUTS,
    Fault,
    conversation,
    length_fault,
    secret_fault,
    structure_faults,
    text_of,
    texts_of,
)
from enliterator_core.dataset.lines import MOST_LINE
from enliterator_core.dataset.secret_search import with_secrets
from enliterator_core.dataset.seen import ORDERS, Seen, input_key, said_again
from enliterator_core.dataset.tokens import is_longer

_PAIR: Final = itemgetter("role", "content")
_USUAL: Final = ("system", "user", "assistant")


@define
class Run:
    """What is found in one run of lines: ``faults`` by line, and how many lines say anything.

    With ``keep``, ``texts`` gathers what users and assistants say, by line, over all runs of a file.
    """

    limit: int
    seen: Seen
    keep: bool
    faults: dict[int, list[Fault]] = field(factory=dict)
    count: int = 0
    texts: list[tuple[int, str]] = field(factory=list)
    _systems: set[str] = field(factory=set)

    def look(self, first: int, lines: Sequence[bytes | None]) -> None:
        """Look at lines, the first of which has that number."""
        self.faults, self.count = {}, len(lines)
        try:
            records = list(map(orjson.loads, lines))  # type: ignore[arg-type]  # a line too long to hold is no text
            sound = True
        except (ValueError, TypeError):
            records = [self._parsed(number, line) for number, line in enumerate(lines, first)]
            sound = False
        told, plain = self._read(first, records)
        if not plain or max(map(len, lines), default=0) > self.limit:  # type: ignore[arg-type]  # all are read
            self._lengths(first, lines, records)
        if not sound or not _spelt_alike(lines, records):
            self._repeated_keys(first, lines, records)
        for place, kind in with_secrets([text.encode("utf-8", "surrogatepass") for _, text in told]):
            known = self.faults.setdefault(told[place][0], [])
            if not any(fault.code == "secret" for fault in known):
                known.append(secret_fault(kind))

    def _tell(self, number: int, fault: Fault) -> None:
        self.faults.setdefault(number, []).append(fault)

    def _parsed(self, number: int, line: bytes | None) -> Any:
        """Return what a line says; None where it says nothing that can be read, which is told."""
        if line is None:
            self._tell(number, Fault("line_too_long", f"the line is over {MOST_LINE >> 20} MB"))
            return None
        if not line.strip():
            self.count -= 1
            self._tell(number, Fault("blank_line", "the line is empty"))
            return None
        if line.startswith(b"\xef\xbb\xbf"):
            self._tell(number, Fault("not_utf8", "the line starts with a byte order mark"))
            line = line[3:]
        try:
            record = orjson.loads(line)
        except ValueError as error:
            try:
                line.decode()
                what = "it holds NUL bytes" if b"\0" in line else f"it is not JSON: {str(error)[:80]}"
                self._tell(number, Fault("not_json", what))
            except UnicodeDecodeError as broken:
                self._tell(number, Fault("not_utf8", f"byte {broken.start} of the line is not UTF-8"))
            return None
        if record is None:
            self._tell(number, Fault("not_chat", "there is no list of messages"))
        return record

    def _read(self, first: int, records: Sequence[Any]) -> tuple[list[tuple[int, str]], bool]:
        """Look at each record; return the texts in which secrets are to be searched, and whether all were plain."""
        told: list[tuple[int, str]] = []
        say, systems, every = self.seen.say, self._systems, True
        for number, record in enumerate(records, first):
            plain = _plain(record)
            if plain is None:
                every = False
                if record is not None:
                    self._closely(number, record, told)
                continue
            system, given, text, answer = plain
            if self.keep:
                self.texts.append((number, text))
            if system is not None and system not in systems:
                systems.add(system)
                text = f"{system}\n{text}"
            told.append((number, text))
            said = say(given, hash(answer), number)
            if said is not None:
                self.faults.setdefault(number, []).extend(said_again(said, self.seen))
        return told, every

    def _lengths(self, first: int, lines: Sequence[bytes | None], records: Sequence[Any]) -> None:
        """Tell the examples over the limit, counting only where bytes do not tell: no token is shorter than one."""
        for number, (line, record) in enumerate(zip(lines, records, strict=True), first):
            if line is not None and len(line) > self.limit and is_longer(_texts(record), self.limit):
                self._tell(number, length_fault(self.limit))

    def _closely(self, number: int, record: Any, told: list[tuple[int, str]]) -> None:
        """Look at a record by all the rules."""
        try:
            found = list(structure_faults(record))
            split = conversation(record)
        except RecursionError:
            found, split = [Fault("not_chat", "it is nested too deeply")], None
        for fault in found:
            self._tell(number, fault)
        if split is None:
            return
        told.append((number, "\n".join(_texts(record))))
        if not any(fault.code == "missing_assistant" for fault in found):
            known = self.seen.say(*input_key(record, *split), number)
            if known is not None:
                self.faults.setdefault(number, []).extend(said_again(known, self.seen))
            if self.keep:
                said = [text_of(one) for part in split for one in part if one.get("role") in ("user", "assistant")]
                self.texts.append((number, "\n".join(said)))

    def _repeated_keys(self, first: int, lines: Sequence[bytes | None], records: Sequence[Any]) -> None:
        """Tell the lines in which an object gives a key twice, of those where a role or a content is one too many."""
        import json

        for number, (line, record) in enumerate(zip(lines, records, strict=True), first):
            if line is None or record is None or _spelt(line) <= _messages(record):
                continue
            repeated: list[str] = []

            def once(pairs: list[tuple[str, Any]], repeated: list[str] = repeated) -> None:
                names = [name for name, _ in pairs]
                repeated += (name for name in dict.fromkeys(names) if names.count(name) > 1)

            json.loads(line.lstrip(b"\xef\xbb\xbf"), object_pairs_hook=once)
            if repeated:
                self._tell(number, Fault("repeated_key", f"an object gives {repeated[0][:40]!r} more than once"))


def _plain(record: Any) -> tuple[str | None, int, str, str] | None:
    """Return of a conversation of plain messages, in an order that is sound, what the system says, the number of what
    is given, what the others say, and the answer; None for everything else."""
    try:
        messages = record["messages"]
        if len(messages) == 3:  # nearly all are so: a system prompt, a question and its answer
            system, user, assistant = messages
            given, asked, answer = system["content"], user["content"], assistant["content"]
            if (
                (system["role"], user["role"], assistant["role"]) == _USUAL
                and len(record) == 1
                and len(system) == len(user) == len(assistant) == 2
                and given.strip()
                and asked.strip()
                and answer.strip()
            ):
                return given, hash((3, (given, asked))), f"{asked}\n{answer}", answer
            return None
        roles, texts = zip(*map(_PAIR, messages))  # noqa: B905  pairs, all of them
        order = ORDERS[roles]
        if len(record) > 1 or sum(map(len, messages)) > 2 * len(roles) or not all(map(str.strip, texts)):
            return None
        return texts[0] if order else None, hash((len(roles), texts[:-1])), "\n".join(texts[order:]), texts[-1]
    except (AttributeError, KeyError, TypeError, ValueError):
        return None


def _spelt_alike(lines: Sequence[bytes | None], records: Sequence[Any]) -> bool:
    """Say whether the lines are just how their records would be written, or spell no role or content too many."""
    blob = b",".join(line for line in lines if line)
    try:
        if orjson.dumps(records) == b"[%b]" % blob:
            return True
    except TypeError:  # nested more deeply than can be written
        return False
    return _spelt(blob) <= sum(map(_messages, records))


def _spelt(line: bytes) -> int:
    """Return how many roles or contents are spelt out, whichever are more."""
    return max(line.count(b'"role"'), line.count(b'"content"'))


def _texts(record: Any) -> list[str]:
    try:
        return texts_of(record)
    except RecursionError:  # told as a fault of its shape
        return []


def _messages(record: Any) -> int:
    """Return how many messages a record has, those that were not preferred among them."""
    split = conversation(record)
    if split is None:
        return 0
    return len(split[0]) + len(split[1]) + (0 if "messages" in record else len(record[OUTPUTS[1]]))
