# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which requests are made: about each entity, and about each source; drawn for many of them at a time."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from enliterator_core import Graph, Sampler, entity_id
from enliterator_route.options import Draws, Options, Request
from enliterator_route.shapes import Shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Chances = NDArray[np.floating[Any]]

#: so many calls are drawn at a time
_TOGETHER: Final = 2048
_ONCE: Final = ("tools", "short", "beyond", "form")
_EACH: Final = len(Draws._fields)


def about_entities(
    graph: Graph, sampler: Sampler, options: Options, count: int, back_share: float, beyond_share: float
) -> Iterator[Iterator[Request]]:
    """Yield the requests about each entity for which a source gives evidence, those about some entities at a time.

    So many calls are about each; about a share of them too little is said, and about a share something is asked that no
    tool does. Entities come by the source that first speaks of them, so that it is read while it is still open.
    """
    entities = graph.arrays.entities
    first = entities.spans.offsets[:-1]
    stated = np.flatnonzero(np.diff(entities.spans.offsets))
    order = stated[np.argsort(entities.spans.places[first[stated], 0], kind="stable")]
    columns = [*_ONCE, *(f"{one} {place}" for place in range(count + 1) for one in Draws._fields)]
    size = max(1, _TOGETHER // count)
    for start in range(0, len(order), size):
        some = order[start : start + size]
        points = (sampler.points(entities.keys[some], "route", column) for column in columns)
        # As many of a point's bits as a float holds.
        tools, short, beyond, called, *rest = ((one >> np.uint64(11)) * 2.0**-53 for one in points)
        draws = [Draws(*rest[at : at + _EACH]) for at in range(0, len(rest), _EACH)]
        every = [
            (np.arange(len(some)), *turn) for turn in zip(options.calls.drawn(tools, count).T, draws, strict=False)
        ]
        place, which, _ = _share(short, back_share, len(options.short))
        every.append((place, options.short[which], Draws(*(one[place] for one in draws[-1]))))
        place, which, left = _share(beyond, beyond_share, len(options.deeds))
        every.append((place, options.deeds[which], Draws(*[left] * _EACH)))
        place = np.concatenate([one for one, _, _ in every])
        # By entity; of what is about the same, in the order above.
        order_ = np.argsort(place, kind="stable")
        asked = np.concatenate([one for _, one, _ in every])[order_]
        drawn = Draws(*(np.concatenate(one)[order_] for one in zip(*(one for _, _, one in every), strict=True)))
        place = place[order_]
        yield options.requests(graph, some[place], called[place], [""] * len(place), asked, drawn)


def _share(chances: "Chances", share: float, count: int) -> "tuple[NDArray[np.int64], NDArray[np.int64], Chances]":
    """Return the places of a share of the chances, which of so many things each stands for, and what is left of it."""
    place = np.flatnonzero(chances < share) if count else np.empty(0, np.int64)
    rest = chances[place] / share * count
    which = rest.astype(np.int64)
    return place, which, rest - which


def about_sources(graph: Graph, sampler: Sampler, options: Options) -> Iterator[Iterator[Request]]:
    """Yield the requests about each source, one for each tool; where it is withheld, such as name its path alone."""
    every = list(graph.sources) if len(options.of_source) else []
    for start in range(0, len(every), _TOGETHER):
        paths = every[start : start + _TOGETHER]
        chances = np.array([sampler.fraction("tools", path) for path in paths])
        rows = []
        for path, turns in zip(paths, options.of_source.drawn(chances, len(options.of_source)).tolist(), strict=True):
            number = _spoken_of(graph, sampler, path)
            if number is None:
                continue
            for asked in turns:
                shape = options.every[asked]
                if isinstance(shape, Shape) and (number >= 0 or len(shape.keys) == 1):
                    fractions = (sampler.fraction(one, path, shape.tool) for one in Draws._fields)
                    rows.append((path, number, asked, *fractions))
        if rows:
            named, numbers, every_asked, *columns = zip(*rows, strict=True)
            draws = Draws(*map(np.array, columns))
            yield options.requests(graph, np.array(numbers), draws.form, named, np.array(every_asked), draws)


def _spoken_of(graph: Graph, sampler: Sampler, path: str) -> int | None:
    """Return the number of what a request about a source is about too: the source itself, where it is an entity, or
    one of those that it speaks of. None where there is none, and -1 where nothing of what it says may be said."""
    if not graph.rights_of(path).trainable:
        return -1
    if path not in graph.by_source:
        return None
    numbers, whole = graph.by_source.numbers(path), graph.arrays.entities.numbers.get(entity_id("Manifest", path))
    return whole if whole in numbers else graph.number(sampler.pick(sorted(map(graph.id, numbers)), "source", path))
