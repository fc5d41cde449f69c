# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The stand-in for the paid API keeps to the real API's shapes, signs its webhooks, and misbehaves only as told."""

import json
import random
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import openai
import pytest

from enliterator_openai.testing import SECRET, Fault, Sender, sign, stand_in
from enliterator_openai.testing.shapes import drift

LINE = json.dumps({"messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]})
FILE = ("train.jsonl", (LINE + "\n").encode() * 12)


@contextmanager
def running(**options):
    with stand_in(strict=True, **options) as server, client_of(server) as client:
        yield server, client


def client_of(server):
    return openai.OpenAI(base_url=server.url, api_key=server.key, max_retries=0)


@contextmanager
def receiver(answers):
    """A server that takes webhooks and answers with each status in turn, then 200."""
    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/", taken
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_every_answer_is_in_the_sdks_own_shapes():
    with running(shutdown={"small": "2027-01-14"}) as (server, client):
        file = client.files.create(file=FILE, purpose="fine-tune")
        assert client.files.wait_for_processing(file.id, poll_interval=0.01).status == "processed"
        assert [one.id for one in client.files.list()] == [file.id]
        assert client.models.retrieve("small").shutdown_date == "2027-01-14"
        assert {one.id for one in client.models.list()} == {"small", "large"}
        job = client.fine_tuning.jobs.create(model="small", training_file=file.id, seed=1, metadata={"a": "b"})
        server.advance(job.id, 9)
        assert client.fine_tuning.jobs.retrieve(job.id).status == "succeeded"
        assert list(client.fine_tuning.jobs.list_events(job.id))
        assert list(client.fine_tuning.jobs.checkpoints.list(job.id))
        assert [one.id for one in client.fine_tuning.jobs.list(metadata={"a": "b"})] == [job.id]
        assert not list(client.fine_tuning.jobs.list(metadata={"a": "c"}))
        tuned = client.fine_tuning.jobs.retrieve(job.id).fine_tuned_model
        assert client.responses.create(model=tuned, input="hello").output_text
        messages = [{"role": "user", "content": "hello"}]
        assert client.chat.completions.create(model=tuned, messages=messages).choices[0].message.content
        floats = client.embeddings.create(model="small", input=["a"], dimensions=3, encoding_format="float")
        assert floats.data[0].embedding == pytest.approx(
            client.embeddings.create(model="small", input="a", dimensions=3).data[0].embedding
        )
        assert client.files.delete(file.id).deleted
        with pytest.raises(openai.NotFoundError):
            client.files.retrieve(file.id)
        assert server.drift == []
    assert server.calls


def test_a_shape_that_drifts_is_found():
    good = {"id": "file-1", "object": "file", "bytes": 1, "created_at": 1, "filename": "a", "purpose": "fine-tune"}
    assert drift({**good, "status": "processed"}) == []
    assert drift(good) == ["FileObject.status: Field required"]
    assert "no field" in drift({**good, "status": "processed", "colour": "red"})[0]
    assert drift({"object": "list", "data": [{"object": "hive"}]}) == ["'hive' is no object of the API"]


def test_bytes_arrive_as_they_were_sent():
    content = bytes(random.Random(1).randbytes(20_000)) + b"\r\n--\r\n\r\rx"
    with running() as (server, client):
        file = client.files.create(file=("odd.bin", content), purpose="user_data")
        assert server.contents[file.id] == content
        assert client.files.content(file.id).content == content


def test_a_batch_of_requests_is_worked_off():
    rows = [{"custom_id": f"r{n}", "method": "POST", "url": "/v1/chat/completions"} for n in range(3)]
    bodies = [{"model": model, "messages": [{"role": "user", "content": "?"}]} for model in ("small", "large", "none")]
    lines = "\n".join(json.dumps({**row, "body": body}) for row, body in zip(rows, bodies, strict=True))
    with running(answer=lambda body: body["model"]) as (server, client):
        file = client.files.create(file=("b.jsonl", lines.encode()), purpose="batch")
        batch = client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h", metadata={"a": "b"}
        )
        states = [batch.status]
        while states[-1] != "completed":
            batch = client.batches.retrieve(batch.id)
            states.append(batch.status)
        assert states == ["validating", "in_progress", "finalizing", "completed"]
        answers = [json.loads(line) for line in client.files.content(batch.output_file_id).text.splitlines()]
        assert server.drift == []
    assert [one["response"]["status_code"] for one in answers] == [200, 200, 404]
    assert answers[1]["response"]["body"]["choices"][0]["message"]["content"] == "large"
    assert (batch.request_counts.completed, batch.request_counts.failed) == (2, 1)


def test_too_few_examples_fail_a_job_and_a_wrong_line_an_upload():
    with running() as (server, client):
        few = client.files.create(file=("few.jsonl", (LINE + "\n").encode() * 9), purpose="fine-tune")
        job = client.fine_tuning.jobs.create(model="small", training_file=few.id)
        server.advance(job.id)
        failed = client.fine_tuning.jobs.retrieve(job.id)
        assert (failed.status, failed.error.code) == ("failed", "invalid_n_examples")
        with pytest.raises(openai.BadRequestError, match="Line 2"):
            client.files.create(file=("bad.jsonl", (LINE + "\nno\n").encode()), purpose="fine-tune")


def test_the_end_of_a_job_is_announced_by_a_signed_webhook_with_its_id_only():
    with receiver([]) as (url, taken), running(webhooks=Sender(url)) as (server, client):
        file = client.files.create(file=FILE, purpose="fine-tune")
        first, second = [client.fine_tuning.jobs.create(model="small", training_file=file.id).id for _ in range(2)]
        server.advance(first, 9)
        client.fine_tuning.jobs.cancel(second)
        server.webhooks.flush()
        events = [client.webhooks.unwrap(body, headers, secret=SECRET) for headers, body in taken]
    assert [(event.type, event.data.id) for event in events] == [
        ("fine_tuning.job.succeeded", first),
        ("fine_tuning.job.cancelled", second),
    ]
    assert [set(json.loads(body)["data"]) for _, body in taken] == [{"id"}] * 2
    assert {headers["webhook-id"] for headers, _ in taken} == {event.id for event in events}


def test_webhooks_are_tried_again_and_can_come_twice():
    with receiver([500, 302, 200]) as (url, taken):
        sender = Sender(url, copies=2, wait=0.01)
        sender.send({"id": "evt_1", "type": "a"})
        sender.flush()
        sender.close()
    assert [one.status for one in sender.deliveries] == [500, 302, 200, 200]
    assert {headers["webhook-id"] for headers, _ in taken} == {"evt_1"}


def test_a_webhook_nobody_takes_is_given_up():
    sender = Sender("http://127.0.0.1:9/", attempts=2, wait=0.01)
    sender.send({"id": "evt_1", "type": "a"})
    sender.flush()
    sender.close()
    assert [one.status for one in sender.deliveries] == [0, 0]


def test_the_signature_is_the_specifications_example():
    # https://github.com/standard-webhooks/standard-webhooks, the specification's own example.
    headers = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_fault_strikes_where_and_as_often_as_told():
    with running(faults=[Fault(418, "GET /v1/models", times=2, message="teapot", code="tea")]) as (_, client):
        for _ in range(2):
            with pytest.raises(openai.APIStatusError, match="teapot") as caught:
                client.models.list()
            assert caught.value.code == "tea"
            assert client.embeddings.create(model="small", input="a").data
        assert client.models.list().data


def test_it_runs_alone():
    command = [sys.executable, "-m", "enliterator_openai.testing", "--model", "bees", "--key", "k"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parent) as process:
        try:
            url = process.stdout.readline().strip()
            with openai.OpenAI(base_url=url, api_key="k") as client:
                assert [one.id for one in client.models.list()] == ["bees"]
        finally:
            process.terminate()
