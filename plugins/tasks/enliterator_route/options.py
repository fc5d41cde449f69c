# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""All that can be asked for, and how one number after another decides which of it is, for many requests at once."""

from collections.abc import Iterator, Sequence
from itertools import chain, compress
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from enliterator_core import Graph
from enliterator_route.asking import MANNERS, Manner, Way, manners
from enliterator_route.beyond import Deed, about_something
from enliterator_route.neighbours import far, near
from enliterator_route.shapes import Shape, shapes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]
    Chances = NDArray[np.floating[Any]]


class Draws(NamedTuple):
    """The numbers in [0, 1) that requests are drawn with: how they are asked, their values, and who else they are
    about, over whom, and called what."""

    way: "Chances"
    value: "Chances"
    other: "Chances"
    end: "Chances"
    form: "Chances"


#: A request to be made: the number of the entity that it is about, the chance that says what that is called, the path
#: of the source; what is asked for, the way, the manner; the chances for values and for what a second entity is called;
#: that entity, the code of the verb that leads to it, the row of the relation that says so. What is not there is -1.
Request = tuple[int, float, str, Shape | Deed, Way, Manner, float, float, int, int, int]


class Turns:
    """Shapes by tool, of which requests about one thing take one in turn: every tool is as likely as another."""

    def __init__(self, tools: Sequence[Sequence[int]]) -> None:
        """Take the numbers of each tool's shapes, each as often as there are ways to ask for it."""
        self._shapes = np.array(list(chain.from_iterable(tools)), np.int64)
        self._sizes = np.array([len(one) for one in tools], np.int64)
        self._starts = np.cumsum(self._sizes) - self._sizes

    def __len__(self) -> int:
        return len(self._sizes)

    def drawn(self, chances: "Chances", count: int) -> "Numbers":
        """Return for each chance a row of that many shapes, each another tool's; of fewer where there are fewer."""
        rows, rest = np.arange(len(chances)), chances
        left = np.tile(np.arange(len(self)), (len(chances), 1))
        chosen = np.empty((len(chances), min(count, len(self))), np.int64)
        for turn in range(chosen.shape[1]):
            rest = rest * left.shape[1]
            place = rest.astype(np.int64)
            tool = left[rows, place]
            rest = (rest - place) * self._sizes[tool]
            which = rest.astype(np.int64)
            rest -= which
            chosen[:, turn] = self._shapes[self._starts[tool] + which]
            others = np.ones(left.shape, bool)
            others[rows, place] = False
            left = left[others].reshape(len(rows), -1)
        return chosen


class Options:
    """All that can be asked for of something in the graph, by number, and in which ways."""

    def __init__(self, graph: Graph) -> None:
        kinds, deeds = graph.once(shapes), graph.once(about_something)
        by_tool = chain.from_iterable((*kinds.calls, *kinds.of_source))
        self.every: list[Shape | Deed] = [*dict.fromkeys((*by_tool, *kinds.short)), *deeds]
        number = {one: place for place, one in enumerate(self.every)}
        self.calls, self.of_source = (
            Turns([[number[shape] for shape in tool] for tool in tools]) for tools in (kinds.calls, kinds.of_source)
        )
        self.short = np.array([number[shape] for shape in kinds.short], np.int64)
        self.deeds = np.array([number[deed] for deed in deeds], np.int64)
        self._ways = [way for one in self.every for way in one.ways]
        self._counts = np.array([len(one.ways) for one in self.every], np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._orders = np.array([way.order for way in self._ways], bool)
        self._near = np.array([isinstance(one, Shape) and one.near for one in self.every], bool)
        self._far = np.array([isinstance(one, Shape) and one.far and not one.near for one in self.every], bool)

    def requests(
        self, graph: Graph, numbers: "Numbers", called: "Chances", paths: Sequence[str], asked: "Numbers", draws: Draws
    ) -> Iterator[Request]:
        """Yield the requests that are drawn, but none for what is about a second entity where the graph has none."""
        rest = draws.way * self._counts[asked]
        place = rest.astype(np.int64)
        way = self._starts[asked] + place
        manner = manners(self._orders[way], rest - place)
        second, verb, row = (np.full(len(asked), -1, np.int64) for _ in range(3))
        steps = graph.arrays.steps
        some = np.flatnonzero(self._near[asked])
        step = near(graph, numbers[some], draws.other[some])
        some, step = some[step >= 0], step[step >= 0]
        second[some], verb[some], row[some] = steps.other[step], steps.verb[step], steps.row[step]
        some = np.flatnonzero(self._far[asked])
        second[some] = far(graph, numbers[some], draws.other[some], draws.end[some])
        every = zip(
            numbers.tolist(),
            called.tolist(),
            paths,
            [self.every[one] for one in asked.tolist()],
            [self._ways[one] for one in way.tolist()],
            [MANNERS[one] for one in manner.tolist()],
            draws.value.tolist(),
            draws.form.tolist(),
            second.tolist(),
            verb.tolist(),
            row.tolist(),
            strict=True,
        )
        return compress(every, ((second >= 0) | ~(self._near | self._far)[asked]).tolist())
