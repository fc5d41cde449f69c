# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A stand-in for the paid API: a real HTTP server on the loopback, for the real SDK, that can be told to misbehave."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from attrs import define, field

Answer = Callable[[dict[str, Any]], str]


@define
class StandIn:
    """What the server knows: its models, its key, how it answers, which failures come first, and what it was asked.

    ``failures`` are used up one a request: an HTTP status (429 carries ``Retry-After: 0``) or ``"cut"``, which closes
    the connection without an answer.
    """

    answer: Answer
    models: tuple[str, ...] = ("small", "large")
    key: str = "a-key-for-tests"
    failures: list[int | str] = field(factory=list)
    requests: list[tuple[str, dict[str, Any]]] = field(factory=list)
    url: str = ""

    def respond(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Return the JSON answer to one request, in the shape of the API."""
        if path == "/v1/models":
            data = [{"id": name, "object": "model", "created": 0, "owned_by": "stand-in"} for name in self.models]
            return {"object": "list", "data": data}
        text = self.answer(body)
        if path == "/v1/chat/completions":
            spoken = {"role": "assistant", "content": text, "refusal": None}
            return {
                "id": "chatcmpl_1",
                "object": "chat.completion",
                "created": 0,
                "model": body["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "logprobs": None, "message": spoken}],
                "usage": {"prompt_tokens": 7, "completion_tokens": 3, "total_tokens": 10},
            }
        part = {"type": "output_text", "text": text, "annotations": []}
        message: dict[str, Any] = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed"}
        return {
            "id": "resp_1",
            "object": "response",
            "created_at": 0,
            "model": body["model"],
            "status": "completed",
            "output": [message | {"content": [part]}],
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


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    stand_in: StandIn

    def do_GET(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        self._serve(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _serve(self, body: dict[str, Any]) -> None:
        known = self.stand_in
        known.requests.append((self.path, body))
        if known.failures:
            failure = known.failures.pop(0)
            if failure == "cut":
                self.close_connection = True
                return
            self._send(
                int(failure), {"error": {"message": "told to fail", "type": "test", "code": None, "param": None}}
            )
        elif self.headers.get("Authorization") != f"Bearer {known.key}":
            self._send(401, {"error": {"message": "bad key", "type": "auth", "code": "invalid_api_key", "param": None}})
        elif body and body.get("model") not in known.models:
            self._send(
                404, {"error": {"message": "no such model", "type": "x", "code": "model_not_found", "param": None}}
            )
        else:
            self._send(200, known.respond(self.path, body))

    def _send(self, status: int, values: dict[str, Any]) -> None:
        data = json.dumps(values).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if status == 429:
            self.send_header("Retry-After", "0")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: what was asked is in ``requests``."""


@contextmanager
def stand_in(answer: Answer, **options: Any) -> Iterator[StandIn]:
    """Run the stand-in on a free loopback port while the block runs; its ``url`` is the provider's ``base_url``."""
    known = StandIn(answer, **options)
    handler = type("Handler", (_Handler,), {"stand_in": known})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    known.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
