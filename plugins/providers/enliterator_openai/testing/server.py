# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The HTTP side of the stand-in: requests read, faults struck, answers sent."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from enliterator_openai.testing import shapes
from enliterator_openai.testing.faults import CUT, CUT_AFTER, SLOW, Fault
from enliterator_openai.testing.routes import answer_to
from enliterator_openai.testing.shapes import Json
from enliterator_openai.testing.state import Answer, Refused, StandIn


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    stand_in: StandIn

    def do_GET(self) -> None:
        self._serve({})

    def do_DELETE(self) -> None:
        self._serve({})

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get("Content-Type") or ""
        if kind.startswith("multipart/form-data"):
            self._serve(_form(kind, data))
        else:
            self._serve(json.loads(data) if data else {})

    def _serve(self, body: Json) -> None:
        known = self.stand_in
        place = urlsplit(self.path)
        call = f"{self.command} {place.path}"
        with known.lock:
            kept = {name: len(value) if isinstance(value, bytes) else value for name, value in body.items()}
            known.requests.append((self.path, kept))
            known.calls.append(call)
            fault = self._fault(call)
        if fault is not None and fault.what == CUT:
            self.close_connection = True
            return
        if fault is not None and fault.what == SLOW:
            time.sleep(fault.seconds)
        status: int = 200
        answer: Json | bytes
        if fault is not None and isinstance(fault.what, int):
            status, answer = fault.what, shapes.error(fault.message, "test", fault.code)
        elif self.headers.get("Authorization") != f"Bearer {known.key}":
            status, answer = 401, shapes.error("Incorrect API key provided", "auth", "invalid_api_key")
        else:
            status, answer = self._answer(place.path, dict(parse_qsl(place.query, keep_blank_values=True)), body)
        if fault is not None and fault.what == CUT_AFTER:
            self.close_connection = True
            return
        self._send(status, answer, fault.retry_after if fault is not None else "0.05")

    def _fault(self, call: str) -> Fault | None:
        known = self.stand_in
        if known.failures:
            return Fault(known.failures.pop(0))
        return next((fault for fault in known.faults if fault.strikes(call)), None)

    def _answer(self, path: str, query: dict[str, str], body: Json) -> tuple[int, Json | bytes]:
        known = self.stand_in
        with known.lock:
            try:
                answer = answer_to(known, self.command, path, query, body)
            except Refused as refused:
                return refused.status, refused.body
            if known.strict and isinstance(answer, dict):
                known.drift += [f"{self.command} {path}: {problem}" for problem in shapes.drift(answer)]
            # Written while the lock is held: another request may change what is shown.
            return 200, answer if isinstance(answer, bytes) else json.dumps(answer).encode()

    def _send(self, status: int, answer: Json | bytes, retry_after: str) -> None:
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        raw = self.path.split("?")[0].endswith("/content") and status == 200
        self.send_response(status)
        self.send_header("Content-Type", "application/octet-stream" if raw else "application/json")
        self.send_header("Content-Length", str(len(data)))
        if status in (429, 503):
            self.send_header("Retry-After", retry_after)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet: what was asked is in ``requests``."""


def _form(kind: str, data: bytes) -> Json:
    """Return an upload's fields: the file's name as ``filename``, its bytes as ``data``, and the rest as text."""
    message = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + data)
    fields: Json = {}
    parts: Any = message.get_payload()
    for part in parts:
        content = part.get_payload(decode=True)
        name = part.get_param("name", header="content-disposition")
        if name == "file":
            fields |= {"filename": part.get_filename(), "data": content}
        else:
            fields[str(name)] = content.decode()
    return fields


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep quiet about clients that went away, which is what tests make them do."""


@contextmanager
def stand_in(answer: Answer | None = None, *, port: int = 0, **options: Any) -> Iterator[StandIn]:
    """Run the stand-in on a loopback port (0: any free one) while the block runs.

    Its ``url`` is the provider's ``base_url``; ``options`` are the fields of :class:`StandIn`.
    """
    known = StandIn(**options) if answer is None else StandIn(answer, **options)
    handler = type("Handler", (_Handler,), {"stand_in": known})
    server = _Server(("127.0.0.1", port), handler)
    known.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield known
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        if known.webhooks is not None:
            known.webhooks.close()
