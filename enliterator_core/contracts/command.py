# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""A command is declared by name, help and the place to import it from, so that `--help` imports nothing."""

from attrs import frozen


@frozen
class Command:
    """A click command that a plugin adds to `enliterator`: `target` is `package.module:attribute`."""

    name: str
    help: str
    target: str
