# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with a Neo4j server is told in one line with the next step, without user and password."""

import logging
import socket
import threading
from contextlib import contextmanager

import neo4j_server
import pytest
from neo4j.exceptions import Neo4jError

from enliterator_core import EnliteratorError, Secret, ServiceError, UsageError
from enliterator_core.cli import run
from enliterator_neo4j.address import _check, connect, parse, service_error

SECRET = "pass-word-that-nobody-sees"
USER = "user-that-nobody-sees"


def refusal(url, patience=1.0):
    """Return the error with which a connection is refused, whole: one line, the next step, no login in it."""
    with pytest.raises(EnliteratorError) as caught:
        connect(url, Secret("NEO4J_USERNAME"), Secret("NEO4J_PASSWORD"), patience).close()
    told = f"{caught.value.message} / {caught.value.hint}"
    assert caught.value.hint and "\n" not in told
    assert SECRET not in told and USER not in told and neo4j_server.PASSWORD not in told
    return caught.value


@pytest.fixture
def login(monkeypatch):
    monkeypatch.setenv("NEO4J_USERNAME", USER)
    monkeypatch.setenv("NEO4J_PASSWORD", SECRET)


@contextmanager
def answering(reply):
    """Run a server that answers whatever is said first with a few bytes; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer():
            for _ in range(4):
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(1024)
                    connection.sendall(reply)

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_the_address_says_where_and_nothing_else():
    one = parse("neo4j+s://graphs.example.org/literate?workspace=abc")
    assert (one.uri, one.host) == ("neo4j+s://graphs.example.org:7687", "graphs.example.org:7687")
    assert (one.database, one.workspace) == ("literate", "abc")
    assert parse("bolt://[::1]:7688").uri == "bolt://[::1]:7688"
    assert parse("bolt://here").database is None
    for wrong in ("neo4j:", "neo4j:///db", "neo4j://h/a/b", "neo4j://h:99999", "neo4j://h?x=1", "neo4j://h#f"):
        with pytest.raises(UsageError):
            parse(wrong)


@pytest.mark.parametrize("rest", ["@h", "@h:7687/db", "@h:port", "@", "/@h", "@h@i", "#@h", "[@h"])
def test_a_login_in_the_address_is_refused_and_not_shown(rest, tmp_path, capsys):
    url = f"neo4j://{USER}:{SECRET}{rest}"
    with pytest.raises(UsageError) as caught:
        parse(url)
    assert SECRET not in f"{caught.value} {caught.value.hint}" and USER not in f"{caught.value} {caught.value.hint}"
    (tmp_path / "pages").mkdir()
    code = run(["--workspace", str(tmp_path), "build", str(tmp_path / "pages"), "--graph", url])
    said = capsys.readouterr()
    assert code == 2 and SECRET not in said.out + said.err and USER not in said.out + said.err
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert kept == []


@pytest.mark.parametrize("missing", ["NEO4J_USERNAME", "NEO4J_PASSWORD"])
def test_a_login_that_is_not_set_is_named(missing, login, monkeypatch):
    monkeypatch.delenv(missing)
    error = refusal("neo4j://127.0.0.1:1")
    assert missing in error.message and error.hint == f"set {missing}"


def test_no_server(login):
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    error = refusal(f"neo4j://127.0.0.1:{port}")
    assert error.message.startswith(f"no Neo4j server answers at 127.0.0.1:{port}")
    assert "host.invalid" in refusal("bolt://host.invalid").message


def test_a_server_that_is_no_neo4j_or_too_old_for_the_driver(login):
    with answering(b"\0\0\0\0") as port:  # the handshake of a server that has none of the versions proposed
        assert "127.0.0.1" in refusal(f"bolt://127.0.0.1:{port}").message
    with answering(b"HTTP/1.1 400 Bad Request\r\n\r\n") as port:
        assert "127.0.0.1" in refusal(f"bolt://127.0.0.1:{port}").message


def test_old_servers_are_refused_by_their_version():
    here = parse("bolt://h")
    for agent in ("Neo4j/4.4.40", "Neo4j/5.8.0", "Neo4j/3.5"):
        with pytest.raises(ServiceError, match="too old") as caught:
            _check(agent, here)
        assert "5.9" in caught.value.hint
    for agent in ("Neo4j/5.9.0", "Neo4j/5.26.20", "Neo4j/2025.10.1", "Neo4j/dev"):
        _check(agent, here)


def test_a_missing_privilege():
    """The community edition has no roles, so that no server here refuses: the server's own code and words stand in."""
    words = f"Database access is not allowed for user '{USER}' with roles [PUBLIC]."
    error = Neo4jError._hydrate_neo4j(code="Neo.ClientError.Security.Forbidden", message=words)
    told = service_error(error, parse("neo4j://h/db"), USER)
    assert "may not do this in db on h:7687" in told.message and "privilege" in told.hint
    assert USER not in str(told)


def test_wrong_password_wrong_database_and_tls_where_there_is_none(neo4j_login, monkeypatch):
    host = neo4j_login.removeprefix("bolt://")
    wrong = refusal(f"neo4j://{host}/nowhere")
    assert "has no database 'nowhere'" in wrong.message
    for scheme in ("neo4j+s", "bolt+s", "bolt+ssc"):
        assert "no TLS connection" in refusal(f"{scheme}://{host}").message
    monkeypatch.setenv("NEO4J_USERNAME", USER)
    monkeypatch.setenv("NEO4J_PASSWORD", SECRET)
    refused = refusal(f"neo4j://{host}")
    assert "refused the login" in refused.message and "NEO4J_PASSWORD" in refused.hint


def test_a_build_keeps_no_login(neo4j_login, tmp_path, capsys, caplog):
    """Not in what is printed or logged, and in no file of the workspace: records, events, deliverables."""
    caplog.set_level(logging.DEBUG)
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "hive.md").write_text("# Hive\n\nA **hive** is a box.\n", encoding="utf-8")
    command = ["--workspace", str(tmp_path), "build", str(tmp_path / "pages"), "--no-dataset", "--graph", neo4j_login]
    assert run(command) == 0
    said = capsys.readouterr()
    assert neo4j_server.PASSWORD not in said.out + said.err + caplog.text
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert [path for path in files if neo4j_server.PASSWORD.encode() in path.read_bytes()] == []
