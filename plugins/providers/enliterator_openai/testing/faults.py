# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the stand-in can be told to do wrong, one request at a time."""

from typing import Final, Literal

from attrs import define

CUT: Final = "cut"
CUT_AFTER: Final = "cut after"
SLOW: Final = "slow"

What = int | Literal["cut", "cut after", "slow"]


@define
class Fault:
    """One misbehaviour and where it strikes.

    ``what`` is an HTTP status (429 and 503 carry ``Retry-After``, of ``retry_after`` seconds), ``"cut"`` (the
    connection closes and nothing was done), ``"cut after"`` (the work is done, then it closes), or ``"slow"`` (the
    work is done after ``seconds``). ``where`` begins the request it strikes, such as ``POST /v1/fine_tuning/jobs``;
    empty: any. It strikes ``times`` times, or always (None). ``code`` and ``message`` are a refusal's own.
    """

    what: What
    where: str = ""
    times: int | None = 1
    seconds: float = 0.0
    code: str | None = None
    message: str = "told to fail"
    retry_after: str = "0.05"

    def strikes(self, call: str) -> bool:
        """Say whether it strikes a call (``METHOD /path``), and count it off."""
        if not call.startswith(self.where) or self.times == 0:
            return False
        if self.times is not None:
            self.times -= 1
        return True
