# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The part of the records' contract that holds which sources were withdrawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import evolve

from enliterator_core.contracts.records import Records
from enliterator_core.operations import Withdrawal
from enliterator_core.testing.storage_graph import refused

_AT = "2026-11-01T10:00:00+00:00"


class WithdrawalsContract:
    """What the records promise of withdrawals."""

    @contextmanager
    def opened(self, workspace: Path) -> Iterator[Records]:
        """Open the records, and close them."""
        raise NotImplementedError
        yield

    def test_withdrawals_are_appended_and_taken_back_once(self, tmp_path: Path) -> None:
        """In order, with all that they name, whatever their paths are called; nothing is ever changed."""
        named = {"jobs": [{"id": 3}], "models": ["acme:small → ü"]}
        one = Withdrawal(0, _AT, "ann", "the author asked", ((1, "a → b.md"), (2, "c'\"d.md")), "ab" * 32, named)
        with self.opened(tmp_path) as records:
            assert records.withdrawals() == []
            first = records.add_withdrawal(one)
            second = records.add_withdrawal(Withdrawal(0, _AT, "ben", "", ((1, "x.md"),)))
            back = records.add_withdrawal(evolve(one, who="cy", reason="a mistake", undoes=first.id))
            assert first == evolve(one, id=first.id) and first.id < second.id < back.id
            refused(lambda: records.add_withdrawal(evolve(one, undoes=first.id)))
            refused(lambda: records.add_withdrawal(evolve(one, undoes=back.id)))
            refused(lambda: records.add_withdrawal(evolve(one, undoes=99)))
            refused(lambda: records.add_withdrawal(evolve(one, reason="\udc80")))
        with self.opened(tmp_path) as records:
            assert records.withdrawals() == [first, second, back]
