# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The files of a dataset: chat lines for each split, and a line of provenance for each example."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from enliterator_core.dataset.settings import SPLITS
from enliterator_core.nouns import Example, sha256_of

TRAINING_DATA: Final = "training_data.jsonl"
PROVENANCE: Final = "provenance.jsonl"
METADATA: Final = "metadata.json"


def chat_line(example: Example) -> bytes:
    """Return an example as one line in OpenAI's chat format."""
    messages = (("system", example.system), ("user", example.user), ("assistant", example.assistant))
    return orjson.dumps({"messages": [{"role": role, "content": content} for role, content in messages]}) + b"\n"


def provenance_line(example: Example, split: str, line: int) -> bytes:
    """Return what proves an example, as one line; ``line`` counts from 1 in the split's file."""
    rights = example.rights
    record: dict[str, Any] = {
        "id": example.id,
        "task": example.task,
        "split": split,
        "line": line,
        "group": example.group,
        "entities": example.entities,
        "relations": example.relations,
        "spans": [{"source": span.source, "start": span.start, "end": span.end} for span in example.spans],
        "rights": {
            "license": rights.license,
            "holder": rights.holder,
            "trainable": rights.trainable,
            "publishable": rights.publishable,
        },
        "verifier": example.verifier,
    }
    if example.absence is not None:
        record["absence"] = {"query": example.absence, "count": 0}
    if example.withheld is not None:
        record["withheld"] = example.withheld
    return orjson.dumps(record) + b"\n"


def write_lines(folder: Path, splits: Mapping[str, Sequence[Example]]) -> None:
    """Write every split, all of them together, and their provenance in that same order: by id, which is a hash."""
    placed = {example.id: name for name, examples in splits.items() for example in examples}
    lines: Counter[str] = Counter()
    handles = {name: (folder / f"{name}.jsonl").open("wb") for name in SPLITS}
    every = sorted((example for examples in splits.values() for example in examples), key=lambda one: one.id)
    try:
        with (folder / TRAINING_DATA).open("wb") as all_lines, (folder / PROVENANCE).open("wb") as provenance:
            for example in every:
                split = placed[example.id]
                lines[split] += 1
                line = chat_line(example)
                handles[split].write(line)
                all_lines.write(line)
                provenance.write(provenance_line(example, split, lines[split]))
    finally:
        for handle in handles.values():
            handle.close()


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write one JSON object for people and machines: sorted keys, two spaces."""
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n")


def hashes(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the SHA-256 and the size in bytes of every file of a folder, by name."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return {path.name: {"sha256": sha256_of(path.read_bytes()), "bytes": path.stat().st_size} for path in files}


def rights_table(examples: Iterable[Example]) -> list[dict[str, Any]]:
    """Return how many examples there are under each licence and holder, most first."""
    counts = Counter((one.rights.license, one.rights.holder, one.rights.publishable) for one in examples)
    rows = sorted(counts.items(), key=lambda row: (-row[1], row[0][0] or "", row[0][1] or "", row[0][2]))
    return [
        {"license": license, "holder": holder, "publishable": publishable, "examples": count}
        for (license, holder, publishable), count in rows
    ]
