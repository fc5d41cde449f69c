# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A tool answers one kind of question about a graph; its parameters are a JSON Schema."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from enliterator_core.graph import Graph


class Tool(ABC):
    """Something that people's questions are routed to.

    `parameters` is a JSON Schema of type object with `additionalProperties` false; `description` is one sentence
    for a model and a person alike. A parameter's `title` is what a question for it calls it, and its `format` says
    what of the graph it holds: `entity-name`, `related-entity-name` (a neighbour of the one named first),
    `source-path`, `verb` (read from the entity named first), `pool`, `related-pool`, `search-words` or `date`.

    `asked` holds the ways in which people ask for it, parameters in braces: `"what is {name}?"`. A verb is said as
    `{verb:phrase}` (depends on), `{verb:back}` (is required by) and `{verb:who}` (who or what). A way that says all
    that is required stands for a call; one that leaves some of it out is answered by asking back. The route task
    trains on them; a tool without any is asked for by its description.

    A tool may also have `finds(graph, parameters)`, the numbers of what `call` tells under `found`, for who asks for no
    more: the route task calls a tool for every example, and telling what was found is most of what that takes.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    parameters: ClassVar[dict[str, Any]]
    asked: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with JSON values; entity ids that the answer found stand under `found`, best first."""
