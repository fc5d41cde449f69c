# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""One small plugin for every hook: shown in docs/hooks.md, run by the tests, copied by `enliterator plugins new`."""
