# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Every hook's example, loaded by a plugins.toml and doing its work in a real build."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from enliterator_core.cli import root, run
from enliterator_core.cli.inventory import listing
from enliterator_core.graph import Graph
from enliterator_core.workspace import Workspace

EXAMPLES = Path(__file__).parents[2] / "enliterator_core" / "cli" / "examples"
MODULES = sorted(path.stem for path in EXAMPLES.glob("*.py") if path.stem != "__init__")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A workspace with every example, in which a folder was built with the storage of the example."""
    place = tmp_path_factory.mktemp("examples")
    entries = "".join(f'[[plugin]]\nmodule = "{name}"\n' for name in MODULES)
    (place / "plugins.toml").write_text(f'[enliterator]\ngraph = "shelf:"\n{entries}', encoding="utf-8")
    source = place / "notes"
    source.mkdir()
    (source / "mill.md").write_text(
        "# The mill\n\nThe mill is a building in which grain is ground.\n\nWarning: the stones are heavy.\n\n"
        "**Grist**: grain that is to be ground in a mill.\n",
        encoding="utf-8",
    )
    (source / "mill.log").write_text("10:00 gate opened\n", encoding="utf-8")
    links = place / "parts.links"
    links.write_text("The wheel\tturns\tThe stones\nno link\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLES))
        patch.chdir(place)
        assert run(["settings", "set", "model.extraction", "parrot:green"]) == 0
        assert run(["build", str(source), str(links), "--rights", "own", "--force"]) == 0
        yield place


def test_every_example_is_loaded_and_named_for_what_it_adds(built):
    with Workspace.open(built) as workspace:
        added = {one.module: set(one.adds) for one in listing(workspace.plugins) if one.module in MODULES}
    assert set(added) == set(MODULES)
    assert all(len(hooks) == 1 for hooks in added.values())


def test_the_storage_keeps_the_graph_and_the_stage_left_its_note(built):
    with Workspace.open(built) as workspace:
        graph = Graph(workspace.graph(1), workspace.plugins.tools)
        assert graph.storage.note("word_count")["words"] > 20
        assert (built / ".enliterator" / "shelf" / "1.json").exists()


def test_the_extractor_found_the_risk_and_the_reader_read_the_log(built):
    with Workspace.open(built) as workspace:
        graph = Graph(workspace.graph(1), workspace.plugins.tools)
        risk = graph.named("Risk", "the stones are heavy")
        assert graph.text(risk.evidence[0]) == "Warning: the stones are heavy."
        assert graph.sources["mill.log"].media_type == "text/x-log"
        assert graph.tools["count_entities"].call(graph, {"pool": "Risk"}) == {"count": 1, "found": []}


def test_the_importer_read_the_links_and_refused_what_is_none(built):
    with Workspace.open(built) as workspace:
        graph = Graph(workspace.graph(1), workspace.plugins.tools)
        wheel, stones = graph.named("Manifest", "The wheel"), graph.named("Manifest", "The stones")
        relation = graph.relations[wheel.id, "connects_to", stones.id]
        assert relation.predicate == "turns"
        assert graph.text(relation.evidence[0]) == "The wheel\tturns\tThe stones"
        refused = graph.storage.note("intake")["refused"]
    assert any(path == "parts.links:2" for path, _ in refused)


def test_the_exporter_wrote_its_file_and_the_handler_its_lines(built):
    names = built / "deliverables" / "batch_1" / "names.txt"
    assert names.exists()
    assert "word_count " in (built / ".enliterator" / "times.txt").read_text(encoding="utf-8")


def test_the_exporter_of_datasets_writes_every_question(built):
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(EXAMPLES))
        patch.chdir(built)
        assert run(["export", "1", "questions"]) == 0
    written = built / "fine_tune" / "batch_1-questions"
    metadata = json.loads((built / "fine_tune" / "batch_1" / "metadata.json").read_text(encoding="utf-8"))
    for split, count in metadata["splits"].items():
        lines = (written / f"{split}.txt").read_text(encoding="utf-8").splitlines() if count else []
        assert len(lines) == count and all("\t" in line for line in lines)


def test_the_task_has_examples_and_the_provider_was_asked(built):
    metadata = json.loads((built / "fine_tune" / "batch_1" / "metadata.json").read_text(encoding="utf-8"))
    assert metadata["tasks"]["what_kind"] > 0
    with Workspace.open(built) as workspace:
        pools = next(one for one in workspace.records.last_build(1)["stages"] if one["name"] == "pools")
        assert pools["counts"]["model_calls"] > 0


def test_the_route_answers_in_the_server(built):
    from starlette.testclient import TestClient

    from enliterator_server.application import application
    from enliterator_server.site import Site

    with Workspace.open(built) as workspace:
        site = Site(workspace)
        client = TestClient(application(site, workspace.plugins.routes))
        assert "a concept, principle or question" in client.get("/pools").json()["Idea"]
        assert "enliterator_pools_answers_total 1\n" in client.get("/metrics").text


def test_the_dataset_was_made_on_the_engine_that_comes_last(built):
    with Workspace.open(built) as workspace:
        assert [one.name for one in workspace.plugins.engines] == ["processes", "second_try"]


def test_the_command_is_listed_and_runs(built):
    assert "pools" in CliRunner().invoke(root, ["--help"]).output
    output = CliRunner().invoke(root, ["pools"]).output
    assert "a concept, principle or question" in output
