# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Settings: which model serves what, and how models are trained. Kept in the records with their whole history, else
read from the environment.

A key is `<kind>.<task>`, such as `model.extraction`, or one of `training.*`; the variable of `model.extraction` is
`ENLITERATOR_MODEL_EXTRACTION`. Secrets are refused: they come from the environment only.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs
from attrs import define, field, frozen

from enliterator_core.contracts.provider import Provider, secrets_of
from enliterator_core.contracts.records import Records, SettingChange
from enliterator_core.errors import ServiceError, UsageError, did_you_mean
from enliterator_core.events import SETTING_CHANGED, Event
from enliterator_core.redaction import find_secrets

CORE_TASKS: Final = ("answer", "embedding", "evaluate", "extraction", "training.base")
DATABASE: Final = "database"
UNVERIFIED: Final = "unverified"
LEAST_LIFETIME: Final = 180
_SECRET_KEY = re.compile(
    r"(^|[._-])(api_?key|key|secret|password|passphrase|token|credentials?)($|[._-])", re.IGNORECASE
)


@frozen
class Kind:
    """The keys `<name>.<task>`, or the one key `name` when it has a dot: what values look like, and what they are for.

    `read` makes a value of the text, or raises ValueError with what the text is not. `default` holds where it is unset.
    """

    name: str
    form: str
    meaning: str
    read: Callable[[str], Any]
    default: Any = None


@frozen
class Setting:
    """One key as it stands: `origin` is `database`, the variable's name, or None where nothing sets it.

    `note` is what there is to say of the database's value: `unverified` and why, or the deployment that it came from.
    """

    key: str
    value: str | None
    origin: str | None
    note: str = ""


def _model(text: str) -> str:
    name, colon, model = text.partition(":")
    if not (name and colon and model.strip()):
        raise ValueError("provider:model")
    return text


def _number(least: float, most: float, *, words: str, whole: bool = False) -> Callable[[str], Any]:
    def read(text: str) -> float:
        if not re.fullmatch(r"[0-9]+" if whole else r"[0-9]+(\.[0-9]+)?", text) or not least <= float(text) <= most:
            raise ValueError(words)
        return int(text) if whole else float(text)

    return read


def _auto(name: str, meaning: str, most: float, *, whole: bool = True) -> Kind:
    form = f"auto, or a whole number from 1 to {most:g}" if whole else f"auto, or a number up to {most:g}"
    number = _number(1 if whole else 0, most, words=form, whole=whole)
    return Kind(name, form, meaning, lambda text: None if text == "auto" else number(text))


def _suffix(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", text):
        raise ValueError("1 to 64 letters, digits, dots, dashes and underscores")
    return text


_TEMPERATURE: Final = "a number from 0 to 2"
_WHOLE: Final = "a whole number"

KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("model", "provider:model", "the model that serves the task", _model),
        Kind(
            "temperature",
            _TEMPERATURE,
            "how freely it answers; the provider's own where unset",
            _number(0, 2, words=_TEMPERATURE),
        ),
        Kind(
            "training.budget",
            "an amount, like 5 or 2.50",
            "the most that one training job may be quoted at, in the currency of the price; no limit where unset",
            _number(0, 1e9, words="an amount"),
        ),
        Kind(
            "training.min_lifetime_days",
            _WHOLE,
            f"how many days a base model must still run; {LEAST_LIFETIME} where unset",
            _number(0, 36_500, words=_WHOLE, whole=True),
            LEAST_LIFETIME,
        ),
        _auto("training.n_epochs", "how often the data is gone through", 50),
        _auto("training.batch_size", "examples in one step", 256),
        _auto("training.learning_rate_multiplier", "how far each step goes", 1000, whole=False),
        _auto("training.beta", "for pairs: how close to stay to the base model", 1000, whole=False),
        Kind(
            "training.seed",
            _WHOLE,
            "what the provider's choices derive from; its own where unset",
            _number(0, 2**31 - 1, words=_WHOLE, whole=True),
        ),
        Kind("training.suffix", "1 to 64 letters, digits, . _ -", "a part of the trained model's name", _suffix),
    )
}

ABILITIES: Final = {"embedding": "embed", "training.base": "train"}  # of the tasks that need another than chat


