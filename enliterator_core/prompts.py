# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""System prompts as data: a package's `prompt.toml` holds every version of its prompt, the newest last."""

import tomllib
from importlib.resources import files
from pathlib import Path

from attrs import frozen

from enliterator_core.errors import UsageError


@frozen
class Prompt:
    """One version of a system prompt: versions count from 1, and the text of a released one never changes."""

    version: int
    text: str


def prompt_versions(text: str, where: str) -> tuple[Prompt, ...]:
    """Return the prompts that a TOML text holds, oldest first: a table ``[[prompt]]`` with ``text`` for each.

    Their place is their version. Raises UsageError, which says ``where``, when there is none or one says nothing.
    """
    hint = "write a table [[prompt]] with its text for every version, the newest last"
    try:
        tables = tomllib.loads(text).get("prompt")
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{where}: no TOML: {error}", hint=hint) from error
    if not isinstance(tables, list) or not tables:
        raise UsageError(f"{where}: there is no [[prompt]]", hint=hint)
    prompts = []
    for version, table in enumerate(tables, 1):
        words = table.get("text") if isinstance(table, dict) and set(table) == {"text"} else None
        if not isinstance(words, str) or not words.strip():
            raise UsageError(f"{where}: [[prompt]] number {version} is not a text alone", hint=hint)
        prompts.append(Prompt(version, words.strip()))
    return tuple(prompts)


def read_prompt(package: str | None) -> Prompt:
    """Return the newest prompt of a package (its ``__package__``): what is trained on and served.

    Raises UsageError when the package has no `prompt.toml`, or when that cannot be read.
    """
    name = "prompt.toml"
    try:
        text = (files(package) if package else Path()).joinpath(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ModuleNotFoundError) as error:
        raise UsageError(
            f"{package or 'a module without a package'}: {name} cannot be read: {error}",
            hint=f"make the plugin a folder with {name} beside __init__.py",
        ) from error
    return prompt_versions(text, f"{package}/{name}")[-1]
