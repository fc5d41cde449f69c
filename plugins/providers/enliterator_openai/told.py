# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the API tells of files and jobs, as the core's own objects: missing fields are None, unknown states stay."""

import base64
import binascii
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from enliterator_core import Checkpoint, JobEvent, ProviderFile, ProviderJob, content_id
from enliterator_openai.service import Service

TOKEN: Final = "enliterator"  # the key in a job's metadata that holds our token


def file_told(row: Any) -> ProviderFile:
    """Return a file as told."""
    state = str(_of(row, "status") or "uploaded")
    return ProviderFile(
        str(row.id), str(_of(row, "filename") or ""), int(_of(row, "bytes") or 0), state, _of(row, "status_details")
    )


def job_told(row: Any) -> ProviderJob:
    """Return a job as told; an ``error`` without code or message, which good jobs carry at times, is none."""
    metadata = _plain(_of(row, "metadata"))
    error = {name: value for name, value in _plain(_of(row, "error")).items() if value is not None}
    tokens = _of(row, "trained_tokens")
    return ProviderJob(
        id=str(row.id),
        model=str(_of(row, "model") or ""),
        state=str(_of(row, "status") or "unknown"),
        token=metadata.get(TOKEN),
        tuned_model=_of(row, "fine_tuned_model") or None,
        trained_tokens=tokens if isinstance(tokens, int) else None,
        created_at=_time(_of(row, "created_at")),
        finished_at=_time(_of(row, "finished_at")),
        estimated_finish=_time(_of(row, "estimated_finish")),
        error=error if error.get("code") or error.get("message") else None,
        hyperparameters=_hyperparameters(row),
        result_files=tuple(str(one) for one in _of(row, "result_files") or ()),
    )


def event_told(row: Any) -> JobEvent:
    """Return an event as told; one without an id gets one from what it says."""
    at, message = _time(_of(row, "created_at")) or "", str(_of(row, "message") or "")
    number = _of(row, "id") or content_id(at, message)
    return JobEvent(str(number), at, str(_of(row, "level") or "info"), message, _plain(_of(row, "data")))


def checkpoint_told(row: Any) -> Checkpoint:
    """Return a checkpoint as told, its metrics those that are numbers."""
    metrics = {name: float(one) for name, one in _plain(_of(row, "metrics")).items() if isinstance(one, int | float)}
    model, step = str(_of(row, "fine_tuned_model_checkpoint") or ""), int(_of(row, "step_number") or 0)
    return Checkpoint(str(row.id), model, step, metrics)


def rows_told(service: Service, asked: str, ask: Callable[[], Any]) -> Iterator[Any]:
    """Yield the rows of a list, of which ``ask`` fetches the first page; whoever stops early asks for no further one.

    A row told twice comes once, and a page with nothing new is the last.
    """
    seen: set[str] = set()
    fetch: Callable[[], Any] | None = ask
    while fetch is not None:
        with service.asking(asked):
            page = fetch()
            rows = getattr(page, "data", None)
            if not isinstance(rows, list):
                raise ValueError(f"no list of {asked}")
        new = [row for row in rows if _of(row, "id") is not None and row.id not in seen]
        seen.update(row.id for row in new)
        yield from new
        fetch = page.get_next_page if new and page.has_next_page() else None


def plain_content(data: bytes) -> bytes:
    """Return a result file's CSV, which OpenAI serves in base64 (seen since 2024) and others as it is."""
    try:
        decoded = base64.b64decode(data.strip(), validate=True)
    except binascii.Error:
        return data
    return decoded if b"," in decoded and b"," not in data else data


def _of(row: Any, name: str) -> Any:
    """Return a field; None where the server left it out, which the SDK lets pass unset."""
    return getattr(row, name, None)


def _plain(value: Any) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return dict(value)
    return dict(value.to_dict()) if hasattr(value, "to_dict") else {}


def _hyperparameters(row: Any) -> dict[str, Any]:
    method = _plain(_of(row, "method"))
    within = method.get(str(method.get("type")))
    settled = _plain(_of(row, "hyperparameters"))
    inner = within.get("hyperparameters") if isinstance(within, Mapping) else None
    return {**(inner or {}), **{name: value for name, value in settled.items() if value is not None}}


def _time(value: Any) -> str | None:
    if not isinstance(value, int | float) or value <= 0:
        return None
    return datetime.fromtimestamp(value, UTC).isoformat(timespec="seconds")
