"""The write-ahead log is laid over its file as SQLite itself would do it, whatever is wrong with it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.vault.foreign.entries import ImportRefused
from l402desk.vault.foreign.write_ahead import with_log


def live(folder: Path, rows: int, page_size: int = 4096) -> tuple[bytes, bytes]:
    """A database and its log as they lie there while another program has it open: all rows are in the log."""
    file = folder / "live.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {page_size}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        connection.execute("CREATE TABLE t (x)")
        for number in range(rows):
            connection.execute("INSERT INTO t VALUES (?)", (f"row {number} " * 50,))
        return file.read_bytes(), (folder / "live.db-wal").read_bytes()


def count(database: bytes) -> int:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(database)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


@pytest.mark.parametrize("page_size", [512, 4096, 65_536])
def test_what_was_committed_to_the_log_alone_is_there(tmp_path: Path, page_size: int) -> None:
    database, log = live(tmp_path, 100, page_size)
    assert count(with_log(database, log)) == 100


def test_a_torn_log_gives_the_last_whole_commit(tmp_path: Path) -> None:
    database, log = live(tmp_path, 20)
    assert count(with_log(database, log[:-1])) == 19
    middle = bytearray(log)
    middle[-2000] ^= 1
    assert count(with_log(database, bytes(middle))) == 19


def test_a_log_of_another_file_or_none_changes_nothing(tmp_path: Path) -> None:
    database, log = live(tmp_path, 3)
    plain = with_log(database, b"")
    assert plain[:18] == database[:18]
    assert plain[20:] == database[20:]
    assert with_log(database, b"\0" * 5000) == plain
    assert with_log(database, log[:31]) == plain
    salted = bytearray(log)
    salted[16] ^= 1
    assert with_log(database, bytes(salted)) == plain


def test_what_is_no_database_is_refused() -> None:
    for raw in (b"", b"SQLite format 3\0", b"x" * 200):
        with pytest.raises(ImportRefused, match="no SQLite"):
            with_log(raw, b"")


@given(st.binary(max_size=200), st.binary(max_size=300))
def test_no_bytes_raise_anything_else(tail: bytes, log: bytes) -> None:
    raw = b"SQLite format 3\0" + tail
    try:
        assert with_log(raw, log)[18:20] == b"\x01\x01"
    except ImportRefused:
        assert len(raw) < 100
