# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""notify: what is posted is what any receiver of Standard Webhooks takes, and only to where it may go."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import standardwebhooks

from enliterator_core import DEAD, DONE, Event, ServiceError, Workspace
from enliterator_core.testing import check_event_handler
from enliterator_notify import Notify
from enliterator_worker.worker import Worker

SECRET = "whsec_bm90aWZ5J3Mgb3duIHNlY3JldCwgaW4gdGVzdHM="


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it is posted; answers what the test says."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), body, self.path))
        status = self.server.answers.pop(0) if self.server.answers else 204
        self.send_response(status)
        if status == 307:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def receiver():
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        server.taken, server.answers = [], []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("ENLITERATOR_NOTIFY_SECRET", SECRET)


def to(server, **settings):
    return Notify(f"http://127.0.0.1:{server.server_port}/hook?a=1", allow_private=True, **settings)


EVENT = Event("job.changed", {"job": 3, "state": "succeeded → ü"}, "evt_1")


def test_another_implementation_of_the_standard_takes_it(receiver, tmp_path):
    check_event_handler(to(receiver), EVENT, tmp_path)
    (headers, body, path), (again, _, _) = receiver.taken
    assert headers["webhook-id"] == again["webhook-id"], "what is told again has the same id"
    given = {name.lower(): value for name, value in headers.items()}
    told = standardwebhooks.Webhook(SECRET).verify(body, given)
    assert told == {"type": "job.changed", "id": "evt_1", "data": {"job": 3, "state": "succeeded → ü"}}
    assert given["webhook-id"] == "evt_1" and path == "/hook?a=1"
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(SECRET).verify(body + b" ", given)


@pytest.mark.parametrize("status", [307, 400, 410, 500])
def test_any_answer_but_2xx_is_a_failure_and_a_redirect_is_not_followed(receiver, status):
    receiver.answers = [status]
    with pytest.raises(ServiceError, match=f"answered {status}"):
        to(receiver).handle(EVENT)
    assert len(receiver.taken) == 1


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"],
)
def test_an_address_that_is_not_public_is_refused_unless_told(receiver, host):
    handler = Notify(f"http://{host}:{receiver.server_port}/")
    with pytest.raises(ServiceError, match="no public address"):
        handler.handle(EVENT)
    assert receiver.taken == []


@pytest.mark.parametrize(
    "url", ["", "ftp://a.example", "file:///etc/passwd", "https://", "https://ann:word@a.example/"]
)
def test_only_the_web_is_posted_to(url):
    with pytest.raises(ValueError, match="is no http"):
        Notify(url)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_?", "bm90aWZ5J3Mgb3duIHNlY3JldA=="])
def test_without_a_secret_nothing_is_posted_and_none_is_told(receiver, monkeypatch, secret):
    monkeypatch.setenv("ENLITERATOR_NOTIFY_SECRET", secret)
    with pytest.raises(ServiceError, match="ENLITERATOR_NOTIFY_SECRET") as refused:
        to(receiver).handle(EVENT)
    assert receiver.taken == [] and (len(secret) < 8 or secret not in str(refused.value))


def test_the_worker_posts_again_with_the_same_id_and_gives_up(receiver, tmp_path):
    url = f"http://127.0.0.1:{receiver.server_port}/"
    (tmp_path / "plugins.toml").write_text(
        '[[plugin]]\nmodule = "enliterator_worker"\nsettings = { attempts = 3, first_wait = 0.0 }\n'
        '[[plugin]]\nmodule = "enliterator_on_success"\nenabled = false\n'
        + "".join(
            f'[[plugin]]\nmodule = "enliterator_notify"\nas = "{name}"\n'
            f'settings = {{ url = "{url}", allow_private = true }}\n'
            for name, url in (("ours", url), ("gone", "http://127.0.0.1:9/"))
        )
    )
    receiver.answers = [503, 302]
    with Workspace.open(tmp_path) as workspace:
        workspace.keep(EVENT)
        workspace.keep(Event("probe.unwanted", {}))
        said = []
        Worker(workspace, said.append).run(drain=True)
        assert [headers["webhook-id"] for headers, _, _ in receiver.taken] == ["evt_1"] * 3
        states = {one.queue: (one.state, one.attempts) for one in workspace.records.events() if one.queue != "ours"}
    assert states == {"handler:ours": (DONE, 3), "handler:gone": (DEAD, 3)}
    assert any("given up" in line and "handler:gone" in line for line in said)
