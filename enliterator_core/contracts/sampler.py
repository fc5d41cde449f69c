# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Choices that depend on a seed and a key alone: what tasks draw from a graph with."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, TypeVar

from enliterator_core.graph import Graph
from enliterator_core.nouns import Entity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from enliterator_core.graph.walks import Walks

T = TypeVar("T")

_PATCHWORK: Final = re.compile(r"(?:^|\s)-|/")


def _ids_by_kind(graph: Graph) -> dict[tuple[str, str], list[str]]:
    kinds: dict[tuple[str, str], list[str]] = {}
    entities = graph.arrays.entities
    for number, id in enumerate(entities.ids):
        kinds.setdefault((entities.pool_of(number), entities.kind_of(number)), []).append(id)
    return {kind: sorted(ids) for kind, ids in kinds.items()}


class Sampler:
    """Choices that depend on the seed and the key alone, so that adding data never changes the choices for the rest.

    ``split`` names the split that an anchor falls into; without it all fall into one.
    """

    def __init__(self, seed: int = 0, split: Callable[[str], str] = lambda anchor: "") -> None:
        self.seed = seed
        self._seed = str(seed)
        self._split = split
        self._split_of = lru_cache(1 << 14)(split)
        self._last: tuple[Graph | None, str, str] = (None, "", "")

    def together(self, *anchors: str) -> bool:
        """Say whether anchors fall into one split: a draft that rests on spans of another split would be dropped."""
        return len({self._split_of(anchor) for anchor in anchors}) <= 1

    def fraction(self, *key: str) -> float:
        """Return a number in [0, 1) for the key."""
        return int.from_bytes(self._digest(key, 7), "big") / 2**56

    def _digest(self, key: tuple[str, ...], size: int) -> bytes:
        text = "\0".join((self._seed, *key)).encode("utf-8", "surrogatepass")
        return blake2b(text, digest_size=size).digest()

    def choose(self, options: Sequence[T], *key: str) -> T:
        """Return one of the options (at least one) for the key."""
        return options[int(self.fraction(*key) * len(options))]

    def ordered(self, keys: Iterable[str], *context: str) -> list[str]:
        """Return the keys in an order that looks random and that adding a key does not change for the others."""
        return sorted(keys, key=lambda key: (self.fraction(*context, key), key))

    def pick(self, ids: Sequence[str], *key: str) -> str:
        """Return one of the sorted content ids (at least one) for the key; adding an id changes it for few keys only.

        The ids stand on a ring; the choice is the first one at or after the key's own point.
        """
        point = f"{int(self.fraction(*key) * 2**64):016x}"
        return ids[bisect_left(ids, point) % len(ids)]

    def absent_name(self, graph: Graph, entity: Entity, *key: str) -> str | None:
        """Return a name that nothing in the graph has but something like the entity might.

        It is the entity's own name with the last part of another's of its pool and kind. None when that is a name
        after all, when the source that the entity is first found in says that part, or when nobody would ask for it.
        """
        ids = graph.once(_ids_by_kind)[entity.pool, entity.kind]
        other = graph.name(self.pick(ids, "absent", entity.id, *key))
        qualified = entity.name.endswith(")") and " (" in entity.name
        separator = " (" if qualified else next((one for one in "/ ." if one in entity.name), " ")
        head = entity.name.rpartition(separator)[0] or entity.name
        last = other.rpartition(separator)[2]
        name = f"{head}{separator}{last}"
        if not entity.evidence or not last or not self.sounds_real(name, entity.name) or graph.ids_called(name):
            return None
        said = self._text_of(graph, entity.evidence[0].source)
        return None if (name if separator[0] == " " else last).casefold() in said else name

    @staticmethod
    def sounds_real(name: str, like: str) -> bool:
        """Say whether somebody might ask for a name made like another: no half of a bracket, no patchwork."""
        words = name.split()
        return (
            len(name) <= 120
            and name.count("(") == name.count(")")
            and (len(words) == 1 or " " in like)
            and len(words) == len(set(words)) <= 5
            and not (len(words) > 1 and _PATCHWORK.search(name))
        )

    def _text_of(self, graph: Graph, path: str) -> str:
        """Return the text of a source, case folded; the last one is kept, since drawing goes source by source."""
        if self._last[:2] != (graph, path):
            self._last = graph, path, graph.document(path).text.casefold()
        return self._last[2]

    def points(self, keys: "NDArray[np.uint64]", *context: str) -> "NDArray[np.uint64]":
        """Return 64 bits for each key (`graph.arrays.entities.keys`, for one) in a context: `fraction` for arrays.

        They depend on the seed, the key and the context alone, however many are asked for at once.
        """
        import numpy as np

        from enliterator_core.graph.steps import mixed

        return mixed(keys ^ np.uint64(int.from_bytes(self._digest(context, 8), "big")))

    def sides(self, graph: Graph) -> "NDArray[np.int16]":
        """Return a number for each entity: that of the split that it falls into as an anchor."""
        import numpy as np

        known: dict[str, int] = {}
        split = (known.setdefault(self._split(id), len(known)) for id in graph.arrays.entities.ids)
        return np.fromiter(split, np.int16, len(graph.arrays.entities))

    def paths(
        self, graph: Graph, verbs: Sequence[str | None], walkers: int = 1, size: int = 1 << 15
    ) -> Iterator["Walks"]:
        """Yield simple paths along the verbs (or reverse verbs) in turn, None being any that is there, as arrays.

        From each entity there are at most ``walkers`` of them, none twice; ``size`` entities are started from at a
        time, which changes no path.
        """
        import numpy as np

        from enliterator_core.graph.walks import walks

        count = len(graph.arrays.entities)
        for start in range(0, count, size):
            starts = np.arange(start, min(start + size, count))
            yield walks(graph.arrays, starts, verbs, walkers, lambda *key: self.points(key[0], "walk", *key[1:]))
