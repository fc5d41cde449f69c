# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator serve` as a process: what it answers and says, slow and endless senders, stopping, secrets."""

import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, closing
from urllib.parse import urlsplit

import pytest
from attrs import frozen
from starlette.testclient import TestClient

from enliterator_core import Route, UsageError, Workspace
from enliterator_server.application import application
from enliterator_server.metrics import Registry
from enliterator_server.site import Log, Site
from enliterator_webhooks.testing import SECRET, Load, request_for, serving


def get(url):
    """Return status, headers and text."""
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read().decode()


def connect(server):
    place = urlsplit(server.url)
    return socket.create_connection((place.hostname, place.port), timeout=20)


def status_of(connection):
    answer = connection.recv(65536)
    return int(answer.split(b" ", 2)[1]) if answer else None


def until_closed(connection):
    """Return what still comes, until the server closes the connection or resets it."""
    came = b""
    try:
        while part := connection.recv(65536):
            came += part
    except ConnectionResetError:
        pass
    return came


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server")) as one:
        yield one


@pytest.fixture(scope="module")
def hasty(tmp_path_factory):
    """A server with little patience."""
    with serving(tmp_path_factory.mktemp("hasty"), "--request-seconds", "1") as one:
        yield one


def test_it_says_where_it_answers_and_who_can_reach_it(server):
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
    get(f"{server.url}/healthz")  # it has said all when it answers
    log = server.log.read_text()
    assert "only this machine can reach it" in log
    assert "POST /webhooks/{sender}" in log


def test_health_and_readiness(server):
    assert get(f"{server.url}/healthz")[::2] == (200, "ok\n")
    status, headers, text = get(f"{server.url}/readyz")
    assert status == 200
    assert json.loads(text) == {"ready": True, "checks": {"records": "ok", "storage": "ok", "webhooks/openai": "ok"}}
    assert headers["Cache-Control"] == "no-store"
    assert "uvicorn" not in str(headers).lower()


def test_metrics_are_prometheus_text(server):
    Load(server.url, 100, connections=2).send(range(3))
    get(f"{server.url}/a-path-that-someone-made-up")
    with connect(server) as connection:
        connection.sendall(b"BREW /webhooks/openai HTTP/1.1\r\nHost: x\r\n\r\n")
        assert status_of(connection) == 405
    status, headers, text = get(f"{server.url}/metrics")
    assert status == 200
    assert headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    line = re.compile(r'# (HELP|TYPE) [a-z_]+ .+|[a-z_]+(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? -?[0-9.e+-]+')
    assert all(line.fullmatch(one) for one in text.splitlines())
    assert 'enliterator_webhooks_total{outcome="stored",sender="openai"} 3\n' in text
    assert 'enliterator_events{queue="openai",state="waiting"} 3\n' in text
    assert 'enliterator_webhook_seconds_bucket{le="+Inf"} 3\n' in text
    assert 'enliterator_http_requests_total{method="GET",route="other",status="404"} 1\n' in text
    assert 'method="other",route="/webhooks/{sender}",status="405"' in text
    assert "made-up" not in text
    assert "BREW" not in text


@pytest.mark.parametrize("step", ["silence", "headers", "body"])
def test_what_drips_in_is_cut_off_and_others_are_served(hasty, step):
    request = request_for(100)
    head, _, body = request.partition(b"\r\n\r\n")
    drops = {"silence": b"", "headers": head, "body": body}[step]
    with connect(hasty) as connection:
        if step == "body":
            connection.sendall(head + b"\r\n\r\n")
        began = time.monotonic()
        connection.settimeout(0.1)
        closed = False
        for drop in [*drops, *b" " * 100][:100]:
            if step != "silence":
                try:
                    connection.sendall(bytes([drop]))
                except OSError:
                    closed = True
                    break
            try:
                closed = connection.recv(1000) == b""
            except TimeoutError:
                continue
            except ConnectionResetError:
                closed = True
            break
        assert closed
        assert 0.5 < time.monotonic() - began < 4
        assert get(f"{hasty.url}/healthz")[0] == 200
    assert 'enliterator_http_cut_total{why="late"}' in get(f"{hasty.url}/metrics")[2]


