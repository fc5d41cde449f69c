# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""what_kind: which pool does a thing belong to?"""

from collections.abc import Iterator

from enliterator_core import Draft, Entity, Grade, Graph, Sampler, TaskType, Verdict, hookimpl


class WhatKind(TaskType):
    """Say which pool of the canon an entity belongs to."""

    name = "what_kind"
    system_prompt = "Answer with the pool that the named thing belongs to: one word."

    def generate(self, graph: Graph, sampler: Sampler) -> Iterator[list[Draft]]:
        """Ask for every entity whose name belongs to no other."""
        for batch in graph.batches():
            yield [self._draft(entity, sampler) for entity in batch if len(graph.called(entity.name)) == 1]

    def _draft(self, entity: Entity, sampler: Sampler) -> Draft:
        question = sampler.choose(["What kind of thing is {}?", "Which pool holds {}?"], self.name, entity.id)
        user = question.format(entity.name)
        return Draft(user, entity.pool, anchor=entity.id, entities=(entity.id,), spans=entity.evidence[:1])

    def verify(self, draft: Draft, graph: Graph) -> Verdict:
        """Accept the pool of the one entity that the question names."""
        entity = graph.entities.get(draft.anchor)
        if entity is None or entity.name not in draft.user:
            return Verdict(False, "the question names no entity of the graph")
        return Verdict(draft.assistant == entity.pool, f"{entity.name} is of the pool {entity.pool}")

    def grade(self, draft: Draft, answer: str, graph: Graph) -> Grade:
        """Give the point for the right word."""
        right = float(answer.strip().rstrip(".") == draft.assistant)
        return Grade(right, {"pool": right})


@hookimpl
def register_task_types() -> list[type[TaskType]]:
    """Add the task."""
    return [WhatKind]
