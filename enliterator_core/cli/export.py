# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator export`: a batch's graph or dataset in another format."""

from collections.abc import Mapping
from pathlib import Path

import click

from enliterator_core.cli import show
from enliterator_core.cli.session import Session


@click.command()
@click.argument("batch", metavar="BATCH")
@click.argument("format", metavar="FORMAT", required=False)
@click.option("--to", type=click.Path(path_type=Path), metavar="PATH", help="The file, or a dataset's new folder.")
@click.option("--publishable", is_flag=True, help="Of a dataset, only examples that may be published.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def export(session: Session, batch: str, format: str | None, to: Path | None, publishable: bool, as_json: bool) -> None:
    """Write a batch's graph or dataset in a format; without one, list the formats.

    Of a graph only what may be published goes out, of a dataset what may be trained on.
    """
    from enliterator_core.dataset.export import export as write
    from enliterator_core.dataset.export import exporter_of

    if format is None:
        list_formats(session, as_json)
        return
    with session.graph(batch) as (workspace, found, storage):
        exporter = exporter_of(workspace, format)
        path, counts = write(workspace, found, storage, exporter, to=to, publishable=publishable)
    if as_json:
        show.document("export", {"format": format, "path": str(path), "counts": dict(counts)})
    else:
        export_lines(format, path, counts)


def list_formats(session: Session, as_json: bool) -> None:
    """List every format, what it is a format of, and what it is, in one line."""
    with session.open() as workspace:
        every = [("graph", one) for one in workspace.plugins.exporters]
        every += [("dataset", one) for one in workspace.plugins.dataset_exporters]  # type: ignore[misc]
        rows = [
            {"name": one.name, "of": of, "what": " ".join((type(one).__doc__ or "").split("\n\n")[0].split())}
            for of, one in every
        ]
    if as_json:
        show.document("formats", rows)
    else:
        show.table([(row["name"], row["of"], row["what"]) for row in rows])


def export_lines(format: str, path: Path, counts: Mapping[str, int]) -> None:
    """Print where a format went, and how much of it there is."""
    show.line(f"{format:<10} {show.plain(str(path))}")
    show.line(f"           {', '.join(f'{name} {count:,}' for name, count in counts.items())}")
