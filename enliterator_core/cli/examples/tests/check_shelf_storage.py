# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The storage's contract: everything that any storage promises."""

from shelf_storage import Shelf

from enliterator_core import Storage
from enliterator_core.testing import GraphStorageContract


class TestShelf(GraphStorageContract):
    url = "shelf:"

    def storage(self) -> Storage:
        return Shelf()
