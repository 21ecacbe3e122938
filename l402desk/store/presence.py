"""Who has the app's file open: a lock that the operating system gives back when a process dies."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from l402desk.store.errors import Busy, InUse
from l402desk.store.privacy import make_private_file
from l402desk.store.translation import primary

SUFFIX = "-in-use"
WAIT_S = 10.0
"""How long to wait for a process that is alone: it is replacing the keys or the file."""


class Presence:
    """One open database. It is shared with others until `become_alone`, which succeeds only when there are none.

    Made of SQLite's own file locks on an empty file beside the database, since those work on every system. Nothing is
    ever written to it. Not thread-safe; the calls block, so they belong into the database's thread.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @classmethod
    def enter(cls, database: Path) -> Presence:
        """Be present beside others. Raises Busy while somebody is alone, and StoreError where no file can be made."""
        file = database.with_name(database.name + SUFFIX)
        make_private_file(file)
        connection = sqlite3.connect(
            f"{file.resolve().as_uri()}?mode=rw",
            uri=True,
            timeout=WAIT_S,
            isolation_level=None,
            check_same_thread=False,
        )
        present = cls(connection)
        try:
            present.share()
        except BaseException:
            connection.close()
            raise
        return present

    def share(self) -> None:
        """Let others in (again). Raises Busy."""
        self._end()
        try:
            self._connection.execute("PRAGMA journal_mode = MEMORY")  # being alone then makes no file
            self._connection.execute("BEGIN")
            self._connection.execute("SELECT 1 FROM sqlite_schema").fetchall()
        except sqlite3.OperationalError as error:
            self._end()
            if primary(error) == sqlite3.SQLITE_BUSY:
                raise Busy from error
            raise

    def become_alone(self) -> None:
        """Keep everybody else out until `share`. Raises InUse where somebody is in, and then this stays shared."""
        self._end()
        try:
            self._connection.execute("PRAGMA busy_timeout = 0")
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._wait_again()
            self.share()
            if primary(error) == sqlite3.SQLITE_BUSY:
                raise InUse from error
            raise
        self._wait_again()

    def leave(self) -> None:
        """Give the lock back. Leaving twice is harmless."""
        with contextlib.suppress(sqlite3.Error):
            self._end()
        self._connection.close()

    def _wait_again(self) -> None:
        self._connection.execute(f"PRAGMA busy_timeout = {int(WAIT_S * 1000)}")

    def _end(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
