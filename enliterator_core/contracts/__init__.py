# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a plugin may be, one file a kind.

A plugin class is its own settings: its attrs fields are its `plugins.toml` settings, their types and validators the
rules, its docstring its help. Give each field a default; `name` is a class variable.
"""
