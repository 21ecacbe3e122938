from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from l402desk.store.errors import Busy, Damaged, DiskFailed, DiskFull, ReadOnly, StoreError
from l402desk.store.translation import primary, translated


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_IOERR | 12 << 8, DiskFailed),  # SQLITE_IOERR_NOMEM's cousin: an extended code
        (sqlite3.SQLITE_READONLY, ReadOnly),
        (sqlite3.SQLITE_CANTOPEN, ReadOnly),
        (sqlite3.SQLITE_CORRUPT, Damaged),
        (sqlite3.SQLITE_NOTADB, Damaged),
        (sqlite3.SQLITE_BUSY, Busy),
        (sqlite3.SQLITE_LOCKED, Busy),
    ],
)
def test_sqlites_codes_become_our_words(code: int, kind: type[StoreError]) -> None:
    error = sqlite3.OperationalError("foreign words")
    error.sqlite_errorcode = code
    with pytest.raises(kind) as caught, translated(Path("desk.sqlite")):
        raise error
    assert "foreign words" not in str(caught.value)


def test_our_own_mistakes_come_out_as_they_are() -> None:
    error = sqlite3.OperationalError("no such table")
    assert primary(error) == sqlite3.SQLITE_ERROR
    with pytest.raises(sqlite3.OperationalError, match="no such table"), translated(None):
        raise error
