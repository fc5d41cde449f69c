# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A dataset's folder is read by the tools that others have: `datasets`, `mlcroissant`, any JSON Schema validator."""

import json
import os
import subprocess
import sys

import pytest
from jsonschema import Draft202012Validator

from enliterator_core import Batch, Draft, Grade, TaskType, Verdict, json_answer, json_object
from enliterator_core.dataset import build_dataset
from enliterator_core.testing import sample_graph

LOAD = """
import json, sys
from datasets import load_dataset
loaded = load_dataset(sys.argv[1])
print(json.dumps({name: [len(split), split.column_names, split[0]] for name, split in loaded.items()}))
"""

CROISSANT = """
import json, sys
from mlcroissant import Dataset
dataset = Dataset(sys.argv[1])
if dataset.metadata.issues.errors:  # it warns that there is no date, which is not in the data on purpose
    raise SystemExit(dataset.metadata.issues.report())
rows = list(dataset.records("provenance"))
print(json.dumps([len(rows), {key: str(value) for key, value in rows[0].items()}]))
"""


class Describe(TaskType):
    """What is it?"""

    name = "describe"
    system_prompt = "Say what it is, as JSON."
    answer_schema = json_answer(name=str, description=str)

    def generate(self, graph, sampler):
        yield [
            Draft(
                f"What is {entity.name}?",
                json.dumps({"name": entity.name, "description": entity.description}),
                id,
                (id,),
                spans=entity.evidence[:1],
            )
            for id, entity in graph.entities.items()
        ]

    def verify(self, draft, graph):
        return Verdict(graph.entities[draft.anchor].name in draft.assistant, "the description is the graph's")

    def grade(self, draft, answer, graph):
        return Grade(float(answer == draft.assistant), {"same": 1.0})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A dataset of the sample graph."""
    graph, folder = sample_graph(40), tmp_path_factory.mktemp("made") / "batch_1"
    batch, literacy = Batch(1, "sample", "here", "2026-01-01T00:00:00Z"), graph.storage.note("literacy")
    build_dataset(graph, [Describe()], batch=batch, literacy=literacy, folder=folder)
    return folder


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def run(code, argument, tmp_path):
    """Run code in a process of its own (its libraries warn, and want no network) and return what it prints as JSON."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(tmp_path), "HF_HOME": str(tmp_path)}
    command = [sys.executable, "-c", code, str(argument)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_datasets_loads_the_folder_with_its_splits(folder, tmp_path):
    loaded = run(LOAD, folder, tmp_path)
    for name in ("train", "validation", "test"):
        count, columns, first = loaded[name]
        assert count == len(lines(folder / f"{name}.jsonl")) and columns == ["messages"]
        assert first == lines(folder / f"{name}.jsonl")[0]


def test_croissant_is_valid_and_reads_the_provenance(folder, tmp_path):
    count, first = run(CROISSANT, folder / "croissant.json", tmp_path)
    provenance = lines(folder / "provenance.jsonl")
    assert count == len(provenance)
    assert any(provenance[0]["id"] in value for value in first.values())


def test_every_line_fits_the_schemas_beside_it(folder):
    schemas = {path.name: json.loads(path.read_text()) for path in (folder / "schemas").iterdir()}
    assert set(schemas) == {"chat.schema.json", "provenance.schema.json", "describe.answer.schema.json"}
    checks = {name: Draft202012Validator(schema) for name, schema in schemas.items()}
    for one in checks.values():
        one.check_schema(one.schema)
    for line in lines(folder / "training_data.jsonl"):
        checks["chat.schema.json"].validate(line)
        checks["describe.answer.schema.json"].validate(json_object(line["messages"][-1]["content"]))
    for record in lines(folder / "provenance.jsonl"):
        checks["provenance.schema.json"].validate(record)
    assert not checks["provenance.schema.json"].is_valid({**record, "split": "dev"})
    assert not checks["chat.schema.json"].is_valid({"messages": line["messages"][1:]})
