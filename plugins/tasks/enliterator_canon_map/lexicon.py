# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a graph calls things: by a form, by the bare part of a name, by mistake."""

import re
from collections.abc import Callable
from functools import cached_property
from typing import Final, TypeVar

from enliterator_canon_map.slips import Spelling
from enliterator_core import Graph, fold

K = TypeVar("K")
V = TypeVar("V")

_QUALIFIED: Final = re.compile(r"(.+?) \([^()]+\)\Z", re.DOTALL)
_DOTTED: Final = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)+\Z")
_FILE: Final = re.compile(r"\.[a-z0-9]{1,4}\Z")


class Kept(dict[K, V]):
    """What was made lately, by its key: all is let go of when it grows beyond its bound."""

    def __init__(self, make: Callable[[K], V], bound: int) -> None:
        super().__init__()
        self._make, self._bound = make, bound

    def __missing__(self, key: K) -> V:
        if len(self) >= self._bound:
            self.clear()
        made = self[key] = self._make(key)
        return made


def bare(name: str) -> str | None:
    """Return what a name is called where it is clear which is meant: without brackets, folder or module; else None."""
    if name.endswith(")") and (match := _QUALIFIED.match(name)):
        return match[1]
    if "/" in name:
        part = name.rpartition("/")[2]
    elif "." in name and _DOTTED.match(name) and not (name.count(".") == 1 and _FILE.search(name)):
        part = name.rpartition(".")[2]
    else:
        return None
    return part if any(map(str.isalpha, part)) else None


class Lexicon:
    """What the forms of a graph stand for, by the folded form; made in one pass over its names and its terms.

    ``owners`` are the ids of what a form stands for: of what is called so, else of what has it as its bare name.
    ``several`` are the bare names that more than one thing has, in the graph's order; ``mistaken`` the ids of what a
    form is mistaken for.
    """

    def __init__(self, graph: Graph) -> None:
        entities = graph.arrays.entities
        alone = {id: (id,) for id in entities.ids}
        self.owners: dict[str, tuple[str, ...]] = {}
        self.mistaken: dict[str, list[str]] = {}
        self._shared: dict[str, list[str]] = {}
        parts: dict[str, list[str]] = {}
        for id, name in zip(entities.ids, entities.names, strict=True):
            self._add(fold(name), alone[id])
            if part := bare(name):
                parts.setdefault(fold(part), []).append(id)
        for id, surface, negative in graph.terms.forms():
            if own := alone.get(id):
                for form in surface:
                    self._add(fold(form), own)
                for form in negative:
                    self.mistaken.setdefault(fold(form), []).append(id)
        for form, ids in self._shared.items():
            self.owners[form] = tuple(dict.fromkeys(ids))
        self._shared.clear()
        for form, ids in parts.items():
            self.owners.setdefault(form, tuple(ids))
        self.several = {form: ids for form, ids in parts.items() if len(ids) > 1}

    def _add(self, form: str, own: tuple[str]) -> None:
        known = self.owners.setdefault(form, own)
        if known != own:
            self._shared.setdefault(form, list(known)).extend(own)

    @cached_property
    def spelling(self) -> Spelling:
        """Every form, found again by what is one slip away."""
        return Spelling(list(self.owners))

    def near(self, form: str) -> list[str]:
        """Return the folded forms that a folded form, unknown itself, is one slip away from."""
        return [] if len(form) < 5 or form in self.mistaken else self.spelling.near(form)


def written(graph: Graph, id: str, folded: str) -> str:
    """Return a folded form of an entity as its name or its term writes it."""
    name, term = graph.name(id), graph.terms.get(id)
    forms = (name, *(term.surface_forms if term else ()), bare(name) or name)
    return next((form for form in forms if fold(form) == folded), folded)
