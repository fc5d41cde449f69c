# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Lost connections, deadlocks, crashes and neighbours: nothing is doubled, nothing is lost, nothing is left behind."""

import socket
import threading
from contextlib import closing, contextmanager, suppress

import neo4j
import neo4j_server
import pytest

from enliterator_core import Block, Document, Entity, Relation, ServiceError, Source, Span, Term
from enliterator_core.graph.copying import copy_graph
from enliterator_core.testing import sample_storage
from enliterator_core.testing.storage_graph import assert_same_graph
from enliterator_neo4j import Neo4j, reading, schema
from enliterator_neo4j.documents import Documents

COMMIT = b"\xb0\x12"  # Bolt's message COMMIT: a structure without fields, signature 0x12


class Proxy:
    """Stands between driver and server and, while it `loses`, cuts a connection at one of `every` commits.

    With `after` the commit is passed on and the answer is lost: the server did what nobody knows of.
    """

    def __init__(self, port):
        self.port, self.loses, self.after, self.every = port, False, True, 2
        self.lost = self.commits = 0
        self.ends = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"bolt://127.0.0.1:{self.listening.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listening.accept()
            except OSError:
                return
            ends = client, socket.create_connection(("127.0.0.1", self.port))
            self.ends += ends
            cut = threading.Event()
            for one, other, up in ((*ends, True), (*reversed(ends), False)):
                threading.Thread(target=self.pass_on, args=(one, other, up, cut), daemon=True).start()

    def pass_on(self, one, other, up, cut):
        try:
            while data := one.recv(65536):
                if up and self.loses and data.removesuffix(b"\0\0").endswith(COMMIT):
                    self.commits += 1
                    if self.commits % self.every == 1:
                        self.lost += 1
                        cut.set()
                if cut.is_set() and not (up and self.after):
                    return
                other.sendall(data)
        except OSError:
            return  # the other direction has ended
        finally:
            end(one, other)

    def down(self):
        end(self.listening, *self.ends)


def end(*ends):
    for one in ends:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


@pytest.fixture
def proxy(neo4j_login):
    proxy = Proxy(int(neo4j_login.rpartition(":")[2]))
    yield proxy
    proxy.down()


@contextmanager
def rebuilding(url, state, batch=1, **settings):
    with closing(Neo4j(**settings).graph(url, state, batch, rebuild=True)) as graph:
        yield graph


@contextmanager
def asking(url):
    login = (neo4j_server.USERNAME, neo4j_server.PASSWORD)
    with neo4j.GraphDatabase.driver(url, auth=login) as driver:
        yield lambda query, **values: driver.execute_query(query, values).records


def held(ask, edition):
    """Return how many nodes of an edition there are."""
    counts = [ask(f"MATCH (n:{label} {{edition: $e}}) RETURN count(n)", e=edition)[0][0] for label in schema.LABELS]
    return sum(counts)


@pytest.mark.parametrize("after", [True, False], ids=["answer lost", "question lost"])
@pytest.mark.parametrize("every", [5, pytest.param(2, marks=pytest.mark.long)])
def test_connections_lost_at_commits_double_and_lose_nothing(proxy, tmp_path, after, every):
    """Of a whole build: with `every` 2 each transaction is lost once, those that delete and those that read, too."""
    sample, proxy.after, proxy.every = sample_storage(), after, every
    with rebuilding(neo4j_server_of(proxy), tmp_path) as graph:
        copy_graph(sample, graph)
        graph.publish()
    proxy.loses = True
    with rebuilding(proxy.url, tmp_path) as graph:
        copy_graph(sample, graph)
        graph.publish()
        lost = proxy.lost
        assert lost >= (3 if every == 5 else 13)
        proxy.loses = False
        assert_same_graph(sample, graph)
    with closing(Neo4j().graph(proxy.url, tmp_path, 1)) as graph:
        assert_same_graph(sample, graph)


def neo4j_server_of(proxy):
    return f"bolt://127.0.0.1:{proxy.port}"


