# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Each dataset format is read back by its own readers and says what the dataset says; refused answers are wrong."""

import json
import runpy
import sys
import types
from pathlib import Path

import pytest
import yaml
from attrs import evolve

import enliterator_canon_map
import enliterator_gap_awareness
import enliterator_graph_tools
import enliterator_normalize
import enliterator_path_text
import enliterator_rights_style
import enliterator_route
from enliterator_core import Batch, Dataset, DatasetExporter
from enliterator_core.dataset import DatasetSettings, build_dataset, check_paths, metadata_of
from enliterator_core.testing import sample_graph
from enliterator_dataset_formats import Alpaca, Dpo, Inspect, LmEval, Parquet, ShareGpt

MODULES = (
    *(enliterator_canon_map, enliterator_gap_awareness, enliterator_normalize, enliterator_path_text),
    *(enliterator_rights_style, enliterator_route),
)
TASKS = [kind() for module in MODULES for kind in module.register_task_types()]
TOOLS = [tool() for tool in enliterator_graph_tools.register_tools()]
EXPORTERS = [ShareGpt(), Alpaca(), Parquet(rows=100), Dpo(), Inspect(), LmEval()]


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """The sample graph's dataset of all six tasks."""
    folder = tmp_path_factory.mktemp("formats") / "batch_1"
    graph = sample_graph(2, TOOLS)
    settings = DatasetSettings(split="60/20/20")
    build_dataset(
        graph, TASKS, batch=Batch(1, "s", "o", "2026-01-01"), literacy={}, folder=folder, settings=settings, forced=True
    )
    return Dataset(folder, metadata_of(folder), graph, TASKS, publishable=False)


def exported(exporter: DatasetExporter, dataset: Dataset, folder: Path) -> dict[str, int]:
    folder.mkdir()
    return dict(exporter.export(dataset, folder))


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def test_the_dataset_has_every_task_and_private_examples(dataset: Dataset) -> None:
    rows = list(dataset.rows())
    assert {row.provenance["task"] for row in rows} == {task.name for task in TASKS}
    assert {row.provenance["rights"]["publishable"] for row in rows} == {True, False}
    assert all(dataset.draft(row) is not None for row in rows)


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda one: one.name)
def test_the_same_dataset_gives_the_same_bytes(exporter: DatasetExporter, dataset: Dataset, tmp_path: Path) -> None:
    counts = [exported(exporter, dataset, tmp_path / name) for name in ("one", "two")]
    assert counts[0] == counts[1] and sum(counts[0].values()) > 0
    files = [{path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "two")]
    assert files[0] == files[1]


@pytest.mark.parametrize("exporter", EXPORTERS, ids=lambda one: one.name)
def test_what_may_not_be_published_stays_when_asked(
    exporter: DatasetExporter, dataset: Dataset, tmp_path: Path
) -> None:
    public = Dataset(dataset.folder, dataset.metadata, dataset.graph, TASKS, publishable=True)
    private = {row.said("user") for row in dataset.rows() if not row.provenance["rights"]["publishable"]}
    private -= {row.said("user") for row in public.rows()}
    assert private
    exported(exporter, public, tmp_path / "public")
    for path in (tmp_path / "public").glob("*.jsonl"):
        for record in lines(path):
            told = record.get("rights") or record.get("metadata") or record
            assert told.get("publishable", True)
            assert not any(
                question in json.dumps(record, ensure_ascii=False) for question in private if len(question) > 30
            )


def test_sharegpt_and_alpaca_say_what_the_chat_says_and_where_it_is_from(dataset: Dataset, tmp_path: Path) -> None:
    talks, orders = exported(ShareGpt(), dataset, tmp_path / "s"), exported(Alpaca(), dataset, tmp_path / "a")
    counts = {f"{name}.jsonl": count for name, count in dataset.metadata["splits"].items()}
    assert talks == orders == counts
    for split in ("train", "test"):
        rows = list(dataset.rows(split))
        for row, talk, order in zip(
            rows, lines(tmp_path / "s" / f"{split}.jsonl"), lines(tmp_path / "a" / f"{split}.jsonl"), strict=True
        ):
            assert [turn["from"] for turn in talk["conversations"]] == ["system", "human", "gpt"]
            said = [message["content"] for message in row.messages]
            assert [turn["value"] for turn in talk["conversations"]] == said
            assert [order["system"], order["instruction"], order["output"]] == said and order["input"] == ""
            assert talk["id"] == order["id"] == row.provenance["id"]
            assert talk["license"] == row.provenance["rights"]["license"]
            assert len(talk["sources"]) == len(row.provenance["spans"])


def test_parquet_is_read_by_pyarrow_and_holds_the_whole_provenance(dataset: Dataset, tmp_path: Path) -> None:
    from pyarrow import parquet

    exported(Parquet(rows=50), dataset, tmp_path / "p")
    file = parquet.ParquetFile(tmp_path / "p" / "train.parquet")
    assert file.num_row_groups > 1, "it is written some rows at a time"
    for row, read in zip(dataset.rows("train"), file.read().to_pylist(), strict=True):
        told = row.provenance
        assert read["messages"] == row.messages
        assert {key: read[key] for key in ("id", "task", "group", "verifier", "entities", "spans")} == {
            key: told[key] for key in ("id", "task", "group", "verifier", "entities", "spans")
        }
        assert [list(one.values()) for one in read["relations"]] == told["relations"]
        assert (read["license"], read["publishable"]) == (told["rights"]["license"], told["rights"]["publishable"])
        assert read["absence"] == (told["absence"]["query"] if told.get("absence") else None)


