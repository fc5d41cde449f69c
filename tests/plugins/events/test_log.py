# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The log: one JSON line for each event, whole whatever the event holds and whoever else writes."""

import json
import threading
from datetime import datetime, timedelta

import pytest

import enliterator_log
from enliterator_core import Event


@pytest.fixture
def log(tmp_path):
    handler = enliterator_log.EventLog()
    handler.open(tmp_path)
    return handler


def lines(folder, name="events.jsonl"):
    return [json.loads(line) for line in (folder / name).read_bytes().splitlines()]


def test_the_plugin_adds_the_log():
    assert enliterator_log.register_event_handlers() == [enliterator_log.EventLog]


def test_every_event_becomes_a_line_with_its_time(log, tmp_path):
    assert not (tmp_path / "events.jsonl").exists()
    log.handle(Event("stage.finished", {"stage": "intake", "counts": {"files": 3}}))
    log.handle(Event("anything", {"text": "two\nlines \u2028 and 蜂"}))
    first, second = lines(tmp_path)
    assert (first["type"], first["data"]) == ("stage.finished", {"stage": "intake", "counts": {"files": 3}})
    assert second["data"]["text"] == "two\nlines \u2028 and 蜂"
    assert datetime.fromisoformat(first["at"]).utcoffset() == timedelta(0)


def test_what_json_cannot_hold_is_written_as_text(log, tmp_path):
    log.handle(Event("odd", {"path": tmp_path, "broken": "\ud800"}))
    (line,) = (tmp_path / "events.jsonl").read_bytes().splitlines()
    assert json.loads(line.decode("utf-8", "surrogatepass"))["data"] == {"path": str(tmp_path), "broken": "\ud800"}


def test_lines_of_many_writers_do_not_mix(log, tmp_path):
    def write(number):
        for _ in range(50):
            log.handle(Event("many", {"number": number, "text": "x" * 2000}))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(line["data"]["number"] for line in lines(tmp_path)) == sorted([0, 1, 2, 3] * 50)


def test_the_files_name_is_a_setting_that_stays_in_the_folder(tmp_path):
    handler = enliterator_log.EventLog(file_name="told.jsonl")
    handler.open(tmp_path)
    handler.handle(Event("a", {}))
    assert len(lines(tmp_path, "told.jsonl")) == 1
    with pytest.raises(ValueError, match="file_name"):
        enliterator_log.EventLog(file_name="../told.jsonl")


def test_an_event_before_it_is_opened_is_an_error_that_says_so():
    with pytest.raises(RuntimeError, match="before it was opened"):
        enliterator_log.EventLog().handle(Event("a", {}))
