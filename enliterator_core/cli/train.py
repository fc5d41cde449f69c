# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator train` and `enliterator dataset quote`: what a job would cost, and one that is sent once."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from enliterator_core.cli import show
from enliterator_core.cli.session import Session, find_batch, who
from enliterator_core.errors import UsageError

if TYPE_CHECKING:
    from enliterator_core.training import Plan
    from enliterator_core.workspace import Workspace

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
by_provider = click.option(
    "--provider", metavar="NAME", help="The provider; else the one that model.training.base names."
)
of_model = click.option("--model", metavar="MODEL", help="The base model; else the one that model.training.base names.")
in_epochs = click.option("--epochs", type=click.IntRange(1, 50), help="How often the data is gone through.")


def folder_of(workspace: "Workspace", dataset: str) -> Path:
    """Return a dataset's folder: one with a train.jsonl, else that of the batch of this number or name."""
    from enliterator_core.dataset.again import dataset_folder

    path = Path(dataset)
    if (path / "train.jsonl").is_file():
        return path.absolute()
    return dataset_folder(workspace, find_batch(workspace, dataset))


def plan_of(workspace: "Workspace", dataset: str, provider: str | None, model: str | None, **options: Any) -> "Plan":
    """Plan a job from what the command line says, with the settings for what it does not."""
    from enliterator_core.training import TrainingOptions, plan_training

    known = [one.name for one in workspace.plugins.providers]
    if provider is not None:
        workspace.provider(provider)  # one that there is not is told
        model = model or _base_at(workspace, provider)
    if model is not None and provider is not None and not model.startswith(f"{provider}:"):
        model = f"{provider}:{model}"
    elif model is not None and model.partition(":")[0] not in known:
        raise UsageError(f"which provider has {model}?", hint="add --provider NAME, or say --model provider:model")
    chosen = TrainingOptions.of(workspace.settings, **options)
    return plan_training(workspace, folder_of(workspace, dataset), model=model, options=chosen)


def _base_at(workspace: "Workspace", provider: str) -> str:
    base = workspace.settings.model_for("training.base")
    if not base.startswith(f"{provider}:"):
        raise UsageError(f"model.training.base is {base}, not a model of {provider}", hint="add --model MODEL")
    return base


def quote_lines(plan: "Plan") -> None:
    """Print what a job would take, and how old its price is."""
    from datetime import UTC, date, datetime

    quote = plan.quote
    show.line(f"model      {plan.provider}:{plan.model}, {plan.method}")
    show.line(f"data       {quote.examples:,} examples, {quote.tokens:,} tokens, {quote.epochs} epochs")
    if quote.cost is None or quote.price is None:
        show.line("price      unknown: no price of this model is in the provider's data")
        return
    age = (datetime.now(UTC).date() - date.fromisoformat(quote.prices_of)).days if quote.prices_of else None
    when = f"as of {quote.prices_of}, {age:,} days ago" if age is not None else "of unknown date"
    show.line(f"price      {quote.price:g} {quote.currency} for a million trained tokens, {when}")
    show.line(f"cost       about {show.money(quote.cost, quote.currency)} for {quote.trained_tokens:,} trained tokens")


@click.command()
@click.argument("dataset", metavar="BATCH|FOLDER")
@by_provider
@of_model
@in_epochs
@as_json
@click.pass_obj
def quote(
    session: Session, dataset: str, provider: str | None, model: str | None, epochs: int | None, as_json: bool
) -> None:
    """Say what training on a dataset would take and cost; nobody is asked, nothing is sent."""
    from enliterator_core.training.plan import as_json as plan_as_json

    with session.open() as workspace:
        plan = plan_of(workspace, dataset, provider, model, n_epochs=epochs)
    if as_json:
        show.document("quote", plan_as_json(plan))
    else:
        quote_lines(plan)


@click.command()
@click.argument("dataset", metavar="BATCH|FOLDER")
@by_provider
@of_model
@click.option("--budget", type=click.FloatRange(min=0), help="The most that it may be quoted at; else training.budget.")
@in_epochs
@click.option("--seed", type=click.IntRange(min=0), help="What the provider's choices derive from.")
@click.option("--suffix", help="A part of the trained model's name.")
@click.option("--again", is_flag=True, help="Pay once more for a job like one that is there already.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask before money is spent.")
@click.option("--watch", "watched", is_flag=True, help="Follow the job to its end.")
@as_json
@click.pass_obj
def train(
    session: Session,
    /,
    dataset: str,
    provider: str | None,
    model: str | None,
    yes: bool,
    again: bool,
    watched: bool,
    as_json: bool,
    epochs: int | None,
    **options: Any,
) -> int:
    """Train a model on a dataset: quote, checks, one upload, one job.

    Killed or cut off, the same command goes on where it stopped and never buys the same thing twice.
    """
    from enliterator_core.training import preflight, require, train

    with session.open() as workspace:
        plan = plan_of(workspace, dataset, provider, model, n_epochs=epochs, **options)
        if not as_json:
            quote_lines(plan)
        if not yes:
            require(preflight(workspace, plan))
            _confirm(plan)
        job = train(workspace, plan, who=who(), again=again)
    if watched:
        from enliterator_core.cli.jobs import watch

        return int(click.get_current_context().invoke(watch, ids=(job.id,), as_json=as_json) or 0)
    if as_json:
        from attrs import asdict

        show.document("job", asdict(job))
    else:
        show.line(f"job {job.id}      {job.state} at {job.provider} as {show.plain(job.remote or 'unknown')}")
        show.note(f"Next: enliterator jobs watch {job.id}")
    return 0


def _confirm(plan: "Plan") -> None:
    if not sys.stdin.isatty():
        raise UsageError("nobody is there to say yes to the quote", hint="add --yes to spend the money unasked")
    cost = (
        "an unknown amount" if plan.quote.cost is None else f"about {show.money(plan.quote.cost, plan.quote.currency)}"
    )
    click.confirm(f"Spend {cost} at {plan.provider}?", abort=True, err=True)
