# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Whatever is sent to a running server: nothing is taken that should not be, nothing ends in a 500, memory stays flat.

What should be taken is signed by the independent `standardwebhooks` package.
"""

import json
import os
import socket
import sqlite3
import time
from base64 import b64encode
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from attrs import define, evolve, field
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from enliterator_webhooks.testing import SECRET, serving

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")  # of bodies that are meant to be large

TAKEN, REFUSED, NEVER_500 = "taken", "refused", "never 500"
MIB = 1024 * 1024

NASTY = (
    "'; DROP TABLE event; --",
    "' OR '1'='1",
    '"; DELETE FROM job WHERE ""="',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "\u202egnp.exe",
    "a" * 255,
    "%00%0a%0d",
    "../../etc/passwd",
    "\u200b\ufeff",
)


@define
class Case:
    """One request: signed rightly over `body` with the id and the timestamp, unless `headers` say something else."""

    id: str
    body: bytes = field(repr=lambda body: repr(body[:100]))
    off: int = 0
    timestamp: str | None = None
    signed_body: bytes | None = None
    entry: bytes | None = None
    extra: list = field(factory=list, repr=lambda extra: repr([(name, value[:50]) for name, value in extra]))
    drop: str = ""
    rename: object = None
    content_type: bytes | None = b"application/json"
    method: str = "POST"
    path: str = field(default="/webhooks/openai", repr=lambda path: repr(path[:50]))
    chunks: int = 0
    cut: int = 0
    end: bool = False
    expected: str = TAKEN

    def request(self):
        """Return the bytes of the whole request."""
        now = int(time.time()) + self.off
        stamp = str(now) if self.timestamp is None else self.timestamp
        signed = self.body if self.signed_body is None else self.signed_body
        entry = self.entry
        if entry is None:
            entry = sign(self.id, stamp, now, signed)
        headers = [
            (b"webhook-id", self.id.encode("utf-8", "surrogateescape")),
            (b"webhook-timestamp", stamp.encode("utf-8", "surrogateescape")),
            (b"webhook-signature", entry),
        ]
        headers = [(name, value) for name, value in headers if name.decode() != self.drop]
        if self.content_type is not None:
            headers.append((b"content-type", self.content_type))
        headers += self.extra
        if self.rename:
            headers = [(self.rename(name.decode()).encode(), value) for name, value in headers]
        headers += [(b"Host", b"localhost"), (b"Connection", b"close")]
        if self.chunks:
            headers.append((b"Transfer-Encoding", b"chunked"))
            step = max(1, len(self.body) // self.chunks)
            parts = [self.body[at : at + step] for at in range(0, len(self.body), step)]
            body = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
        else:
            headers.append((b"Content-Length", str(len(self.body)).encode()))
            body = self.body
        head = f"{self.method} {self.path} HTTP/1.1\r\n".encode()
        whole = head + b"".join(name + b": " + value + b"\r\n" for name, value in headers) + b"\r\n" + body
        return whole[: len(whole) - self.cut]


def sign(id, stamp, now, body):
    """Sign with the independent package where it can, which signs whole seconds and text, else by the book."""
    try:
        text = body.decode()
        if stamp == str(now) and id.isascii():
            return Webhook(SECRET).sign(id, datetime.fromtimestamp(now, UTC), text).encode()
    except UnicodeDecodeError:
        pass
    from enliterator_webhooks.signature import keys_of
    from enliterator_webhooks.signature import sign as own

    encoded = [text.encode("utf-8", "surrogateescape") for text in (id, stamp)]
    return own(keys_of(SECRET)[0][0], *encoded, body)


def event(kind="fine_tuning.job.succeeded", **more):
    return json.dumps({"id": "evt", "object": "event", "type": kind, "data": {"id": "ftjob-1"}, **more}).encode()


words = st.text(max_size=40) | st.sampled_from(NASTY)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
printable = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=60)
numbers = iter(range(10**9))


def good():
    """What must be taken: odd fields, odd headers, odd framing, and rightly signed."""
    kinds = st.sampled_from(["fine_tuning.job.succeeded", "no.such.type", *(one for one in NASTY if one.isprintable())])
    bodies = st.builds(
        lambda kind, more, about: json.dumps({**more, "type": kind, "data": about}).encode(),
        kinds,
        st.dictionaries(words, anything, max_size=3),
        anything | st.fixed_dictionaries({"id": anything}),
    ).filter(lambda body: b"\\ud" not in body)  # half a surrogate pair is no text: refused below
    return st.builds(
        Case,
        id=printable.map(lambda text: f"{text}-{next(numbers)}"),
        body=bodies,
        off=st.integers(-290, 290),
        chunks=st.sampled_from([0, 0, 1, 3, 50]),
        content_type=st.sampled_from([b"application/json", b"Application/JSON; charset=utf-8", b"application/x+json"]),
        rename=st.sampled_from([None, str.upper, str.title, str.swapcase]),
        extra=st.sampled_from(
            [[], [(b"X-Odd", b"\xff\xfe")], [(b"webhook_id", b"other")], [(b"Cookie", b"a=b; " * 9)]]
        ),
    )


def refuse(**changes):
    return lambda case: evolve(case, expected=REFUSED, chunks=0, rename=None, extra=[], **changes)


digest = st.binary(min_size=32, max_size=32)
forged = [
    good().flatmap(lambda case: digest.map(lambda made: refuse(entry=b"v1," + b64encode(made))(case))),
    good().flatmap(
        lambda case: st.binary(max_size=80).map(
            lambda made: refuse(entry=made.replace(b"\r", b"").replace(b"\n", b""))(case)
        )
    ),
    good().map(
        lambda case: refuse(
            entry=Webhook(b"another key, also of 32 bytes....").sign(case.id, datetime.now(UTC), "{}").encode()
        )(case)
    ),
    good().map(
        lambda case: refuse(
            entry=sign(case.id, str(int(time.time())), int(time.time()), case.body).replace(b"v1,", b"v2,")
        )(case)
    ),
    good().map(
        lambda case: refuse(entry=sign(case.id, str(int(time.time())), int(time.time()), case.body).lower())(case)
    ),
    good().map(lambda case: refuse(signed_body=case.body + b" ")(case)),
    good().map(lambda case: refuse(signed_body=case.body, body=case.body[:-1])(case)),
    good().flatmap(
        lambda case: st.integers(0, len(case.body) - 1).map(
            lambda at: refuse(
                signed_body=case.body, body=case.body[:at] + bytes([case.body[at] ^ 1]) + case.body[at + 1 :]
            )(case)
        )
    ),
    good().flatmap(lambda case: st.integers(310, 10**9).map(lambda off: refuse(off=-off)(case))),
    good().flatmap(lambda case: st.integers(310, 10**9).map(lambda off: refuse(off=off)(case))),
]
headers = [
    good().flatmap(
        lambda case: st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]).map(
            lambda name: refuse(drop=name)(case)
        )
    ),
    good().flatmap(
        lambda case: st.sampled_from([b"webhook-id", b"Webhook-Timestamp", b"WEBHOOK-SIGNATURE"]).map(
            lambda name: evolve(refuse()(case), extra=[(name, b"1"), (b"X", b"y")])
        )
    ),
    good().flatmap(
        lambda case: (
            st.sampled_from(
                ["1e9", "+1", "-1", "1.5", "0x10", "", "\u0661\u0662", "9" * 13, "1 2", "nan", "inf", "1_0"]
            )
            | words
        ).map(lambda stamp: refuse(timestamp=stamp.replace("\r", "").replace("\n", "") + "x")(case))
    ),
    good().flatmap(
        lambda case: st.sampled_from(["", "a b", "\u00e9", "a\x7f", "a\tb", "x" * 256, "\udcff", "a\x00b"]).map(
            lambda id: refuse(id=id)(case)
        )
    ),
    good().map(lambda case: evolve(refuse()(case), extra=[(b"webhook-id", case.id.encode())])),
    good().map(lambda case: refuse(entry=b"v1,\r\nwebhook-signature: v1,x")(case)),
    good().map(lambda case: refuse(entry=b"v1,\xe9\xff")(case)),
    good().flatmap(
        lambda case: st.sampled_from(
            [
                None,
                b"text/plain",
                b"multipart/form-data; boundary=x",
                b"application/x-www-form-urlencoded",
                b"",
                b"json",
            ]
        ).map(lambda kind: refuse(content_type=kind)(case))
    ),
    good().map(lambda case: evolve(refuse()(case), extra=[(b"content-type", b"application/json")])),
    good().map(lambda case: evolve(refuse()(case), extra=[(b"content-encoding", b"gzip")])),
    # What arrives in one read may be longer than the limit on what is kept of a header that is not whole yet.
    good().map(lambda case: evolve(refuse()(case), expected=NEVER_500, extra=[(b"X-Long", b"x" * 70_000)])),
    good().map(lambda case: evolve(refuse()(case), extra=[(b"Bad Name", b"x")])),
    good().map(lambda case: evolve(refuse()(case), extra=[(b"Content-Length", b"3")])),
]
bodies = [
    good().flatmap(
        lambda case: st.sampled_from(
            [
                b"",
                b"[]",
                b"null",
                b'"text"',
                b"{}",
                b'{"type": null}',
                b'{"type": 1}',
                b'{"type": ""}',
                b'{"type": ["a"]}',
                b'{"type": "a\\u0000b"}',
                b'{"type": "a\\nb"}',
                b'{"type": "\\ud800"}',
                b'{"type": "' + b"a" * 256 + b'"}',
                b'{"type": "a"} x',
                b'{"type": "a", "data": NaN}',
                b'{"type": "a", "data": Infinity}',
                b"\xef\xbb\xbf" + b'{"type": "a"}',
                b'{"type": "\xff"}',
                b'{"type": "a", "data": ' + b"[" * 500 + b"]" * 500 + b"}",
                b'{"type": "a", "data": ' + b'{"a":' * 5000 + b"1" + b"}" * 5000 + b"}",
                b"[" * 200_000,
                '{"type": "a"}'.encode("utf-16"),
            ]
        ).map(lambda body: refuse(body=body)(case))
    ),
    good().flatmap(
        lambda case: st.sampled_from(
            [
                b'{"type": "a", "data": 1' + b"0" * 100_000 + b"}",
                b'{"type": "a", "data": 1e99999}',
                b'{"type": "a", "data": -0.' + b"0" * 50_000 + b"1}",
                b'{"type": "a", "data": [' + b"[]," * 100_000 + b"[]]}",
                b'{"type": "a", "type": "b", "data": {"id": "\\u0000"}}',
                b'{"type": "a", "data": {"id": "' + b"x" * 100_000 + b'"}}',
                b'{"type": "a", "data": "\\ud800"}',
            ]
        ).map(lambda body: evolve(case, body=body, expected=NEVER_500))
    ),
    good().flatmap(
        lambda case: st.integers(MIB + 1, MIB + 5000).map(lambda size: evolve(case, body=b"x" * size, expected=REFUSED))
    ),
    good().flatmap(
        lambda case: st.integers(1, len(case.body)).map(lambda cut: evolve(case, chunks=0, cut=cut, expected=REFUSED))
    ),
    good().flatmap(lambda case: st.integers(1, 7).map(lambda cut: evolve(case, chunks=3, cut=cut, expected=REFUSED))),
    good().map(lambda case: evolve(refuse()(case), extra=[(b"Transfer-Encoding", b"gzip, chunked")])),
    good().map(lambda case: evolve(refuse()(case), end=True, extra=[(b"Transfer-Encoding", b"chunked")])),
    good().map(lambda case: evolve(case, chunks=2, extra=[(b"Content-Length", b"1")], expected=NEVER_500)),
]
addresses = [
    good().flatmap(
        lambda case: st.sampled_from(
            [
                "/webhooks/",
                "/webhooks/openai/",
                "/webhooks/OPENAI",
                "/webhooks/ours",
                "/webhooks/handler:log",
                "//webhooks/openai",
                "/webhooks/openai%00",
                "/webhooks/%2e%2e/openai",
                "/webhooks/openai%2f",
                "*",
                "/" + "x" * 3000,
            ]
        ).map(lambda path: evolve(case, path=path, expected=REFUSED))
    ),
    good().flatmap(
        lambda case: st.sampled_from(["GET", "PUT", "HEAD", "DELETE", "OPTIONS", "post", "PO ST", "X" * 500]).map(
            lambda method: evolve(case, method=method, expected=REFUSED)
        )
    ),
]
everything = st.one_of(good(), *forged, *headers, *bodies[:2], *bodies[3:], *addresses)
large = bodies[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("server")) as one:
        yield one


def send(url, request, *, end=False):
    """Return the status of the answer, or None where the connection was closed without one; with `end` nothing more
    is to come."""
    place = urlsplit(url)
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        try:
            connection.sendall(request)
            if end:
                connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65536):
                answer += part
        except (ConnectionResetError, BrokenPipeError):
            return None
    return int(answer.split(b" ", 2)[1]) if answer else None


def memory(server):
    pages = Path(f"/proc/{server.process.pid}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def stored(server):
    with closing(sqlite3.connect(server.log.parent / ".enliterator" / "records.db")) as connection:
        return [row[0] for row in connection.execute("SELECT webhook_id FROM event ORDER BY number")]


def attack(server, count, cases, most_growth):
    """Send so many generated requests; hold every answer, what was kept, and the memory against what is expected."""
    taken, perhaps, sent = set(), set(), 0
    before_all = set(stored(server))
    send(server.url, Case("warm", event()).request())
    grown_from = None

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=cases)
    def one(case):
        nonlocal sent, grown_from
        sent += 1
        if sent == count // 3:
            grown_from = memory(server)
        status = send(server.url, case.request(), end=case.end or bool(case.cut))
        if case.expected == TAKEN:
            assert status == 200, case
            taken.add(case.id)
        elif case.expected == REFUSED:
            assert status is None or 400 <= status < 500, (status, case)
        else:
            assert status in (200, 400, None if case.end else 400), (status, case)
            perhaps.update({case.id} if status == 200 else ())

    one()
    kept = stored(server)
    assert len(kept) == len(set(kept))
    assert set(kept) - before_all - {"warm"} == taken | perhaps
    assert taken
    assert memory(server) - grown_from < most_growth
    return sent


def test_nothing_is_taken_that_should_not_be(server):
    assert attack(server, 300, everything, 32 * MIB) >= 300


@pytest.mark.long
def test_ten_thousand_requests(server):
    assert attack(server, 10_000, everything, 16 * MIB) >= 10_000


def test_large_bodies_are_refused_and_leave_the_memory_flat(server):
    attack(server, 30, st.one_of(good(), large), 32 * MIB)


def test_the_same_again_is_acknowledged_and_kept_once(server):
    request = Case("again", event()).request()
    assert [send(server.url, request) for _ in range(5)] == [200] * 5
    assert stored(server).count("again") == 1


def test_the_server_has_had_no_fault_and_its_log_is_short(server):
    for number in range(50):
        send(server.url, Case(f"bad-{number}", event(), entry=b"v1,no").request())
    log = server.log.read_text()
    assert "Traceback" not in log
    assert SECRET not in log
    assert log.count("(signature)") == 1
    assert len(log.splitlines()) < 40
