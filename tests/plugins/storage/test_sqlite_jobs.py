# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Ten thousand jobs: their rows are read fast enough for whoever lists them."""

from pathlib import Path
from time import process_time

import pytest
from sqlalchemy import insert

from enliterator_core import TrainingJob
from enliterator_core.testing.storage_jobs import job_with
from enliterator_sqlite.operations import Operations, job_row
from enliterator_sqlite.records import open_records
from enliterator_sqlite.tables import JOB

COUNT = 10_000
QUOTE = {"examples": 1712, "tokens": 231_408, "epochs": 3, "price": 5.0, "cost": 3.47, "currency": "USD"}


def a_job(number: int) -> TrainingJob:
    state = "running" if number % 50 == 0 else "succeeded"
    ended = {"tuned_model": f"small:{number}", "trained_tokens": 694_224, "cost": 3.47, "result_files": ("file-1",)}
    return job_with(f"t{number}", state=state, remote=f"ft-{number}", quote=QUOTE, updated_at="2026-11-02", **ended)


@pytest.fixture
def records(tmp_path: Path) -> Operations:
    opened = open_records(tmp_path / "records.db")
    rows = [job_row(a_job(number)) for number in range(COUNT)]
    with opened._writing() as connection:
        connection.execute(insert(JOB), rows)
    yield opened
    opened.close()


def test_ten_thousand_jobs_are_queried_within_a_tenth_of_a_second(records: Operations) -> None:
    def seconds(within: float, **asked: object) -> float:
        taken = []
        for _ in range(30):  # a busy machine may be slower for a while
            start = process_time()
            assert records.jobs(**asked)
            taken.append(process_time() - start)
            if taken[-1] < within:
                break
        return min(taken)

    assert len(records.jobs()) == COUNT and len(records.jobs(open=True)) == COUNT // 50
    assert seconds(0.1) < 0.1
    assert max(seconds(0.02, limit=50), seconds(0.02, remote="ft-777"), seconds(0.02, open=True)) < 0.02