def test_a_rebuild_that_begins_twice_leaves_nothing(proxy, tmp_path):
    """The answer to its beginning is lost, so that it begins again: what the first noted is deleted all the same."""
    for name in ("A", "B"):
        with rebuilding(proxy.url, tmp_path) as graph:
            graph.write_entities([Entity("Idea", name)])
            graph.publish()
    with asking(neo4j_server_of(proxy)) as ask:
        older = ask("MATCH (b:Batch {edition: $edition}) RETURN b.previous", edition=graph._edition)[0][0]
        assert held(ask, older) == held(ask, graph._edition) == 1
        proxy.loses = True
        with rebuilding(proxy.url, tmp_path) as third:
            assert proxy.lost > 1 and held(ask, older) == 0 and held(ask, graph._edition) == 1
        batch = ask("MATCH (b:Batch {edition: $edition}) RETURN properties(b)", edition=graph._edition)[0][0]
        assert batch["outdated"] == [] and "building" not in batch and held(ask, third._edition) == 0


def test_a_server_that_does_not_come_back_is_told_and_the_workspace_is_free(proxy, tmp_path):
    with rebuilding(proxy.url, tmp_path, patience=0.2) as graph:
        proxy.down()
        with pytest.raises(ServiceError, match="no Neo4j server answers") as caught:
            graph.write_entities([Entity("Idea", "A")])
        assert "run the same command again" in caught.value.hint
    with rebuilding(neo4j_server_of(proxy), tmp_path) as graph:
        assert graph.write_entities([Entity("Idea", "A")]) == 1