@define
class Settings:
    """The settings of a workspace: `tasks` are the task types' names, `tell` is handed an event for each change."""

    records: Records
    environment: Mapping[str, str]
    providers: Sequence[Provider] = ()
    tasks: Sequence[str] = ()
    tell: Callable[[Event], None] = field(default=lambda event: None)

    def keys(self) -> list[str]:
        """Return every key that may be set, by kind, then task."""
        tasks = sorted({*CORE_TASKS, *self.tasks})
        return [key for kind in KINDS for key in ([kind] if "." in kind else [f"{kind}.{task}" for task in tasks])]

    def model_for(self, task: str) -> str:
        """Return `provider:model` for a task: from the database, then the environment, else raise UsageError."""
        setting = self.get(f"model.{task}")
        if setting.value is None:
            hint = f"enliterator settings set model.{task} provider:model (or set {variable_of(setting.key)})"
            raise UsageError(f"no model is set for {task}: model.{task} is unset", hint=hint)
        return setting.value

    def temperature_for(self, task: str) -> float | None:
        """Return the temperature set for a task, or None where the provider's own applies."""
        value: float | None = self.value(f"temperature.{task}")
        return value

    def value(self, key: str) -> Any:
        """Return what a setting's text stands for: a number, a text, None for `auto`; its default where it is unset."""
        text = self.get(key).value
        return _kind_of(key).default if text is None else _kind_of(key).read(text)

    def get(self, key: str) -> Setting:
        """Return a setting as it stands; UsageError for an unknown key or a variable that does not fit."""
        self._known(key)
        kept = self.records.settings()
        return self._get(key, kept, self.records.setting_history(key) if key in kept else ())

    def list(self) -> Sequence[Setting]:
        """Return every known setting as it stands, the unset ones too."""
        kept, changes = self.records.settings(), self.records.setting_history()
        return [self._get(key, kept, changes) for key in self.keys()]

    def _get(self, key: str, kept: Mapping[str, str], changes: Sequence[SettingChange]) -> Setting:
        if key in kept:
            note = next((one.note for one in reversed(changes) if one.key == key), "")
            return Setting(key, kept[key], DATABASE, note)
        variable = variable_of(key)
        text = self.environment.get(variable)
        if not text:
            return Setting(key, None, None)
        self.check(key, text)
        return Setting(key, text, variable)

    def set(self, key: str, value: str, who: str) -> SettingChange:
        """Check a value, ask the provider about a model, and keep it; return the change.

        UsageError when it does not fit or the provider says no. A provider that cannot be asked makes it `unverified`:
        the change's note says so, and why.
        """
        self.check(key, value)
        return self._change(key, value, who, self.doubt(key, value) if key.startswith("model.") else "")

    def doubt(self, key: str, value: str) -> str:
        """Ask the provider of a model setting's value: return nothing when it has the model and the model can do the
        task, why it is `unverified` when the provider cannot tell; UsageError when it says no."""
        provider, _, model = value.partition(":")
        try:
            found = next(one for one in self.providers if one.name == provider).models()
        except ServiceError as error:
            return f"{UNVERIFIED}: {error.message}"
        known = {one.name: one for one in found}
        listed = [one.name for one in found if one.listed]
        if not listed:
            return f"{UNVERIFIED}: {provider} names no models"
        hint = f"enliterator models --provider {provider}"
        if model not in listed:
            raise UsageError(f"{key}: {provider} has no model {model}{did_you_mean(model, listed)}", hint=hint)
        task = key.partition(".")[2]
        need, abilities = ABILITIES.get(task, "chat"), known[model].abilities
        if abilities and need not in abilities:
            raise UsageError(f"{key}: {model} cannot {need}, it can {', '.join(abilities)}", hint=hint)
        return ""

    def unset(self, key: str, who: str) -> SettingChange:
        """Take a value out of the database; UsageError where it is not there."""
        self._known(key)
        if key not in self.records.settings():
            raise UsageError(f"{key} is not set in the database", hint="enliterator settings list")
        return self._change(key, None, who, "")

    def history(self, key: str | None = None) -> Sequence[SettingChange]:
        """Return every change, oldest first, of one setting or of all."""
        if key is not None:
            self._known(key)
        return self.records.setting_history(key)

    def _change(self, key: str, value: str | None, who: str, note: str) -> SettingChange:
        self.records.set_setting(key, value, who, note)
        change = self.records.setting_history(key)[-1]
        self.tell(Event(SETTING_CHANGED, attrs.asdict(change)))
        return change

    def _known(self, key: str) -> None:
        if key not in self.keys():
            near = did_you_mean(key, self.keys())
            raise UsageError(f"no setting {key}{near}", hint="enliterator settings list shows every key")

    def check(self, key: str, value: str) -> None:
        """Raise UsageError unless the key is one, the value fits it, and its provider is known; nobody is asked."""
        if _SECRET_KEY.search(key) or any(found.kind != "e-mail" for found in find_secrets(value)):
            variables = " or ".join(self._secrets(key, value)) or "it"
            raise UsageError("secrets are not kept in settings", hint=f"set {variables} in the environment")
        self._known(key)
        try:
            _kind_of(key).read(value)
        except ValueError as error:
            hint = f"enliterator settings set {key} VALUE, where VALUE is {_kind_of(key).form}"
            raise UsageError(f'{key}: "{value}" is not {error}', hint=hint) from error
        name, known = value.partition(":")[0], [one.name for one in self.providers]
        if key.startswith("model.") and name not in known:
            hint = f"known providers: {', '.join(known) or 'none'}"
            raise UsageError(f"{key}: no provider {name}{did_you_mean(name, known)}", hint=hint)

    def _secrets(self, key: str, value: str) -> Sequence[str]:
        """Return the variables of the provider that a key or value speaks of, else of every provider."""
        words = set(re.split(r"[.:_-]", f"{key}:{value}".lower()))
        every: set[str] = set()
        named: set[str] = set()
        for provider in self.providers:
            variables = {one.variable for one in secrets_of(provider)}
            every |= variables
            named |= variables if provider.name in words else set()
        return sorted(named or every)


def _kind_of(key: str) -> Kind:
    return KINDS[key] if key in KINDS else KINDS[key.partition(".")[0]]


def variable_of(key: str) -> str:
    """Return the environment variable that stands in for a key: ENLITERATOR_TRAINING_BASE for `training.base`."""
    return "ENLITERATOR_" + re.sub(r"\W", "_", key).upper()
