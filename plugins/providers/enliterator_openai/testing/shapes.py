# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The JSON that the API answers with, and the check that it is what the SDK's own response types say.

The shapes follow the published OpenAPI description as generated into ``openai.types`` (SDK 3.x).
"""

import base64
import struct
from hashlib import sha256
from typing import Any

Json = dict[str, Any]


def error(message: str, kind: str, code: str | None = None, param: str | None = None) -> Json:
    """Return the body of a refusal."""
    return {"error": {"message": message, "type": kind, "code": code, "param": param}}


def page(rows: list[Json], more: bool) -> Json:
    """Return one page of a list."""
    ends = {"first_id": rows[0]["id"], "last_id": rows[-1]["id"]} if rows else {}
    return {"object": "list", "data": rows, "has_more": more, **ends}


def model(name: str, shutdown: str | None) -> Json:
    """Return one model; ``shutdown`` is the ISO date at which it ends."""
    dated = {} if shutdown is None else {"shutdown_date": shutdown}
    return {"id": name, "object": "model", "created": 0, "owned_by": "stand-in", **dated}


def file(name: str, number: str, size: int, purpose: str, now: int) -> Json:
    """Return a file just uploaded: its size counts bytes."""
    return {
        "id": number,
        "object": "file",
        "bytes": size,
        "created_at": now,
        "filename": name,
        "purpose": purpose,
        "status": "uploaded",
    }


def completion(model_name: str, text: str) -> Json:
    """Return a chat completion that says ``text``."""
    spoken = {"role": "assistant", "content": text, "refusal": None}
    return {
        "id": "chatcmpl_1",
        "object": "chat.completion",
        "created": 0,
        "model": model_name,
        "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None, "message": spoken}],
        "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
    }


def response(model_name: str, text: str) -> Json:
    """Return an answer of the Responses API that says ``text``."""
    part = {"type": "output_text", "text": text, "annotations": []}
    message: Json = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 0,
        "model": model_name,
        "status": "completed",
        "output": [message],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 7,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": 3,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": 10,
        },
    }


def embeddings(body: Json) -> Json:
    """Return one vector per text, derived from its hash, as floats or (as the SDK asks by default) packed floats."""
    texts = [body["input"]] if isinstance(body["input"], str) else body["input"]
    rows: list[Json] = []
    for index, text in enumerate(texts):
        digest = sha256(str(text).encode()).digest()
        vector = [digest[place % 32] / 255 for place in range(body.get("dimensions") or 8)]
        packed = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
        value = packed if body.get("encoding_format") == "base64" else vector
        rows.append({"object": "embedding", "index": index, "embedding": value})
    tokens = sum(1 + len(str(text)) // 4 for text in texts)
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "model": body["model"], "data": rows, "usage": usage}


def drift(values: Json) -> list[str]:
    """Return where an answer is not what the SDK's type for it says: a wrong value, or a field that it does not know.

    A list is looked at row by row. ``paused`` passes: the API has it, the SDK's list of states does not.
    """
    rows = values["data"] if values.get("object") == "list" and "usage" not in values else [values]
    return [problem for row in rows for problem in _drift_of(row)]


def _drift_of(row: Json) -> list[str]:
    import pydantic
    from openai.types import Batch, CreateEmbeddingResponse, FileDeleted, FileObject, Model
    from openai.types.chat import ChatCompletion
    from openai.types.fine_tuning import FineTuningJob, FineTuningJobEvent
    from openai.types.fine_tuning.jobs import FineTuningJobCheckpoint
    from openai.types.responses import Response

    kinds: dict[str, type[pydantic.BaseModel]] = {
        "model": Model,
        "file": FileDeleted if "deleted" in row else FileObject,
        "fine_tuning.job": FineTuningJob,
        "fine_tuning.job.event": FineTuningJobEvent,
        "fine_tuning.job.checkpoint": FineTuningJobCheckpoint,
        "batch": Batch,
        "chat.completion": ChatCompletion,
        "response": Response,
        "list": CreateEmbeddingResponse,
    }
    kind = kinds.get(str(row.get("object")))
    if kind is None:
        return [f"{row.get('object')!r} is no object of the API"]
    if row.get("status") == "paused":
        row = {**row, "status": "running"}
    if kind is CreateEmbeddingResponse and isinstance(row["data"][0]["embedding"], str):
        row = {**row, "data": []}  # packed floats: the SDK unpacks them before its type applies
    try:
        made = kind.model_validate(row, strict=True)
    except pydantic.ValidationError as failed:
        return [f"{kind.__name__}.{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in failed.errors()]
    return _unknown(made, kind.__name__)


def _unknown(value: Any, path: str) -> list[str]:
    """Return the fields that a model, or one within it, was given beyond those that it knows."""
    if isinstance(value, list):
        return [one for item in value for one in _unknown(item, path)]
    if not hasattr(value, "model_extra"):
        return []
    found = [f"{path}.{name} is no field of the SDK's type" for name in value.model_extra or {}]
    for name in type(value).model_fields:
        found += _unknown(getattr(value, name), f"{path}.{name}")
    return found
