# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Metrics are read from result files and events, whatever else is in them."""

import base64

from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import JobEvent
from enliterator_core.training.metrics import of_events, parse

CSV = b"step,train_loss,train_accuracy,valid_loss\n2,0.5,0.75,\n1,1.5,nan,2.25\n"
ROWS = [{"step": 1.0, "train_loss": 1.5, "valid_loss": 2.25}, {"step": 2.0, "train_loss": 0.5, "train_accuracy": 0.75}]


def test_rows_come_by_step_without_what_is_empty_or_no_finite_number():
    assert parse(CSV) == ROWS
    assert parse(b"\xef\xbb\xbf" + CSV) == ROWS
    assert parse(base64.b64encode(CSV)) == ROWS


def test_what_holds_no_metrics_gives_none():
    for content in (b"", b"\x00\xff", b"a,b\n1,2\n", b"not a table at all", b'{"error": "expired"}'):
        assert parse(content) == []


@given(st.binary(max_size=300))
def test_any_bytes_are_survived(content):
    assert all("step" in row for row in parse(content))


def test_events_of_one_step_are_joined_and_the_later_wins():
    def event(number, at, data):
        return JobEvent(f"e{number}", at, "info", "Step", data)

    events = [
        event(3, "2026-11-01T00:00:03+00:00", {"step": 1, "train_loss": 0.25}),
        event(2, "2026-11-01T00:00:02+00:00", {"step": 2, "train_loss": 0.5, "message": "words", "flag": True}),
        event(1, "2026-11-01T00:00:01+00:00", {"step": 1, "train_loss": 0.75, "valid_loss": 1.0}),
        event(0, "2026-11-01T00:00:00+00:00", {}),
    ]
    assert of_events(events) == [
        {"step": 1.0, "train_loss": 0.25, "valid_loss": 1.0},
        {"step": 2.0, "train_loss": 0.5},
    ]
