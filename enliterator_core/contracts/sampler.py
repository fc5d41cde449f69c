# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Choices that depend on a seed and a key alone: what tasks draw from a graph with."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from hashlib import blake2b
from typing import TypeVar

from enliterator_core.graph import Graph, Path
from enliterator_core.nouns import Entity

T = TypeVar("T")


def _ids_by_kind(graph: Graph) -> dict[tuple[str, str], list[str]]:
    kinds: dict[tuple[str, str], list[str]] = {}
    for id, entity in graph.entities.items():
        kinds.setdefault((entity.pool, entity.kind), []).append(id)
    return {kind: sorted(ids) for kind, ids in kinds.items()}


class Sampler:
    """Choices that depend on the seed and the key alone, so that adding data never changes the choices for the rest.

    ``split`` names the split that an anchor falls into; without it all fall into one.
    """

    def __init__(self, seed: int = 0, split: Callable[[str], str] = lambda anchor: "") -> None:
        self.seed = seed
        self._split = cache(split)

    def together(self, *anchors: str) -> bool:
        """Say whether anchors fall into one split: a draft that rests on spans of another split would be dropped."""
        return len({self._split(anchor) for anchor in anchors}) <= 1

    def fraction(self, *key: str) -> float:
        """Return a number in [0, 1) for the key."""
        text = "\0".join((str(self.seed), *key)).encode("utf-8", "surrogatepass")
        return int.from_bytes(blake2b(text, digest_size=7).digest(), "big") / 2**56

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
        after all, or when the source that the entity is first found in says that part.
        """
        ids = graph.once(_ids_by_kind)[entity.pool, entity.kind]
        other = graph.entities[self.pick(ids, "absent", entity.id, *key)]
        separator = next((one for one in "/ ." if one in entity.name), " ")
        head = entity.name.rpartition(separator)[0] or entity.name
        last = other.name.rpartition(separator)[2]
        name = f"{head}{separator}{last}"
        if not entity.evidence or not last or len(name) > 120 or graph.called(name):
            return None
        said = graph.document(entity.evidence[0].source).text.casefold()
        return None if (name if separator == " " else last).casefold() in said else name

    def paths(self, graph: Graph, hops: int, walkers: int = 1) -> Iterator[Path]:
        """Yield simple paths of exactly that many hops: from each entity, at most ``walkers`` of them, none twice."""
        for start in graph.entities:
            seen: set[Path] = set()
            for walker in range(walkers):
                path = self._walk(graph, start, hops, str(walker))
                if path is not None and path not in seen:
                    seen.add(path)
                    yield path

    def _walk(self, graph: Graph, start: str, hops: int, walker: str) -> Path | None:
        entities, verbs = [start], list[str]()
        for step in range(hops):
            options = [(verb, other) for verb, other in graph.around(entities[-1]) if other not in entities]
            if not options:
                return None
            verb, other = self.choose(options, "walk", start, walker, str(step))
            verbs.append(verb)
            entities.append(other)
        return Path(tuple(entities), tuple(verbs))