def test_a_second_request_that_drips_is_cut_off_too(hasty):
    with connect(hasty) as connection:
        connection.sendall(request_for(101))
        assert status_of(connection) == 200
        connection.sendall(request_for(102)[:30])
        began = time.monotonic()
        assert until_closed(connection) == b""
        assert time.monotonic() - began < 4


def test_headers_that_came_with_an_earlier_request_wait_for_their_body_no_longer(hasty):
    with connect(hasty) as connection:
        connection.sendall(request_for(103) + request_for(104)[:-20])
        began = time.monotonic()
        assert until_closed(connection).count(b"HTTP/1.1 200 ") == 1
        assert time.monotonic() - began < 4


def test_two_requests_at_once_are_both_answered(server):
    with connect(server) as connection:
        connection.sendall(request_for(105) + request_for(106).replace(b"\r\nHost", b"\r\nConnection: close\r\nHost"))
        assert until_closed(connection).count(b"HTTP/1.1 200 ") == 2


def test_idle_connections_shut_others_out_for_no_longer_than_the_deadline(hasty):
    with ExitStack() as idle:
        for _ in range(260):
            idle.enter_context(connect(hasty))
        time.sleep(0.2)
        assert get(f"{hasty.url}/healthz")[0] == 503
        time.sleep(1.5)
        assert get(f"{hasty.url}/healthz")[0] == 200


def test_an_oversized_body_is_read_and_answered_413(server):
    with connect(server) as connection:
        connection.sendall(
            b"POST /webhooks/openai HTTP/1.1\r\nHost: x\r\nContent-Length: 3000000\r\n\r\n" + bytes(3_000_000)
        )
        answer = until_closed(connection)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"connection: close" in answer.lower()