def test_deadlocks_are_tried_again(neo4j_login, tmp_path):
    """Two builds write relations of one database; locks are taken in opposite orders until the server ends one."""
    with rebuilding(neo4j_login, tmp_path) as graph, asking(neo4j_login):
        one, other = sorted((Entity("Idea", "A"), Entity("Idea", "B")), key=lambda entity: entity.id)
        graph.write_entities([one, other])
        first, tried = threading.Barrier(2), []

        def work(ids):
            def both(transaction):
                tried.append(ids)
                for number, id in enumerate(ids):
                    query = "MATCH (n:Entity {edition: $edition, id: $id}) SET n.kind = n.kind + 'x'"
                    transaction.run(query, edition=graph._edition, id=id).consume()
                    if number == 0 and len(tried) <= 2:
                        first.wait(10)

            graph._database.write(both)

        threads = [threading.Thread(target=work, args=(ids,)) for ids in ([one.id, other.id], [other.id, one.id])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        assert len(tried) == 3 and [entity.kind for entity in graph.entities()] == ["xx", "xx"]


def test_workspaces_and_batches_share_a_database(neo4j_login, tmp_path):
    opened = []
    for place in ("one", "other"):
        for batch in (1, 2):
            with rebuilding(neo4j_login, tmp_path / place, batch) as graph:
                same = [Entity("Idea", "Same", place), Entity("Idea", f"{place} {batch}")]
                graph.write_entities(same)
                graph.write_relations([Relation(same[0].id, "connects_to", same[1].id)])
                graph.publish()
            opened.append((place, batch))
    for place, batch in opened:
        with closing(Neo4j().graph(neo4j_login, tmp_path / place, batch)) as graph:
            names = {entity.name: entity.kind for entity in graph.entities()}
            assert names == {"Same": place, f"{place} {batch}": ""} and len(list(graph.relations())) == 1
            assert graph.search(f"{place} {batch}")[0][0] == Entity("Idea", f"{place} {batch}").id
    shared = (tmp_path / "one" / "neo4j" / "workspace").read_text(encoding="ascii")
    with closing(Neo4j().graph(f"{neo4j_login}?workspace={shared}", tmp_path / "third", 2)) as graph:
        assert [entity.name for entity in graph.entities()] == ["Same", "one 2"]


def test_what_a_crash_left_is_removed_when_the_batch_is_built_next(neo4j_login, tmp_path):
    """The crash is one of the whole process: nothing is closed, only the lock falls."""
    crashed = Neo4j().graph(neo4j_login, tmp_path, 1, rebuild=True)
    crashed.write_entities(Entity("Idea", f"{number}") for number in range(50))
    crashed._held.close()
    crashed._database.close()
    with asking(neo4j_login) as ask:
        assert held(ask, crashed._edition) == 50
        with rebuilding(neo4j_login, tmp_path) as graph:
            assert held(ask, crashed._edition) == 0
            graph.write_entities([Entity("Idea", "kept")])
            graph.publish()
        assert held(ask, graph._edition) == 1


def test_a_hub_is_read_in_pages(neo4j_login, tmp_path, monkeypatch):
    """One entity with far more relations than a page, between others with few and with none."""
    monkeypatch.setattr(reading, "_PAGE", 64)
    every = [Entity("Idea", f"{number:03}") for number in range(300)]
    hub = sorted(every, key=lambda one: one.id)[150]
    relations = [Relation(hub.id, verb, one.id) for one in every for verb in ("connects_to", "co_occurs_with")]
    relations += [Relation(one.id, "connects_to", hub.id) for one in every[:200] if one is not hub]
    with rebuilding(neo4j_login, tmp_path) as graph:
        graph.write_entities(every)
        graph.write_relations(relations)
        largest = []
        read = graph._database.read
        graph._read = lambda query, **values: (
            largest.append(read(query, edition=graph._edition, **values)[0][0]) or (largest[-1])
        )
        assert list(graph.relations()) == sorted(relations, key=lambda one: one.key)
        assert max(map(len, largest)) == 64
        assert sum(len(one.verbs) for one in graph.scan_relations(100)) == len(relations)


@pytest.mark.long
def test_a_hub_of_a_hundred_thousand(neo4j_login, tmp_path):
    hub = Entity("Idea", "hub")
    with rebuilding(neo4j_login, tmp_path) as graph:
        graph.write_entities([hub, *(Entity("Idea", f"{number}") for number in range(100_000))])
        graph.write_relations(
            Relation(hub.id, "connects_to", Entity("Idea", f"{number}").id, (Span("a", 0, 1),))
            for number in range(100_000)
        )
        objects = [one.object for one in graph.relations()]
        assert len(objects) == 100_000 and objects == sorted(objects)


def test_documents_are_read_ahead_and_once(neo4j_login, tmp_path):
    paths = [f"{number:04}.md" for number in range(300)]
    with rebuilding(neo4j_login, tmp_path) as graph:
        graph.write_sources(Source(path, "0", "text/plain", 1) for path in paths)
        graph.write_documents((path, Document(path, (Block("paragraph", 0, 4),))) for path in paths[::2])
        graph.publish()
    with closing(Neo4j().graph(neo4j_login, tmp_path, 1)) as graph:
        asked = []
        take = graph._database.take
        object.__setattr__(graph, "_database", Counted(graph._database, take, asked))
        for path in (*paths, *paths[::2]):
            expected = Document(path, (Block("paragraph", 0, 4),)) if path in paths[::2] else None
            assert graph.document(path) == expected
        assert len(asked) < 20, "and those that are not there are known not to be"


class Counted:
    """A database whose questions are counted."""

    def __init__(self, database, take, asked):
        self._database, self._take, self._asked = database, take, asked

    def take(self, *arguments):
        self._asked.append(arguments)
        return self._take(*arguments)

    def close(self):
        self._database.close()


def test_the_documents_kept_are_bounded():
    kept = Documents(most=10_000)
    for number in range(100):
        kept.keep(f"{number}", Document("x" * 800))
        kept.get("0")
    assert kept.get("0") is not None and kept.get("99") is not None and kept.get("50") is None
    assert kept._size == sum(1000 for number in range(100) if kept.get(f"{number}"))
    kept.keep("0", Document("y" * 20_000))
    assert kept.get("0") is None and kept._size == 0
    assert kept.took("big", [("big", Document("z" * 20_000))]) == Document("z" * 20_000)


def test_terms_name_their_entities_once_published(neo4j_login, tmp_path):
    one, other = Entity("Idea", "A"), Entity("Idea", "B")
    with rebuilding(neo4j_login, tmp_path, rows=2) as graph:
        graph.write_terms(Term(entity.id, "Idea", entity.name) for entity in (one, other, Entity("Idea", "nobody")))
        graph.write_entities([one, other])
        graph.publish()
        with asking(neo4j_login) as ask:
            query = "MATCH (t:Term {edition: $edition})-[:NAMES]->(e:Entity) RETURN t.name, e.name ORDER BY t.name"
            found = [tuple(record) for record in ask(query, edition=graph._edition)]
    assert found == [("A", "A"), ("B", "B")]
