# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Settings: database, then environment, then an error that says what to do; typed keys; a history; no secrets."""

import pytest
from attrs import frozen

from enliterator_core.contracts.provider import Provider, Secret, env
from enliterator_core.contracts.storage import SettingChange
from enliterator_core.errors import UsageError
from enliterator_core.events import SETTING_CHANGED
from enliterator_core.settings import Setting, Settings, variable_of


@frozen
class Acme(Provider):
    name = "acme"
    api_key: Secret = env("ACME_API_KEY")  # noqa: RUF009  it makes an attrs field


@frozen
class Local(Provider):
    name = "local"


class Memory:
    """The part of Records that settings need."""

    def __init__(self):
        self.kept, self.changes = {}, []

    def settings(self):
        return dict(self.kept)

    def set_setting(self, key, value, who):
        at = f"2026-01-01T00:00:{len(self.changes):02}+00:00"
        self.changes.append(SettingChange(key, self.kept.get(key), value, at, who))
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
    return Settings(Memory(), {}, [Acme(), Local()], ["canon_map", "route"], told.append)


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
])  # fmt: skip
def test_what_does_not_fit_is_refused_and_nothing_is_kept(settings, told, key, value, words):
    assert words in refused(settings.set, key, value, "ann").message
    assert settings.records.changes == []
    assert told == []


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
    assert len(listed) == 2 * 7
    assert {one.key: one.value for one in listed}["model.extraction"] == "acme:x"
    assert Setting("temperature.canon_map", None, None) in listed
