# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Tokens, counted with the o200k vocabulary, and the count of a chat example as providers make it."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, Final

PER_MESSAGE: Final = 3
PER_EXAMPLE: Final = 3


@cache
def _vocabulary() -> Any:
    from rs_bpe.bpe import openai  # type: ignore[import-not-found]  # its compiled part has no type hints

    return openai.o200k_base()


def count_tokens(text: str) -> int:
    """Return how many tokens a text is; text that looks like a special token counts as the text it is."""
    return int(_vocabulary().count(text.encode("utf-8", "replace").decode()))


def overhead(messages: int) -> int:
    """Return what providers count for so many messages beside their contents: 3 for each and 3 at the end."""
    return PER_EXAMPLE + PER_MESSAGE * messages


def example_tokens(messages: Iterable[Mapping[str, str]]) -> int:
    """Return the tokens of a chat example: its contents, 3 for each message and 3 at the end."""
    return PER_EXAMPLE + sum(PER_MESSAGE + count_tokens(message["content"]) for message in messages)


def is_longer(texts: Iterable[str], limit: int) -> bool:
    """Say whether an example of these message texts is over the limit; counts only where bytes do not tell."""
    every = list(texts)
    # No token is shorter than one byte.
    if sum(len(text.encode("utf-8", "replace")) + PER_MESSAGE for text in every) + PER_EXAMPLE <= limit:
        return False
    return example_tokens({"content": text} for text in every) > limit
