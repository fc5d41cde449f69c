# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The lexicon and pools stages on a small collection: merging, forms, rights, times, and only what changed again."""

from pathlib import Path

import pytest

from enliterator_core import Batch, Context, Document, Raw, Rights, Source, Time, fold, plain, unpack_extraction
from enliterator_core.pieces import Pieces
from enliterator_core.testing import MemoryGraph
from enliterator_lexicon import LexiconStage
from enliterator_markdown import Markdown
from enliterator_pools import PoolsStage, register_extractors
from enliterator_python import Python

OPEN = Rights("CC-BY-4.0", "", "Kubebi", "statement", 1.0, True, True, None, False, None)
OTHER = Rights("MIT", "", "Ada", "statement", 1.0, False, True, None, False, None)
CLOSED = Rights()

TEXTS = {
    "bees/__init__.py": ('"""Keeps bees."""\n\nfrom bees.scale import weigh\n', OPEN),
    "bees/scale.py": ('"""Weighs hives."""\n\ndef weigh(hive):\n    """Return the weight of a hive."""\n', OPEN),
    "bees/log.py": ('"""Logs hives."""\n\nimport bees\n\ndef main():\n    """Log once."""\n', OPEN),
    "bees/run.py": ('"""Runs all."""\n\ndef main():\n    """Run once."""\n', OPEN),
    "words.md": ("# Words\n\n- **Brood nest**: the part of a hive in which the queen lays.\n", OPEN),
    "more.md": (
        "# More\n\n**brood nest**: the warm part of the hive, as we said.\n\n"
        "- **Brood rest**: a pause of the queen in summer.\n",
        OTHER,
    ),
    "secret.md": ("# Secret\n\n**Hidden thing**: what nobody is to know of us.\n", CLOSED),
}


def context(tmp_path: Path, texts: dict[str, tuple[str, Rights]] = TEXTS, chat=lambda task: None) -> Context:
    graph = MemoryGraph()
    graph.write_rights([OPEN, OTHER, CLOSED])
    for path, (text, rights) in texts.items():
        reader = Python() if path.endswith(".py") else Markdown()
        document = reader.read(Raw(path, "", text.encode(), text))
        media_type = "text/x-python" if path.endswith(".py") else "text/markdown"
        time = Time("2025-01-01", "git") if path == "words.md" else Time("2024-01-01", "git")
        graph.write_sources([Source(path, text, media_type, len(text), time=time, rights=rights.id)])
        graph.write_documents([(path, document)])
    return Context(
        Batch(1, "b", "o", "t"),
        ("o",),
        None,
        graph,
        Pieces(tmp_path / "pieces.db"),
        tmp_path,
        extractors=[one() for one in register_extractors()],
        chat=chat,
    )


@pytest.fixture
def built(tmp_path: Path) -> Context:
    made = context(tmp_path)
    LexiconStage().run(made)
    PoolsStage().run(made)
    return made


def test_one_thing_said_in_two_places_is_one_entity_with_the_strictest_rights(built):
    (nest,) = (one for one in built.graph.entities() if fold(one.name) == "brood nest")
    rights = {one.id: one for one in built.graph.rights()}[nest.rights]
    assert {span.source for span in nest.evidence} == {"words.md", "more.md"}
    assert (rights.license, rights.publishable, rights.trainable) == ("CC-BY-4.0 AND MIT", False, True)
    assert nest.time.value == "2024-01-01"
    assert nest.description == "the warm part of the hive, as we said."


def test_the_first_span_holds_the_description(built):
    for entity in built.graph.entities():
        span = entity.evidence[0]
        text = built.graph.document(span.source).text[span.start : span.end]
        assert entity.description in plain(text)


def test_nothing_is_made_from_what_may_not_be_used(built):
    assert not [one for one in built.graph.entities() if "idden" in one.name or "secret" in one.name]
    assert not [one for one in built.graph.terms() if "idden" in one.name]
    assert {path for path, _ in built.pieces.of("pools")} == set(TEXTS) - {"secret.md"}


def test_two_functions_of_one_name_are_two_entities_and_share_no_form(built):
    mains = [one for one in built.graph.terms() if one.name.endswith(".main")]
    assert [one.name for one in mains] == ["bees.log.main", "bees.run.main"]
    assert not [form for one in mains for form in one.surface_forms if fold(form) in {"main", "main()"}]


