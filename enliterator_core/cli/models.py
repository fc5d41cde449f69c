# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What providers there are, what they offer, and what calling them took."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click
from attrs import asdict

from enliterator_core.cli import show
from enliterator_core.cli.session import Session
from enliterator_core.errors import ServiceError, UsageError, did_you_mean

if TYPE_CHECKING:
    from enliterator_core.contracts.provider import ModelInfo, Provider
    from enliterator_core.operations import UsageTotal

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.command()
@as_json
@click.pass_obj
def providers(session: Session, as_json: bool) -> None:
    """List the providers: what each can do, and whether its key is set. Nobody is asked."""
    with session.open() as workspace:
        rows = [_provider(one) for one in workspace.plugins.providers]
    if as_json:
        show.document("providers", rows)
        return
    cells = [(one["name"], ", ".join(one["facets"]) or "-", _keys(one["secrets"])) for one in rows]
    show.table([("provider", "can", "keys"), *cells])


def _provider(provider: "Provider") -> dict[str, Any]:
    from enliterator_core.contracts.provider import secrets_of

    facets: list[str] = []
    for facet in ("chat", "embed", "train"):
        try:
            facets += [facet] if getattr(provider, facet)() is not None else []
        except ServiceError:  # it is there, and lacks its key: told beside it
            facets.append(facet)
    secrets = [{"variable": one.variable, "set": one.reveal() is not None} for one in secrets_of(provider)]
    return {"name": provider.name, "facets": facets, "secrets": secrets}


def _keys(secrets: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{one['variable']} is {'set' if one['set'] else 'not set'}" for one in secrets) or "none needed"


@click.command()
@click.option("--provider", "name", metavar="NAME", help="Only this provider's.")
@click.option("--can", type=click.Choice(["chat", "embed", "train"]), help="Only models that can do this.")
@click.option("--offline", is_flag=True, help="Ask nobody: only what the dated data says.")
@as_json
@click.pass_obj
def models(session: Session, name: str | None, can: str | None, offline: bool, as_json: bool) -> int:
    """List what providers offer: abilities, prices with their date, and when models end; exit code 1 when one of
    several providers does not answer."""
    failures: list[str] = []
    with session.open() as workspace:
        chosen = [one for one in workspace.plugins.providers if name in (None, one.name)]
        if not chosen:
            known = [one.name for one in workspace.plugins.providers]
            near = did_you_mean(name or "", known)
            raise UsageError(f"no provider {name or 'is there'}{near}", hint=f"known: {', '.join(known) or 'none'}")
        rows = [row for one in chosen for row in _models(one, offline, failures, alone=len(chosen) == 1)]
    rows = [row for row in rows if can is None or can in row["abilities"]]
    if as_json:
        show.document("models", rows)
    else:
        head = ("model", "can", "in", "out", "training", "prices of", "tunable until", "ends", "")
        show.table([head, *map(_model, rows)] if rows else [], right=(2, 3, 4))
    for failure in failures:
        show.note(f"failed: {show.plain(failure)}")
    return 1 if failures else 0


def _models(provider: "Provider", offline: bool, failures: list[str], *, alone: bool) -> Iterator[dict[str, Any]]:
    found: list[ModelInfo]
    try:
        found = provider.models(ask=not offline)
    except ServiceError as error:
        if alone:
            raise
        failures.append(f"{provider.name}: {error.message}")
        found = provider.models(ask=False)
    for one in found:
        yield {"provider": provider.name, **asdict(one)}


def _model(row: dict[str, Any]) -> tuple[str, ...]:
    unit = f" {row['currency']}" if row["prices_of"] or row["training_price_of"] else ""
    prices = [
        "-" if row[key] is None else f"{row[key]:g}{unit}" for key in ("input_price", "output_price", "training_price")
    ]
    days = dict.fromkeys(day for day in (row["prices_of"], row["training_price_of"]) if day)
    dates = [", training ".join(days) or "-", *(row[key] or "-" for key in ("tunable_until", "shutdown"))]
    name = f"{row['provider']}:{row['name']}"
    return name, ", ".join(row["abilities"]) or "?", *prices, *dates, "" if row["listed"] else "not listed"


@click.command()
@click.option("--since", metavar="DATE", help="Only calls from this day or time on (ISO 8601).")
@as_json
@click.pass_obj
def usage(session: Session, since: str | None, as_json: bool) -> None:
    """Show what calls of models took: tokens, time, price and errors, by task and model."""
    from datetime import UTC, datetime

    try:
        start = None if since is None else datetime.fromisoformat(since).astimezone(UTC).isoformat(timespec="seconds")
    except ValueError as error:
        raise UsageError(f'"{since}" is no date', hint="write it like 2026-11-30") from error
    with session.open() as workspace:
        totals = workspace.records.usage(start)
    if as_json:
        show.document("usage", [asdict(one) for one in totals])
        return
    if not totals:
        show.note("no model was called yet")
        return
    head = ("task", "model", "kind", "calls", "errors", "cached", "in", "out", "mean s", "cost", "")
    show.table([head, *map(_total, totals)], right=range(3, 10))


def _total(one: "UsageTotal") -> tuple[str, ...]:
    counts = (one.calls, one.errors, one.cached, one.input_tokens, one.output_tokens)
    cost = show.money(one.cost, one.currency)
    unpriced = f"{one.unpriced:,} of unknown price" if one.unpriced else ""
    model = f"{one.provider}:{one.model}"
    return one.task, model, one.kind, *map(show.number, counts), f"{one.seconds:.2f}", cost, unpriced
