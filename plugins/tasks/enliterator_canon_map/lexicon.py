# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a graph calls things: by a form, by the bare part of a name, by mistake."""

from collections.abc import Sequence
from typing import Final

from enliterator_canon_map.entries import Entries
from enliterator_canon_map.rows import Rows, bare
from enliterator_core import Graph, Kept, fold

_REMEMBERED: Final = 1 << 12


class Lexicon:
    """What the forms of a graph stand for, by the folded form.

    ``owners`` are the ids of what a form stands for: of what is called so, else of what has it as its bare name.
    They are found anew for what was not asked lately.
    """

    def __init__(self, graph: Graph) -> None:
        self._ids = graph.arrays.entities.ids
        self._rows, self._entries = graph.once(Rows), graph.once(Entries)
        self.owners: Kept[str, tuple[str, ...]] = Kept(self._owned, _REMEMBERED)
        self._mistaken: Kept[str, list[str]] = Kept(self._mistakes, _REMEMBERED)

    def own_forms(self, id: str, number: int, most: int) -> list[str]:
        """Return the first few forms of an entity that nothing else is called by."""
        entry, rows, owners = self._entries[id], self._rows, self.owners
        single, row, alone = rows.single, number, entry.answer.told
        owners.make_room()
        own: dict[str, None] = {}
        for form, folded in zip(entry.forms[:most], entry.folded, strict=False):
            if single[row]:
                owners[folded] = alone
            if form == form.strip() != "" and (single[row] or owners[folded] == alone):
                own[form] = None
            row = row + 1 if row >= rows.surface else rows.first_surface[number]
        return list(own)

    def owned(self, form: str) -> tuple[str, ...]:
        """Return the ids of what a folded form stands for."""
        return self.owners[form] if self._rows.may_have(form) else ()

    def taken(self, form: str) -> list[str]:
        """Return the ids of what a folded form is mistaken for."""
        return self._mistaken[form] if self._rows.may_have(form) else []

    def _owned(self, form: str) -> tuple[str, ...]:
        rows, ids = self._rows, self._ids
        found = rows.find(form)
        owned = [row for row in found if row < rows.bare] or [row for row in found if row < rows.negative]
        return tuple(dict.fromkeys([ids[rows.numbers[row]] for row in owned]))

    def _mistakes(self, form: str) -> list[str]:
        rows = self._rows
        return [self._ids[rows.numbers[row]] for row in rows.find(form) if row >= rows.negative]

    def near(self, forms: Sequence[str]) -> list[list[str]]:
        """Return the folded forms that each of some folded forms, unknown itself, is one slip away from."""
        rows, mistaken = self._rows, self._mistaken
        near: list[list[str]] = [[] for _ in forms]
        unknown = [
            place for place, form in enumerate(forms) if len(form) >= 5 and not (rows.may_have(form) and mistaken[form])
        ]
        for place, found in zip(unknown, rows.spelling.near([forms[place] for place in unknown]), strict=True):
            near[place] = found
        return near

    def written(self, id: str, folded: str) -> str:
        """Return a folded form of an entity as its name or its term writes it."""
        entry = self._entries[id]
        if folded in entry.folded:
            return entry.forms[entry.folded.index(folded)]
        part = bare(entry.forms[0])
        return part if part and fold(part) == folded else folded
