# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Files of other versions and files of other kinds: upgraded, or refused with what to do."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text

from enliterator_core import Entity, ServiceError
from enliterator_sqlite import Sqlite, migrations, tables
from enliterator_sqlite.layout import VERSION
from enliterator_sqlite.records import SqlRecords, open_records


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        connection.execute(statement)
    connection.close()


def refusal(call: Callable[[], object]) -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        call()
    assert caught.value.hint and "\n" not in caught.value.message
    return caught.value


@pytest.fixture
def graph_file(tmp_path: Path) -> Path:
    graph = Sqlite().graph("sqlite:", tmp_path, 1, rebuild=True)
    assert graph is not None
    graph.write_entities([Entity("Idea", "A")])
    graph.publish()
    graph.close()
    return tmp_path / "graphs" / "1.db"


def test_a_graph_of_another_layout_says_to_build_again(graph_file: Path) -> None:
    open_it = lambda: Sqlite().graph("sqlite:", graph_file.parents[1], 1)  # noqa: E731
    change(graph_file, f"PRAGMA user_version = {VERSION + 1}")
    newer = refusal(open_it)
    assert "a newer version" in newer.message and "build the batch again, or use the newer version" in str(newer.hint)
    change(graph_file, "PRAGMA user_version = 0")
    older = refusal(open_it)
    assert "an older version" in older.message and older.hint == "build the batch again"
    change(graph_file, "PRAGMA application_id = 7")
    assert "is not a graph" in refusal(open_it).message


@pytest.mark.parametrize("content", [b"", b"not a database, and longer than a header of SQLite is " * 40])
def test_a_file_that_is_no_graph_is_refused(graph_file: Path, content: bytes) -> None:
    graph_file.write_bytes(content)
    assert str(graph_file) in refusal(lambda: Sqlite().graph("sqlite:", graph_file.parents[1], 1)).message


def test_a_damaged_graph_is_one_line_when_it_is_read(tmp_path: Path) -> None:
    graph = Sqlite().graph("sqlite:", tmp_path, 1, rebuild=True)
    assert graph is not None
    graph.write_entities(Entity("Idea", f"{number}", repr_text="x" * 500) for number in range(1000))
    graph.publish()
    graph.close()
    file = tmp_path / "graphs" / "1.db"
    data = bytearray(file.read_bytes())
    data[40_000:400_000] = b"\xa5" * 360_000
    file.write_bytes(data)

    def read() -> None:
        damaged = Sqlite().graph("sqlite:", tmp_path, 1)
        assert damaged is not None
        try:
            list(damaged.entities())
        finally:
            damaged.close()

    assert "damaged" in refusal(read).message


def first_version(path: Path) -> None:
    """Make records as the first version made them, with a batch and a build in them."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        migrations.batches_and_builds(connection)
        migrations.VERSION_TABLE.create(connection)
        connection.execute(text("INSERT INTO schema_version VALUES (1)"))
        connection.execute(text("INSERT INTO batch VALUES (7, 'old', 'folder', '2026-01-02T03:04:05+00:00', '{}')"))
        connection.execute(text("INSERT INTO build VALUES (1, 7, '2026-01-02T03:04:05+00:00', '{\"score\": 71}')"))
    engine.dispose()


def test_records_of_the_first_version_are_upgraded_with_what_is_in_them(tmp_path: Path) -> None:
    first_version(tmp_path / "records.db")
    records = Sqlite().records("sqlite:", tmp_path)
    assert records is not None
    assert [batch.name for batch in records.batches()] == ["old"] and records.last_build(7) == {"score": 71}
    records.set_setting("key", "value", "me")
    assert records.add_batch("new", "folder", "{}").id == 8
    records.close()
    again = open_records(tmp_path / "records.db")
    assert again.settings() == {"key": "value"}
    again.close()


def test_an_upgrade_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "records.db"
    open_records(path).close()

    def third(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE later (id INTEGER PRIMARY KEY)"))

    def fourth(connection: Connection) -> None:
        connection.execute(text("DROP TABLE setting"))
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    monkeypatch.setattr(migrations, "MIGRATIONS", [*migrations.MIGRATIONS, third, fourth])
    assert "nowhere" in refusal(lambda: open_records(path)).message
    monkeypatch.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:-1])
    records = open_records(path)
    assert records.settings() == {}, "the table that the failed upgrade dropped is there"
    records.close()
    monkeypatch.undo()
    newer, count = refusal(lambda: open_records(path)), len(migrations.MIGRATIONS)
    assert "a newer version" in newer.message and f"schema {count + 1}, this one knows {count}" in newer.message


def test_the_steps_lead_to_the_tables(tmp_path: Path) -> None:
    def shape(make: Callable[[Connection], object], name: str) -> dict[str, object]:
        engine = create_engine(f"sqlite:///{tmp_path / name}")
        with engine.begin() as connection:
            make(connection)
        described = inspect(engine)
        shapes: dict[str, object] = {
            table: (
                [(column["name"], str(column["type"]), column["nullable"]) for column in described.get_columns(table)],
                described.get_pk_constraint(table),
                described.get_foreign_keys(table),
                [
                    (one["name"], one["column_names"], one["unique"], str(one["dialect_options"].get("sqlite_where")))
                    for one in described.get_indexes(table)
                ],
                described.get_unique_constraints(table),
            )
            for table in described.get_table_names()
            if table != "schema_version"
        }
        engine.dispose()
        return shapes

    assert shape(migrations.upgrade, "upgraded.db") == shape(tables.METADATA.create_all, "new.db")


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    change(path, "CREATE TABLE invoices (id INTEGER)")
    assert "invoices" in refusal(lambda: open_records(path)).message
    path.write_bytes(b"not a database at all " * 100)
    assert "not a database" in refusal(lambda: open_records(path)).message
    assert path.read_bytes() == b"not a database at all " * 100
    (tmp_path / "file").write_text("")
    refusal(lambda: open_records(tmp_path / "file" / "records.db"))


def test_records_are_durable_by_setting(tmp_path: Path) -> None:
    records = open_records(tmp_path / "records.db")
    assert isinstance(records, SqlRecords)
    with records._engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    records.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
