# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Formats in which a dataset leaves: what other tools train on, and suites that evaluate a model with its test split.

Every example carries its id, task, licence, holder and sources as far as the format lets it, and its system prompt.
"""

from enliterator_core import DatasetExporter, hookimpl
from enliterator_dataset_formats.chat import Alpaca, ShareGpt
from enliterator_dataset_formats.evals import Inspect, LmEval
from enliterator_dataset_formats.pairs import Dpo
from enliterator_dataset_formats.tables import Parquet

__all__ = ["Alpaca", "Dpo", "Inspect", "LmEval", "Parquet", "ShareGpt"]


@hookimpl
def register_exporters() -> list[type[DatasetExporter]]:
    """Add the formats."""
    return [ShareGpt, Alpaca, Parquet, Dpo, Inspect, LmEval]
