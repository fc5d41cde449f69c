# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the stand-in knows and how it answers: models, files, tuning jobs, batches and model calls."""

import json
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any, Literal

from attrs import define, field

from enliterator_openai.testing import shapes
from enliterator_openai.testing.faults import Fault, What
from enliterator_openai.testing.shapes import Json
from enliterator_openai.testing.tuning import BAD_FILE, SCRIPT, Job, trouble_in
from enliterator_openai.testing.webhooks import Sender

Answer = Callable[[Json], str]
BATCH_STATES = ("validating", "in_progress", "finalizing", "completed")


class Refused(Exception):
    """The API says no: an HTTP status, and the error's message, type, code and param."""

    def __init__(self, status: int, message: str, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        kind = "invalid_request_error" if status < 500 else "server_error"
        self.body = shapes.error(message, kind, code, param)


@define(eq=False)
class StandIn:
    """The API as one organisation sees it, with what it is told to do wrong.

    ``answer`` says what a model says to a request's body. ``shutdown`` holds models' last days, ``untunable`` models
    that cannot be tuned; ``tuning_open`` False cuts the organisation off from tuning. A job goes through the states of
    ``script``, one step each time somebody looks at it (``pace`` "polls") or when :meth:`advance` is called ("hand");
    a script that ends before a final state makes a job that never ends. ``failure`` is what a failed job says.
    ``job_fields`` lays values over every job shown, ``missing`` leaves fields out; ``pages`` makes list pages repeat a
    row ("overlap") or themselves without end ("stuck"). ``required`` and ``refused`` are fields that creating a job
    needs or does not take, and ``bom`` wants a byte order mark in files, as some compatible servers do; ``filters``
    False ignores metadata filters. ``processing`` is how often a file is looked at before it is processed.
    ``failures`` are used up one a request, by whatever comes; ``faults`` strike where they say. ``strict`` checks
    every answer against the SDK's types and collects what differs in ``drift``.
    """

    answer: Answer = lambda body: "an answer of the stand-in"
    models: Sequence[str] = ("small", "large")
    key: str = "a-key-for-tests"
    failures: list[What] = field(factory=list)
    requests: list[tuple[str, Json]] = field(factory=list)
    url: str = ""
    shutdown: dict[str, str] = field(factory=dict)
    untunable: Sequence[str] = ()
    tuning_open: bool = True
    script: Sequence[str] = SCRIPT
    pace: Literal["polls", "hand"] = "polls"
    failure: Json = field(factory=lambda: dict(BAD_FILE))
    job_fields: Json = field(factory=dict)
    missing: Sequence[str] = ()
    pages: Literal["", "overlap", "stuck"] = ""
    required: Sequence[str] = ()
    refused: Sequence[str] = ()
    bom: bool = False
    filters: bool = True
    processing: int = 1
    faults: list[Fault] = field(factory=list)
    strict: bool = False
    webhooks: Sender | None = None
    now: Callable[[], int] = lambda: int(time.time())
    calls: list[str] = field(factory=list)
    drift: list[str] = field(factory=list)
    files: dict[str, Json] = field(factory=dict)
    contents: dict[str, bytes] = field(factory=dict)
    jobs: dict[str, Job] = field(factory=dict)
    batches: dict[str, Json] = field(factory=dict)
    lock: threading.RLock = field(factory=threading.RLock, init=False, repr=False)
    _looks: dict[str, int] = field(factory=dict, init=False)

    def asked(self, call: str) -> int:
        """Return how many requests began with ``METHOD /path``."""
        return sum(one.startswith(call) for one in self.calls)

    def respond(self, path: str, body: Json) -> Json:
        """Return the JSON answer to a request of a model, or the list of models; raise Refused."""
        if path == "/v1/models":
            return shapes.page([self.model(name) for name in self.names()], False) | {"has_more": False}
        if path not in ("/v1/embeddings", "/v1/chat/completions", "/v1/responses"):
            raise Refused(404, f"Invalid URL ({path})", "unknown_url")
        if body.get("model") not in self.names():
            raise Refused(404, f"The model {body.get('model')} does not exist", "model_not_found", "model")
        if path == "/v1/embeddings":
            return shapes.embeddings(body)
        text = self.answer(body)
        if path == "/v1/chat/completions":
            return shapes.completion(body["model"], text)
        return shapes.response(body["model"], text)

    def names(self) -> list[str]:
        """Return the models that there are, the tuned ones too."""
        return [*self.models, *(job.tuned_model for job in self.jobs.values() if job.tuned_model)]

    def model(self, name: str) -> Json:
        """Return one model as the API shows it; Refused when there is none."""
        if name not in self.names():
            raise Refused(404, f"The model {name} does not exist", "model_not_found", "model")
        base = name.split(":")[1] if name.startswith("ft:") else name
        return shapes.model(name, self.shutdown.get(base))

    # Files.

    def keep(self, name: str, data: bytes, purpose: str = "fine-tune-results") -> str:
        """Store a file and return its id."""
        number = f"file-{len(self.contents) + 1:06}"
        self.files[number] = shapes.file(name, number, len(data), purpose, self.now())
        self.contents[number] = data
        if purpose not in ("fine-tune", "batch"):
            self.files[number]["status"] = "processed"
        return number

    def upload(self, name: str, data: bytes, purpose: str) -> Json:
        """Take in a file; Refused, with the first wrong line, when it cannot be trained on."""
        trouble = trouble_in(data, self.bom) if purpose == "fine-tune" else None
        if trouble is not None:
            raise Refused(400, trouble, "invalid_file_format", "file")
        return self.files[self.keep(name, data, purpose)]

    def file(self, number: str) -> Json:
        """Return a file as it stands; it is processed once it was looked at ``processing`` times."""
        found = self.files.get(number)
        if found is None:
            raise Refused(404, f"No such File object: {number}", "not_found", "id")
        self._looks[number] = self._looks.get(number, 0) + 1
        if self._looks[number] >= self.processing and found["status"] == "uploaded":
            found["status"] = "processed"
        return found

    def content(self, number: str) -> bytes:
        """Return a file's bytes; Refused when it has expired or never was."""
        self.file(number)
        return self.contents[number]

    def delete(self, number: str) -> Json:
        """Delete a file."""
        self.file(number)
        del self.files[number]
        return {"id": number, "object": "file", "deleted": True}

    def expire_files(self, purpose: str = "") -> None:
        """Let files expire, of one purpose or all: the API forgets them."""
        for number in [one for one, shown in self.files.items() if purpose in ("", shown["purpose"])]:
            del self.files[number]

    # Tuning jobs.

    def create_job(self, body: Json) -> Json:
        """Create a tuning job, or say why not as the API does."""
        if not self.tuning_open:
            message = "Your organization is not able to create new fine-tuning jobs"
            raise Refused(403, message, "fine_tuning_not_available")
        if body.get("model") not in self.models or body["model"] in self.untunable:
            raise Refused(
                400, f"Model {body.get('model')} is not available for fine-tuning", "model_not_available", "model"
            )
        for name in ("training_file", "validation_file"):
            if body.get(name) is not None and body[name] not in self.files:
                raise Refused(400, f"{name} {body[name]} does not exist", "invalid_file", name)
        for name in self.required:
            if name not in body:
                raise Refused(400, f"Missing required parameter: {name}", "missing_required_parameter", name)
        for name in self.refused:
            if name in body:
                raise Refused(400, f"Unrecognized request argument supplied: {name}", "unknown_parameter", name)
        if len(body.get("suffix") or "") > 64:
            raise Refused(400, "suffix is too long", "invalid_suffix", "suffix")
        number = f"ftjob-{len(self.jobs) + 1:06}"
        data = self.contents[body["training_file"]]
        examples = len(data.splitlines())
        job = Job(number, body, list(self.script), self.now(), examples, len(data), dict(self.failure))
        job.tell(f"Created fine-tuning job: {number}", self.now())
        job.enter(self.now(), self.keep)
        self.jobs[number] = job
        return self.shown(job)

    def shown(self, job: Job) -> Json:
        """Return a job as it is shown, with the fields that were told to be odd or missing."""
        shown = {**job.shown(), **self.job_fields}
        return {name: value for name, value in shown.items() if name not in self.missing}

    def look(self, number: str) -> Json:
        """Return a job as somebody looks at it, then let it go on."""
        job = self.job(number)
        shown = self.shown(job)
        if self.pace == "polls":
            self._advance(job)
        return shown

    def job(self, number: str) -> Job:
        """Return a job; Refused when there is none."""
        if number not in self.jobs:
            raise Refused(404, f"Could not find fine tune: {number}", "fine_tune_not_found", "fine_tuning_job_id")
        return self.jobs[number]

    def advance(self, number: str | None = None, steps: int = 1) -> None:
        """Let a job, or all of them, go on by a number of states."""
        with self.lock:
            for job in self.jobs.values() if number is None else [self.job(number)]:
                for _ in range(steps):
                    self._advance(job)

    def _advance(self, job: Job) -> None:
        before = job.status
        job.advance(self.now(), self.keep)
        if job.status != before:
            self.announce(job)

    def announce(self, job: Job) -> None:
        """Send the webhook for a job that has ended; as with the real API it carries the job's id only."""
        if self.webhooks is not None and job.done:
            number = f"evt_{job.number.removeprefix('ftjob-')}_{job.status}"
            event = {"id": number, "object": "event", "created_at": self.now(), "type": f"fine_tuning.job.{job.status}"}
            self.webhooks.send({**event, "data": {"id": job.number}})

    def change_job(self, number: str, verb: str) -> Json:
        """Cancel, pause or resume a job."""
        job = self.job(number)
        if job.done or ((verb == "resume") != job.paused and verb != "cancel"):
            raise Refused(400, f"Job {number} is {job.status} and cannot {verb}", "invalid_job_state")
        job.paused = verb == "pause"
        if verb == "cancel":
            job.script = ["cancelled"]
            job.enter(self.now(), self.keep)
            self.announce(job)
        return self.shown(job)

    # Batches of requests.

    def create_batch(self, body: Json) -> Json:
        """Take in a batch of requests."""
        self.file(body["input_file_id"])
        number = f"batch_{len(self.batches) + 1:06}"
        shown: Json = {"id": number, "object": "batch", "created_at": self.now(), "status": BATCH_STATES[0], **body}
        shown["request_counts"] = {
            "total": len(self.contents[body["input_file_id"]].splitlines()),
            "completed": 0,
            "failed": 0,
        }
        self.batches[number] = shown
        return shown

    def batch(self, number: str) -> Json:
        """Return a batch, one state further each time; at its end an output file holds the answers, one a line."""
        if number not in self.batches:
            raise Refused(404, f"No batch found with id {number}", "not_found")
        batch = self.batches[number]
        if batch["status"] in BATCH_STATES[:-1]:
            batch["status"] = BATCH_STATES[BATCH_STATES.index(batch["status"]) + 1]
            if batch["status"] == "completed":
                self._finish(batch)
        return batch

    def _finish(self, batch: Json) -> None:
        lines: list[str] = []
        for line in self.contents[batch["input_file_id"]].splitlines():
            row: Any = json.loads(line)
            try:
                status, said = 200, self.respond(row["url"], row["body"])
            except Refused as refused:
                status, said = refused.status, refused.body
            answered = {"status_code": status, "request_id": "", "body": said}
            result = {
                "id": f"batch_req_{len(lines) + 1}",
                "custom_id": row["custom_id"],
                "response": answered,
                "error": None,
            }
            lines.append(json.dumps(result))
            batch["request_counts"]["completed" if status == 200 else "failed"] += 1
        batch["output_file_id"] = self.keep("output.jsonl", "\n".join(lines).encode(), "batch_output")
        batch["completed_at"] = self.now()
        if self.webhooks is not None:
            event = {"id": f"evt_{batch['id']}", "object": "event", "created_at": self.now(), "type": "batch.completed"}
            self.webhooks.send({**event, "data": {"id": batch["id"]}})
