# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Settings: database, then environment, then an error that says what to do; typed keys; a history; no secrets."""

import pytest
from attrs import frozen

from enliterator_core.contracts.provider import ModelInfo, Provider, Secret, env
from enliterator_core.contracts.records import SettingChange
from enliterator_core.errors import ServiceError, UsageError
from enliterator_core.events import SETTING_CHANGED
from enliterator_core.settings import Setting, Settings, variable_of


@frozen
class Acme(Provider):
    name = "acme"
    api_key: Secret = env("ACME_API_KEY")  # noqa: RUF009  it makes an attrs field


@frozen
class Local(Provider):
    name = "local"


@frozen
class Telling(Provider):
    """Names its models when it is asked."""

    name = "telling"

    def models(self, *, ask=True):
        can = {"talks": ("chat",), "learns": ("chat", "train"), "open": (), "retired": ("chat",)}
        return [ModelInfo(name, abilities, listed=name != "retired") for name, abilities in can.items()]


@frozen
class Away(Provider):
    name = "away"

    def models(self, *, ask=True):
        raise ServiceError("away.example did not answer", hint="check the network")


class Memory:
    """The part of Records that settings need."""

    def __init__(self):
        self.kept, self.changes = {}, []

    def settings(self):
        return dict(self.kept)

    def set_setting(self, key, value, who, note=""):
        at = f"2026-01-01T00:00:{len(self.changes):02}+00:00"
        self.changes.append(SettingChange(key, self.kept.get(key), value, at, who, note))
        if value is None:
            self.kept.pop(key)
        else:
            self.kept[key] = value

    def setting_history(self, key=None):
        return [one for one in self.changes if key in (None, one.key)]


@pytest.fixture
def told():
    return []


@pytest.fixture
def settings(told):
    return Settings(Memory(), {}, [Acme(), Local(), Telling(), Away()], ["canon_map", "route"], told.append)


def refused(call, *arguments):
    with pytest.raises(UsageError) as caught:
        call(*arguments)
    assert caught.value.exit_code == 2
    return caught.value


def test_an_unset_model_is_an_error_that_names_the_setting_and_the_command(settings):
    error = refused(settings.model_for, "route")
    assert "model.route" in error.message
    assert error.hint == "enliterator settings set model.route provider:model (or set ENLITERATOR_MODEL_ROUTE)"


def test_the_database_wins_over_the_environment_and_unset_gives_way_again(settings):
    settings.environment = {"ENLITERATOR_MODEL_ROUTE": "local:small"}
    assert settings.get("model.route") == Setting("model.route", "local:small", "ENLITERATOR_MODEL_ROUTE")
    settings.set("model.route", "acme:large:v2", "ann")
    assert settings.model_for("route") == "acme:large:v2"
    assert settings.get("model.route").origin == "database"
    settings.unset("model.route", "ben")
    assert settings.model_for("route") == "local:small"


def test_a_dotted_task_has_a_variable_too(settings):
    settings.environment = {"ENLITERATOR_MODEL_TRAINING_BASE": "acme:base"}
    assert variable_of("model.training.base") == "ENLITERATOR_MODEL_TRAINING_BASE"
    assert settings.model_for("training.base") == "acme:base"


def test_temperatures_are_numbers_and_may_be_left_unset(settings):
    assert settings.temperature_for("answer") is None
    settings.set("temperature.answer", "0.2", "ann")
    assert settings.temperature_for("answer") == 0.2
    settings.environment = {"ENLITERATOR_TEMPERATURE_ROUTE": "warm"}
    assert "0 to 2" in refused(settings.temperature_for, "route").message


