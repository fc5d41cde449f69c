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
    for a model and a person alike.
    """

    name: ClassVar[str]
    description: ClassVar[str]
    parameters: ClassVar[dict[str, Any]]

    @abstractmethod
    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Answer with JSON values; entity ids that the answer found stand under `found`, best first."""
