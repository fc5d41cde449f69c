# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Other ways to write a name: code names spoken, hyphens and spaces, plural and singular, without what qualifies it."""

import re
from typing import Final

_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|_+")
_QUALIFIER: Final = re.compile(r"\s+\([^()]+\)$")
_PLAIN_WORD: Final = re.compile(r"[A-Za-z]+$")
_NEVER_PLURAL: Final = re.compile(
    r"data|(?:meta)?data|information|software|hardware|research|advice|evidence|knowledge|news|series|species|progress"
    r"|feedback"
)


def spoken(code_name: str) -> tuple[str, ...]:
    """Return a code name of several words as words: `find_secrets` and `FindSecrets` as `find secrets`."""
    parts = [part for part in _HUMP.split(code_name.strip("_").removeprefix("test_")) if part]
    return (" ".join(part.lower() if not part.isupper() else part for part in parts),) if len(parts) > 1 else ()


def unqualified(name: str) -> str:
    """Return a name without the brackets that tell where it belongs."""
    return _QUALIFIER.sub("", name)


def variants(name: str, kind: str) -> list[str]:
    """Return other ways to write a canonical name in prose; empty for names of code."""
    found: list[str] = []
    bare = name if unqualified(name) == name else ""
    if re.match(r"(?:The|An?)\s+\w+\s+\w", bare):
        found.append(bare.split(None, 1)[1])
    spaced = re.sub(r"(?<=[a-zA-Z])-(?=[a-zA-Z])", " ", bare)
    if spaced != bare and not bare.startswith("-"):
        found.append(spaced)
    if kind == "term" and bare.rpartition(" ")[2].islower():
        found += number_variants(bare)
    if kind == "abbreviation" and bare and not bare.endswith("S"):
        found.append(f"{bare}s")
    return list(dict.fromkeys(found))


def number_variants(name: str) -> list[str]:
    """Return the plural of a singular name, or the singular of a plural one, where English makes it regularly."""
    head, _, last = name.rpartition(" ")
    lowered = last.lower()
    if (
        not _PLAIN_WORD.match(last)
        or len(last) < 3
        or _NEVER_PLURAL.fullmatch(lowered)
        or lowered.endswith(("ing", "ness", "ity", "ed", "ism", "tion", "sion", "ment", "port"))
    ):
        return []
    front = head + " " if head else ""
    if lowered.endswith("ies") and len(last) > 4:
        return [front + last[:-3] + "y"]
    if lowered.endswith(("sses", "shes", "ches", "xes", "zes")):
        return [front + last[:-2]]
    if lowered.endswith("s"):
        return [] if lowered.endswith(("ss", "us", "is")) else [front + last[:-1]]
    if lowered.endswith("y") and lowered[-2] not in "aeiou":
        return [front + last[:-1] + "ies"]
    return [front + last + ("es" if lowered.endswith(("x", "z", "ch", "sh")) else "s")]
