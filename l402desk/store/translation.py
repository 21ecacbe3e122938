"""Where SQLite's errors become ours: what it blames on the machine, told in the app's words."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from l402desk.store.errors import Busy, Damaged, DiskFailed, DiskFull, ReadOnly, StoreError


@contextlib.contextmanager
def translated(path: Path | None) -> Iterator[None]:
    """The one seam where SQLite's errors become ours."""
    try:
        yield
    except sqlite3.Error as error:
        trouble = _trouble(error, str(path) if path else "(its database)")
        if trouble is None:
            raise
        raise trouble from error


def primary(error: sqlite3.Error) -> int:
    """SQLite's primary result code of an error."""
    # https://www.sqlite.org/rescode.html: the low byte is the primary result code.
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


def _trouble(error: sqlite3.Error, where: str) -> StoreError | None:
    match primary(error):
        case sqlite3.SQLITE_FULL:
            return DiskFull()
        case sqlite3.SQLITE_IOERR:
            return DiskFailed()
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return ReadOnly(where)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return Damaged(where)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            return Busy()
    return None
