# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The graph tools: the questions about a graph that people and models can have answered by a call."""

from enliterator_core import Tool, hookimpl
from enliterator_graph_tools.looking import DescribeEntity, ListEntities, SearchEntities, Timeline
from enliterator_graph_tools.proving import (
    EntitiesOfSource,
    ListGaps,
    RightsOfEntity,
    RightsOfSource,
    SourcesOfEntity,
    StatedWhere,
)
from enliterator_graph_tools.travelling import InCommon, PathBetween, RelatedEntities, shortest_path

__all__ = ["shortest_path"]


@hookimpl
def register_tools() -> list[type[Tool]]:
    """Add the graph tools."""
    return [
        SearchEntities,
        DescribeEntity,
        ListEntities,
        Timeline,
        RelatedEntities,
        PathBetween,
        InCommon,
        StatedWhere,
        SourcesOfEntity,
        EntitiesOfSource,
        RightsOfSource,
        RightsOfEntity,
        ListGaps,
    ]
