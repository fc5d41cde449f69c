# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a plugin author tests with."""

from enliterator_core.testing.memory import MemoryGraph, MemoryStorage
from enliterator_core.testing.sample import sample_graph, sample_storage
from enliterator_core.testing.storage import GraphStorageContract, RecordsContract

__all__ = ["GraphStorageContract", "MemoryGraph", "MemoryStorage", "RecordsContract", "sample_graph", "sample_storage"]
