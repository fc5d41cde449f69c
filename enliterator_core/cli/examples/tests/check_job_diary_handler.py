# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The handler's contract, and what this one writes."""

from job_diary_handler import JobDiary

from enliterator_core import Event
from enliterator_core.testing import check_event_handler


def test_a_change_is_one_line_however_often_it_is_told(tmp_path):
    check_event_handler(JobDiary(), Event("job.changed", {"job": 3, "state": "succeeded"}, "evt_1"), tmp_path)
    assert (tmp_path / "diary.txt").read_text() == "evt_1 job 3 succeeded\n"