def test_hugging_face_reads_the_folder(dataset: Dataset, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    exported(Parquet(), dataset, tmp_path / "p")
    read = datasets.load_dataset(str(tmp_path / "p"), cache_dir=str(tmp_path / "cache"))
    assert {name: len(rows) for name, rows in read.items()} == dataset.metadata["splits"]
    assert read["test"][0]["messages"] == next(iter(dataset.rows("test"))).messages


def test_every_refused_answer_is_wrong_and_the_pairs_check_clean(dataset: Dataset, tmp_path: Path) -> None:
    counts = exported(Dpo(), dataset, tmp_path / "d")
    assert counts["without_pair"] <= 0.05 * sum(dataset.metadata["splits"].values())
    rows = {row.provenance["id"]: row for row in dataset.rows()}
    proofs = lines(tmp_path / "d" / "provenance.jsonl")
    pairs = {split: lines(tmp_path / "d" / f"{split}.jsonl") for split in dataset.splits}
    assert len(proofs) == sum(map(len, pairs.values()))
    for proof in proofs:
        pair, row = pairs[proof["split"]][proof["line"] - 1], rows[proof["id"]]
        (chosen,), (refused,) = pair["preferred_output"], pair["non_preferred_output"]
        assert [*pair["input"]["messages"], chosen] == row.messages
        draft, task = dataset.draft(row), dataset.tasks[proof["task"]]
        assert draft is not None and task.verify(draft, dataset.graph).holds
        assert not task.verify(evolve(draft, assistant=refused["content"]), dataset.graph).holds
        assert task.grade(draft, refused["content"], dataset.graph).score < 1
        assert proof["refused"] and (proof["rights"]["license"] or not proof["spans"])
        other = rows[proof["refused_from"]].provenance
        assert all(span in proof["spans"] for span in (*row.provenance["spans"], *other["spans"]))
        assert proof["rights"]["publishable"] == (
            other["rights"]["publishable"] and row.provenance["rights"]["publishable"]
        )
        assert other["split"] == proof["split"], "nothing of one split is said in another"
    near = [json.loads(p["non_preferred_output"][0]["content"]) for p in pairs["train"] if _is_json(p)]
    assert len(near) > 20, "a near-miss of a JSON answer is JSON"
    (tmp_path / "d" / "provenance.jsonl").unlink()
    assert not [one for one in check_paths([tmp_path / "d" / "train.jsonl"]) if one.severity == "error"]


def _is_json(pair: dict) -> bool:
    return pair["non_preferred_output"][0]["content"].startswith("{")


def test_an_inspect_suite_is_samples_and_a_task_that_scores_them(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exported(Inspect(), dataset, tmp_path / "i")
    samples = lines(tmp_path / "i" / "samples.jsonl")
    for row, sample in zip(dataset.rows("test"), samples, strict=True):
        assert [one["role"] for one in sample["input"]] == ["system", "user"]
        assert sample["target"] == row.said("assistant") and sample["id"] == row.provenance["id"]
        assert sample["metadata"]["task"] == row.provenance["task"]
    for name in ("inspect_ai", "inspect_ai.dataset", "inspect_ai.scorer", "inspect_ai.solver"):
        monkeypatch.setitem(sys.modules, name, _Named(name))
    agreement = runpy.run_path(str(tmp_path / "i" / "enliterator_eval.py"))["agreement"]
    assert all(agreement(sample["target"], sample["target"]) == 1 for sample in samples)
    assert agreement('{"a": 1, "b": 3}', '{"a": 1, "b": 2}') == 0.5
    assert agreement("no JSON", '{"a": 1}') == agreement("[1]", '{"a": 1}') == agreement("", "a b") == 0
    assert 0 < agreement("a b c", "a b d") < 1


class _Named(types.ModuleType):
    """A library's names, of which the suite's own function needs none: each gives back what it decorates."""

    def __getattr__(self, name: str):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *given, **named: lambda function: function


def test_an_lm_eval_suite_is_a_task_for_each_of_ours(dataset: Dataset, tmp_path: Path) -> None:
    counts = exported(LmEval(), dataset, tmp_path / "l")
    group = yaml.safe_load((tmp_path / "l" / "enliterator.yaml").read_text(encoding="utf-8"))
    assert group["group"] == "enliterator" and len(group["task"]) == len(counts)
    assert sum(counts.values()) == dataset.metadata["splits"]["test"]
    for name in group["task"]:
        task = yaml.safe_load((tmp_path / "l" / f"{name}.yaml").read_text(encoding="utf-8"))
        records = lines(tmp_path / "l" / task["dataset_kwargs"]["data_files"]["test"])
        assert task["task"] == name and task["output_type"] == "generate_until"
        keys = {task[key].strip("{}") for key in ("doc_to_text", "doc_to_target")}
        assert records and all(keys | {"system", "license", "id"} <= set(record) for record in records)
        assert task["generation_kwargs"]["max_gen_toks"] >= max(len(record["target"]) for record in records)
