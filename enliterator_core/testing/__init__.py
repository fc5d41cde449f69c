# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a plugin author tests with."""

from enliterator_core.testing.importer import check_importer
from enliterator_core.testing.memory import MemoryGraph, MemoryStorage
from enliterator_core.testing.plugins import check_event_handler, check_reader, check_stage
from enliterator_core.testing.provider import check_provider
from enliterator_core.testing.route import RecordedServer, check_route
from enliterator_core.testing.sample import sample_graph, sample_storage
from enliterator_core.testing.storage import GraphStorageContract, RecordsContract
from enliterator_core.testing.task_type import check_task_type
from enliterator_core.testing.trainer import check_embed, check_trainer

__all__ = [
    "GraphStorageContract",
    "MemoryGraph",
    "MemoryStorage",
    "RecordedServer",
    "RecordsContract",
    "check_embed",
    "check_event_handler",
    "check_importer",
    "check_provider",
    "check_reader",
    "check_route",
    "check_stage",
    "check_task_type",
    "check_trainer",
    "sample_graph",
    "sample_storage",
]
