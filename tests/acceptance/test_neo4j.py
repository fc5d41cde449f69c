# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""docs/neo4j.md followed step by step on a real server; and that server killed while it is written to."""

import os
import random
import re
import shlex
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path

import neo4j
import neo4j_server
import pytest

DOCS = Path(__file__).parents[2] / "docs"
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGE = (DOCS / "neo4j.md").read_text(encoding="utf-8")
IN_THE_PAGE = "neo4j://localhost:7687"
MOVIES = """
CREATE (m:Movie {title: 'The Quiet Orchard', released: 1999, tagline: 'Some doors only open once.'})
CREATE (p:Person {name: 'Ada Lindqvist', born: 1960}) CREATE (q:Person {name: 'Hugo Varga', born: 1971})
CREATE (p)-[:DIRECTED]->(m) CREATE (q)-[:ACTED_IN {roles: ['The gardener']}]->(m) CREATE (q)-[:FOLLOWS]->(p)
"""
THESAURUS = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix : <http://example.org/> .
:compost a skos:Concept ; skos:prefLabel "compost"@en, "Kompost"@de ; skos:definition "Rotted plants."@en .
:leafmould a skos:Concept ; skos:prefLabel "leaf mould"@en ; skos:broader :compost .
"""


@pytest.fixture(scope="module")
def handbook(tmp_path_factory):
    """The tutorial's files."""
    folder = tmp_path_factory.mktemp("guide") / "handbook"
    folder.mkdir()
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    for name, body in re.findall(r"^`handbook/(\S+)`:\n\n```markdown\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        (folder / name).write_text(body, encoding="utf-8")
    return folder


def command(server, workspace, line, cwd):
    """Return the process of a command line of the page, in a workspace and against this server."""
    words = shlex.split(line.replace(IN_THE_PAGE, server.url.replace("bolt", "neo4j")))
    assert words[0] == "enliterator"
    workspace.mkdir(exist_ok=True)
    run = [sys.executable, "-m", "enliterator_core.cli", "--workspace", str(workspace), *words[1:]]
    login = {"NEO4J_USERNAME": neo4j_server.USERNAME, "NEO4J_PASSWORD": neo4j_server.PASSWORD}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(run, cwd=cwd, env=os.environ | login, **pipes)


def done(server, workspace, line, cwd):
    process = command(server, workspace, line, cwd)
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, f"{line}\n{out}{errors}"
    return out


def bytes_of(workspace):
    folders = [workspace / "fine_tune", workspace / "deliverables"]
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(workspace)): sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def expected(own_neo4j, handbook):
    """The bytes that the build of the page gives with the default storage, and its workspace."""
    workspace = handbook.parent / "sqlite"
    done(own_neo4j, workspace, steps()[0].partition(" --graph")[0], handbook.parent)
    found = bytes_of(workspace)
    assert len(found) > 10
    return found


def steps():
    """The page's commands, in their order."""
    lines = [line for language, text in FENCE.findall(PAGE) if language == "sh" for line in text.splitlines()]
    return [line for line in lines if line.startswith("enliterator")]


def asked(server, query):
    login = (neo4j_server.USERNAME, neo4j_server.PASSWORD)
    with neo4j.GraphDatabase.driver(server.url, auth=login) as driver:
        return driver.execute_query(query)


def test_the_page_is_true(own_neo4j, handbook, expected):
    """Each step in turn; the same bytes as with SQLite; each of the ten questions has rows and no warning."""
    here, workspace = handbook.parent, handbook.parent / "guide"
    build, export, suggest, check, enliterate, thesaurus = steps()
    done(own_neo4j, workspace, build, here)
    assert bytes_of(workspace) == expected
    questions = [text for language, text in FENCE.findall(PAGE) if language == "cypher"]
    assert len(questions) == 10
    for question in questions:
        answer = asked(own_neo4j, question)
        assert answer.records, question
        told = [one.raw_severity for one in answer.summary.gql_status_objects if one.is_notification]
        assert told == [], question
    done(own_neo4j, here / "sqlite", export, here)
    assert asked(own_neo4j, "MATCH (b:Batch {id: 1}) RETURN count(b)").records[0][0] == 2
    asked(own_neo4j, "MATCH (n) DETACH DELETE n")
    asked(own_neo4j, MOVIES)
    done(own_neo4j, here / "own", suggest, here)
    done(own_neo4j, here / "own", check, here)
    done(own_neo4j, here / "own", f"{enliterate} --no-dataset", here)
    assert asked(own_neo4j, "MATCH (n) RETURN count(n)").records[0][0] == 3, "nothing was written there"
    (here / "thesaurus.ttl").write_text(THESAURUS, encoding="utf-8")
    done(own_neo4j, here / "own", f"{thesaurus} --no-dataset", here)


def killed_and_resumed(server, handbook, workspace, wait):
    """Kill the server once the build waits for nothing more; start it again on its data; build again."""
    workspace.mkdir(exist_ok=True)
    settings = '[[plugin]]\nmodule = "enliterator_neo4j"\nsettings = { patience = 0.2, rows = 7 }\n'
    (workspace / "plugins.toml").write_text(settings, encoding="utf-8")
    process = command(server, workspace, steps()[0], handbook.parent)
    wait(process)
    server.kill()
    out, errors = process.communicate(timeout=120)
    server.start()
    if process.returncode:
        assert process.returncode == 4, out + errors
        told = [line for line in errors.splitlines() if line.startswith("error:")]
        assert len(told) == 1 and "no Neo4j server answers" in told[0], errors
        assert "Traceback" not in errors
    done(server, workspace, steps()[0], handbook.parent)
    editions = asked(server, "MATCH (n:Source) RETURN DISTINCT n.edition").records
    published = asked(server, "MATCH (b:Batch) UNWIND [b.edition, b.previous] AS one RETURN DISTINCT one").records
    assert {one[0] for one in editions} <= {one[0] for one in published}, "nothing half-written is left"
    return process.returncode


def test_a_server_killed_while_it_is_written_to(own_neo4j, handbook, expected):
    login = (neo4j_server.USERNAME, neo4j_server.PASSWORD)

    def until_it_writes(process):
        query = "MATCH (b:Batch) MATCH (n:Source {edition: b.building}) RETURN count(n)"
        with neo4j.GraphDatabase.driver(own_neo4j.url, auth=login) as driver:
            while process.poll() is None and not driver.execute_query(query).records[0][0]:
                time.sleep(0.02)

    workspace = handbook.parent / "killed"
    assert killed_and_resumed(own_neo4j, handbook, workspace, until_it_writes) == 4
    assert bytes_of(workspace) == expected


@pytest.mark.long
@pytest.mark.parametrize("seed", range(6))
def test_a_server_killed_at_any_moment(own_neo4j, handbook, expected, seed):
    workspace = handbook.parent / f"killed{seed}"
    killed_and_resumed(own_neo4j, handbook, workspace, lambda _: time.sleep(random.Random(seed).uniform(0.8, 5)))
    assert bytes_of(workspace) == expected
