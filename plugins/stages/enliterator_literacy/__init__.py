# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The literacy stage: how literate the batch is, measured, with the gaps named and the acceptance checks told.

The score is 100 x (.40 coverage + .30 relationships + .20 rights + .10 retrieval). Each component is the mean of its
parts and each part a share whose denominator the sources alone fix, so that losing an entity, a relation, a span or a
term never raises coverage, relationships or rights; a share of nothing is 0. No other constant enters.

*Trainable sources* are those whose rights let them be used and that hold any text; a licence text or a withheld file
is settled or quarantined in `rights` and otherwise outside. Everything trainable is inside, lock files and data files
too; so that a single long one does not drown the rest, blocks are shares of each source, and the sources' mean is
taken. That a source has an entity at all is no part: every file is one, so it would say nothing.

coverage
    `blocks`: of a source's text-bearing blocks (headings, paragraphs, items, tables, quotes, symbols, entries; all
    its blocks where it has none of these) those that the evidence of an entity or a relation touches; mean over the
    sources.

    `things`: distinct (pool, name) among the lexicon's candidates that became a described entity with evidence.
relationships
    `blocks`: of the same blocks those that state a relation other than `co_occurs_with`; mean over the sources.

    `connected`: trainable sources in the largest component, where relations join entities and an entity that has a
    relation joins the sources of its evidence.

    `things`: distinct (pool, name) among the lexicon's candidates whose entity has at least one stated relation.
rights
    `sources` and `bytes`: of all that was taken in, what is not quarantined.
retrieval
    `mrr_at_10`: the mean reciprocal rank at which the full-text index finds an entity within the first ten, asked by
    one of its surface forms other than its canonical name, or by the first five words of four letters or more of its
    description that its name does not have; over a sample by content.
"""

from typing import Any

from attrs import field, frozen
from attrs.validators import ge, le

from enliterator_core import Context, Graph, Stage, StageResult, hookimpl
from enliterator_literacy.acceptance import check_all, maturity
from enliterator_literacy.gaps import find_gaps
from enliterator_literacy.given import gather
from enliterator_literacy.measure import Component, coverage, relationships, rights, score_of
from enliterator_literacy.retrieval import retrieval


@frozen
class LiteracyStage(Stage):
    """Measure the score, name the gaps and tell the acceptance checks.

    `threshold` is the score that a dataset needs more than; `queries` how many searches retrieval is measured by;
    `gaps` how many gaps of one kind are named before the rest is only counted.
    """

    name = "literacy"
    after = ("representations",)

    threshold: float = field(default=70.0, validator=[ge(0), le(100)])
    queries: int = field(default=500, validator=ge(1))
    gaps: int = field(default=25, validator=ge(1))

    def run(self, context: Context) -> StageResult:
        """Write the gaps and the note `literacy`."""
        graph = Graph(context.graph)
        given = gather(context)
        entities, relations = list(graph.entities.values()), list(graph.relations.values())
        context.check()
        components = (
            coverage(given, entities, relations),
            relationships(given, entities, relations),
            rights(given),
            retrieval(context.graph, graph.entities, graph.terms, self.queries),
        )
        context.check()
        score, checks = score_of(components), check_all(graph)
        level = maturity(
            graph, checks, score, self.threshold, settled=components[2].parts[0].value, mrr=components[3].value
        )
        gaps = find_gaps(graph, given.blocks, self.gaps)
        context.graph.write_gaps(gaps)
        note: dict[str, Any] = {
            "score": score,
            "components": {component.name: component.note() for component in components},
            "maturity": level,
            "gate": {"threshold": self.threshold, "passed": score > self.threshold},
            "acceptance": [check.note() for check in checks],
        }
        context.graph.write_note("literacy", note)
        return result_of(score, components, level, len(gaps), sum(not check.passed for check in checks))


def result_of(
    score: float, components: tuple[Component, ...], level: dict[str, str], gaps: int, failed: int
) -> StageResult:
    """Say in one line how literate the batch is, and by which components."""
    counts: dict[str, int | float] = {"score": score, "gaps": gaps, "failed_checks": failed}
    counts |= {component.name: round(component.value, 4) for component in components}
    parts = "  ".join(f"{component.name} {component.value:.2f}" for component in components)
    broken = f"  {failed} acceptance check{'s' if failed > 1 else ''} failed" if failed else ""
    return StageResult(counts, f"{score:.1f}  {level['level']} {level['name']}  {parts}{broken}")


@hookimpl
def register_stages() -> list[type[Stage]]:
    """Add the literacy stage."""
    return [LiteracyStage]
