# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""``python -m enliterator_core.cli``, where the program itself is not on the path."""

from enliterator_core.cli import main

main()
