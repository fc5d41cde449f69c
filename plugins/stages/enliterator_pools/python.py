# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What Python code states about modules: what they import, and what a package offers under its own name.

The pools stage states a Python file's dotted module name as `module`.
"""

import ast
import sys
from typing import Final

from attrs import frozen

from enliterator_core import Candidate, Claim, Document, Extraction, Extractor, Reference, Source, Span
from enliterator_pools.imports import Import, absolute, imports, targets
from enliterator_pools.places import Places
from enliterator_pools.tested import about_tests

_LONGEST: Final = 2_000_000


@frozen
class PythonCode(Extractor):
    """Imports and tests of Python modules."""

    name = "python"

    def reads(self, source: Source) -> bool:
        """Want Python files."""
        return source.kind == "file" and source.path.endswith(".py")

    def extract(self, source: Source, document: Document) -> Extraction:
        """Return depends_on for imports, other names for what a package re-exports, and measures for tests."""
        tree = parsed(document.text)
        module = dict(document.stated).get("module", "")
        if tree is None or not module:
            return Extraction()
        places = Places(source.path, document.text)
        package = module if source.path.endswith("__init__.py") else module.rpartition(".")[0]
        candidates: list[Candidate] = []
        claims: list[Claim] = []
        for node in imports(tree):
            span = places.of(node)
            for target in targets(node, package):
                if target != f"module {module}":
                    claims.append(_depends(source, target, span))
            if isinstance(node, ast.Import) or not node.level:
                candidates += _packages(node, module, span)
            if source.path.endswith("__init__.py") and isinstance(node, ast.ImportFrom):
                candidates += _offered(node, module, package, span)
        headers = {
            block.name: Span(source.path, block.start, block.end) for block in document.blocks if block.kind == "symbol"
        }
        tested = about_tests(tree, module, package, places, headers)
        return Extraction((*candidates, *tested.candidates), (*claims, *tested.claims))


def parsed(text: str) -> ast.Module | None:
    """Return the syntax tree, or None for code that this Python cannot read: then nothing is claimed of it."""
    if len(text) > _LONGEST:
        return None
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _depends(source: Source, target: str, span: Span) -> Claim:
    return Claim(Reference("Manifest", source.path), "depends_on", Reference("Manifest", target), (span,))


def _packages(node: Import, module: str, span: Span) -> list[Candidate]:
    """Return a candidate for each top package that is neither the standard library's nor the module's own."""
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
    tops = {name.partition(".")[0] for name in names} - {"", module.partition(".")[0]}
    return [
        Candidate("Manifest", top, "package", evidence=(span,), defines=False)
        for top in sorted(tops)
        if top not in sys.stdlib_module_names
    ]


def _offered(node: ast.ImportFrom, module: str, package: str, span: Span) -> list[Candidate]:
    """Return the package's own name for what it takes from a module of its own: another form of that name."""
    base = absolute(node, package)
    if base is None or not base.startswith(f"{module}."):
        return []
    return [
        Candidate(
            "Manifest",
            f"{base}.{alias.name}",
            forms=(f"{module}.{alias.asname or alias.name}",),
            evidence=(span,),
            defines=False,
        )
        for alias in node.names
        if alias.name != "*"
    ]