def test_no_form_means_two_things_and_no_negative_form_is_the_terms_own(built):
    terms = list(built.graph.terms())
    forms = [fold(form) for one in terms for form in one.surface_forms]
    names = {fold(one.name) for one in terms}
    assert len(forms) == len(set(forms))
    assert not names & set(forms)
    for one in terms:
        assert not {fold(form) for form in one.negative_forms} & {fold(form) for form in (one.name, *one.surface_forms)}
    nest = next(one for one in terms if fold(one.name) == "brood nest")
    assert nest.negative_forms == ("Brood rest",)


def test_an_import_of_the_datasets_own_package_makes_no_package(built):
    assert not [one for one in built.graph.entities() if one.kind == "package"]
    weigh = next(one for one in built.graph.terms() if one.name == "bees.scale.weigh")
    assert "bees.weigh" in weigh.surface_forms


def test_a_module_outside_a_package_is_known_by_its_stem(tmp_path):
    texts = {"tools/weigh.py": ('"""Weighs."""\n', OPEN), "tests/test_weigh.py": ("import weigh\nimport other\n", OPEN)}
    made = context(tmp_path, texts)
    LexiconStage().run(made)
    PoolsStage().run(made)
    assert [one.name for one in made.graph.entities() if one.kind == "package"] == ["other"]
    tool = next(one for one in made.graph.terms() if one.name == "tools/weigh.py")
    assert {"weigh", "module weigh"} <= set(tool.surface_forms)


def test_claims_of_the_lexicon_reach_the_graph_stage(built):
    claims = [one for _, packed in built.pieces.of("pools") for one in unpack_extraction([[], packed[1]]).claims]
    assert {one.verb for one in claims} >= {"part_of", "depends_on", "connects_to"}


def test_only_a_changed_source_is_worked_on_again_and_the_result_is_a_fresh_builds(tmp_path):
    first = context(tmp_path / "one")
    LexiconStage().run(first)
    PoolsStage().run(first)
    first.pieces.close()
    changed = {**TEXTS, "words.md": ("# Words\n\n- **Swarm**: a colony that leaves the hive in May.\n", OPEN)}
    again, fresh = context(tmp_path / "one", changed), context(tmp_path / "two", changed)
    for one in (again, fresh):
        LexiconStage().run(one)
        PoolsStage().run(one)
    assert again.worked == {"lexicon": 1, "pools": 1}
    for part in ("entities", "terms", "rights"):
        assert list(getattr(again.graph, part)()) == list(getattr(fresh.graph, part)())
    assert list(again.pieces.of("pools")) == list(fresh.pieces.of("pools"))


def test_what_recurs_and_is_never_defined_is_noted(tmp_path):
    text = "The queen excluder rusts. A queen excluder bends. Clean the queen excluder. That queen excluder.\n"
    made = context(tmp_path, {"a.md": (text, OPEN), "b.md": (text, OPEN)})
    LexiconStage().run(made)
    note = made.graph.note("lexicon")
    assert [(one["term"], one["count"], one["sources"]) for one in note["undefined"]] == [
        ("queen excluder", 8, ["a.md", "b.md"])
    ]


def test_an_empty_collection_is_no_trouble(tmp_path):
    made = context(tmp_path, {})
    assert LexiconStage().run(made).counts["terms"] == 0
    assert PoolsStage().run(made).counts["entities"] == 0


def test_a_source_without_words_has_no_entity(tmp_path):
    made = context(tmp_path, {"a.md": ("", OPEN)})
    LexiconStage().run(made)
    PoolsStage().run(made)
    assert list(made.graph.entities()) == []
    assert list(made.graph.terms()) == []


def test_documents_that_are_not_there_are_passed_over(tmp_path):
    made = context(tmp_path, {"a.md": ("# A\n", OPEN)})
    made.graph.write_sources([Source("gone.md", "x", "text/markdown", 1, rights=OPEN.id)])
    made.graph.write_documents([("a.md", Document("# A\n"))])
    LexiconStage().run(made)
    assert PoolsStage().run(made).counts["entities"] == 1
