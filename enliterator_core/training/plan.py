# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a training job would be: its files, its base model, and a quote with the price's date; nothing is sent yet."""

from collections import Counter
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson
from attrs import asdict, field, frozen

from enliterator_core.contracts.provider import ModelInfo, Provider
from enliterator_core.contracts.training import Trainer, TrainingRequest
from enliterator_core.dataset.tokens import count_tokens, example_tokens
from enliterator_core.errors import UsageError
from enliterator_core.operations import DatasetRecord
from enliterator_core.settings import Settings
from enliterator_core.training.times import now
from enliterator_core.workspace import Workspace

FILES: Final = ("train.jsonl", "validation.jsonl")
_HYPERPARAMETERS: Final = ("n_epochs", "batch_size", "learning_rate_multiplier")


@frozen
class TrainingOptions:
    """How to train, and what must hold before: a hyperparameter that is left out is the provider's to choose.

    `budget` is in the currency of the price; None is no limit.
    """

    hyperparameters: Mapping[str, int | float] = field(factory=dict)
    seed: int | None = None
    suffix: str | None = None
    budget: float | None = None
    min_lifetime_days: int = 0

    @classmethod
    def of(cls, settings: Settings, **given: Any) -> "TrainingOptions":
        """Return the options that the settings `training.*` say, with those given (and not None) over them."""
        names = (*_HYPERPARAMETERS, "beta")
        chosen = {name: settings.value(f"training.{name}") for name in names}
        chosen |= {name: given.pop(name) for name in names if given.get(name) is not None}
        others = ("seed", "suffix", "budget", "min_lifetime_days")
        values = {name: settings.value(f"training.{name}") for name in others}
        values |= {name: value for name, value in given.items() if value is not None}
        return cls({name: value for name, value in chosen.items() if value is not None}, **values)


@frozen
class Quote:
    """What a job will take: `price` is for a million trained tokens, as it was on `prices_of`; `cost` what they come
    to. Both are None where no price is known."""

    examples: int
    tokens: int
    epochs: int
    trained_tokens: int
    price: float | None
    cost: float | None
    currency: str
    prices_of: str | None


@frozen
class Plan:
    """One job, ready to be checked and sent; `model` is the provider's name for it."""

    provider: str
    model: str
    folder: Path
    dataset: DatasetRecord
    method: str
    options: TrainingOptions
    quote: Quote

    @property
    def request(self) -> dict[str, Any]:
        """What is asked, as JSON values, before any file is uploaded."""
        options = self.options
        wanted = {k: v for k, v in options.hyperparameters.items() if k != "beta" or self.method == "dpo"}
        return {"method": self.method, "hyperparameters": wanted, "seed": options.seed, "suffix": options.suffix}

    def asked(self, token: str = "", training_file: str = "", validation_file: str | None = None) -> TrainingRequest:
        """Return the request as the provider's trainer takes it."""
        return TrainingRequest(self.model, training_file, token, validation_file, **self.request)


def trainer_of(workspace: Workspace, name: str) -> Trainer:
    """Return a provider's trainer; UsageError when it cannot train, ServiceError when it has no key."""
    trainer = workspace.provider(name).train()
    if trainer is None:
        able = [one.name for one in workspace.plugins.providers if type(one).train is not Provider.train]
        hint = f"providers that can: {', '.join(able) or 'none'}"
        raise UsageError(f"the provider {name} cannot train", hint=hint)
    return trainer


def plan_training(
    workspace: Workspace, folder: Path, *, model: str | None = None, options: TrainingOptions | None = None
) -> Plan:
    """Return the plan of a job on a dataset's folder; `model` is `provider:model`, else `model.training.base`.

    Nothing is asked of the provider. UsageError when there is no such dataset, model or provider.
    """
    text = model or workspace.settings.model_for("training.base")
    name, colon, wanted = text.partition(":")
    if not (name and colon and wanted):
        raise UsageError(f'"{text}" is not provider:model', hint="give one like --model provider:model")
    trainer = trainer_of(workspace, name)
    folder = folder if folder.is_absolute() else workspace.root / folder
    dataset = describe(workspace, folder)
    options = options or TrainingOptions.of(workspace.settings)
    method, examples, tokens = measure(folder / FILES[0])
    epochs = trainer.epochs(examples, options.hyperparameters)
    info = workspace.provider(name).model(wanted) or ModelInfo(wanted)
    price, priced = info.training_price, info.training_price_of or info.prices_of
    cost = None if price is None else round(tokens * epochs * price / 1e6, 6)
    quote = Quote(examples, tokens, epochs, tokens * epochs, price, cost, info.currency, priced)
    return Plan(name, wanted, folder, dataset, method, options, quote)


