# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Small stages with the names of the real ones, so that the pipeline can be tested by itself and fast."""

import os
import time
from pathlib import Path

from attrs import frozen

from enliterator_core import Document, Entity, Rights, Source, Span, Stage, StageResult, hookimpl, sha256_of

WORKED: list[str] = []


@frozen
class Intake(Stage):
    """Takes every .txt file in."""

    name = "intake"

    def run(self, context):
        for origin in context.origins:
            for path in sorted(Path(origin).glob("*.txt")):
                data = path.read_bytes()
                if b"\0" in data:
                    context.refuse(path.name, "binary")
                    continue
                context.graph.write_sources([Source(path.name, sha256_of(data), "text/plain", len(data))])
                context.graph.write_documents([(path.name, Document(data.decode()))])
        return StageResult({"files": context.graph.counts()["sources"]}, "files read")


@frozen
class Pools(Stage):
    """Makes an entity of every file; `fault` makes it go wrong in some way."""

    name = "pools"
    after = ("intake",)
    fault: str = ""
    seconds: float = 0.0

    def run(self, context):
        def work(source):
            WORKED.append(source.path)
            time.sleep(self.seconds)
            return source.path.removesuffix(".txt")

        if self.fault == "raise":
            raise KeyError("nothing there")
        if self.fault == "disk":
            raise OSError(28, "No space left on device", "some/file")
        rights = Rights(
            license="MIT", basis="statement", publishable=True, trainable=True, quarantined=False, reason=None
        )
        context.graph.write_rights([rights])
        for source, name in context.each("pools", "1", list(context.graph.sources()), work):
            evidence = (Span(source.path, 0, 1),)
            context.graph.write_entities([Entity("Idea", name, rights=rights.id, evidence=evidence)])
        return StageResult({"entities": context.graph.counts()["entities"]}, "entities made")


@frozen
class Literacy(Stage):
    """Scores what it is told to; an empty batch has none."""

    name = "literacy"
    after = ("pools",)
    score: float = 80.0

    def run(self, context):
        score = self.score if context.graph.counts()["sources"] else 0.0
        gate = {"threshold": 70, "passed": score > 70}
        maturity = {"level": "M2", "name": "Literate", "next": ""}
        note = {"score": score, "components": {}, "maturity": maturity, "gate": gate, "acceptance": []}
        context.graph.write_note("literacy", note)
        return StageResult({"score": score}, f"{score}")


@frozen
class Deliverables(Stage):
    """Writes one page."""

    name = "deliverables"
    after = ("literacy",)

    def run(self, context):
        names = [entity.name for entity in context.graph.entities()]
        (context.deliverables / "report.html").write_text("\n".join(names))
        return StageResult({"files": 1}, "report.html")


@frozen
class Killer(Stage):
    """Ends the process without a word, where the environment says so."""

    name = "killer"
    after = ("pools",)

    def run(self, context):
        if os.environ.get("MINI_KILL"):
            os._exit(137)
        return StageResult({}, "went by")


@hookimpl
def register_stages():
    return [Intake, Pools, Literacy, Deliverables, Killer]
