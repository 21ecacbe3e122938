from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from l402desk.store.schema import (
    APPLICATION_ID,
    Schema,
    SealedColumn,
    is_foreign,
    is_newer,
    migrate,
    sealed_columns,
    statements,
    undeclared,
    versions,
)

ONE = Schema("notes", ("CREATE TABLE notes (text TEXT);",))
TWO = Schema("notes", (*ONE.steps, "ALTER TABLE notes ADD COLUMN at INTEGER; CREATE INDEX by_at ON notes (at);"))
OTHER = Schema("other", ("CREATE TABLE other (n INTEGER);",))


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    yield connection
    connection.close()


def test_a_new_file_gets_every_step_and_is_marked_as_ours(connection: sqlite3.Connection) -> None:
    migrate(connection, (TWO, OTHER))
    assert versions(connection) == {"notes": 2, "other": 1}
    assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
    connection.execute("INSERT INTO notes VALUES ('a', 1)")


def test_an_old_file_takes_only_the_missing_steps_and_keeps_its_rows(connection: sqlite3.Connection) -> None:
    migrate(connection, (ONE,))
    connection.execute("INSERT INTO notes VALUES ('kept')")
    migrate(connection, (TWO,))
    assert connection.execute("SELECT text, at FROM notes").fetchall() == [("kept", None)]
    migrate(connection, (TWO,))
    assert versions(connection) == {"notes": 2}


def test_a_failing_step_leaves_the_file_at_the_step_before(connection: sqlite3.Connection) -> None:
    broken = Schema("notes", (*ONE.steps, "CREATE TABLE half (a); CREATE TABLE notes (again TEXT);"))
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, (broken,))
    assert versions(connection) == {"notes": 1}
    assert connection.execute("SELECT name FROM sqlite_schema WHERE name = 'half'").fetchall() == []
    assert not connection.in_transaction


def test_a_step_that_another_process_took_meanwhile_is_not_taken_again(tmp_path: object) -> None:
    first = sqlite3.connect(f"{tmp_path}/file", isolation_level=None)
    second = sqlite3.connect(f"{tmp_path}/file", isolation_level=None)

    class Late(tuple[Schema, ...]):
        """Hands out the schema only after the other process has migrated."""

        def __iter__(self) -> Iterator[Schema]:
            migrate(first, (TWO,))
            return super().__iter__()

    migrate(second, Late((TWO,)))
    assert versions(second) == {"notes": 2}
    first.close()
    second.close()


def test_a_file_with_more_steps_than_we_know_is_newer(connection: sqlite3.Connection) -> None:
    migrate(connection, (TWO,))
    assert is_newer(connection, (ONE,))
    assert not is_newer(connection, (TWO,))
    assert not is_newer(connection, (OTHER,))


def test_another_programs_tables_are_foreign_and_an_empty_file_is_nobodys(
    connection: sqlite3.Connection,
) -> None:
    assert not is_foreign(connection)
    connection.execute("CREATE TABLE theirs (a)")
    assert is_foreign(connection)


def test_our_own_file_is_not_foreign(connection: sqlite3.Connection) -> None:
    migrate(connection, (ONE,))
    assert not is_foreign(connection)


def test_a_script_is_cut_between_statements_and_never_inside_one() -> None:
    body = "UPDATE a SET b = 1; UPDATE a SET c = ';';"
    trigger = f"CREATE TRIGGER t AFTER INSERT ON a BEGIN {body} END;\nSELECT ';' ;"
    assert [s.strip() for s in statements(trigger)] == [trigger.partition("\n")[0], "SELECT ';' ;"]
    assert list(statements("  \n")) == []


def test_an_unfinished_statement_is_a_bug_that_shows_at_once() -> None:
    with pytest.raises(ValueError, match="unfinished"):
        list(statements("CREATE TABLE a (b); CREATE TABLE c (d)"))


def test_a_blob_that_nobody_declared_and_a_declared_one_that_is_not_there_are_named(
    connection: sqlite3.Connection,
) -> None:
    steps = ("CREATE TABLE things (id TEXT, secret BLOB, hash BLOB, forgotten BLOB, plain TEXT) STRICT;",)
    sealed = (SealedColumn("things", "id", "secret"), SealedColumn("things", "id", "gone"))
    schema = Schema("things", steps, sealed=sealed, in_clear=("things.hash",))
    migrate(connection, (schema,))
    assert undeclared(connection, (schema,)) == ["things.forgotten", "things.gone"]
    assert sealed_columns((schema, ONE)) == sealed
