# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The rules for one example in OpenAI's chat format, as providers of fine-tuning hold them.

An example is a conversation (`messages`, with `tools` where it calls any) or a pair for preference tuning (`input`,
`preferred_output`, `non_preferred_output`).
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from attrs import frozen

from enliterator_core.dataset.tokens import is_longer
from enliterator_core.redaction import find_secrets

ROLES: Final = ("system", "developer", "user", "assistant", "tool")
OUTPUTS: Final = ("preferred_output", "non_preferred_output")

#: what to do about each fault, by its code; the codes in WARNINGS are no errors
FIXES: Final[Mapping[str, str]] = {
    "not_utf8": "save the file as UTF-8 without a byte order mark",
    "not_json": "write one JSON object on each line",
    "line_too_long": "write one example on each line, and shorten or split this one",
    "blank_line": "take the line out",
    "repeated_key": "give each key once: readers keep one of its values, and not all the same one",
    "not_chat": 'write {"messages": [{"role": ..., "content": ...}, ...]}',
    "unknown_role": f"use one of {', '.join(ROLES)}",
    "bad_content": "give every message its content as text",
    "missing_assistant": "add the answer, or take the example out",
    "assistant_not_last": "end with the answer: take out what comes after it",
    "no_user": "add what was asked",
    "empty_answer": "write the answer, or take the example out",
    "bad_weight": "use 0 or 1, on assistant messages only",
    "nothing_to_learn": "give at least one assistant message weight 1",
    "bad_arguments": "write the arguments of a tool call as a string that holds a JSON object",
    "bad_tool_call": "name the function of every tool call, and the call that a tool message answers",
    "bad_tool": 'write each tool as {"type": "function", "function": {"name": ..., "parameters": {...}}}',
    "unknown_tool": "list the tool under tools, or take the call out",
    "no_preference": "let the two answers differ, or take the pair out",
    "secret": "take the key out, and withdraw it where it is valid",
    "too_long": "shorten or split the example",
    "duplicate": "keep one of them",
    "duplicate_across_files": "keep it in one split only",
    "contradiction": "decide which answer is right",
    "near_duplicate_across_files": "keep one of them, in one split",
    "too_few": "add examples: providers want at least 10",
    "too_large": "cut the file: providers take up to 512 MB",
    "no_file": "name a JSONL file, or a folder with train.jsonl",
}

WARNINGS: Final = frozenset(
    ("blank_line", "repeated_key", "unknown_tool", "duplicate", "contradiction", "too_few", "no_user")
)


@frozen
class Fault:
    """One thing wrong with an example: its ``code`` (a key of FIXES) and what it is, in a few words."""

    code: str
    message: str


def text_of(message: Any) -> str:
    """Return the text of a message: its content, or the texts of its parts; empty where there is none."""
    content = message.get("content") if isinstance(message, dict) else None
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        return "\n".join(part for part in parts if isinstance(part, str))
    return content if isinstance(content, str) else ""


def conversation(record: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]] | None:
    """Return what is given and what is answered, the last message or the preferred output; None for no example.

    Both are lists of messages, in turn the whole that is trained on.
    """
    if not isinstance(record, dict):
        return None
    if "messages" not in record and isinstance(record.get("input"), dict):
        given, answer, other = map(_messages, (record["input"].get("messages"), *map(record.get, OUTPUTS)))
        return (given, answer) if given and answer and other else None
    messages = _messages(record.get("messages"))
    return (messages[:-1], messages[-1:]) if messages else None


def _messages(value: Any) -> list[dict[str, Any]]:
    """Return a list of messages; an empty one for anything else."""
    return value if isinstance(value, list) and all(isinstance(one, dict) for one in value) else []


def texts_of(record: Any) -> list[str]:
    """Return every text of an example that a model would see or learn: contents, calls, and what was not preferred."""
    split = conversation(record)
    if split is None:
        return []
    messages = [*split[0], *split[1], *(record[OUTPUTS[1]] if "messages" not in record else ())]
    calls = (call.get("function") for message in messages for call in _calls(message) if isinstance(call, dict))
    arguments = (call.get("arguments") for call in calls if isinstance(call, dict))
    return [*map(text_of, messages), *(one if isinstance(one, str) else str(one) for one in arguments)]


@lru_cache(maxsize=64)
def secret_in(text: str) -> str | None:
    """Return the kind of the first secret in a text; remembered, since system prompts come again and again."""
    return next((finding.kind for finding in find_secrets(text)), None)


def faults(record: Any, limit: int) -> Iterator[Fault]:
    """Yield what is wrong with one parsed line; ``limit`` is the most tokens that one example may have."""
    yield from structure_faults(record)
    texts = texts_of(record)
    if kind := next(filter(None, map(secret_in, texts)), None):
        yield secret_fault(kind)
    if is_longer(texts, limit):
        yield length_fault(limit)


def secret_fault(kind: str) -> Fault:
    """Return the fault of an example that shows something of this kind."""
    return Fault("secret", f"it shows a secret or an address ({kind})")


def length_fault(limit: int) -> Fault:
    """Return the fault of an example over the limit."""
    return Fault("too_long", f"it has more than {limit} tokens")