def describe(workspace: Workspace, folder: Path) -> DatasetRecord:
    """Return a dataset's files by hash, its batch and the sources of what is trained on; UsageError without one.

    A dataset that was not built here has no batch and names no sources.
    """
    if not (folder / FILES[0]).is_file():
        raise UsageError(f"{folder} has no {FILES[0]}", hint="enliterator dataset build BATCH makes one")
    paths = [folder / name for name in FILES if (folder / name).is_file() and (folder / name).stat().st_size]
    files = {path.name: {"sha256": _hash(path), "bytes": path.stat().st_size} for path in paths}
    metadata = _metadata(folder)
    made_of = metadata.get("batch", {})
    batch = workspace.records.batch(made_of["id"]) if "id" in made_of else None
    if batch and batch.name != made_of.get("name"):
        batch = None  # the folder was copied from another workspace
    sources = Counter[str]()
    for row in _rows(folder / "provenance.jsonl"):
        if f"{row['split']}.jsonl" in files:
            about = {row["withheld"]} if row.get("withheld") else set()  # a refusal tells of its source, too
            sources.update({span["source"] for span in row["spans"]} | about)
    together = sha256("".join(f"{name} {file['sha256']}\n" for name, file in files.items()).encode()).hexdigest()
    content = {"files": files, "tasks": metadata.get("tasks", {}), "sources": dict(sorted(sources.items()))}
    inside = folder.relative_to(workspace.root) if folder.is_relative_to(workspace.root) else folder
    return DatasetRecord(together, batch.id if batch else None, inside.as_posix(), now(), content)


def measure(path: Path) -> tuple[str, int, int]:
    """Return the method that a file of examples is for (supervised, or dpo for pairs), its examples and its tokens.

    Every system prompt is counted once and remembered: a task repeats its own. Lines that are no examples count
    nothing here; the check tells of them.
    """
    examples = tokens = 0
    pairs = False
    prompts: dict[str, int] = {}
    for row in _rows(path):
        examples += 1
        chosen = row.get("messages")
        if chosen is None and isinstance(row.get("input"), dict):
            pairs = True
            chosen = [*row["input"].get("messages", ()), *row.get("preferred_output", ())]
            chosen += row.get("non_preferred_output", ())
        tokens += _tokens(chosen or (), prompts)
    return ("dpo" if pairs else "supervised"), examples, tokens


def _tokens(messages: Any, prompts: dict[str, int]) -> int:
    texts = [{**one, "content": str(one.get("content") or "")} for one in messages if isinstance(one, dict)]
    systems = [one["content"] for one in texts if one.get("role") == "system"]
    for text in systems:
        if text not in prompts:
            prompts[text] = count_tokens(text)
    rest = [one if one.get("role") != "system" else {**one, "content": ""} for one in texts]
    return example_tokens(rest) + sum(prompts[text] for text in systems)


def _hash(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as content:
        while piece := content.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a file, line by line; none where there is no file."""
    if not path.is_file():
        return
    with path.open("rb") as lines:
        for line in lines:
            try:
                row = orjson.loads(line)
            except ValueError:  # the check names the line
                continue
            if isinstance(row, dict):
                yield row


def _metadata(folder: Path) -> dict[str, Any]:
    """Return what the build of a dataset wrote of it; nothing for one that was made elsewhere."""
    path = folder / "metadata.json"
    try:
        return dict(orjson.loads(path.read_bytes())) if path.is_file() else {}
    except ValueError as error:
        raise UsageError(f"{path} is no JSON object", hint="build the dataset again") from error


def as_json(plan: Plan) -> dict[str, Any]:
    """Return a plan as JSON values."""
    shown = {"provider": plan.provider, "model": plan.model, "dataset": plan.dataset.hash, "batch": plan.dataset.batch}
    return {**shown, "request": plan.request, "quote": asdict(plan.quote)}
