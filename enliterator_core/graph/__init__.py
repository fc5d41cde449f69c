# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""One batch's graph, read only: as nouns for who looks at single things, as arrays for who goes through all."""

from enliterator_core.graph.folding import fold, fold_all, on_one_line
from enliterator_core.graph.kept import Kept
from enliterator_core.graph.path import Path
from enliterator_core.graph.query import Query
from enliterator_core.graph.view import AnyTool, Graph

__all__ = ["AnyTool", "Graph", "Kept", "Path", "Query", "fold", "fold_all", "on_one_line"]
