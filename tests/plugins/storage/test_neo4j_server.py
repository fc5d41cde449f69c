# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The server that the tests use: it ends with its owner, and where it cannot run a line says how to get it."""

import os
import signal
import subprocess

import neo4j_server
import pytest


def test_what_is_missing_is_told_in_one_line(tmp_path, monkeypatch):
    server = neo4j_server.Server(tmp_path / "home", neo4j_server.free_port(), os.getpid(), keep=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(neo4j_server.Missing, match=r"no Java: install version 17 .*apt install openjdk"):
        server.start()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(neo4j_server.Missing, match=r"no Maven: install it .*apt install maven"):
        neo4j_server.jars()


def test_without_java_a_test_is_skipped_unless_all_are_wanted(tmp_path, monkeypatch):
    server = neo4j_server.Server(tmp_path, neo4j_server.free_port(), os.getpid(), keep=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("ENLITERATOR_TESTS", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt install openjdk"):
        neo4j_server.start_or_skip(server)
    monkeypatch.setenv("ENLITERATOR_TESTS", "all")
    with pytest.raises(neo4j_server.Missing):
        neo4j_server.start_or_skip(server)


@pytest.mark.long
def test_it_ends_with_its_owner_however_that_ends(tmp_path, neo4j_url):
    owner = subprocess.Popen(["sleep", "600"])
    server = neo4j_server.Server(tmp_path / "home", neo4j_server.free_port(), owner.pid, keep=False)
    server.start()
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    assert server.process.wait(60) == 0
    assert not server.home.exists(), "and takes its data with it"
