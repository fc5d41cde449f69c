# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The gate before a dataset: what a published graph holds, and whether it is literate enough."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from enliterator_core.errors import GateError
from enliterator_core.graph import Graph
from enliterator_core.nouns import SEVERITIES, Batch, Gap

Result = dict[str, Any]


class BelowGate(GateError):
    """A dataset was refused; `result` is what the build came to all the same."""

    def __init__(self, message: str, hint: str, result: Result) -> None:
        super().__init__(message, hint=hint)
        self.result = result


def check_gate(graph: Graph, batch: Batch, force: bool, result: Result) -> None:
    """Raise BelowGate, which says what would raise the score, unless the batch is literate enough or forced through."""
    literacy = graph.storage.note("literacy")
    if force or (literacy is not None and literacy["gate"]["passed"]):
        return
    force_hint = f"enliterator gaps {batch.id} tells more; --force builds a dataset all the same, and records it"
    if not graph.sources:
        hint = "name a folder with text, markdown, code or data, or see in enliterator status what was refused"
        raise BelowGate(f"batch {batch.id} holds nothing: its score is 0, so no dataset was built", hint, result)
    if literacy is None:
        raise BelowGate(f"batch {batch.id} was not measured, so no dataset was built", force_hint, result)
    message = (
        f"batch {batch.id} scores {literacy['score']:.1f} and a dataset wants more than"
        f" {literacy['gate']['threshold']:g}: none was built"
    )
    gravest = min(graph.gaps(), key=_by_severity, default=None)
    lacks = f"most of all {gravest.message}: take in {gravest.close}; " if gravest else ""
    raise BelowGate(message, lacks + force_hint, result)


def _by_severity(gap: Gap) -> int:
    return SEVERITIES.index(gap.severity)


def measured(graph: Graph) -> Result:
    """Return how many entities and relations the graph has, in all, by pool and by verb (most frequent first)."""

    def ranked(names: Iterable[str]) -> dict[str, int]:
        return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))

    by_pool = ranked(entity.pool for entity in graph.entities.values())
    by_verb = ranked(verb for _, verb, _ in graph.relations)
    return {
        "entities": sum(by_pool.values()),
        "relations": sum(by_verb.values()),
        "by_pool": by_pool,
        "by_verb": by_verb,
    }
