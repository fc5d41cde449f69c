# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A stranger's provider that trains is one file, and takes the place of any other by one line."""

import json

import pytest

from enliterator_core import GateError, RejectedError, UsageError
from enliterator_core.testing import check_provider
from enliterator_core.training import (
    Patience,
    TrainingOptions,
    chain,
    control,
    deploy,
    plan_training,
    rollback,
    sync,
    train,
    wait_for,
)
from enliterator_core.workspace import Workspace

QUICK = Patience(settle=0.01, processing=0.01, first=0.001, most=0.002)

ACME = '''
"""Acme's tuning service."""

from attrs import evolve, field, frozen

from enliterator_core import ModelInfo, ProviderFile, ProviderJob, Provider, RejectedError, hookimpl

FILES, JOBS = {}, {}
NEXT = {"queued": "running", "running": "succeeded"}


class AcmeTrainer:
    methods = ("supervised",)

    def epochs(self, examples, hyperparameters):
        return int(hyperparameters.get("n_epochs", 2))

    def preflight(self, request):
        return []

    def upload(self, path, name):
        made = FILES[name] = ProviderFile(f"file-{len(FILES)}", name, path.stat().st_size)
        return made

    def file(self, id):
        return next((one for one in FILES.values() if one.id == id), None)

    def find_file(self, name):
        return FILES.get(name)

    def create(self, request):
        made = JOBS[f"job-{len(JOBS)}"] = ProviderJob(f"job-{len(JOBS)}", request.model, "queued", request.token)
        return made

    def find(self, token):
        return next((one for one in JOBS.values() if one.token == token), None)

    def job(self, id):
        one = JOBS.get(id)
        if one is not None and one.state in NEXT:
            done = {"tuned_model": "tuned", "trained_tokens": 1000} if one.state == "running" else {}
            one = JOBS[id] = evolve(one, state=NEXT[one.state], **done)
        return one

    def jobs(self):
        return map(self.job, reversed(list(JOBS)))

    def events(self, id):
        return iter(())

    def checkpoints(self, id):
        return []

    def content(self, file):
        raise RejectedError("there are no result files", hint="look at the events")

    def cancel(self, id):
        JOBS[id] = evolve(JOBS[id], state="cancelled")
        return JOBS[id]

    def pause(self, id):
        raise RejectedError("Acme cannot pause", hint="cancel it")

    resume = pause


@frozen
class Acme(Provider):
    """Acme's models."""

    name = "acme"

    def train(self):
        return AcmeTrainer()

    def models(self, *, ask=True):
        return [ModelInfo("base", ("train",), listed=ask), ModelInfo("tuned", ("chat",), listed=ask)]


@hookimpl
def register_providers():
    return [Acme]
'''


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    name = f"acme_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(ACME)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "plugins.toml").write_text(f'[[plugin]]\nmodule = "{name}"\n')
    folder = tmp_path / "data"
    folder.mkdir()
    says = ({"role": "user", "content": "What is {}?"}, {"role": "assistant", "content": "It is {}."})
    lines = [
        json.dumps({"messages": [{**one, "content": one["content"].format(n * 7919)} for one in says]})
        for n in range(12)
    ]
    (folder / "train.jsonl").write_text("\n".join(lines) + "\n")
    with Workspace.open(tmp_path, environment={"ENLITERATOR_MODEL_TRAINING_BASE": "acme:base"}) as opened:
        yield opened


def test_it_keeps_the_contract_of_providers(workspace):
    check_provider(workspace.provider("acme"))


def test_the_loop_runs_through_a_strangers_provider(workspace):
    plan = plan_training(workspace, workspace.root / "data")
    assert (plan.model, plan.quote.epochs, plan.quote.cost) == ("base", 2, None), "no price is known, and none made up"
    job = wait_for(workspace, train(workspace, plan, who="ann", patience=QUICK), patience=QUICK)
    assert (job.state, job.tuned_model, job.cost) == ("succeeded", "tuned", None)
    states = [(one.state, one.told_by) for one in chain(workspace, job.id).states]
    assert states == [
        ("prepared", "person"),
        ("sent", "trainer"),
        ("queued", "trainer"),
        ("running", "poll"),
        ("succeeded", "poll"),
    ]
    deploy(workspace, job, ["answer"], "ann")
    assert workspace.settings.model_for("answer") == "acme:tuned"
    rollback(workspace, ["answer"], "ann")
    with pytest.raises(UsageError, match="no model is set for answer"):
        workspace.settings.model_for("answer")


def test_a_budget_cannot_be_kept_without_a_price(workspace):
    plan = plan_training(workspace, workspace.root / "data", options=TrainingOptions(budget=1.0))
    with pytest.raises(GateError, match="no price is known for base, so the budget cannot be kept"):
        train(workspace, plan, who="ann", patience=QUICK)


def test_what_the_provider_cannot_do_is_said_and_changes_nothing(workspace):
    plan = plan_training(workspace, workspace.root / "data", options=TrainingOptions({"n_epochs": 1}))
    job = train(workspace, plan, who="ann", patience=QUICK)
    with pytest.raises(RejectedError, match="Acme cannot pause"):
        control(workspace, job.id, "pause")
    assert control(workspace, job.id, "cancel").state == "cancelled"
    assert sync(workspace) == ([], [])
