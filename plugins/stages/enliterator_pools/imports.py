# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Import statements: where they stand, and which dotted names they mean."""

import ast
import sys
from collections.abc import Iterator

Import = ast.Import | ast.ImportFrom


def imports(tree: ast.Module) -> Iterator[Import]:
    """Yield every import statement, in the order of the text, those inside functions included."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    yield from sorted(found, key=lambda node: (node.lineno, node.col_offset))


def absolute(node: ast.ImportFrom, package: str) -> str | None:
    """Return the dotted name that `from X import` names, with leading dots resolved; None when they lead out."""
    if not node.level:
        return node.module
    parts = package.split(".") if package else []
    if node.level > len(parts):
        return None
    base = ".".join(parts[: len(parts) - node.level + 1])
    return f"{base}.{node.module}" if node.module else base


def targets(node: Import, package: str) -> list[str]:
    """Return the names of what a statement may import: modules (and what could be modules inside them), and packages.

    A module is named as the lexicon does, with the word in front that keeps it apart from a function of its name.
    """
    if isinstance(node, ast.Import):
        names = [alias.name for alias in node.names]
    else:
        base = absolute(node, package)
        if base is None or base == "__future__":
            return []
        # A capital is a class's: names are looked up in any case, and `pkg.Graph` is not the module `pkg.graph`.
        inside = (alias.name for alias in node.names if alias.name != "*" and alias.name.islower())
        names = [base, *(f"{base}.{name}" for name in inside)]
    every = [name for name in names if name.partition(".")[0] not in sys.stdlib_module_names]
    tops = [name.partition(".")[0] for name in every if name.partition(".")[0] != package.partition(".")[0]]
    return list(dict.fromkeys([*(f"module {name}" for name in every), *tops]))
