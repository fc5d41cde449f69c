# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The deliverables stage: a report page for people, and the graph in every format that an exporter writes."""

from typing import Any

from attrs import field, frozen
from attrs.validators import ge

from enliterator_core import Context, Graph, Stage, StageResult, hookimpl
from enliterator_deliverables.facts import facts_of


@frozen
class DeliverablesStage(Stage):
    """Write `report.html` and one file for each exporter into the batch's folder of deliverables.

    `entities` is how many entities of a pool the report shows, `paths` how many paths, `rows` how many rows any other
    table may have before the rest is only counted.
    """

    name = "deliverables"
    after = ("literacy",)

    entities: int = field(default=5, validator=ge(0))
    paths: int = field(default=12, validator=ge(0))
    rows: int = field(default=40, validator=ge(1))

    def run(self, context: Context) -> StageResult:
        """Write the files; the same graph gives the same bytes."""
        graph = Graph(context.graph)
        context.deliverables.mkdir(parents=True, exist_ok=True)
        facts = facts_of(graph, context, entities=self.entities, paths=self.paths, rows=self.rows)
        (context.deliverables / "report.html").write_text(render(facts), encoding="utf-8", newline="\n")
        counts: dict[str, int | float] = {"files": 1 + len(context.exporters)}
        for exporter in context.exporters:
            context.check()
            counts[exporter.name] = exporter.export(graph, context.deliverables / exporter.file_name)
        files = ["report.html", *(exporter.file_name for exporter in context.exporters)]
        return StageResult(counts, ", ".join(files))


def render(facts: dict[str, Any]) -> str:
    """Return the report page: one file that asks for nothing from outside, all text from sources escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    page = Environment(
        loader=PackageLoader("enliterator_deliverables", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("report.html")
    return page.render(facts)


@hookimpl
def register_stages() -> list[type[Stage]]:
    """Add the deliverables stage."""
    return [DeliverablesStage]
