# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Fine-tuning data from a graph: made, proven, written, checked and shown."""

from enliterator_core.dataset.build import build_dataset
from enliterator_core.dataset.check import Defect, check_paths
from enliterator_core.dataset.settings import DatasetResult, DatasetSettings, TaskProblem
from enliterator_core.dataset.show import OpenedSpan, Shown, metadata_of, show_example

__all__ = [
    "DatasetResult",
    "DatasetSettings",
    "Defect",
    "OpenedSpan",
    "Shown",
    "TaskProblem",
    "build_dataset",
    "check_paths",
    "metadata_of",
    "show_example",
]
