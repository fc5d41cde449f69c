# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What the layout packs, as arrays: ids and spans of many rows at once."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from enliterator_core import SpanColumns


def ids(numbers: Sequence[int]) -> NDArray[np.uint64]:
    """Return integer ids of the layout as the content ids' unsigned numbers."""
    return np.array(numbers, np.int64).view(np.uint64) ^ np.uint64(1 << 63)


def spans(packed: Sequence[bytes], paths: Sequence[str]) -> SpanColumns:
    """Return the packed spans of some rows."""
    counts = np.fromiter(map(len, packed), np.int64, len(packed)) // 12
    return SpanColumns(counts, np.frombuffer(b"".join(packed), "<u4").astype(np.uint32).reshape(-1, 3), paths)