@pytest.mark.parametrize(("key", "value", "words"), [
    ("model.rout", "acme:x", "no setting model.rout; did you mean model.route?"),
    ("modle.route", "acme:x", "no setting modle.route; did you mean model.route?"),
    ("model", "acme:x", "no setting model"),
    ("model.route", "acme", '"acme" is not provider:model'),
    ("model.route", "acme:", '"acme:" is not provider:model'),
    ("model.route", ":x", '":x" is not provider:model'),
    ("model.route", "acne:x", "no provider acne; did you mean acme?"),
    ("temperature.route", "2.1", "is not a number from 0 to 2"),
    ("temperature.route", "nan", "is not a number from 0 to 2"),
    ("temperature.route", "-1", "is not a number from 0 to 2"),
    ("training.budget", "-1", "is not an amount"),
    ("training.budget", "5 EUR", "is not an amount"),
    ("training.min_lifetime_days", "1.5", "is not a whole number"),
    ("training.n_epochs", "51", "is not auto, or a whole number from 1 to 50"),
    ("training.n_epochs", "0", "is not auto, or a whole number from 1 to 50"),
    ("training.suffix", "a b", "is not 1 to 64 letters"),
    ("training.suffix", "", "is not 1 to 64 letters"),
    ("training.bugdet", "5", "no setting training.bugdet; did you mean training.budget?"),
    ("model.route", "telling:talk", "telling has no model talk; did you mean talks?"),
    ("model.route", "telling:retired", "telling has no model retired"),
    ("model.training.base", "telling:talks", "talks cannot train, it can chat"),
    ("model.embedding", "telling:learns", "learns cannot embed, it can chat, train"),
])  # fmt: skip
def test_what_does_not_fit_is_refused_and_nothing_is_kept(settings, told, key, value, words):
    assert words in refused(settings.set, key, value, "ann").message
    assert settings.records.changes == []
    assert told == []


def test_settings_of_training_have_types_and_defaults(settings):
    assert settings.value("training.budget") is None
    assert settings.value("training.min_lifetime_days") == 180
    settings.set("training.budget", "2.50", "ann")
    settings.set("training.n_epochs", "3", "ann")
    settings.set("training.batch_size", "auto", "ann")
    settings.environment = {"ENLITERATOR_TRAINING_SEED": "7"}
    assert settings.value("training.budget") == 2.5
    assert settings.value("training.n_epochs") == 3
    assert settings.value("training.batch_size") is None
    assert settings.value("training.seed") == 7
    assert settings.value("model.route") is None


@pytest.mark.parametrize(("value", "note"), [
    ("telling:talks", ""),
    ("telling:open", ""),
    ("away:any", "unverified: away.example did not answer"),
    ("acme:any", "unverified: acme names no models"),
])  # fmt: skip
def test_what_the_provider_cannot_tell_is_kept_as_unverified(settings, value, note):
    assert settings.set("model.route", value, "ann").note == note
    assert settings.get("model.route") == Setting("model.route", value, "database", note)
    assert next(one for one in settings.list() if one.key == "model.route").note == note
    settings.unset("model.route", "ann")
    assert settings.get("model.route").note == ""


def test_every_change_is_kept_and_told(settings, told):
    settings.set("model.route", "acme:a", "ann")
    settings.set("model.route", "acme:b", "ben")
    settings.set("model.answer", "local:c", "ann")
    settings.unset("model.route", "cleo")
    changes = [(one.key, one.old, one.new, one.who) for one in settings.history()]
    assert changes == [
        ("model.route", None, "acme:a", "ann"),
        ("model.route", "acme:a", "acme:b", "ben"),
        ("model.answer", None, "local:c", "ann"),
        ("model.route", "acme:b", None, "cleo"),
    ]
    assert [one.new for one in settings.history("model.route")] == ["acme:a", "acme:b", None]
    assert [(event.type, event.data["key"], event.data["new"]) for event in told] == [
        (SETTING_CHANGED, key, new) for key, _, new, _ in changes
    ]


def test_what_is_not_set_cannot_be_unset_and_an_unknown_key_has_no_history(settings):
    assert "not set" in refused(settings.unset, "model.route", "ann").message
    assert "did you mean" in refused(settings.history, "model.routes").message


@pytest.mark.parametrize(("key", "value"), [("openai.api_key", "abc"), ("acme.api_key", "abc"), ("password", "x"),
                                            ("acme.token", "x"), ("secret-key", "x")])  # fmt: skip
def test_a_key_that_is_named_like_a_secret_is_refused_with_the_variable_to_set(settings, key, value):
    error = refused(settings.set, key, value, "ann")
    assert error.hint == "set ACME_API_KEY in the environment"
    assert value not in error.message.split()


def test_a_value_that_is_a_secret_is_refused_and_not_repeated(settings):
    secret = "sk-proj-" + "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5bC7d"
    error = refused(settings.set, "model.route", f"acme:{secret}", "ann")
    assert secret not in str(error)
    assert error.hint == "set ACME_API_KEY in the environment"
    assert settings.records.changes == []


def test_a_list_has_every_key_the_unset_ones_too(settings):
    settings.set("model.extraction", "acme:x", "ann")
    listed = settings.list()
    assert [one.key for one in listed] == list(settings.keys())
    assert len(listed) == 2 * 7 + 8
    assert {one.key: one.value for one in listed}["model.extraction"] == "acme:x"
    assert Setting("temperature.canon_map", None, None) in listed
