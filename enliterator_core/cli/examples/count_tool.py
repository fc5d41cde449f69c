# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A tool that counts entities."""

from collections.abc import Mapping
from typing import Any

from enliterator_core import POOLS, Graph, Tool, hookimpl


class CountEntities(Tool):
    """How many entities a pool has."""

    name = "count_entities"
    description = "Counts the entities of one pool."
    parameters = {
        "type": "object",
        "properties": {"pool": {"type": "string", "enum": sorted(POOLS), "title": "pool", "format": "pool"}},
        "required": ["pool"],
        "additionalProperties": False,
    }
    asked = ("what is the number of {pool} entities?", "number of entities in the {pool} pool")

    def call(self, graph: Graph, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Return the count; no entity in particular is found."""
        return {"count": sum(entity.pool == parameters["pool"] for entity in graph.entities.values()), "found": []}


@hookimpl
def register_tools() -> list[type[Tool]]:
    """Add the tool."""
    return [CountEntities]
