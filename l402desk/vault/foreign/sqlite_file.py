"""SQLite files of other programs, read from a private copy in memory: nothing in their schema gets to run."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from l402desk.vault.foreign.entries import MOST_ENTRIES, EntryRefused, ImportRefused
from l402desk.vault.foreign.files import is_plain_file, read_file, shown
from l402desk.vault.foreign.write_ahead import MAGIC, with_log

__all__ = ["MAGIC", "SqliteFile", "opened", "text_of", "whole_number_of"]

MOST_LOG_BYTES = 16 * 1024 * 1024
MOST_VALUE_BYTES = 1024 * 1024
_STEPS, _MOST_STEPS = 10_000, 5_000  # of SQLite's virtual machine: seconds, for a query that should take a moment
# UnicodeError: Python words SQLite's own error messages, and a damaged schema puts any bytes into them.
_TROUBLE = (sqlite3.Error, OverflowError, MemoryError, UnicodeError)
_ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}

Value = int | float | bytes | None


@dataclass(frozen=True, slots=True)
class SqliteFile:
    """An open copy. ``tables`` are its plain tables with their plain columns; views and virtual tables are not here."""

    connection: sqlite3.Connection
    tables: Mapping[str, frozenset[str]]
    name: str

    def holds(self, table: str, *columns: str) -> bool:
        return table in self.tables and self.tables[table].issuperset(columns)

    def rows(self, table: str, columns: tuple[str, ...]) -> list[dict[str, Value]]:
        """The rows of a table that it ``holds``, in the order they stand there. Raises ImportRefused.

        ``table`` and ``columns`` are ours, never the file's. Columns that are not there are left out.
        """
        there = [column for column in columns if column in self.tables[table]]
        picked = ", ".join(f'"{column}"' for column in there)
        try:
            found = self.connection.execute(f'SELECT {picked} FROM "{table}" LIMIT {MOST_ENTRIES + 1}').fetchall()
        except _TROUBLE as error:
            raise _damaged(self.name) from error
        if len(found) > MOST_ENTRIES:
            words = f"{self.name} holds more than {MOST_ENTRIES} rows, which no such store does."
            raise ImportRefused(words, "Name another file.")
        return [dict(zip(there, row, strict=True)) for row in found]


@contextlib.contextmanager
def opened(file: Path) -> Iterator[SqliteFile]:
    """A copy of the file and of its write-ahead log, in memory. Raises ImportRefused."""
    log_file = file.with_name(file.name + "-wal")
    log = read_file(log_file, MOST_LOG_BYTES) if is_plain_file(log_file) else b""
    copy = with_log(read_file(file), log)
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.text_factory = bytes
        try:
            tables = _prepare(connection, copy)
        except _TROUBLE as error:
            raise _damaged(shown(file)) from error
        yield SqliteFile(connection, tables, shown(file))
    finally:
        connection.close()


def _prepare(connection: sqlite3.Connection, copy: bytes) -> dict[str, frozenset[str]]:
    steps = [0]

    def too_long() -> bool:
        steps[0] += 1
        return steps[0] > _MOST_STEPS

    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_VALUE_BYTES)
    connection.deserialize(copy)
    connection.set_progress_handler(too_long, _STEPS)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON"):
        connection.execute(f"PRAGMA {pragma}")
    configure = getattr(connection, "setconfig", None)  # Python 3.12
    if configure is not None:
        for name, value in (("DEFENSIVE", True), ("ENABLE_VIEW", False), ("ENABLE_TRIGGER", False)):
            configure(getattr(sqlite3, f"SQLITE_DBCONFIG_{name}"), value)
    tables = _plain_tables(connection)
    connection.set_authorizer(_authorized)
    return tables


def _plain_tables(connection: sqlite3.Connection) -> dict[str, frozenset[str]]:
    sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND sql LIKE 'CREATE TABLE%' LIMIT 200"
    tables: dict[str, frozenset[str]] = {}
    for (name,) in connection.execute(sql).fetchall():
        if isinstance(name, bytes) and name.isascii() and b'"' not in name and b"\0" not in name:
            table = name.decode("ascii")
            # Column 6 says "hidden": what is computed by the schema (generated) is none of the file's data.
            columns = connection.execute(f'PRAGMA table_xinfo("{table}")').fetchall()
            tables[table] = frozenset(_text(column[1]) for column in columns if column[6] == 0)
    return tables


def _authorized(action: int, _one: str | None, _two: str | None, _database: str | None, inside: str | None) -> int:
    # A view or trigger would do its reading on behalf of ``inside``; a function or a recursion has other numbers.
    return sqlite3.SQLITE_OK if action in _ALLOWED and inside is None else sqlite3.SQLITE_DENY


def _damaged(name: str) -> ImportRefused:
    remedy = "Close the program it belongs to, and try again; or name a copy of the file."
    return ImportRefused(f"{name} cannot be read: it is damaged, or no file of the kind it seems to be.", remedy)


def text_of(value: Value, what: str) -> str:
    """A text column; empty for NULL. Raises EntryRefused for what is none."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError as error:
            raise EntryRefused(f"its {what} is no readable text.") from error
    return str(value)


def whole_number_of(value: Value) -> int | None:
    """A whole number that is not negative, or None."""
    return value if isinstance(value, int) and value >= 0 else None


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""
