# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""JSON Schemas of a dataset's lines and of its tasks' answers, written beside them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from enliterator_core.contracts.task_type import TaskType, json_answer
from enliterator_core.dataset.settings import SPLITS
from enliterator_core.dataset.write import write_json

_DIALECT: Final = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
_ID: Final = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
_TEXTS: Final = {"type": "array", "items": {"type": "string"}}
_PLACE: Final = {"type": "integer", "minimum": 0}


def _message(role: str) -> dict[str, Any]:
    return json_answer(role={"const": role}, content={"type": "string", "minLength": 1})


def chat_schema() -> dict[str, Any]:
    """Return the schema of a line of chat."""
    messages = [_message(role) for role in ("system", "user", "assistant")]
    line = json_answer(messages={"type": "array", "prefixItems": messages, "items": False, "minItems": len(messages)})
    return {**_DIALECT, "title": "an example in OpenAI's chat format", **line}


def provenance_schema(tasks: Sequence[str]) -> dict[str, Any]:
    """Return the schema of a line of provenance."""
    triple = {"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 3}
    span = json_answer(source=str, start=_PLACE, end={"type": "integer", "minimum": 1})
    line = json_answer(
        id=_ID,
        task={"enum": list(tasks)},
        split={"enum": list(SPLITS)},
        line={"type": "integer", "minimum": 1},
        group=_ID,
        entities=_TEXTS,
        relations={"type": "array", "items": triple},
        spans={"type": "array", "items": span},
        rights=json_answer(license=str | None, holder=str | None, trainable={"const": True}, publishable=bool),
        verifier=str,
    )
    line["properties"] |= {"absence": json_answer(query=str, count={"const": 0}), "withheld": {"type": "string"}}
    return {**_DIALECT, "title": "what proves an example", **line}


def write_schemas(folder: Path, tasks: Sequence[TaskType]) -> dict[str, dict[str, Any]]:
    """Write the schemas of chat lines, provenance lines and answers that are JSON; return their hashes and sizes."""
    folder.mkdir()
    schemas = {"chat": chat_schema(), "provenance": provenance_schema([task.name for task in tasks])}
    schemas |= {
        f"{task.name}.answer": {**_DIALECT, "title": f"an answer of {task.name}", **task.answer_schema}
        for task in tasks
        if task.answer_schema is not None
    }
    names = {f"{name}.schema.json": schema for name, schema in schemas.items()}
    return {f"{folder.name}/{name}": write_json(folder / name, schema) for name, schema in sorted(names.items())}
