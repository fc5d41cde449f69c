# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""What a test checks: the imported function or class whose result an assertion looks at, or that must raise.

Only what the assertion itself shows counts: a call on its left side, a name assigned from such a call, or the body of
`pytest.raises`. What a test merely uses to prepare, or compares with, is not checked by it.
"""

import ast
from collections.abc import Iterator, Mapping

from attrs import define, field

from enliterator_core import Candidate, Claim, Extraction, Reference, Span
from enliterator_pools.imports import absolute
from enliterator_pools.places import Places

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_MOST = 4
# Built-in functions whose result shows what was given to them.
_SEEN_THROUGH = frozenset(
    {"len", "list", "dict", "set", "sorted", "tuple", "next", "any", "all", "str", "sum", "bool", "repr"}
)


@define
class _Test:
    """One test's names: what was imported, and what each local name was assigned from (symbol, where)."""

    places: Places
    imported: Mapping[str, str]
    assigned: dict[str, tuple[str, Span]] = field(factory=dict)
    checked: dict[str, list[Span]] = field(factory=dict)

    def symbol(self, node: ast.expr) -> str | None:
        """Return the dotted name of an expression that is an imported symbol or an attribute of one."""
        if isinstance(node, ast.Name):
            return self.imported.get(node.id)
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id in self.assigned:
                return f"{self.assigned[node.value.id][0]}.{node.attr}"
            base = self.symbol(node.value)
            return f"{base}.{node.attr}" if base else None
        return None

    def called(self, node: ast.expr) -> Iterator[tuple[str, list[Span]]]:
        """Yield the symbols whose result an expression looks at, with the spans beside the expression that show it."""
        if isinstance(node, ast.Call):
            name = self.symbol(node.func)
            if name is not None:
                yield name, self._behind(node.func)
                return
            if isinstance(node.func, ast.Name) and node.func.id in {"isinstance", "issubclass", "hasattr"}:
                yield from self.called(node.args[0]) if node.args else ()
                return
            if isinstance(node.func, ast.Attribute):
                yield from self.called(node.func.value)
            elif isinstance(node.func, ast.Name) and node.func.id in _SEEN_THROUGH:
                for part in node.args:
                    yield from self.called(part)
        elif isinstance(node, ast.Name):
            if node.id in self.assigned:
                name, span = self.assigned[node.id]
                yield name, [span]
        elif isinstance(node, ast.Compare):
            yield from self.called(node.left)
            if len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
                yield from self.called(node.comparators[0])
        elif isinstance(node, ast.BoolOp):
            for value in node.values:
                yield from self.called(value)
        elif isinstance(node, ast.UnaryOp):
            yield from self.called(node.operand)
        elif isinstance(node, ast.Attribute | ast.Subscript | ast.Await | ast.Starred):
            yield from self.called(node.value)
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            yield from self.called(node.generators[0].iter)

    def _behind(self, func: ast.expr) -> list[Span]:
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id in self.assigned:
            return [self.assigned[func.value.id][1]]
        return []

    def assign(self, node: ast.Assign | ast.AnnAssign) -> None:
        """Remember what the names on the left were made by, or forget them."""
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        names = [one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)]
        made = self._made(node.value)
        for name in names:
            if made is None:
                self.assigned.pop(name, None)
            else:
                self.assigned[name] = (made, self.places.of(node))

    def _made(self, value: ast.expr | None) -> str | None:
        if isinstance(value, ast.Await):
            value = value.value
        if not isinstance(value, ast.Call):
            return None
        if isinstance(value.func, ast.Name) and value.func.id in _SEEN_THROUGH:
            return self._made(value.args[0]) if value.args else None
        return self.symbol(value.func)

    def check(self, node: ast.expr, statement: Span) -> None:
        """Keep what an assertion looks at."""
        for name, spans in self.called(node):
            self.checked.setdefault(name, [*spans, statement])


def about_tests(tree: ast.Module, module: str, package: str, places: Places, headers: Mapping[str, Span]) -> Extraction:
    """Return every test of a module that checks something it imports, with what it checks.

    ``headers`` gives the place of each function's header, by its qualified name in the module.
    """
    imported = _imported(tree, package)
    candidates: list[Candidate] = []
    claims: list[Claim] = []
    if not imported:
        return Extraction()
    for owner, node in _tests(tree):
        test = _Test(places, imported)
        _walk(node.body, test)
        if not test.checked or f"{owner}{node.name}" not in headers:
            continue
        name = f"{module}.{owner}{node.name}"
        header = headers[f"{owner}{node.name}"]
        spoken = node.name.removeprefix("test_").replace("_", " ")
        claims.append(
            Claim(
                Reference("Evidence", name),
                "connects_to",
                Reference("Manifest", header.source),
                (header,),
                predicate="is defined in",
            )
        )
        candidates.append(Candidate("Evidence", name, "test", "", (f"{owner}{node.name}", spoken), (header,)))
        for symbol, spans in list(test.checked.items())[:_MOST]:
            evidence = tuple(dict.fromkeys((header, *spans)))
            claims.append(Claim(Reference("Evidence", name), "measures", Reference("Manifest", symbol), evidence))
    return Extraction(tuple(candidates), tuple(claims))


def _imported(tree: ast.Module, package: str) -> dict[str, str]:
    """Return the dotted names behind a module's imported names."""
    names: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, package)
            for alias in node.names:
                if base:
                    names[alias.asname or alias.name] = f"{base}.{alias.name}"
    return names


def _tests(tree: ast.Module) -> Iterator[tuple[str, _Function]]:
    """Yield the test functions of a module and of its test classes, with their class's name and a dot in front."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
            yield "", node
        elif isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or node.name.endswith("Tests")):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef) and inner.name.startswith("test"):
                    yield f"{node.name}.", inner


def _walk(body: list[ast.stmt], test: _Test) -> None:
    """Follow a test's statements in order, into loops and `with` blocks."""
    for node in body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            test.assign(node)
        elif isinstance(node, ast.Assert):
            test.check(node.test, test.places.of(node))
        elif isinstance(node, ast.Expr) and (looked_at := _asserted(node.value)) is not None:
            test.check(looked_at, test.places.of(node))
        elif isinstance(node, ast.With | ast.AsyncWith):
            if any(_raises(item.context_expr) for item in node.items):
                _must_raise(node, test)
            else:
                _walk(node.body, test)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While | ast.If):
            _walk(node.body, test)


def _asserted(node: ast.expr) -> ast.expr | None:
    """Return the first argument of `assertEqual(...)`, `assert_allclose(...)` and their like."""
    if not (isinstance(node, ast.Call) and node.args):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return node.args[0] if name.startswith("assert") and not name.lower().startswith("assert_raises") else None


def _raises(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"raises", "warns"}


def _must_raise(node: ast.With | ast.AsyncWith, test: _Test) -> None:
    if len(node.body) != 1:
        return
    inner = node.body[0]
    value = inner.value if isinstance(inner, ast.Expr | ast.Assign) else None
    if value is not None:
        for name, spans in test.called(value):
            test.checked.setdefault(name, [*spans, test.places.of(node)])
