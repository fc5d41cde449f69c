# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The handler's contract, and what this one writes."""

from stage_times_handler import StageTimes

from enliterator_core import Event
from enliterator_core.testing import check_event_handler


def test_a_finished_stage_leaves_a_line(tmp_path):
    check_event_handler(StageTimes(), Event("stage.finished", {"name": "intake", "seconds": 1.25}), tmp_path)
    assert (tmp_path / "times.txt").read_text() == "intake 1.250\n"
