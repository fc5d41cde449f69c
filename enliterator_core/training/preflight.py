# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The gate before money is spent: the dataset, the base model and its lifetime, the provider's rules, the budget."""

from datetime import UTC, date, datetime

from enliterator_core.contracts.provider import ModelInfo
from enliterator_core.dataset.check import MOST_TOKENS, check_paths
from enliterator_core.dataset.withdrawn import Withdrawn, said
from enliterator_core.errors import GateError, Problem
from enliterator_core.training.plan import FILES, Plan, trainer_of
from enliterator_core.workspace import Workspace

_SHOWN = 5

BUDGET = "training.budget"
"""The path of a problem with the budget."""


def preflight(workspace: Workspace, plan: Plan, *, today: date | None = None) -> list[Problem]:
    """Return everything that speaks against sending the job, the cheapest checks first.

    ServiceError when the provider cannot be asked: what cannot be checked is not sent.
    """
    limit = (workspace.provider(plan.provider).model(plan.model) or ModelInfo(plan.model)).max_example_tokens
    problems = [*_withdrawn(workspace, plan), *_dataset(plan, limit or MOST_TOKENS), *_budget(plan)]
    known = workspace.provider(plan.provider).models()
    info = next((one for one in known if one.name == plan.model), None)
    problems += _model(plan, info, today or datetime.now(UTC).date())
    return problems + trainer_of(workspace, plan.provider).preflight(plan.asked())


def require(problems: list[Problem]) -> None:
    """Raise GateError with every problem, one a line; nothing where there is none."""
    if not problems:
        return
    width = max(len(one.path) for one in problems)
    lines = [f"{one.path:<{width}}  {one.message}" for one in problems]
    first = "not sent: preflight found " + ("a problem" if len(problems) == 1 else f"{len(problems)} problems")
    raise GateError("\n".join([first, *lines]), hint="nothing was uploaded and nothing was paid")


def _withdrawn(workspace: Workspace, plan: Plan) -> list[Problem]:
    """Name the sources that the dataset holds and that are withdrawn, with what to do about it."""
    found = Withdrawn(workspace.records).in_dataset(plan.dataset)
    again = "enliterator build with the same sources makes a dataset without it"
    return [Problem(path, f"{said(withdrawal)}; {again}") for path, withdrawal in found.items()]


def _dataset(plan: Plan, limit: int) -> list[Problem]:
    """Check the split that is trained on, and the one that is validated with, as a provider would."""
    paths = [plan.folder / name for name in FILES if name in plan.dataset.content["files"]]
    errors = [one for one in check_paths(paths, limit=limit) if one.severity == "error"]
    found = []
    for one in errors[:_SHOWN]:
        name = one.path.rsplit("/", 1)[-1]
        found.append(Problem(f"{name}:{one.line}" if one.line else name, f"{one.message}: {one.fix}"))
    if len(errors) > _SHOWN:
        message = f"{len(errors) - _SHOWN} more: enliterator dataset check {plan.folder}"
        found.append(Problem(plan.folder.name, message))
    return found


def _budget(plan: Plan) -> list[Problem]:
    budget, quote = plan.options.budget, plan.quote
    if budget is None:
        return []
    if quote.cost is None:
        return [Problem(BUDGET, f"no price is known for {plan.model}, so the budget cannot be kept")]
    if quote.cost > budget:
        return [Problem(BUDGET, f"{quote.cost:.4f} {quote.currency} is over the budget of {budget:.4f}")]
    return []


def _model(plan: Plan, info: ModelInfo | None, today: date) -> list[Problem]:
    """Say what is wrong with the base model: unknown, not tunable (any more), or gone before its use is over."""
    where = "model.training.base"
    if info is None or not info.listed:
        return [Problem(where, f"{plan.provider} has no model {plan.model} now")]
    problems = []
    if info.abilities and "train" not in info.abilities:
        problems.append(Problem(where, f"{plan.model} cannot be tuned"))
    if info.tunable_until and today >= date.fromisoformat(info.tunable_until):
        problems.append(Problem(where, f"{plan.model} takes no new jobs since {info.tunable_until}"))
    if info.shutdown:
        days = (date.fromisoformat(info.shutdown) - today).days
        if days < plan.options.min_lifetime_days:
            message = (
                f"{plan.model} runs until {info.shutdown}: {max(days, 0)} days, you asked for"
                f" {plan.options.min_lifetime_days} (training.min_lifetime_days)"
            )
            problems.append(Problem(where, message))
    return problems
