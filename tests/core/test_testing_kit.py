# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The test kit: a sample graph that keeps every promise, and checks that each find a seeded fault."""

import os

import pytest
from attrs import evolve, frozen

from enliterator_core import (
    POOLS,
    VERBS,
    Block,
    ChatAnswer,
    Document,
    Draft,
    Entity,
    Event,
    EventHandler,
    Grade,
    Provider,
    Reader,
    RefusedError,
    Secret,
    ServiceError,
    Span,
    Stage,
    StageResult,
    TaskType,
    Verdict,
    env,
)
from enliterator_core.testing import (
    check_event_handler,
    check_provider,
    check_reader,
    check_stage,
    check_task_type,
    sample_graph,
)


def test_the_sample_graph_has_what_a_task_meets():
    graph = sample_graph()
    assert {entity.pool for entity in graph.entities.values()} == set(POOLS)
    assert len({verb for _, verb, _ in graph.relations}) > 20
    for (subject, verb, object), relation in graph.relations.items():
        assert VERBS[verb].joins(graph.entities[subject].pool, graph.entities[object].pool)
        assert relation.evidence and all(graph.text(span) for span in relation.evidence)
        assert not VERBS[verb].symmetric or subject < object
    for entity in graph.entities.values():
        assert graph.text(entity.evidence[0]) == entity.description and graph.rights[entity.rights].trainable
    rights = [graph.rights_of(path) for path in graph.sources]
    assert any(one.quarantined for one in rights) and any(one.embargo for one in rights)
    assert any(one.trainable and not one.publishable for one in rights)
    assert any(one.publishable and not one.trainable for one in rights)
    assert any(term.negative_forms for term in graph.terms.values()) and graph.gaps()
    for path in graph.sources:
        document = graph.document(path)
        starts = [block.start for block in document.blocks]
        assert starts == sorted(starts) and document.blocks[-1].end <= len(document.text)


def test_a_larger_sample_graph_only_adds():
    small, large, again = sample_graph(2), sample_graph(5), sample_graph(5)
    assert len(large.entities) == len(small.entities) + 3 * 13
    assert all(large.entities[id].name == entity.name for id, entity in small.entities.items())
    assert small.relations.keys() < large.relations.keys() and dict(large.relations) == dict(again.relations)


class Kind(TaskType):
    """Which pool is it of?"""

    name = "kind"
    system_prompt = "Name the pool."

    def generate(self, graph, sampler):
        yield [self.draft(graph, entity) for entity in graph.entities.values() if len(graph.called(entity.name)) == 1]

    def draft(self, graph, entity):
        return Draft(f"{entity.name}?", entity.pool, entity.id, (entity.id,), spans=entity.evidence[:1])

    def verify(self, draft, graph):
        entity = graph.entities.get(draft.anchor)
        holds = entity is not None and draft.user == f"{entity.name}?" and draft.assistant == entity.pool
        return Verdict(holds, "the pool is the graph's")

    def grade(self, draft, answer, graph):
        return Grade(float(answer == draft.assistant), {"pool": float(answer == draft.assistant)})


def test_a_sound_task_type_passes_as_class_and_as_instance():
    assert len(check_task_type(Kind)) == len(check_task_type(Kind())) > 40


class Forgetful(Kind):
    calls = 0

    def draft(self, graph, entity):
        Forgetful.calls += 1
        return evolve(super().draft(graph, entity), user=f"{entity.name}? {Forgetful.calls}")


class Unproven(Kind):
    def draft(self, graph, entity):
        return evolve(super().draft(graph, entity), spans=())


class Withheld(Kind):
    def draft(self, graph, entity):
        return evolve(super().draft(graph, entity), spans=(Span("letters/breeder.md", 0, 5),))


class Unknown(Kind):
    def draft(self, graph, entity):
        return evolve(super().draft(graph, entity), entities=("0" * 16,))


class Wrong(Kind):
    def draft(self, graph, entity):
        return evolve(super().draft(graph, entity), assistant="Banana")


class Gullible(Kind):
    def verify(self, draft, graph):
        return Verdict(True, "why not")


