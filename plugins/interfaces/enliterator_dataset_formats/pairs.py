# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Pairs for preference tuning: the verified answer, and a near-miss that its task's verifier refuses."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice
from json import JSONDecodeError, dumps, loads
from pathlib import Path
from typing import Any, ClassVar, Final

from attrs import evolve, field, frozen
from attrs.validators import ge

from enliterator_core import Dataset, DatasetExporter, DatasetRow, Draft, TaskType
from enliterator_dataset_formats.chat import write_lines

_STYLES: Final[Sequence[Mapping[str, Any]]] = (
    {"ensure_ascii": False},
    {"ensure_ascii": False, "separators": (",", ":")},
    {},
    {"ensure_ascii": False, "indent": 2},
)


@frozen
class Dpo(DatasetExporter):
    """Pairs in OpenAI's preference format, a file for each split, and `provenance.jsonl` with a line for each pair.

    What is not preferred is the verified answer with one thing exchanged for that of another example of the same task
    and split, or else that example's answer: the verifier must refuse it, and the grader must find it worse. An
    example for which none of `tries` near-misses is so has no pair. The graph must be the one that the dataset was
    made from. A pair's rights are those of both examples.
    """

    name: ClassVar[str] = "dpo"

    tries: int = field(default=24, validator=ge(1))
    others: int = field(default=64, validator=ge(1))

    def export(self, dataset: Dataset, folder: Path) -> Mapping[str, int]:
        """Write the pairs; `without_pair` counts the examples that have none."""
        counts, without = dict[str, int](), [0]
        with (folder / "provenance.jsonl").open("wb") as provenance:
            for split in dataset.splits:
                others = self._others(dataset, split)
                records: list[bytes] = []
                lines = self._pairs(dataset, split, others, records, without)
                counts[f"{split}.jsonl"] = write_lines(folder / f"{split}.jsonl", lines)
                provenance.writelines(records)
        return counts | {"without_pair": without[0]}

    def _others(self, dataset: Dataset, split: str) -> dict[str, list[DatasetRow]]:
        """Return some examples of each task, whose parts near-misses are made with."""
        found: dict[str, list[DatasetRow]] = {}
        for row in dataset.rows(split):
            known = found.setdefault(row.provenance["task"], [])
            if len(known) < self.others:
                known.append(row)
        return found

    def _pairs(
        self,
        dataset: Dataset,
        split: str,
        others: Mapping[str, Sequence[DatasetRow]],
        records: list[bytes],
        without: list[int],
    ) -> Iterator[dict[str, Any]]:
        for row in dataset.rows(split):
            task, draft = dataset.tasks.get(row.provenance["task"]), dataset.draft(row)
            found = task and draft and self._near_miss(dataset, row, draft, task, others[row.provenance["task"]])
            if not found:
                without[0] += 1
                continue
            text, why, other = found
            told = dict(row.provenance) | _of_both(row, other) | {"line": len(records) + 1}
            told |= {"refused": why, "refused_from": other.provenance["id"]}
            records.append(dumps(told, ensure_ascii=False).encode() + b"\n")
            yield {
                "input": {"messages": [dict(one) for one in row.messages if one["role"] != "assistant"]},
                "preferred_output": [{"role": "assistant", "content": row.said("assistant")}],
                "non_preferred_output": [{"role": "assistant", "content": text}],
            }

    def _near_miss(
        self, dataset: Dataset, row: DatasetRow, draft: Draft, task: TaskType, others: Sequence[DatasetRow]
    ) -> tuple[str, str, DatasetRow] | None:
        """Return the first wrong answer that the verifier refuses and the grader finds worse, and the refusal."""
        graph = dataset.graph
        for text, other in islice(near_misses(row, others, dataset), self.tries):
            verdict = task.verify(evolve(draft, assistant=text), graph)
            if not verdict.holds and task.grade(draft, text, graph).score < 1:
                return text, verdict.words, other
        return None


def _of_both(row: DatasetRow, other: DatasetRow) -> dict[str, Any]:
    """Return the spans and the rights of what two examples say together."""
    both = [one.provenance["rights"] for one in (row, other)]
    licenses = sorted({one["license"] for one in both if one["license"]})
    holders = sorted({one["holder"] for one in both if one["holder"]})
    spans = {tuple(span.values()): span for one in (row, other) for span in one.provenance["spans"]}
    return {
        "spans": list(spans.values()),
        "rights": {
            "license": " AND ".join(f"({one})" if " OR " in one and len(licenses) > 1 else one for one in licenses)
            or None,
            "holder": ", ".join(holders) or None,
            "trainable": all(one["trainable"] for one in both),
            "publishable": all(one["publishable"] for one in both),
        },
    }


def near_misses(row: DatasetRow, others: Sequence[DatasetRow], dataset: Dataset) -> Iterator[tuple[str, DatasetRow]]:
    """Yield answers that differ from a row's in one thing, then whole answers of others, the same each time."""
    answer, id = row.said("assistant"), row.provenance["id"]
    ranked = sorted(
        (one for one in others if one.provenance["id"] != id), key=lambda one: _draw(id, one.provenance["id"])
    )
    seen = {answer}
    for make in (_with_other_value, _with_other_name, _whole):
        for other in ranked:
            text = make(row, other, dataset)
            if text is not None and text not in seen:
                seen.add(text)
                yield text, other


def _draw(*parts: str) -> bytes:
    return blake2b(" ".join(parts).encode(), digest_size=8).digest()


def _object(text: str) -> dict[str, Any] | None:
    try:
        value = loads(text)
    except (JSONDecodeError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield every value that is no object or list, with its path."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value):
            yield from _leaves(inner, (*path, place))
    else:
        yield path, value


def _with_other_value(row: DatasetRow, other: DatasetRow, dataset: Dataset) -> str | None:
    """Return a JSON answer with one value from another's; which one is drawn."""
    mine, theirs = _object(row.said("assistant")), _object(other.said("assistant"))
    if mine is None or theirs is None:
        return None
    values = dict(_leaves(theirs))
    able = [path for path, value in _leaves(mine) if values.get(path) not in (None, value)]
    if not able:
        return None
    ids = row.provenance["id"], other.provenance["id"]
    chosen = min(able, key=lambda path: _draw(*ids, repr(path)))
    style = next((one for one in _STYLES if dumps(mine, **one) == row.said("assistant")), _STYLES[0])
    inner: Any = mine
    for key in chosen[:-1]:
        inner = inner[key]
    inner[chosen[-1]] = values[chosen]
    return dumps(mine, **style)


def _with_other_name(row: DatasetRow, other: DatasetRow, dataset: Dataset) -> str | None:
    """Return an answer that speaks of another entity of the same pool."""
    entities, answer = dataset.graph.entities, row.said("assistant")
    theirs = [entities[id] for id in other.provenance["entities"] if id in entities]
    for id in row.provenance["entities"]:
        mine = entities.get(id)
        if mine is None or mine.name not in answer:
            continue
        for one in theirs:
            if one.pool == mine.pool and one.id not in row.provenance["entities"]:
                return answer.replace(mine.name, one.name)
    return None


def _whole(row: DatasetRow, other: DatasetRow, dataset: Dataset) -> str | None:
    return other.said("assistant")
