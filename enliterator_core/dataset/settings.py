# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a dataset is built by, and what came of it."""

import re
from collections.abc import Mapping
from math import inf
from typing import Any, Final

from attrs import asdict, field, frozen
from attrs.validators import ge, gt, le

from enliterator_core.dataset.languages import KNOWN

SPLITS: Final = ("train", "validation", "test")
SCHEMA_VERSION: Final = 1


def shares_of(split: str) -> dict[str, float]:
    """Read `80/10/10` (train, validation, test) or `80/20` (train, validation) into shares that add up to 1.

    Raises ValueError for anything else.
    """
    if (
        not re.fullmatch(r"[0-9]+(/[0-9]+){1,2}", split)
        or sum(parts := [int(part) for part in split.split("/")]) != 100
    ):
        raise ValueError(f'"{split}" is no split: two or three whole numbers that add up to 100, like 80/10/10')
    return {name: part / 100 for name, part in zip(SPLITS, (*parts, 0), strict=False)}


def _split(instance: Any, attribute: Any, value: str) -> None:
    shares_of(value)


def _weights(instance: Any, attribute: Any, value: Mapping[str, float]) -> None:
    if wrong := [task for task, weight in value.items() if not 0 < weight < inf]:
        raise ValueError(f"the weight of {', '.join(wrong)} is not above 0")


def _languages(instance: Any, attribute: Any, value: tuple[str, ...]) -> None:
    if wrong := sorted(set(value) - KNOWN):
        raise ValueError(f"{', '.join(wrong)} cannot be told: languages are {', '.join(sorted(KNOWN))}")


@frozen
class DatasetSettings:
    """How a dataset is made.

    ``seed`` is what choices derive from; ``split`` the percentages of train, validation and test. No task makes up
    more than ``max_share`` of the examples (with fewer than four tasks: 2 / (tasks + 1)); one under ``min_share`` is
    told. ``max_tokens`` bounds one example. Near-duplicates across splits are dropped from ``near_duplicate`` on: a
    little under the .9 that the proof allows, so that whoever joins the texts in another way finds none either.
    ``max_drafts`` (0 for ten of each entity, and 500,000 at least) and ``task_seconds`` stop a task type that does not
    end.

    ``examples`` is the target size, 0 for all that the graph gives; ``weights`` are the tasks' parts of it, 1 for those
    not named. ``languages`` (ISO 639-1) are the only ones taken; with none of them named, all are. ``tokens`` counts
    them all, for the metadata.
    """

    seed: int = 0
    split: str = field(default="80/10/10", validator=_split)
    max_share: float = field(default=0.4, validator=[gt(0), le(1)])
    min_share: float = field(default=0.05, validator=[ge(0), le(1)])
    max_tokens: int = field(default=65_536, validator=gt(0))
    near_duplicate: float = field(default=0.89, validator=[gt(0), le(0.9)])
    max_drafts: int = field(default=0, validator=ge(0))
    task_seconds: float = field(default=1800.0, validator=gt(0))
    examples: int = field(default=0, validator=ge(0))
    weights: Mapping[str, float] = field(factory=dict, validator=_weights)
    languages: tuple[str, ...] = field(default=(), validator=_languages)
    tokens: bool = False

    def snapshot(self) -> dict[str, Any]:
        """Return the settings as JSON values."""
        return asdict(self) | {"weights": dict(sorted(self.weights.items())), "languages": list(self.languages)}


@frozen
class TaskProblem:
    """What went wrong with one task type, in one line; the others went on."""

    task: str
    message: str


@frozen
class DatasetResult:
    """What a build of a dataset came to.

    ``splits`` and ``tasks`` count examples, ``dropped`` those that were left out, by reason. ``thin`` names, for each
    split, the tasks that it has no example of, and under `share` those that make up less than their minimum. ``plan``
    is what was planned, with what the graph could not give.
    """

    path: str
    splits: Mapping[str, int]
    tasks: Mapping[str, int]
    dropped: Mapping[str, int]
    problems: tuple[TaskProblem, ...]
    thin: Mapping[str, list[str]]
    proof: Mapping[str, int]
    forced: bool
    plan: Mapping[str, Any] = field(factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the result as JSON values."""
        return asdict(self)