class Half(Kind):
    def verify(self, draft, graph):
        return Verdict(draft.assistant in POOLS and draft.anchor in graph.entities, "it is a pool")


class Brittle(Kind):
    def verify(self, draft, graph):
        return super().verify(draft, graph) if graph.entities[draft.anchor] else Verdict(False, "")


class Harsh(Kind):
    def grade(self, draft, answer, graph):
        return Grade(0.5, {"pool": 0.5})


class Generous(Kind):
    def grade(self, draft, answer, graph):
        return Grade(1.0 if answer == draft.assistant else 0.1, {"pool": 1.0})


class Fragile(Kind):
    def grade(self, draft, answer, graph):
        return Grade(float(answer[0] == draft.assistant[0]), {"pool": 1.0})


class Above(Kind):
    def grade(self, draft, answer, graph):
        return Grade(float(answer == draft.assistant), {"pool": 1.5})


class Schemed(Kind):
    answer_schema = {"type": "object"}


class Misschemed(Kind):
    answer_schema = {"type": "thing"}


class Silent(Kind):
    system_prompt = " "


class Empty(Kind):
    def generate(self, graph, sampler):
        yield []


class Named(Kind):
    name = "My Task"


class Single(Kind):
    def generate(self, graph, sampler):
        yield from next(super().generate(graph, sampler))


@pytest.mark.parametrize(
    ("task", "message"),
    [
        (Forgetful, "the same seed gives other drafts"),
        (Unproven, "unsourced"),
        (Withheld, "not_trainable"),
        (Unknown, "is not in the graph"),
        (Wrong, "its own verifier refuses"),
        (Gullible, "its verifier accepts"),
        (Half, "its verifier accepts the answer of another example"),
        (Brittle, "verify raises KeyError"),
        (Harsh, "scores 0.5, not 1"),
        (Generous, "scores 0.1, not 0"),
        (Fragile, "grade raises IndexError"),
        (Above, "not within 0 and 1"),
        (Schemed, "does not fit answer_schema"),
        (Misschemed, "is no JSON Schema"),
        (Silent, "has no system prompt"),
        (Empty, "makes nothing of this graph"),
        (Named, "is not of lower-case letters"),
        (Single, "not lists of drafts"),
    ],
)
def test_each_fault_of_a_task_type_is_found(task, message):
    with pytest.raises(AssertionError, match=message):
        check_task_type(task)


class Answers:
    """A chat facet that does as it is told."""

    def __init__(self, answer=ChatAnswer("yes", 3, 1), models=("a", "b"), key=""):  # noqa: B008
        self._answer, self._models, self.key = answer, models, key

    def complete(self, request):
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer

    def models(self):
        return list(self._models)


@frozen
class Acme(Provider):
    name = "acme"

    facet: object = None
    key: Secret = env("ACME_TEST_KEY")  # noqa: RUF009  a field, as attrs makes it

    def chat(self):
        return self.facet


class Leaky(Acme):
    def __repr__(self):
        return f"Leaky({self.key.reveal()})"


class LeakyFacet(Acme):
    def chat(self):
        return Answers(key=self.key.reveal())


def test_a_sound_provider_passes_and_the_environment_stays_as_it_was(monkeypatch):
    monkeypatch.setenv("ACME_TEST_KEY", "before")
    for facet in (None, Answers(), Answers(models=()), Answers(ServiceError("down", hint="wait"))):
        check_provider(Acme(facet))
    assert os.environ["ACME_TEST_KEY"] == "before"


@pytest.mark.parametrize(
    ("provider", "message"),
    [
        (Leaky(), "a secret shows"),
        (LeakyFacet(), "a secret shows"),
        (Acme(object()), "has no method complete"),
        (Acme(Answers("yes")), "no ChatAnswer"),
        (Acme(Answers(ChatAnswer("yes", -1, 0))), "token counts"),
        (Acme(Answers(ChatAnswer(None, 1, 0))), "is no text"),
        (Acme(Answers(ValueError("oh"))), "raises ValueError, not ServiceError"),
        (Acme(Answers(ServiceError("down"))), "does not say what to do next"),
        (Acme(Answers(models=("b", "a"))), "is not sorted"),
    ],
)
def test_each_fault_of_a_provider_is_found(provider, message):
    with pytest.raises(AssertionError, match=message):
        check_provider(provider)


