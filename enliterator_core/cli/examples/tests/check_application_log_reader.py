# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The reader's contract, and what this one makes of a log."""

from application_log_reader import ApplicationLog

from enliterator_core.testing import check_reader

LOG = b"10:00 started\n\n10:01 stopped\n"


def test_every_line_is_a_paragraph():
    document = check_reader(ApplicationLog(), "app.log", LOG)
    assert [document.text[block.start : block.end] for block in document.blocks] == ["10:00 started", "10:01 stopped"]