def structure_faults(record: Any) -> Iterator[Fault]:
    """Yield what is wrong with the shape of one parsed line: everything but its length, and secrets in it."""
    split = conversation(record)
    if split is None:
        yield Fault("not_chat", "there is no list of messages")
        return
    given, answer = split
    tools = record.get("tools")
    if "messages" not in record:
        yield from _pair_faults(record, given)
        tools = record["input"].get("tools")
    else:
        yield from _message_list_faults([*given, *answer])
    yield from _tool_faults(tools, [*given, *answer])


def _pair_faults(record: Mapping[str, Any], given: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    for number, message in enumerate(given, 1):
        yield from _message_faults(message, number)
    if given[-1].get("role") == "assistant":
        yield Fault("assistant_not_last", "the input of a pair ends with an answer")
    for name in OUTPUTS:
        for number, message in enumerate(record[name], 1):
            for fault in _message_faults(message, number):
                yield Fault(fault.code, f"{name}: {fault.message}")
        if record[name][-1].get("role") != "assistant":
            yield Fault("missing_assistant", f"{name} does not end with the assistant's answer")
    if record[OUTPUTS[0]] == record[OUTPUTS[1]]:
        yield Fault("no_preference", "the two outputs are the same")


def _message_list_faults(messages: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    for number, message in enumerate(messages, 1):
        yield from _message_faults(message, number)
    yield from _order_faults(messages)


def _tool_faults(tools: Any, messages: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """Yield tools that are none, and calls of tools that are not among them, where any are named."""
    if tools is None:
        return
    named = set()
    for number, tool in enumerate(tools if isinstance(tools, list) else [tools], 1):
        function = tool.get("function") if isinstance(tool, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str) or not function["name"]:
            yield Fault("bad_tool", f"tool {number} is no function with a name")
        elif not isinstance(function.get("parameters", {}), dict):
            yield Fault("bad_tool", f"tool {number} has parameters that are no JSON Schema")
        else:
            named.add(function["name"])
    for call in (call for message in messages for call in _calls(message) if isinstance(call, dict)):
        function = call.get("function")
        name = function.get("name") if isinstance(function, dict) else None
        if isinstance(name, str) and name and name not in named:
            yield Fault("unknown_tool", f"it calls {name[:40]}, which is not among its tools")


def _message_faults(message: Mapping[str, Any], number: int) -> Iterator[Fault]:
    role, content, weight = message.get("role"), message.get("content"), message.get("weight")
    if role not in ROLES:
        yield Fault("unknown_role", f"message {number} has the role {json.dumps(role, default=str)[:40]}")
    if "weight" in message and (role != "assistant" or isinstance(weight, bool) or weight not in (0, 1)):
        yield Fault("bad_weight", f"message {number} has the weight {json.dumps(weight, default=str)[:40]}")
    answered_by_call = role == "assistant" and ("tool_calls" in message or "function_call" in message)
    if content is None and answered_by_call:
        pass
    elif not isinstance(content, str | list) or (
        isinstance(content, list) and not all(isinstance(p, dict) for p in content)
    ):
        yield Fault("bad_content", f"message {number} has no text")
    elif role == "assistant" and not answered_by_call and not text_of(message).strip():
        yield Fault("empty_answer", f"message {number} says nothing")
    elif role == "user" and not text_of(message).strip() and isinstance(content, str):
        yield Fault("bad_content", f"message {number} asks nothing")
    if role == "tool" and not isinstance(message.get("tool_call_id"), str):
        yield Fault("bad_tool_call", f"message {number} does not say which call it answers")
    yield from _call_faults(message, number)


def _calls(message: Mapping[str, Any]) -> list[Any]:
    calls = message.get("tool_calls")
    legacy = [{"function": message["function_call"]}] if "function_call" in message else []
    return [*(calls if isinstance(calls, list) else []), *legacy]


def _call_faults(message: Mapping[str, Any], number: int) -> Iterator[Fault]:
    if not isinstance(message.get("tool_calls", []), list):
        yield Fault("bad_tool_call", f"message {number} has tool calls that are no list")
    for call in _calls(message):
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(function, dict) or not isinstance(function.get("name"), str) or not function["name"]:
            yield Fault("bad_tool_call", f"message {number} calls a function without a name")
            continue
        try:
            sound = isinstance(json.loads(function.get("arguments", "")), dict)
        except (ValueError, TypeError, RecursionError):
            sound = False
        if not sound:
            yield Fault(
                "bad_arguments", f"message {number} calls {function['name'][:40]} with arguments that are no JSON"
            )


def _order_faults(messages: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    roles = [message.get("role") for message in messages]
    if "assistant" not in roles:
        yield Fault("missing_assistant", "no message is the assistant's")
        return
    if roles[-1] != "assistant":
        yield Fault("assistant_not_last", f"the last message is the {roles[-1]}'s")
    if "user" not in roles:
        yield Fault("no_user", "no message is the user's")
    if all(message.get("weight") == 0 for message in messages if message.get("role") == "assistant"):
        yield Fault("nothing_to_learn", "every assistant message has weight 0")
    made = [call.get("id") for message in messages for call in _calls(message) if isinstance(call, dict)]
    for number, message in enumerate(messages, 1):
        id = message.get("tool_call_id")
        if message.get("role") == "tool" and isinstance(id, str) and id not in made:
            yield Fault("bad_tool_call", f"message {number} answers a call that nobody made")
