# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Licence expressions: read strictly, and what each allows.

What a licence allows follows from its category in the licence index that comes with `license-expression`: permissive,
public domain and copyleft licences let anyone train on a work and pass it on under the licence's own terms. Where a
licence reserves something (commercial use, changes, a field of use), what is reserved is not assumed.
"""

import re
from functools import cache
from typing import Any, Final

from attrs import frozen

_FREE: Final = frozenset({"Permissive", "Public Domain", "Copyleft", "Copyleft Limited"})
_NO_DERIVATIVES: Final = re.compile(r"CC-BY-ND-")
_NON_COMMERCIAL: Final = re.compile(r"(^|-)NC(-|$)")
_LATER: Final = re.compile(r"(-only|-or-later|\+)$")
_CHARACTERS: Final = re.compile(r"[A-Za-z0-9 ()+.:-]+")
_SLASH: Final = re.compile(r"(?<=[\w.+-])\s*/\s*(?=[A-Za-z])")
# What manifests say in words; an SPDX identifier needs no entry here.
_NAMES: Final = {
    "mit license": "MIT",
    "the mit license": "MIT",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mozilla public license 2.0": "MPL-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "gnu general public license v3 (gplv3)": "GPL-3.0-only",
    "gnu general public license v3 or later (gplv3+)": "GPL-3.0-or-later",
    "gnu general public license v2 (gplv2)": "GPL-2.0-only",
    "gnu general public license v2 or later (gplv2+)": "GPL-2.0-or-later",
    "gnu affero general public license v3": "AGPL-3.0-only",
    "gnu lesser general public license v3 (lgplv3)": "LGPL-3.0-only",
    "the unlicense (unlicense)": "Unlicense",
    "cc0 1.0 universal (cc0 1.0) public domain dedication": "CC0-1.0",
    "zlib/libpng license": "Zlib",
}


@frozen
class Allowed:
    """What a licence expression allows; `known` is false where a part of it is not known, and `reason` says why not."""

    trainable: bool
    publishable: bool
    known: bool
    reason: str | None = None


@cache
def _licensing() -> Any:
    from license_expression import get_spdx_licensing  # type: ignore[import-untyped]

    return get_spdx_licensing()


@cache
def _categories() -> dict[str, str]:
    from license_expression import get_license_index

    categories: dict[str, str] = {}
    for one in get_license_index():
        for key in (one.get("spdx_license_key"), *one.get("other_spdx_license_keys", ())):
            if key:
                categories.setdefault(key, one.get("category", ""))
    return categories


def _tree(expression: str) -> Any:
    """Return the parsed expression, or None when it is not one; unknown identifiers are kept."""
    if not _CHARACTERS.fullmatch(expression):
        return None
    try:
        return _licensing().parse(expression, validate=False, strict=True)
    except Exception:  # noqa: BLE001  malformed words raise almost anything there; "not understood" is told of them
        return None


@cache
def normalized(words: str) -> str | None:
    """Return what a tag, manifest or person wrote as an SPDX expression; None when it is none.

    Every part must be a known identifier or a LicenseRef of its own.
    """
    text = " ".join(words.split()).strip("\"'")
    if not text or len(text) > 500:
        return None
    text = _NAMES.get(text.lower(), text)
    tree = _tree(text)  # a tree refuses to be asked for its truth
    if tree is None:
        tree = _tree(_SLASH.sub(" OR ", text))
    if tree is None:
        return None
    unknown = _licensing().unknown_license_keys(tree, unique=True)
    if any(not key.lower().startswith("licenseref-") for key in unknown):
        return None
    return str(tree.render("{symbol.key}"))


@cache
def allowed(expression: str) -> Allowed:
    """Return what a normalized expression allows: the best of what OR offers, the strictest of what AND joins."""
    tree = _tree(expression)
    return _of(tree) if tree is not None else Allowed(False, False, False, f"{expression} is not a licence expression")


def _of(node: Any) -> Allowed:
    licensing = _licensing()
    if isinstance(node, licensing.OR | licensing.AND):
        parts = [_of(part) for part in node.args]
        if isinstance(node, licensing.OR):
            return max(parts, key=lambda one: (one.known, one.trainable + one.publishable, one.trainable))
        worst = min(parts, key=lambda one: (one.known, one.trainable + one.publishable))
        return Allowed(
            all(one.trainable for one in parts),
            all(one.publishable for one in parts),
            all(one.known for one in parts),
            worst.reason,
        )
    key = str(getattr(getattr(node, "license_symbol", node), "key", node))
    return _single(key)


def _single(key: str) -> Allowed:
    category = _categories().get(key)
    if key.lower().startswith("licenseref-") or category is None:
        return Allowed(False, False, False, f"what {key} allows is not known")
    if _NON_COMMERCIAL.search(key):
        return Allowed(False, False, True, f"{key} reserves commercial use")
    if _NO_DERIVATIVES.match(key):
        return Allowed(False, True, True, f"{key} lets the work be passed on only unchanged")
    if category in _FREE:
        return Allowed(True, True, True)
    return Allowed(False, False, True, f"{key} is no open licence ({category.lower()})")


def joined(expressions: list[str]) -> str:
    """Return one expression under which content of all the given ones stands: they are joined with AND."""
    if len(expressions) == 1:
        return expressions[0]
    parts = sorted(set(expressions))
    text = " AND ".join(f"({one})" if " OR " in one else one for one in parts)
    return normalized(text) or text


def names(expression: str, *, versions: bool = True) -> set[str]:
    """Return the identifiers in an expression; without `versions` those of `-only` and `-or-later` are one."""
    tree = _tree(expression)
    keys = [str(one) for one in _licensing().license_keys(tree, unique=True)] if tree is not None else [expression]
    return set(keys) if versions else {_LATER.sub("", key) for key in keys}
