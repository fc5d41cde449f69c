# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Evaluation suites of the test split: for Inspect, and for the Language Model Evaluation Harness."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from json import dumps
from pathlib import Path
from typing import Any, ClassVar, Final

from attrs import frozen

from enliterator_core import Dataset, DatasetExporter
from enliterator_dataset_formats.chat import origin, write_lines

_SPLIT: Final = "test"


@frozen
class Inspect(DatasetExporter):
    """A suite for Inspect: samples with chat input, target and origin, and `enliterator_eval.py` with a task for all.

    `inspect eval enliterator_eval.py --model NAME` runs it; `-T task=canon_map` one task alone. JSON answers are
    compared as JSON, by the share of their keys that is right, others by the words they share with the target.
    """

    name: ClassVar[str] = "inspect"

    def export(self, dataset: Dataset, folder: Path) -> Mapping[str, int]:
        """Write the samples and the task."""
        count = write_lines(folder / "samples.jsonl", self._samples(dataset))
        task = files("enliterator_dataset_formats").joinpath("templates/inspect_task.py.txt").read_text("utf-8")
        (folder / "enliterator_eval.py").write_text(task, encoding="utf-8", newline="\n")
        return {"samples.jsonl": count}

    def _samples(self, dataset: Dataset) -> Iterator[dict[str, Any]]:
        for row in dataset.rows(_SPLIT):
            told = origin(row)
            given = [dict(one) for one in row.messages if one["role"] != "assistant"]
            yield {"id": told.pop("id"), "input": given, "target": row.said("assistant"), "metadata": told}


@frozen
class LmEval(DatasetExporter):
    """A suite for the Language Model Evaluation Harness: a YAML and a JSONL file for each task, and a group of all.

    Run in the folder: `lm_eval --include_path . --tasks enliterator --apply_chat_template ...`. Answers must be equal.
    """

    name: ClassVar[str] = "lm-eval"

    def export(self, dataset: Dataset, folder: Path) -> Mapping[str, int]:
        """Write the files of every task that the test split has an example of."""
        counts = {}
        for task in sorted(dataset.metadata["tasks"]):
            records = [
                {
                    "system": row.said("system"),
                    "input": row.said("user"),
                    "target": row.said("assistant"),
                    **origin(row),
                }
                for row in dataset.rows(_SPLIT)
                if row.provenance["task"] == task
            ]
            if records:
                counts[f"{task}.jsonl"] = write_lines(folder / f"{task}.jsonl", records)
                _write_yaml(folder / f"enliterator_{task}.yaml", _task(task, records))
        tasks = [f"enliterator_{name.removesuffix('.jsonl')}" for name in counts]
        _write_yaml(folder / "enliterator.yaml", {"group": "enliterator", "task": tasks})
        return counts


def _task(task: str, records: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a task's configuration; no answer needs more tokens than its longest target has bytes."""
    longest = max(len(record["target"].encode()) for record in records)
    return {
        "task": f"enliterator_{task}",
        "dataset_path": "json",
        "dataset_kwargs": {"data_files": {_SPLIT: f"{task}.jsonl"}},
        "test_split": _SPLIT,
        "output_type": "generate_until",
        "description": "{{system}}\n\n",
        "doc_to_text": "{{input}}",
        "doc_to_target": "{{target}}",
        "generation_kwargs": {"until": ["</s>", "<|im_end|>"], "do_sample": False, "max_gen_toks": longest},
        "metric_list": [{"metric": "exact_match", "aggregation": "mean", "higher_is_better": True}],
        "metadata": {"version": 1},
    }


def _write_yaml(path: Path, values: Mapping[str, Any]) -> None:
    """Write YAML: every value in the form of JSON, which YAML 1.2 holds."""
    lines = (f"{key}: {dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    path.write_text("".join(lines), encoding="utf-8", newline="\n")