class Lines(Reader):
    name = "lines"
    media_types = {".lines": "text/x-lines"}

    def read(self, raw):
        if raw.text is None:
            raise RefusedError(f"{raw.path} is no text")
        return self.document(raw)

    def document(self, raw):
        return Document(raw.text, (Block("paragraph", 0, len(raw.text)),))


class Upper(Lines):
    def document(self, raw):
        return Document(raw.text.upper())


class Beyond(Lines):
    def document(self, raw):
        return Document(raw.text, (Block("paragraph", 0, 10**6),))


class Disorderly(Lines):
    def document(self, raw):
        return Document(raw.text, (Block("paragraph", 1, 2), Block("paragraph", 0, 1)))


class Odd(Lines):
    def document(self, raw):
        return Document(raw.text, (Block("stanza", 0, 1),))


class Hasty(Lines):
    def read(self, raw):
        return self.document(raw)

    def document(self, raw):
        return Document(raw.text, (Block("paragraph", 0, raw.data.decode().index("a")),))


@pytest.mark.parametrize(
    ("reader", "message"),
    [
        (Upper(), "the text is changed"),
        (Beyond(), "beyond the text"),
        (Disorderly(), "not in the order"),
        (Odd(), "no kind of block 'stanza'"),
        (Hasty(), "raises .*Error, not RefusedError"),
    ],
)
def test_each_fault_of_a_reader_is_found(reader, message):
    with pytest.raises(AssertionError, match=message):
        check_reader(reader, "poem.lines", b"one\na\nthree\n")
    assert check_reader(Lines(), "poem.lines", b"one\ntwo\n").text == "one\ntwo\n"
    with pytest.raises(AssertionError, match="does not match"):
        check_reader(Lines(), "poem.txt", b"")


class Count(Stage):
    name = "count_lines"
    after = ("rights",)

    def run(self, context):
        lines = sum(context.graph.document(one.path).text.count("\n") for one in context.graph.sources())
        context.graph.write_entities([self.entity(context)])
        return StageResult({"lines": lines}, f"{lines} lines")

    def entity(self, context):
        return Entity("Idea", "Line")


class Restless(Count):
    made = 0

    def entity(self, context):
        Restless.made += 1
        return Entity("Idea", f"Line {Restless.made}")


class Lost(Count):
    after = ("nowhere",)


class Mute(Count):
    def run(self, context):
        return None


def test_a_stage_is_run_on_real_files_and_each_fault_is_found(tmp_path):
    graph = check_stage(Count(), {"a.md": "# A\n\nof bees\n"}, tmp_path / "sound")
    assert [entity.name for entity in graph.entities()] == ["Line"]
    assert [source.path for source in graph.sources()] == ["a.md"]
    for stage, message in ((Restless(), "another graph"), (Lost(), "comes after nowhere"), (Mute(), "no StageResult")):
        with pytest.raises(AssertionError, match=message):
            check_stage(stage, {"a.md": "# A\n"}, tmp_path / type(stage).__name__)


class Keeps(EventHandler):
    name = "keeps"
    event_types = ("batch.built",)

    def open(self, state):
        self.path = state / "kept"

    def handle(self, event):
        self.path.write_text(event.data["name"])


class Deaf(Keeps):
    event_types = ()


class Loose(Keeps):
    event_types = "batch.built"


def test_an_event_handler_is_told_once_and_each_fault_is_found(tmp_path):
    check_event_handler(Keeps(), Event("batch.built", {"name": "a"}), tmp_path)
    assert (tmp_path / "kept").read_text() == "a"
    for handler, event, message in (
        (Keeps(), Event("batch.built", {}), "raises KeyError"),
        (Keeps(), Event("stage.finished", {}), "does not list stage.finished"),
        (Deaf(), Event("batch.built", {}), "wants no event"),
        (Loose(), Event("batch.built", {}), "no tuple of names"),
    ):
        with pytest.raises(AssertionError, match=message):
            check_event_handler(handler, event, tmp_path)
