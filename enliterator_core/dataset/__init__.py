# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Fine-tuning data from a graph: made, proven, written, checked and shown."""

from enliterator_core.dataset.build import build_dataset
from enliterator_core.dataset.settings import DatasetResult, DatasetSettings, TaskProblem

__all__ = ["DatasetResult", "DatasetSettings", "TaskProblem", "build_dataset"]
