# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which request does what."""

import re
from collections.abc import Mapping, Sequence

from enliterator_openai.testing import shapes
from enliterator_openai.testing.shapes import Json
from enliterator_openai.testing.state import Refused, StandIn

_ONE = re.compile(r"/v1/(?P<kind>files|batches|models|fine_tuning/jobs)/(?P<number>[^/]+)(/(?P<more>\w+))?")


def answer_to(known: StandIn, method: str, path: str, query: Mapping[str, str], body: Json) -> Json | bytes:
    """Return what a request gets: JSON, or a file's bytes; raise Refused. An upload's body has name, data, purpose."""
    one = _ONE.fullmatch(path)
    if one is not None:
        return _about_one(known, method, one["kind"], one["number"], one["more"] or "", query)
    if method == "GET" and path in ("/v1/files", "/v1/fine_tuning/jobs", "/v1/batches"):
        return _list_of(known, path, query)
    if method == "POST":
        if path == "/v1/files":
            return known.upload(body["filename"], body["data"], body["purpose"])
        if path == "/v1/fine_tuning/jobs":
            return known.create_job(body)
        if path == "/v1/batches":
            return known.create_batch(body)
    return known.respond(path, body)


def _about_one(
    known: StandIn, method: str, kind: str, number: str, more: str, query: Mapping[str, str]
) -> Json | bytes:
    if kind == "models":
        return known.model(number)
    if kind == "batches":
        return known.batch(number)
    if kind == "files":
        if more == "content":
            return known.content(number)
        return known.delete(number) if method == "DELETE" else known.file(number)
    if more == "events":
        return _page(known, known.job(number).events[::-1], query)
    if more == "checkpoints":
        return _page(known, known.job(number).checkpoints[::-1], query)
    return known.change_job(number, more) if more in ("cancel", "pause", "resume") else known.look(number)


def _list_of(known: StandIn, path: str, query: Mapping[str, str]) -> Json:
    if path == "/v1/files":
        files = [shown for shown in known.files.values() if query.get("purpose") in (None, shown["purpose"])]
        return _page(known, files if query.get("order") == "asc" else files[::-1], query)
    if path == "/v1/batches":
        return _page(known, list(known.batches.values())[::-1], query)
    wanted = {name[9:-1]: value for name, value in query.items() if name.startswith("metadata[")}
    jobs = list(known.jobs.values())[::-1]
    if known.filters:
        jobs = [job for job in jobs if wanted.items() <= (job.body.get("metadata") or {}).items()]
    shown = _page(known, [{"id": job.number} for job in jobs], query)
    return {**shown, "data": [known.look(row["id"]) for row in shown["data"]]}


def _page(known: StandIn, rows: Sequence[Json], query: Mapping[str, str]) -> Json:
    """Return the page after ``after``, of ``limit`` rows, as the pages were told to be."""
    limit = int(query.get("limit", "20"))
    after = query.get("after")
    start = 0
    if after is not None:
        place = next((index for index, row in enumerate(rows) if row["id"] == after), None)
        if place is None:
            raise Refused(400, f"No row {after}", "invalid_after", "after")
        start = place + (0 if known.pages == "overlap" and limit > 1 else 1)
    if known.pages == "stuck":
        return shapes.page(list(rows[:limit]), bool(rows))
    return shapes.page(list(rows[start : start + limit]), start + limit < len(rows))
