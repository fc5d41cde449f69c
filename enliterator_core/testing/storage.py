# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The contracts of the storage facets, as tests that a storage's author runs.

    class TestAcmeGraph(GraphStorageContract):
        url = "acme://localhost"

        def storage(self) -> Storage:
            return Acme()

pytest runs every test with a fresh workspace. What the contract leaves open is left open here; what it promises
holds for any text: quotes, control characters and emoji read back as they were written, and text that is not valid
Unicode (a lone surrogate) is refused with ServiceError, because no storage, exporter or model could carry it further.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from enliterator_core.contracts.records import Records
from enliterator_core.contracts.storage import Storage
from enliterator_core.nouns import Batch
from enliterator_core.testing.storage_events import EventsContract
from enliterator_core.testing.storage_graph import ODD_NAMES, GraphReadsContract, GraphWritesContract, refused
from enliterator_core.testing.storage_jobs import OperationsContract
from enliterator_core.testing.storage_search import HOSTILE_QUERIES, GraphPublishContract, GraphSearchContract
from enliterator_core.testing.storage_withdrawals import WithdrawalsContract

__all__ = ["HOSTILE_QUERIES", "ODD_NAMES", "GraphStorageContract", "RecordsContract", "refused"]


class GraphStorageContract(GraphWritesContract, GraphReadsContract, GraphSearchContract, GraphPublishContract):
    """Everything that the graph facet promises; a subclass sets `url` and returns a `storage`."""


class RecordsContract(OperationsContract, EventsContract, WithdrawalsContract):
    """Everything that the records facet promises; a subclass sets `url` and returns a `storage`."""

    url = "sqlite:"

    def storage(self) -> Storage:
        """Return a new storage; two of them with the same URL and workspace see the same records."""
        raise NotImplementedError

    @contextmanager
    def opened(self, workspace: Path) -> Iterator[Records]:
        """Open the records, and close them."""
        records = self.storage().records(self.url, workspace / ".enliterator")
        assert records is not None, "the storage has no records facet"
        try:
            yield records
        finally:
            records.close()

    def test_batches_are_numbered_and_kept(self, tmp_path: Path) -> None:
        """From 1, in order, also after the records were closed; an origin's newest is the one that counts."""
        with self.opened(tmp_path) as records:
            assert records.batches() == [] and records.batch(1) is None and records.batch_of("folder") is None
            first = records.add_batch("handbook", "folder", '{"a": 1}')
            second = records.add_batch("other", "elsewhere", "{}")
        with self.opened(tmp_path) as records:
            third = records.add_batch("handbook", "folder", "{}")
            assert (first.id, second.id, third.id) == (1, 2, 3)
            assert records.batches() == [first, second, third]
            assert first == Batch(1, "handbook", "folder", first.created_at, '{"a": 1}')
            assert datetime.fromisoformat(first.created_at).utcoffset() == timedelta(0)
            assert records.batch(2) == second and records.batch_of("folder") == third and records.batch(4) is None

    def test_builds_are_appended(self, tmp_path: Path) -> None:
        """The newest is the last one; a build of no batch is refused."""
        with self.opened(tmp_path) as records:
            one, other = records.add_batch("a", "a", "{}"), records.add_batch("b", "b", "{}")
            assert records.last_build(one.id) is None
            records.add_build(one.id, {"score": 1})
            records.add_build(one.id, {"score": 78.5, "stages": [{"name": "intake → ü"}], "none": None})
            records.add_build(other.id, {})
            refused(lambda: records.add_build(99, {}))
        with self.opened(tmp_path) as records:
            expected = {"score": 78.5, "stages": [{"name": "intake → ü"}], "none": None}
            assert records.last_build(one.id) == expected and records.last_build(other.id) == {}
            assert records.last_build(99) is None

    def test_settings_and_their_history(self, tmp_path: Path) -> None:
        """Set, changed, unset and set again: what it is now, and every change, oldest first."""
        with self.opened(tmp_path) as records:
            assert records.settings() == {} and records.setting_history() == []
            records.set_setting("model.b", "x:1", "ann")
            records.set_setting("model.a", "x:1", "ann")
            records.set_setting("model.b", "x:2", "ben", "unverified")
            records.set_setting("model.b", None, "ben")
            records.set_setting("model.b", None, "ben")
            assert records.settings() == {"model.a": "x:1"}
            records.set_setting("model.b", "", "cy")
        with self.opened(tmp_path) as records:
            assert list(records.settings().items()) == [("model.a", "x:1"), ("model.b", "")]
            changes = [(one.old, one.new, one.who) for one in records.setting_history("model.b")]
            assert changes[:3] == [(None, "x:1", "ann"), ("x:1", "x:2", "ben"), ("x:2", None, "ben")]
            assert changes[-1] == (None, "", "cy")
            notes = [one.note for one in records.setting_history("model.b")]
            assert notes == ["", "unverified", "", "", ""]
            assert [one.key for one in records.setting_history()][:3] == ["model.b", "model.a", "model.b"]
            assert all(datetime.fromisoformat(one.at).utcoffset() == timedelta(0) for one in records.setting_history())
            assert records.setting_history("nothing") == []

    def test_odd_texts_read_back(self, tmp_path: Path) -> None:
        """And lone surrogates are refused, with nothing of the change kept."""
        with self.opened(tmp_path) as records:
            for name in ODD_NAMES:
                assert records.add_batch(name, name, name) == records.batch_of(name)
                records.set_setting(name, name, name)
            assert records.settings() == {name: name for name in ODD_NAMES}
            refused(lambda: records.add_batch("\udc80", "a", "{}"))
            refused(lambda: records.set_setting("key", "\udc80", "me"))
            refused(lambda: records.set_setting("key", "value", "\udc80"))
            refused(lambda: records.add_build(1, {"text": "\udc80"}))
            assert "key" not in records.settings() and records.setting_history("key") == []
            assert len(records.batches()) == len(ODD_NAMES) and records.last_build(1) is None

    def test_writers_take_turns(self, tmp_path: Path) -> None:
        """Four at once, each with the records opened for itself from the start: no number twice, no change lost."""

        def work(who: int) -> None:
            with self.opened(tmp_path) as records:
                for number in range(8):
                    records.add_batch(f"{who}", f"{number}", "{}")
                    records.set_setting("shared", f"{who}.{number}", f"{who}")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(work, range(4)))
        with self.opened(tmp_path) as records:
            assert [batch.id for batch in records.batches()] == list(range(1, 33))
            history = records.setting_history("shared")
            assert [change.old for change in history] == [None, *(change.new for change in history[:-1])]
            assert len(history) == 32 and records.settings() == {"shared": history[-1].new}
