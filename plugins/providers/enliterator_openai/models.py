# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What is known of models: a dated file of prices and last days, laid under what the server names now."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from attrs import evolve

from enliterator_core import ModelInfo, UsageError

BUNDLED: Final = Path(__file__).with_name("models.toml")
_KEYS: Final = {
    "names": list,
    "abilities": list,
    "input_price": (int, float),
    "output_price": (int, float),
    "tuned_input_price": (int, float),
    "tuned_output_price": (int, float),
    "training_price": (int, float),
    "prices_of": date,
    "training_price_of": date,
    "tunable_until": date,
    "shutdown": date,
    "max_example_tokens": int,
}


@cache
def dated(path: Path) -> Mapping[str, ModelInfo]:
    """Return what a file says of models, by name; a name that ends in ``:tuned`` stands for models tuned from it.

    The file has ``currency`` and a ``[[model]]`` table for each: ``names``, ``abilities`` (chat, embed, train), the
    prices, the days on which they held, ``tunable_until`` and ``shutdown``. UsageError for a file that cannot be read.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path}: models cannot be read: {error}", hint="check the setting models_file") from error
    found: dict[str, ModelInfo] = {}
    for number, row in enumerate(document.get("model", [])):
        for key, value in row.items():
            if key not in _KEYS or not isinstance(value, _KEYS[key]):  # type: ignore[arg-type]
                raise UsageError(f"{path}: model[{number}].{key} is not known, or no such value", hint=f"see {BUNDLED}")
        info = _info(row, str(document.get("currency", "USD")))
        for name in row.get("names", []):
            found[name] = evolve(info, name=name)
            found[f"{name}:tuned"] = evolve(
                info,
                name=name,
                abilities=("chat",),
                input_price=row.get("tuned_input_price"),
                output_price=row.get("tuned_output_price"),
                training_price=None,
                training_price_of=None,
                tunable_until=None,
            )
    return found


def _info(row: Mapping[str, Any], currency: str) -> ModelInfo:
    """Return one row; the price of training is of the day of the others where it has none of its own."""
    trained_on = row.get("training_price_of", row.get("prices_of")) if "training_price" in row else None
    return ModelInfo(
        name="",
        abilities=tuple(row.get("abilities", ())),
        input_price=row.get("input_price"),
        output_price=row.get("output_price"),
        training_price=row.get("training_price"),
        currency=currency,
        prices_of=_day(row.get("prices_of")),
        training_price_of=_day(trained_on),
        tunable_until=_day(row.get("tunable_until")),
        shutdown=_day(row.get("shutdown")),
        max_example_tokens=row.get("max_example_tokens"),
    )


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def laid_over(known: Mapping[str, ModelInfo], listed: Sequence[tuple[str, str | None]]) -> list[ModelInfo]:
    """Return every model, by name: those of the file, and those that the server lists with their last day, if any.

    A tuned model (``ft:BASE:...``) ends with its base; what the server says of a last day outweighs the file.
    """
    models = {name: info for name, info in known.items() if not name.endswith(":tuned")}
    for name, shutdown in listed:
        base = name.split(":")[1] if name.startswith("ft:") and name.count(":") else name
        kept = known.get(f"{base}:tuned" if base != name else name)
        info = kept or ModelInfo(name, ("chat",) if base != name else ())
        models[name] = evolve(info, name=name, shutdown=shutdown or info.shutdown, listed=True)
    return [models[name] for name in sorted(models)]
