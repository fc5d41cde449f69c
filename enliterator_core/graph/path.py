# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A way through a graph."""

from attrs import frozen


@frozen
class Path:
    """Entities (ids) and the verbs (or reverse verbs) between them, in turn."""

    entities: tuple[str, ...]
    verbs: tuple[str, ...]
