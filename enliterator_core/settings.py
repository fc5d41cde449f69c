# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Settings: which model serves what. Kept in the records with their whole history, else read from the environment.

A key is `<kind>.<task>`, such as `model.extraction`; its variable is `ENLITERATOR_MODEL_EXTRACTION`. Secrets are
refused: they come from the environment only.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import attrs
from attrs import define, field, frozen

from enliterator_core.contracts.provider import Provider, Secret
from enliterator_core.contracts.storage import Records, SettingChange
from enliterator_core.errors import UsageError, did_you_mean
from enliterator_core.events import SETTING_CHANGED, Event
from enliterator_core.redaction import find_secrets

CORE_TASKS: Final = ("answer", "embedding", "evaluate", "extraction", "training.base")
DATABASE: Final = "database"
_SECRET_KEY = re.compile(
    r"(^|[._-])(api_?key|key|secret|password|passphrase|token|credentials?)($|[._-])", re.IGNORECASE
)


@frozen
class Kind:
    """The keys `<name>.<task>`: what their values look like, what they are for, and the check of a value.

    `check` is handed the settings, the key and the text, and raises UsageError for what does not fit.
    """

    name: str
    form: str
    meaning: str
    check: "Callable[[Settings, str, str], None]"


@frozen
class Setting:
    """One key as it stands: `origin` is `database`, the variable's name, or None where nothing sets it."""

    key: str
    value: str | None
    origin: str | None


def _check_model(settings: "Settings", key: str, text: str) -> None:
    name, colon, model = text.partition(":")
    if not (name and colon and model.strip()):
        raise UsageError(
            f'{key}: "{text}" is not provider:model', hint=f"enliterator settings set {key} provider:model"
        )
    known = [one.name for one in settings.providers]
    if name not in known:
        every = ", ".join(known) or "none"
        raise UsageError(f"{key}: no provider {name}{did_you_mean(name, known)}", hint=f"known providers: {every}")


def _check_temperature(settings: "Settings", key: str, text: str) -> None:
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)?", text) or float(text) > 2:
        raise UsageError(f'{key}: "{text}" is not a number from 0 to 2')


KINDS: Final = {
    kind.name: kind
    for kind in (
        Kind("model", "provider:model", "the model that serves the task", _check_model),
        Kind(
            "temperature",
            "a number from 0 to 2",
            "how freely it answers; the provider's own where unset",
            _check_temperature,
        ),
    )
}


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
        return [f"{kind}.{task}" for kind in KINDS for task in sorted({*CORE_TASKS, *self.tasks})]

    def model_for(self, task: str) -> str:
        """Return `provider:model` for a task: from the database, then the environment, else raise UsageError."""
        setting = self.get(f"model.{task}")
        if setting.value is None:
            hint = f"enliterator settings set model.{task} provider:model (or set {variable_of(setting.key)})"
            raise UsageError(f"no model is set for {task}: model.{task} is unset", hint=hint)
        return setting.value

    def temperature_for(self, task: str) -> float | None:
        """Return the temperature set for a task, or None where the provider's own applies."""
        value = self.get(f"temperature.{task}").value
        return None if value is None else float(value)

    def get(self, key: str) -> Setting:
        """Return a setting as it stands; UsageError for an unknown key or a variable that does not fit."""
        self._known(key)
        return self._get(key, self.records.settings())

    def list(self) -> Sequence[Setting]:
        """Return every known setting as it stands, the unset ones too."""
        kept = self.records.settings()
        return [self._get(key, kept) for key in self.keys()]

    def _get(self, key: str, kept: Mapping[str, str]) -> Setting:
        if key in kept:
            return Setting(key, kept[key], DATABASE)
        variable = variable_of(key)
        text = self.environment.get(variable)
        if not text:
            return Setting(key, None, None)
        self._check(key, text)
        return Setting(key, text, variable)

    def set(self, key: str, value: str, who: str) -> SettingChange:
        """Check and keep a value; return the change."""
        self._check(key, value)
        return self._change(key, value, who)

    def unset(self, key: str, who: str) -> SettingChange:
        """Take a value out of the database; UsageError where it is not there."""
        self._known(key)
        if key not in self.records.settings():
            raise UsageError(f"{key} is not set in the database", hint="enliterator settings list")
        return self._change(key, None, who)

    def history(self, key: str | None = None) -> Sequence[SettingChange]:
        """Return every change, oldest first, of one setting or of all."""
        if key is not None:
            self._known(key)
        return self.records.setting_history(key)

    def _change(self, key: str, value: str | None, who: str) -> SettingChange:
        self.records.set_setting(key, value, who)
        change = self.records.setting_history(key)[-1]
        self.tell(Event(SETTING_CHANGED, attrs.asdict(change)))
        return change

    def _known(self, key: str) -> None:
        if key not in self.keys():
            near = did_you_mean(key, self.keys())
            raise UsageError(f"no setting {key}{near}", hint="enliterator settings list shows every key")

    def _check(self, key: str, value: str) -> None:
        if _SECRET_KEY.search(key) or any(found.kind != "e-mail" for found in find_secrets(value)):
            variables = " or ".join(self._secrets(key, value)) or "it"
            raise UsageError("secrets are not kept in settings", hint=f"set {variables} in the environment")
        self._known(key)
        KINDS[key.partition(".")[0]].check(self, key, value)

    def _secrets(self, key: str, value: str) -> Sequence[str]:
        """Return the variables of the provider that a key or value speaks of, else of every provider."""
        words = set(re.split(r"[.:_-]", f"{key}:{value}".lower()))
        every: set[str] = set()
        named: set[str] = set()
        for provider in self.providers:
            fields = [getattr(provider, one.name) for one in getattr(type(provider), "__attrs_attrs__", ())]
            variables = {one.variable for one in fields if isinstance(one, Secret)}
            every |= variables
            named |= variables if provider.name in words else set()
        return sorted(named or every)


def variable_of(key: str) -> str:
    """Return the environment variable that stands in for a key: ENLITERATOR_TRAINING_BASE for `training.base`."""
    return "ENLITERATOR_" + re.sub(r"\W", "_", key).upper()
