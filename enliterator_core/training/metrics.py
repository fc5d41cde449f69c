# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Metrics of training by step, from result files and from events."""

import base64
import binascii
import csv
from collections.abc import Iterable
from math import isfinite

from enliterator_core.contracts.training import JobEvent


def parse(content: bytes) -> list[dict[str, float]]:
    """Return the rows of a result file: CSV with a column `step`, or such a CSV in base64, as some servers send it.

    Cells that are empty or no finite number are left out, and so are rows without a step; of nothing else: [].
    """
    text = content.decode("utf-8-sig", "replace")
    if "," not in text.partition("\n")[0]:
        try:
            text = base64.b64decode(content, validate=False).decode("utf-8-sig", "replace")
        except (binascii.Error, ValueError):
            return []
    try:
        records = list(csv.DictReader(text.splitlines()))
    except csv.Error:  # what is no table holds no metrics
        return []
    rows = [
        {name: value for name, cell in record.items() if (value := _number(name, cell)) is not None}
        for record in records
    ]
    return sorted((row for row in rows if "step" in row), key=lambda row: row["step"])


def of_events(events: Iterable[JobEvent]) -> list[dict[str, float]]:
    """Return the rows that events carry in their data, by step; the later event of one step wins."""
    rows: dict[float, dict[str, float]] = {}
    for event in sorted(events, key=lambda one: one.at):
        data = {name: value for name, one in event.data.items() if (value := _number(name, one)) is not None}
        if "step" in data:
            rows.setdefault(data["step"], {}).update(data)
    return [rows[step] for step in sorted(rows)]


def _number(name: object, value: object) -> float | None:
    if not isinstance(name, str) or isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) else None
