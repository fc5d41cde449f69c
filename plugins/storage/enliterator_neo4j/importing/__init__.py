# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Importing property graphs: nodes with labels and properties, relationships with a type, from wherever they are."""
