# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""`enliterator doctor`: what this machine and workspace are like, and where each value comes from."""

import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Any

import click

from enliterator_core.cli import show
from enliterator_core.cli.session import Session

LIBRARIES = ("attrs", "cattrs", "click", "pluggy", "numpy", "sqlalchemy", "openai")
LITTLE_SPACE = 500_000_000


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_obj
def doctor(session: Session, as_json: bool) -> int:
    """Check this machine and workspace, and which layer won for each value; exit code 1 when something is wrong."""
    from enliterator_core.cli.inventory import examined

    found = {"machine": _machine(), **examined(flags=session.flags()), "secrets": list(_secrets(session))}
    found["checks"] = [*_checks(Path(found["workspace"])), *_withdrawn(session, Path(found["workspace"]))]
    wrong = bool(found["problems"]) or not all(check["passed"] for check in found["checks"])
    if as_json:
        show.json_object({"schema_version": show.SCHEMA_VERSION, **found})
    else:
        _show(found)
    return 1 if wrong else 0


def _machine() -> dict[str, Any]:
    return {
        "enliterator": metadata.version("enliterator"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "sqlite": sqlite3.sqlite_version,
        "libraries": {name: _version(name) for name in LIBRARIES},
    }


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _checks(root: Path) -> Iterator[dict[str, Any]]:
    """Yield what must hold for a build to go well: each with `check`, `passed` and `words`."""
    yield {"check": "full-text search", **_full_text()}
    yield {"check": "workspace can be written", **_writable(root)}
    free = shutil.disk_usage(root).free
    words = f"{free / 1e9:,.1f} GB free"
    yield {"check": "disk space", "passed": free > LITTLE_SPACE, "words": words}


def _withdrawn(session: Session, root: Path) -> Iterator[dict[str, Any]]:
    """Yield whether anything that serves or waits to be trained on was made from a withdrawn source."""
    from enliterator_core.errors import EnliteratorError
    from enliterator_core.workspace import STATE

    if not (root / STATE).is_dir():
        return
    try:
        with session.open() as workspace:
            from enliterator_core.training.withdraw import left_over

            left = left_over(workspace)
    except EnliteratorError as error:
        yield {"check": "withdrawn sources", "passed": False, "words": f"cannot be looked up: {error.message}"}
    else:
        words = "nothing that is used was made from one" if not left else "; ".join(left)
        yield {"check": "withdrawn sources", "passed": not left, "words": words}


def _full_text() -> dict[str, Any]:
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE t USING fts5(x)")
        except sqlite3.OperationalError as error:
            return {"passed": False, "words": f"this Python's SQLite has no FTS5: {error}"}
    return {"passed": True, "words": "SQLite has FTS5"}


def _writable(root: Path) -> dict[str, Any]:
    try:
        with tempfile.NamedTemporaryFile(dir=root, prefix=".enliterator-"):
            return {"passed": True, "words": str(root)}
    except OSError as error:
        return {"passed": False, "words": f"{root}: {error.strerror}"}


def _secrets(session: Session) -> Iterator[dict[str, Any]]:
    """Yield every secret that a provider reads, and whether it is set; never its value."""
    from enliterator_core.contracts.provider import secrets_of
    from enliterator_core.errors import ConfigurationError

    try:
        with session.open() as workspace:
            providers = workspace.plugins.providers
    except ConfigurationError:  # told in full under `problems`
        return
    for provider in providers:
        for one in secrets_of(provider):
            yield {"variable": one.variable, "provider": provider.name, "set": one.reveal() is not None}


def _show(found: Mapping[str, Any]) -> None:
    machine = found["machine"]
    show.line(f"enliterator {machine['enliterator']}, Python {machine['python']}, SQLite {machine['sqlite']}")
    show.line(", ".join(f"{name} {version or 'missing'}" for name, version in machine["libraries"].items()))
    show.line()
    show.line(f"workspace  {show.plain(found['workspace'])}")
    for name, one in found["files"].items():
        show.line(f"  {name} file  {show.plain(one['path'])}{'' if one['found'] else '  (not there)'}")
    show.table(((one["key"], one["value"], f"from {one['origin']}") for one in found["configuration"]), indent=2)
    show.line()
    enabled = [one["name"] for one in found["plugins"] if one["enabled"]]
    show.line(f"plugins    {len(enabled)} on, {len(found['plugins']) - len(enabled)} off: enliterator plugins list")
    for one in found["secrets"]:
        show.line(f"secret     {one['variable']} ({one['provider']}) is {'set' if one['set'] else 'not set'}")
    for one in found["checks"]:
        show.line(f"{'ok' if one['passed'] else 'FAILED':<10} {one['check']}: {show.plain(one['words'])}")
    for one in found["problems"]:
        show.line(f"problem    {show.plain(one['path'])}  {show.plain(one['message'])}")
