# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator map`: what the labels and types of a property graph mean here."""

import json
from pathlib import Path

import click

from enliterator_core import Problem, Secret, UsageError
from enliterator_neo4j.importing.check import check
from enliterator_neo4j.importing.mapping import load
from enliterator_neo4j.importing.opening import claimed, opened
from enliterator_neo4j.importing.suggest import render, suggest
from enliterator_neo4j.importing.survey import Survey, survey


@click.group("map")
def map_group() -> None:
    """Say what the labels and types of a graph mean: propose it, and check it."""


def _survey(source: str) -> tuple[str, Survey]:
    origin = claimed(source)
    if origin is None:
        raise UsageError(
            f"{source} is no property graph", hint="name a Neo4j address, a GraphML file or a CSV file of APOC's"
        )
    graph = opened(origin, Secret("NEO4J_USERNAME"), Secret("NEO4J_PASSWORD"))
    try:
        return origin, survey(graph)
    finally:
        graph.close()


@map_group.command("suggest")
@click.argument("source")
@click.option("--to", type=click.Path(path_type=Path), help="Write it to a file that is not there yet.")
def suggest_mapping(source: str, to: Path | None) -> int:
    """Write a mapping for a graph, with comments, to be read and changed."""
    origin, found = _survey(source)
    text = render(found, suggest(found), origin)
    if to is None:
        click.echo(text, nl=False)
        return 0
    try:
        with to.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise UsageError(f"{to} is there already", hint="name another file, or remove it") from error
    click.echo(f"{to}: {len(found.labels)} labels, {len(found.types)} types", err=True)
    return 0


@map_group.command("check")
@click.argument("source")
@click.option("--map", "mapping", required=True, type=click.Path(path_type=Path), help="The mapping to check.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def check_mapping(source: str, mapping: Path, as_json: bool) -> int:
    """Check a mapping against a graph, and count what each line covers."""
    known = load(mapping)
    origin, found = _survey(source)
    report = check(known, found)
    if as_json:
        click.echo(json.dumps({"schema_version": 1, "source": origin, **report.as_json()}, ensure_ascii=False))
        return 1 if report.problems else 0
    for line, count in report.covered:
        click.echo(f"{line:<40} {count:>12,}")
    for name, count in report.left_out:
        click.echo(f"{name:<40} {count:>12,}  no line: left out" if name.startswith("label") else _kept(name, count))
    for problem in report.problems:
        click.echo(_problem(problem), err=True)
    return 1 if report.problems else 0


def _kept(name: str, count: int) -> str:
    return f"{name:<40} {count:>12,}  no line: connects_to"


def _problem(problem: Problem) -> str:
    return f"  {problem.path}  {problem.message}"
