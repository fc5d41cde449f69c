# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is known of models: the dated file, and what the server lists laid over it."""

from datetime import date

import pytest

from enliterator_core import RejectedError, ServiceError, UsageError
from enliterator_core.workspace import Workspace
from enliterator_openai import OpenAI
from enliterator_openai.models import BUNDLED, dated
from enliterator_openai.testing import MODELS_FILE, stand_in


@pytest.fixture(autouse=True)
def key(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a-key-for-tests")


def by_name(models):
    return {model.name: model for model in models}


def test_the_bundled_file_says_what_is_needed_of_what_can_be_tuned():
    known = dated(BUNDLED)
    tunable = [model for model in known.values() if "train" in model.abilities]
    assert len(tunable) >= 8
    for model in tunable:
        assert model.training_price > 0
        assert model.currency == "USD"
        assert date.fromisoformat(model.prices_of) < date.fromisoformat(model.tunable_until)
        assert date.fromisoformat(model.training_price_of) < date.fromisoformat(model.tunable_until)
        assert known[f"{model.name}:tuned"].training_price_of is None
        assert date.fromisoformat(model.tunable_until) <= date.fromisoformat(model.shutdown)
        assert "train" not in known[f"{model.name}:tuned"].abilities
        tuned = known[f"{model.name}:tuned"].input_price
        assert tuned is None or tuned >= model.input_price
    assert all(set(model.abilities) <= {"chat", "embed", "train"} for model in known.values())


def test_each_price_has_its_own_day(tmp_path):
    rows = (
        'names = ["a"]\ninput_price = 1\nprices_of = 2026-03-01\ntraining_price = 3\ntraining_price_of = 2026-11-01',
        'names = ["b"]\ninput_price = 1.0\nprices_of = 2026-03-01\ntraining_price = 3.0\nmax_example_tokens = 9000',
        'names = ["c"]\ninput_price = 1.0\nprices_of = 2026-03-01',
    )
    (tmp_path / "models.toml").write_text("".join(f"[[model]]\n{row}\n" for row in rows), encoding="utf-8")
    known = dated(tmp_path / "models.toml")
    days = {name: (known[name].prices_of, known[name].training_price_of) for name in "abc"}
    assert days == {"a": ("2026-03-01", "2026-11-01"), "b": ("2026-03-01",) * 2, "c": ("2026-03-01", None)}
    assert known["b"].max_example_tokens == 9000 and known["a"].max_example_tokens is None


def test_without_asking_the_file_answers_and_no_key_is_needed(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    models = OpenAI().models(ask=False)
    assert [model.name for model in models] == sorted(model.name for model in models)
    assert models
    assert not any(model.listed or model.name.endswith(":tuned") for model in models)
    assert OpenAI(base_url="http://127.0.0.1:9/v1").models(ask=False) == []
    with pytest.raises(ServiceError, match="OPENAI_API_KEY is not set"):
        OpenAI().models()


def test_what_the_server_lists_is_laid_over_the_file():
    names = ("small", "other", "ft:small:org:bees:1", "ft:other:org::2")
    with stand_in(models=names, shutdown={"small": "2026-12-31"}, strict=True) as server:
        models = by_name(OpenAI(base_url=server.url, models_file=str(MODELS_FILE)).models())
        assert server.drift == []
    assert models["small"].listed
    assert models["small"].shutdown == "2026-12-31"
    assert models["small"].training_price == 3.0
    assert not models["large"].listed
    assert models["other"].abilities == ()
    assert models["other"].prices_of is None
    tuned = models["ft:small:org:bees:1"]
    assert (tuned.shutdown, tuned.input_price, tuned.training_price) == ("2026-12-31", 1.0, None)
    assert tuned.abilities == ("chat",)
    assert models["ft:other:org::2"].abilities == ("chat",)


def test_a_wrong_key_is_told():
    with stand_in(key="another") as server, pytest.raises(RejectedError, match="refused the key"):
        OpenAI(base_url=server.url).models()


@pytest.mark.parametrize(
    "text", ["[[model", '[[model]]\nnames = ["a"]\nprise = 3', '[[model]]\nnames = ["a"]\nshutdown = "soon"']
)
def test_a_file_that_cannot_be_used_is_told_by_name(tmp_path, text):
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"m\.toml") as caught:
        OpenAI(models_file=str(tmp_path / "m.toml")).models(ask=False)
    assert caught.value.hint
    with pytest.raises(UsageError, match=r"none\.toml"):
        OpenAI(models_file=str(tmp_path / "none.toml")).models(ask=False)


def test_one_model_is_told_without_asking_a_tuned_one_by_its_base(monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY")
    provider = OpenAI(base_url="http://127.0.0.1:9/v1", models_file=str(MODELS_FILE))
    assert provider.model("small").training_price == 3.0
    tuned = provider.model("ft:small:org:bees:1")
    assert (tuned.name, tuned.input_price, tuned.listed) == ("ft:small:org:bees:1", 1.0, False)
    assert provider.model("other") is None
    assert OpenAI(base_url="https://api.openai.com/v1/").models(ask=False) == OpenAI().models(ask=False) != []


def test_one_provider_stands_under_several_names_each_with_its_own_server(tmp_path):
    with stand_in(models=("a",)) as first, stand_in(models=("b",)) as second:
        entries = [
            f'[[plugin]]\nmodule = "enliterator_openai"\nas = "{name}"\n'
            f'settings = {{ base_url = "{server.url}", webhooks = false, training_options = {{ lora = true }} }}\n'
            for name, server in (("foundry", first), ("factory", second))
        ]
        (tmp_path / "plugins.toml").write_text("".join(entries), encoding="utf-8")
        with Workspace.open(tmp_path) as workspace:
            told = {name: workspace.provider(name).models()[0].name for name in ("foundry", "factory")}
            assert workspace.provider("openai").models(ask=False)
    assert told == {"foundry": "a", "factory": "b"}
