"""The write-ahead log is laid over its file as SQLite itself would do it, whatever is wrong with it."""

from __future__ import annotations

import sqlite3
import struct
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


@given(st.floats(0, 1), st.binary(min_size=1, max_size=40), st.booleans())
def test_no_damage_to_a_log_raises_or_grows_without_end(tmp_path: Path, at: float, damage: bytes, cut: bool) -> None:
    if not (tmp_path / "live.db").exists():
        database, log = live(tmp_path, 5)
        (tmp_path / "a").write_bytes(database)
        (tmp_path / "b").write_bytes(log)
    database, log = (tmp_path / "a").read_bytes(), (tmp_path / "b").read_bytes()
    start = int(at * len(log))
    torn = log[:start] + damage + (b"" if cut else log[start + len(damage) :])
    assert len(with_log(database, torn)) <= len(with_log(database, log))


def test_a_log_that_names_a_page_far_out_is_not_believed(tmp_path: Path) -> None:
    database, log = live(tmp_path, 1)
    frame = bytearray(log[32 : 32 + 24 + 4096])
    frame[:8] = (2**32 - 1).to_bytes(4, "big") * 2
    forged = signed(log[:32] + bytes(frame))
    assert with_log(database, forged) == with_log(database, b"")
    frame[:8] = (2).to_bytes(4, "big") + (2**32 - 1).to_bytes(4, "big")
    assert len(with_log(database, signed(log[:32] + bytes(frame)))) <= 3 * 4096
    frame[:8] = (2).to_bytes(4, "big") * 2
    assert with_log(database, signed(log[:32] + bytes(frame)))[4096:] == bytes(frame[24:])


def signed(log: bytes) -> bytes:
    """The log with the checksum its one frame needs: whoever forges a page forges this too."""
    word = ">" if log[3] & 1 else "<"

    def summed(sums: tuple[int, int], data: bytes) -> tuple[int, int]:
        one, two = sums
        words = struct.unpack(f"{word}{len(data) // 4}I", data)
        for first, second in zip(words[::2], words[1::2], strict=True):
            one = (one + first + two) & 0xFFFFFFFF
            two = (two + second + one) & 0xFFFFFFFF
        return one, two

    sums = summed(summed(summed((0, 0), log[:24]), log[32:40]), log[56:])
    return log[:48] + struct.pack(">II", *sums) + log[56:]
