# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Fine-tuning data from a graph: made, proven, written, checked and shown."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from enliterator_core.dataset.build import build_dataset
from enliterator_core.dataset.settings import DatasetResult, DatasetSettings, TaskProblem

if TYPE_CHECKING:
    from enliterator_core.dataset.check import Defect, check_paths
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

_LATE = {
    **dict.fromkeys(("Defect", "check_paths"), "check"),
    **dict.fromkeys(("OpenedSpan", "Shown", "metadata_of", "show_example"), "show"),
}


def __getattr__(name: str) -> Any:
    """Import late what only looking at a dataset needs, not making one."""
    if name in _LATE:
        return getattr(import_module(f"{__name__}.{_LATE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
