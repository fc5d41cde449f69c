# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Signatures by the Standard Webhooks specification (https://www.standardwebhooks.com).

HMAC-SHA256 over `id.timestamp.body`, the body as it came; the key is what stands behind `whsec_`, in base64; the header
`webhook-signature` has entries `v1,BASE64`, separated by spaces, of which one must match.
"""

import binascii
import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Final

from attrs import frozen

PREFIX: Final = "whsec_"
SHORTEST_KEY: Final = 24  # bytes, as the specification has it

_ID: Final = re.compile(rb"[\x21-\x7e]{1,255}")
_TIMESTAMP: Final = re.compile(rb"[0-9]{1,12}")
_ENTRIES: Final = 16  # while keys are changed there are two


class NotSigned(Exception):
    """A request that is not what it should be: the HTTP `status` for it, and `why`, in one word, for the count."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


@frozen
class Signed:
    """What the headers say; nothing of it is proved yet."""

    id: bytes
    timestamp: bytes
    entries: Sequence[bytes]


def keys_of(text: str) -> tuple[list[bytes], list[str]]:
    """Return the keys of secrets separated by spaces, and what is wrong with the others; no secret is repeated."""
    keys, problems = [], []
    for number, secret in enumerate(text.split(), 1):
        try:
            key = b64decode(secret.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not secret.startswith(PREFIX):
            problems.append(f"secret {number} does not begin with {PREFIX}")
        elif not key:
            problems.append(f"what follows {PREFIX} in secret {number} is no base64: it was cut, or changed")
        elif len(key) < SHORTEST_KEY:
            problems.append(f"secret {number} has {len(key)} bytes; {SHORTEST_KEY} are the least")
        else:
            keys.append(key)
    return keys, problems


def sign(key: bytes, id: bytes, timestamp: bytes, body: bytes) -> bytes:
    """Return the entry of the header for a body."""
    return b"v1," + b64encode(hmac.new(key, b"%b.%b.%b" % (id, timestamp, body), sha256).digest())


def read_headers(headers: Iterable[tuple[bytes, bytes]]) -> Signed:
    """Return what the three headers (names in lower case) say; NotSigned where one is not there exactly once."""
    found: dict[bytes, list[bytes]] = {b"webhook-id": [], b"webhook-timestamp": [], b"webhook-signature": []}
    for name, value in headers:
        if name in found:
            found[name].append(value)
    if any(len(values) != 1 for values in found.values()):
        raise NotSigned(400, "headers")
    (id,), (timestamp,), (signature,) = found.values()
    if not _ID.fullmatch(id):
        raise NotSigned(400, "id")
    if not _TIMESTAMP.fullmatch(timestamp):
        raise NotSigned(400, "timestamp")
    return Signed(id, timestamp, signature.split(b" ")[:_ENTRIES])


def verify(signed: Signed, body: bytes, keys: Iterable[bytes], *, tolerance: int, now: float) -> None:
    """Raise NotSigned unless one of the keys signed this body with this id, within `tolerance` seconds of `now`.

    Compared in constant time. A stop in the id could be read as the end of it only if a body began with digits, and
    a body is a JSON object.
    """
    matches = False
    for key in keys:
        wanted = sign(key, signed.id, signed.timestamp, body)
        for entry in signed.entries:
            matches |= hmac.compare_digest(wanted, entry)
    if not matches:
        raise NotSigned(401, "signature")
    if abs(now - int(signed.timestamp)) > tolerance:
        raise NotSigned(401, "stale")