def test_an_endless_body_is_not_read_for_ever(server):
    sent = 0
    with connect(server) as connection:
        connection.sendall(b"POST /webhooks/openai HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            while sent < 200_000_000:
                connection.sendall(b"10000\r\n" + bytes(65536) + b"\r\n")
                sent += 65536
        except OSError:
            pass
    assert sent < 100_000_000


def test_what_is_no_http_is_refused_and_counted(server):
    for rubbish in (
        b"\x16\x03\x01\x02\x00\x01" * 10,
        b"GET /\r\nHost: x\r\n\r\n",
        b"POST /webhooks/openai HTTP/1.1\r\n\x00: a\r\n\r\n",
    ):
        with connect(server) as connection:
            connection.sendall(rubbish)
            assert until_closed(connection).startswith(b"HTTP/1.1 400 ")
    assert re.search(r'cut_total\{why="malformed"\} [3-9]', get(f"{server.url}/metrics")[2])


def test_a_locked_database_delays_and_loses_nothing(server):
    database = server.log.parent / ".enliterator" / "records.db"
    with closing(sqlite3.connect(database, isolation_level=None)) as other, connect(server) as connection:
        other.execute("BEGIN IMMEDIATE")
        connection.sendall(request_for(200))
        connection.settimeout(0.3)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        other.execute("COMMIT")
        connection.settimeout(10)
        assert status_of(connection) == 200


def test_without_a_secret_the_route_answers_503_and_says_what_to_set(tmp_path):
    with serving(tmp_path, secrets="") as server:
        with connect(server) as connection:
            connection.sendall(request_for(1))
            assert status_of(connection) == 503
        status, _, text = get(f"{server.url}/readyz")
        assert status == 503
        assert json.loads(text)["checks"]["webhooks/openai"] == "failed"
        assert get(f"{server.url}/healthz")[0] == 200
    assert "set OPENAI_WEBHOOK_SECRET to the secret that the provider shows" in server.log.read_text()


def test_while_secrets_are_changed_both_count(tmp_path):
    with serving(tmp_path, secrets=f"whsec_{'bmV3' * 8} {SECRET}") as server, connect(server) as connection:
        connection.sendall(request_for(1))
        assert status_of(connection) == 200


def test_it_stops_when_what_is_under_way_is_answered(tmp_path):
    with serving(tmp_path) as server, connect(server) as connection:
        request = request_for(1)
        connection.sendall(request[:-10])
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        assert server.process.poll() is None
        connection.sendall(request[-10:])
        assert status_of(connection) == 200
        assert server.process.wait(10) == 0
    assert server.log.read_text().endswith("stopped\n")


def test_a_port_that_is_taken_and_an_open_host_are_told(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        call = [sys.executable, "-m", "enliterator_core.cli", "--workspace", str(tmp_path), "serve", "--port", port]
        done = subprocess.run(call, capture_output=True, text=True, check=False)
    assert done.returncode == 4
    assert re.search(rf"127\.0\.0\.1 port {port} cannot be had: .*\n +choose another", done.stderr)
    with serving(tmp_path, "--host", "0.0.0.0") as server:
        assert server.url.startswith("http://0.0.0.0:")
        get(f"{server.url}/healthz")
    assert "other machines can reach it, without TLS" in server.log.read_text()


@frozen
class Greeting(Route):
    """Greets."""

    name = "greeting"
    path = "/greeting"
    methods = ("GET",)
    target = "no_such_module:endpoint"


@frozen
class Metrics(Route):
    """Takes an address that the server has."""

    name = "mine"
    path = "/metrics"
    methods = ("GET",)
    target = "no_such_module:endpoint"


def test_routes_that_cannot_be_are_told(tmp_path):
    with Workspace.open(tmp_path) as workspace:
        with pytest.raises(UsageError, match="greeting cannot be loaded from no_such_module:endpoint"):
            application(Site(workspace), [Greeting()])
        with pytest.raises(UsageError, match="GET /metrics is answered by the server and by mine"):
            application(Site(workspace), [Metrics()])


def test_a_metric_is_declared_once_and_its_labels_are_escaped():
    registry = Registry()
    count = registry.counter("a_total", "Counts\nthings.")
    count(2, what='a "b"\n\\')
    observe = registry.histogram("b", "Times.", (1, 0.5))
    for value in (0.5, 0.7, 3):
        observe(value)
    assert registry.text() == (
        "# HELP a_total Counts\\nthings.\n# TYPE a_total counter\n"
        'a_total{what="a \\"b\\"\\n\\\\"} 2\n'
        "# HELP b Times.\n# TYPE b histogram\n"
        'b_bucket{le="0.5"} 1\nb_bucket{le="1"} 2\nb_bucket{le="+Inf"} 3\nb_sum 4.2\nb_count 3\n'
    )
    with pytest.raises(ValueError, match="declared twice"):
        registry.counter("a_total", "")


def test_a_gauge_or_a_check_that_raises_hurts_only_itself(tmp_path):
    with Workspace.open(tmp_path) as workspace:
        site = Site(workspace)
        site.metrics.gauge("broken", "Breaks.", lambda: {}[0])
        site.metrics.gauge("sound", "Does not.", lambda: {(("of", "it"),): 1.5})
        site.check("broken", lambda: {}[0])
        assert list(site.troubles()) == [("broken", "KeyError: 0")]
        client = TestClient(application(site, []))
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["checks"]["broken"]) == (503, "failed")
        text = client.get("/metrics").text
    assert "# broken cannot be read: KeyError\n" in text
    assert 'sound{of="it"} 1.5\n' in text


def test_the_log_tells_one_of_a_kind_and_gives_a_terminal_no_orders(capsys):
    log = Log()
    for number in range(3):
        log.write(f"bad {number}\x1b[2J", "bad")
    log.write("worse")
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(" ")[2] for line in lines] == ["bad 0\\x1b[2J", "worse"]
