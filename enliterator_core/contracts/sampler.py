# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Choices that depend on a seed and a key alone: what tasks draw from a graph with."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
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


class _Rings:
    """The entities of each pool and kind on a ring, in the order of their ids."""

    def __init__(self, graph: Graph) -> None:
        import numpy as np

        entities, one_by_one = graph.arrays.entities, graph.arrays.one_by_one
        pairs = entities.pool.astype(np.int64) * max(len(entities.kinds), 1) + entities.kind
        order = np.lexsort((entities.keys, pairs))
        counts = np.unique(pairs[order], return_counts=True)[1]
        place = np.empty(len(order), np.int32)
        place[order] = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
        self._place, self._bounds = one_by_one(place), [0, *np.cumsum(counts).tolist()]
        self._numbers, self._keys = one_by_one(order.astype(np.int32)), one_by_one(entities.keys[order])

    def other(self, number: int, fraction: float) -> int:
        """Return the number of the first on an entity's ring at or after a point; the entity itself is one of them."""
        place = self._place[number]
        first, end = self._bounds[place], self._bounds[place + 1]
        at = bisect_left(self._keys, int(fraction * 2**64), first, end)
        other: int = self._numbers[at if at < end else first]
        return other


class Sampler:
    """Choices that depend on the seed and the key alone, so that adding data never changes the choices for the rest.

    ``split`` names the split that an anchor falls into; without it all fall into one. ``splits`` numbers the splits of
    all anchors, where that is quicker than to ask for each.
    """

    def __init__(
        self,
        seed: int = 0,
        split: Callable[[str], str] = lambda anchor: "",
        splits: "Callable[[Sequence[str]], NDArray[np.int8]] | None" = None,
    ) -> None:
        self.seed = seed
        self._splits = splits
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
        """Return a name that nothing in the graph has but something like the entity might: see `absent_names`."""
        return self.absent_names(graph, *key)(graph.number(entity.id))

    def absent_names(
        self, graph: Graph, *key: str, says: Callable[[str, str], bool] | None = None
    ) -> Callable[[int], str | None]:
        """Return what gives a name that nothing in the graph has but something like the entity of a number might.

        It is the entity's own name with the last part of another's of its pool and kind. None when that is a name
        after all, when the source that the entity is first found in says that part, or when nobody would ask for it.
        ``says`` tells whether the source of a path says a text, whatever their case; it is looked for where not given.
        """
        entities, rings, fraction = graph.arrays.entities, graph.once(_Rings), self.fraction
        ids, names, first_span = entities.ids, entities.names, entities.spans.first
        said = says or partial(self._says, graph)

        def absent_name(number: int) -> str | None:
            own = names[number]
            other = names[rings.other(number, fraction("absent", ids[number], *key))]
            qualified = own.endswith(")") and " (" in own
            separator = " (" if qualified else "/" if "/" in own else " " if " " in own else "." if "." in own else " "
            last = other.rpartition(separator)[2]
            name = f"{own.rpartition(separator)[0] or own}{separator}{last}"
            if not last or not self.sounds_real(name, own) or graph.ids_called(name):
                return None
            span = first_span(number)
            return None if span is None or said(span.source, name if separator[0] == " " else last) else name

        return absent_name

    @staticmethod
    def sounds_real(name: str, like: str) -> bool:
        """Say whether somebody might ask for a name made like another: no half of a bracket, no patchwork."""
        words = name.split()
        many = len(words)
        return (
            many <= 5
            and len(name) <= 120
            and name.count("(") == name.count(")")
            and (many == 1 or " " in like)
            and many == len(set(words))
            and not (many > 1 and ("/" in name or "-" in name) and _PATCHWORK.search(name))
        )

    def _says(self, graph: Graph, path: str, text: str) -> bool:
        """Say whether a source says a text; the last one is kept case folded, since drawing goes source by source."""
        if self._last[:2] != (graph, path):
            self._last = graph, path, graph.document(path).text.casefold()
        return text.casefold() in self._last[2]

    def points(self, keys: "NDArray[np.uint64]", *context: str) -> "NDArray[np.uint64]":
        """Return 64 bits for each key (`graph.arrays.entities.keys`, for one) in a context: `fraction` for arrays.

        They depend on the seed, the key and the context alone, however many are asked for at once.
        """
        import numpy as np

        from enliterator_core.graph.steps import mixed

        return mixed(keys ^ np.uint64(int.from_bytes(self._digest(context, 8), "big")))

    def sides(self, graph: Graph) -> "NDArray[np.int8]":
        """Return a number for each entity: that of the split that it falls into as an anchor."""
        import numpy as np

        ids = graph.arrays.entities.ids
        if self._splits is not None:
            return self._splits(ids)
        known: dict[str, int] = {}
        return np.fromiter((known.setdefault(self._split(id), len(known)) for id in ids), np.int8, len(ids))

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
