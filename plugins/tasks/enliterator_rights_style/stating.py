# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a source states that a thing does: its relations, in words."""

from typing import Final, NamedTuple

from enliterator_core import VERBS, Graph, mention_of, phrase_of
from enliterator_rights_style.licences import listed

Key = tuple[str, str, str]

#: how the verbs are said that say more than that two things have to do with each other
_PHRASES: Final = {verb: phrase_of(verb) for verb in VERBS if verb not in ("co_occurs_with", "connects_to")}
_BOTH_WAYS: Final = frozenset(verb.name for verb in VERBS.values() if verb.name == verb.reverse)
_PART_OF: Final = "part_of"
_MOST: Final = 4
_NAMED: Final = 3


class Stated(NamedTuple):
    """What a source states that a thing does, each verb once: in words, by which relations, and where.

    ``telling`` says whether that is more than what it is a part of.
    """

    about: list[str]
    keys: list[Key]
    places: list[tuple[int, int]]
    telling: bool


class Statements:
    """The relations of a graph, as read from the thing that they say something of; ``graph.once(Statements)``."""

    def __init__(self, graph: Graph) -> None:
        arrays = graph.arrays
        steps, relations, entities, one_by_one = arrays.steps, arrays.relations, arrays.entities, arrays.one_by_one
        self._names, self._ids, self._kinds, self._pools = entities.names, entities.ids, entities.kinds, entities.pools
        self._verbs = arrays.verbs
        self._phrases = [_PHRASES.get(verb) for verb in arrays.verbs]
        self._paths = relations.spans.paths
        groups = (steps.groups, steps.group_verb, steps.group_start, steps.other, steps.row)
        places = (relations.subject, relations.spans.offsets, relations.spans.places.reshape(-1))
        self._groups = tuple(map(one_by_one, groups))
        self._places = tuple(map(one_by_one, places))
        self._pool, self._kind = one_by_one(entities.pool), one_by_one(entities.kind)

    def of(self, number: int, path: str) -> Stated:
        """Return what a source states that the entity with a number does."""
        groups, verbs, starts, others, rows = self._groups
        subjects, bounds, places = self._places
        paths, names, ids = self._paths, self._names, self._ids
        pools, kinds, pool, kind = self._pools, self._kinds, self._pool, self._kind
        about: list[str] = []
        keys: list[Key] = []
        stands: list[tuple[int, int]] = []
        telling = False
        for group in range(groups[number], groups[number + 1]):
            phrase = self._phrases[verbs[group]]
            if phrase is None:
                continue
            verb = self._verbs[verbs[group]]
            named: list[str] = []
            more = 0
            start, end = starts[group], starts[group + 1]
            for other, row in zip(others[start:end], rows[start:end], strict=True):
                for at in range(3 * bounds[row], 3 * bounds[row + 1], 3):
                    if paths[places[at]] == path:
                        break
                else:
                    continue
                if verb in _BOTH_WAYS and subjects[row] != number:
                    continue  # what others do to it is theirs
                if len(named) == _NAMED:
                    more += 1
                    continue
                named.append(mention_of(pools[pool[other]], kinds[kind[other]], names[other]))
                keys.append((ids[number], verb, ids[other]))
                stands.append((places[at + 1], places[at + 2]))
            if named:
                about.append(f"{phrase} {', '.join(named)} and {more} more" if more else f"{phrase} {listed(named)}")
                telling = telling or verb != _PART_OF
                if len(about) == _MOST:
                    break
        return Stated(about, keys, stands, telling)
