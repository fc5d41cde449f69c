# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Stage 2, rights: what may be done with each source, derived from what it, its folders and the user say."""

from collections import Counter
from pathlib import Path
from typing import Any

from attrs import evolve, frozen

from enliterator_core import UNKNOWN_TIME, Context, Rights, Source, Stage, StageResult, fingerprint, hookimpl
from enliterator_rights.rules import read
from enliterator_rights.settle import Settler
from enliterator_rights.statements import said_by


@frozen
class SettleRights(Stage):
    """Settle the rights of every source.

    From SPDX tags, `.license` files, REUSE.toml, licence texts, manifests, Creative Commons links and `--rights`. What
    nothing speaks for, or what is said but not understood, is quarantined with the reason.
    """

    name = "rights"
    after = ("intake",)

    def run(self, context: Context) -> StageResult:
        """Write rights, and the sources again with their rights."""
        stated = read(context.rights)
        sources = list(context.graph.sources())
        said: dict[str, Any] = {}

        def work(source: Source) -> dict[str, Any]:
            document = context.graph.document(source.path)
            return said_by(source, document) if document is not None else {}

        version = " ".join(fingerprint(one) for one in (self, UNKNOWN_TIME, *context.readers))
        for source, values in context.each("rights", version, sources, work):
            if values:
                said[source.path] = values
        settler = Settler(said, stated, _roots_with_history(context))
        settled = {source.path: settler.rights(source.path) for source in sources}
        every = {rights.id: rights for rights in settled.values()}
        context.graph.write_rights(every[id] for id in sorted(every))
        context.graph.write_sources(evolve(source, rights=settled[source.path].id) for source in sources)
        return _result(context, settled)


def _roots_with_history(context: Context) -> tuple[str, ...]:
    """Return what stands in front of the paths of each SOURCE that commits can come from."""
    roots = [Path(origin) for origin in context.origins]
    if len(roots) == 1:
        return ("",)
    return tuple(f"{root.resolve().name}/" for root in roots if (root / ".git").exists())


def _result(context: Context, settled: dict[str, Rights]) -> StageResult:
    licenses = Counter(rights.license or "unknown" for rights in settled.values() if not rights.quarantined)
    quarantined = [(path, rights.reason) for path, rights in sorted(settled.items()) if rights.quarantined]
    redactions = (context.graph.note("intake") or {}).get("redactions", {})
    context.graph.write_note(
        "rights",
        {"licenses": dict(sorted(licenses.items())), "quarantined": quarantined, "redactions": redactions},
    )
    counts = {"settled": len(settled) - len(quarantined), "quarantined": len(quarantined)}
    counts["trainable"] = sum(rights.trainable for rights in settled.values())
    counts["publishable"] = sum(rights.publishable for rights in settled.values())
    parts = [f"{count:,} {license}" for license, count in sorted(licenses.items(), key=lambda one: (-one[1], one[0]))]
    shown = parts[:4] + ([f"{len(parts) - 4} other licences"] if len(parts) > 4 else [])
    if quarantined:
        shown.append(f"{len(quarantined):,} quarantined")
    return StageResult(counts, ", ".join(shown) or "no sources")


@hookimpl
def register_stages() -> list[type[Stage]]:
    """Add the rights stage."""
    return [SettleRights]
