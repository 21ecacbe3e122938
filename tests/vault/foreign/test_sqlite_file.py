"""Foreign databases are data: nothing in their schema runs, nothing of theirs is written, damage is one error."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l402desk.vault.foreign import sqlite_file
from l402desk.vault.foreign.entries import EntryRefused, ImportRefused
from l402desk.vault.foreign.sqlite_file import opened, text_of, whole_number_of


def made(file: Path, script: str) -> Path:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.executescript(script)
    return file


def test_plain_tables_are_read_as_bytes_and_numbers(tmp_path: Path) -> None:
    file = made(tmp_path / "a.db", "CREATE TABLE t (a TEXT, b INTEGER, c); INSERT INTO t VALUES ('x', 7, NULL)")
    with opened(file) as database:
        assert database.tables == {"t": frozenset({"a", "b", "c"})}
        assert database.holds("t", "a", "b")
        assert not database.holds("t", "z")
        assert not database.holds("u")
        assert database.rows("t", ("a", "b", "c", "z")) == [{"a": b"x", "b": 7, "c": None}]


def test_the_file_and_its_folder_stay_as_they_are(tmp_path: Path) -> None:
    file = made(tmp_path / "a.db", "PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES (1)")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with opened(file) as database:
        assert len(database.rows("t", ("a",))) == 1
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_another_program_has_committed_and_not_moved_yet_is_read(tmp_path: Path) -> None:
    with contextlib.closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (a)")
        connection.execute("INSERT INTO t VALUES (1)")
        with opened(tmp_path / "a.db") as database:
            assert len(database.rows("t", ("a",))) == 1


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE VIEW t AS WITH RECURSIVE r(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM r) SELECT a FROM r",
        "CREATE TABLE real (a); CREATE VIEW t AS SELECT a FROM real",
        "CREATE VIRTUAL TABLE t USING fts5(a)",
        "CREATE TABLE t (b, a GENERATED ALWAYS AS (upper(b)) VIRTUAL)",
        "CREATE TABLE t (b, a GENERATED ALWAYS AS (upper(b)) STORED)",
    ],
)
def test_views_virtual_tables_and_computed_columns_are_no_tables(tmp_path: Path, schema: str) -> None:
    with opened(made(tmp_path / "a.db", schema)) as database:
        assert not database.holds("t", "a")


def test_a_schema_that_lies_about_a_view_runs_nothing(tmp_path: Path) -> None:
    file = made(tmp_path / "a.db", "CREATE TABLE real (a); INSERT INTO real VALUES (1); CREATE TABLE t (a)")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        lie = "CREATE VIEW t AS SELECT a FROM real -- CREATE TABLE"
        connection.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 't'", (lie,))
    with contextlib.suppress(ImportRefused), opened(file) as database:
        assert not database.holds("t", "a")


def test_reading_through_a_view_or_calling_a_function_is_denied(tmp_path: Path) -> None:
    file = made(tmp_path / "a.db", "CREATE TABLE t (a); INSERT INTO t VALUES (1); CREATE VIEW v AS SELECT a FROM t")
    with opened(file) as database:
        for sql in ("SELECT a FROM v", "SELECT upper(a) FROM t", "INSERT INTO t VALUES (2)", "PRAGMA user_version",
                    "WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x FROM r) SELECT x FROM r"):  # fmt: skip
            with pytest.raises(sqlite3.DatabaseError):
                database.connection.execute(sql).fetchall()


def test_triggers_never_fire(tmp_path: Path) -> None:
    script = "CREATE TABLE t (a); CREATE TRIGGER x AFTER INSERT ON t BEGIN SELECT load_extension('x'); END;"
    with opened(made(tmp_path / "a.db", script)) as database:
        assert database.rows("t", ("a",)) == []


def test_more_rows_than_any_store_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "MOST_ENTRIES", 2)
    file = made(tmp_path / "a.db", "CREATE TABLE t (a); INSERT INTO t VALUES (1), (2), (3)")
    with opened(file) as database, pytest.raises(ImportRefused, match="more than 2"):
        database.rows("t", ("a",))


def test_a_value_that_is_too_large_is_refused(tmp_path: Path) -> None:
    file = made(tmp_path / "a.db", "CREATE TABLE t (a); INSERT INTO t VALUES (zeroblob(3000000))")
    with opened(file) as database, pytest.raises(ImportRefused, match="damaged"):
        database.rows("t", ("a",))


def test_a_link_in_the_place_of_the_log_is_not_followed(tmp_path: Path) -> None:
    file = made(tmp_path / "a.db", "CREATE TABLE t (a)")
    (tmp_path / "a.db-wal").symlink_to("/dev/zero")
    with opened(file) as database:
        assert database.holds("t", "a")


def test_columns_become_text_and_numbers_or_a_reason() -> None:
    assert (text_of(None, "x"), text_of(b"a", "x"), text_of(7, "x")) == ("", "a", "7")
    with pytest.raises(EntryRefused, match="its preimage is no readable text"):
        text_of(b"\xff", "preimage")
    assert [whole_number_of(value) for value in (7, -1, 1.5, b"7", None)] == [7, None, None, None, None]


@settings(max_examples=150)
@given(st.integers(0, 8191), st.binary(min_size=1, max_size=40))
def test_no_damage_raises_anything_else(tmp_path: Path, at: int, damage: bytes) -> None:
    file = tmp_path / "a.db"
    if not file.exists():
        made(file, "CREATE TABLE t (a TEXT, b); CREATE INDEX i ON t (a); INSERT INTO t VALUES ('x', 1), ('y', 2)")
    raw = file.read_bytes()
    other = tmp_path / "b.db"
    other.write_bytes(raw[:at] + damage + raw[at + len(damage) :])
    with contextlib.suppress(ImportRefused), opened(other) as database:
        if database.holds("t", "a", "b"):
            database.rows("t", ("a", "b"))
