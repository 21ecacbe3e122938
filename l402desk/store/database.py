"""One SQLite file, one connection, one thread that uses it: every write is on the disk when it returns."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from l402desk.store.errors import Busy, Damaged, Newer, NotPrivate
from l402desk.store.presence import Presence
from l402desk.store.privacy import make_private_file, make_private_folder, narrow_file
from l402desk.store.schema import Schema, is_foreign, is_newer, migrate
from l402desk.store.translation import primary, translated

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

BUSY_S = 5.0
ASIDE = ".before-restore-"
"""What a file that a restore replaced is called, with a number after it."""
# https://www.sqlite.org/pragma.html: FULL syncs the log at every commit, so a committed intent survives a
# power cut.
PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",  # on macOS a plain fsync stops at the drive's cache
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",  # nothing of ours goes to the shared temporary folder
)


class Database:
    """The app's file. Use from one event loop; two processes may have it open at once.

    ``work`` is called in the database's own thread with the connection and must not keep it. What it raises
    rolls the transaction back and comes out unchanged; what SQLite blames on the machine comes out as
    StoreError. Anything else SQLite raises is our own bug and comes out as it is. A cancelled call either did
    nothing or was completed.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        worker: ThreadPoolExecutor,
        presence: Presence | None = None,
        schemas: Sequence[Schema] = (),
    ) -> None:
        self.path = path
        self.schemas = tuple(schemas)
        self._connection = connection
        self._worker = worker
        self._presence = presence
        self._is_open = True

    @classmethod
    async def open(cls, path: Path, schemas: Sequence[Schema]) -> Database:
        """Open or create the file and bring its tables up to date. ``path.parent`` is the app's own folder.

        Raises StoreError: Newer or Damaged files are refused and left as they are.
        """
        worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")
        opening = worker.submit(_open, path, tuple(schemas))
        try:
            connection, presence = await asyncio.wrap_future(opening)
        except BaseException:
            opening.add_done_callback(_close_late)
            worker.shutdown(wait=False)
            raise
        return cls(path, connection, worker, presence, schemas)

    async def write(self, work: Work[T], *, then: Callable[[], None] | None = None) -> T:
        """Run ``work`` in BEGIN IMMEDIATE … COMMIT. When this returns, the change is on the disk.

        ``then`` runs right after the commit, in the same thread, before any other work of this database.
        """
        return await self._run(_write if then is None else functools.partial(_write, then=then), work)

    async def read(self, work: Work[T]) -> T:
        """Run ``work`` on one unchanging snapshot. What it changes is thrown away."""
        return await self._run(_read, work)

    async def scrub(self) -> None:
        """Overwrite what was deleted, in the log too: call it after a secret was deleted or replaced."""
        await self._run(_in_the_open, _scrub)

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Inside, no other process has the file open, nor can open it. Raises InUse."""
        assert self._presence is not None
        await self._do(self._presence.become_alone)
        try:
            yield
        finally:
            await asyncio.shield(self._do(self._presence.share))

    async def replace_file(self, swap: Callable[[Path], T]) -> T:
        """Close the file, let ``swap`` put another in its place, and go on with that: nothing else runs meanwhile.

        Raises InUse, and what ``swap`` raises; then the file that is there is open again.
        """
        return await self._do(lambda: self._replace(swap))

    def _replace(self, swap: Callable[[Path], T]) -> T:
        assert self._presence is not None
        self._presence.become_alone()
        try:
            _close(self._connection)
            try:
                return swap(self.path)
            finally:
                self._connection = _open_file(self.path, self.schemas)
        finally:
            self._presence.share()

    async def close(self) -> None:
        """Finish what is running, close the file, end the thread. Closing twice is harmless."""
        if not self._is_open:
            return
        self._is_open = False
        closing = self._worker.submit(lambda: _leave(self._connection, self._presence))
        try:
            await asyncio.wrap_future(closing)
        finally:
            self._worker.shutdown(wait=closing.done())

    async def _run(self, how: Callable[[sqlite3.Connection, Work[T]], T], work: Work[T]) -> T:
        return await self._do(lambda: how(self._connection, work))  # the connection of then: the file may be replaced

    async def _do(self, what: Callable[[], T]) -> T:
        if not self._is_open:
            raise RuntimeError("the database is closed")
        return await asyncio.get_running_loop().run_in_executor(self._worker, what)

    def __repr__(self) -> str:
        return f"Database({str(self.path)!r})"


# Everything below runs in the database's own thread.


def _open(path: Path, schemas: tuple[Schema, ...]) -> tuple[sqlite3.Connection, Presence]:
    make_private_folder(path.parent)
    with translated(path):
        presence = Presence.enter(path)
        try:
            return _open_file(path, schemas), presence
        except BaseException:
            presence.leave()
            raise


def _open_file(path: Path, schemas: tuple[Schema, ...]) -> sqlite3.Connection:
    _refuse_lost_content(path)
    make_private_file(path)
    for suffix in ("-wal", "-shm"):
        narrow_file(path.with_name(path.name + suffix))
    with translated(path):
        _refuse_others(path, schemas)
        connection = _connect(path, "rw")
        try:
            _prepare(connection, path)
            migrate(connection, schemas)
        except BaseException:
            connection.close()
            raise
    return connection


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_S,
        isolation_level=None,  # transactions are begun and ended here, in the open
        check_same_thread=False,  # one worker thread serialises; a late close may come from the loop's
    )
    connection.row_factory = sqlite3.Row
    return connection


def _refuse_lost_content(path: Path) -> None:
    # SQLite deletes the log of an empty file: a truncated vault would turn into a new one, and the rest be
    # gone. Where a restore set a file aside and was cut off, there is no new vault to be made either.
    if path.is_file() and path.stat().st_size > 0:
        return
    log = path.with_name(path.name + "-wal")
    if (log.is_file() and log.stat().st_size > 0) or any(path.parent.glob(f"{path.name}{ASIDE}*")):
        raise Damaged(str(path))


def _refuse_others(path: Path, schemas: tuple[Schema, ...]) -> None:
    if path.stat().st_size == 0:
        return
    # Read-only, because closing a writing connection would already move the log into the file. A first start that was
    # killed leaves a rollback journal instead: nothing can be read before it is rolled back, and that is a write.
    mode = "rw" if path.with_name(f"{path.name}-journal").exists() else "ro"
    with contextlib.closing(_connect(path, mode)) as connection:
        if is_foreign(connection):
            raise Damaged(str(path))
        if is_newer(connection, schemas):
            raise Newer(str(path))


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    # EXTRA syncs the folder once the switch's rollback journal is gone: one that a power cut brought back would undo,
    # at the next start, everything that was committed since.
    connection.execute("PRAGMA synchronous = EXTRA")
    _switch_to_wal(connection, path)
    for pragma in PRAGMAS:
        connection.execute(pragma)


def _switch_to_wal(connection: sqlite3.Connection, path: Path) -> None:
    deadline = time.monotonic() + BUSY_S
    while (mode := _journal_mode(connection)) is None:  # two first starts at once: SQLite does not wait here
        if time.monotonic() > deadline:
            raise Busy
        time.sleep(0.02)
    if mode != "wal":
        raise NotPrivate(str(path), "its file system cannot lock files safely (a network folder?)")


def _journal_mode(connection: sqlite3.Connection) -> str | None:
    try:
        return str(connection.execute("PRAGMA journal_mode = WAL").fetchone()[0])
    except sqlite3.OperationalError as error:
        if primary(error) == sqlite3.SQLITE_BUSY:
            return None
        raise


def _write(connection: sqlite3.Connection, work: Work[T], then: Callable[[], None] | None = None) -> T:
    result = _transaction(connection, "BEGIN IMMEDIATE", work, "COMMIT")
    if then is not None:
        then()
    return result


def _read(connection: sqlite3.Connection, work: Work[T]) -> T:
    return _transaction(connection, "BEGIN", work, "ROLLBACK")


def _transaction(connection: sqlite3.Connection, begin: str, work: Work[T], end: str) -> T:
    with translated(None):
        connection.execute(begin)
        try:
            result = work(connection)
            connection.execute(end)
        except BaseException:
            # A failed disk can fail here again; the first error counts.
            with contextlib.suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            raise
        return result


def _in_the_open(connection: sqlite3.Connection, work: Work[T]) -> T:
    with translated(None):
        return work(connection)


def _scrub(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _close(connection: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):  # what was committed is safe in the log already
        _scrub(connection)
    connection.close()


def _leave(connection: sqlite3.Connection, presence: Presence | None) -> None:
    _close(connection)
    if presence is not None:
        presence.leave()


def _close_late(opening: Future[tuple[sqlite3.Connection, Presence]]) -> None:
    if not opening.cancelled() and opening.exception() is None:
        _leave(*opening.result())
