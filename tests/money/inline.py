"""The product's database in the calling thread, with a process that can die before, within or after any write."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from l402desk.store import database as product
from l402desk.store.database import Database

T = TypeVar("T")


class Moment(StrEnum):
    """When a process dies, seen from its next write."""

    BEFORE = "before"
    WITHIN = "within"
    AFTER = "after"


class Died(BaseException):
    """The process is gone: nobody catches this, and nothing of it runs on. ``committed`` tells what the disk has."""

    def __init__(self, committed: bool) -> None:
        super().__init__(committed)
        self.committed = committed


class InlineDatabase(Database):
    """A file of the product, its own transactions and pragmas; only the syncing is left out, for speed."""

    def __init__(self, path: Path) -> None:
        connection = product._connect(path, "rw")
        for pragma in product.PRAGMAS:
            connection.execute(pragma)
        connection.execute("PRAGMA synchronous = OFF")
        super().__init__(path, connection, ThreadPoolExecutor(max_workers=1))
        self.fuse: Moment | None = None
        """The moment of the next write at which the process dies."""
        self.is_dead = False

    async def _run(self, how: Callable[[sqlite3.Connection, Callable[[sqlite3.Connection], T]], T], work: Any) -> T:
        if self.is_dead:
            raise Died(committed=False)
        if how is not product._write or self.fuse is None:
            return how(self._connection, work)
        moment, self.fuse = self.fuse, None
        if moment is Moment.BEFORE:
            raise self._death(committed=False)
        if moment is Moment.WITHIN:
            how(self._connection, lambda connection: self._die_within(work, connection))
        how(self._connection, work)
        raise self._death(committed=True)

    def _die_within(self, work: Callable[[sqlite3.Connection], object], connection: sqlite3.Connection) -> Any:
        work(connection)
        raise self._death(committed=False)

    def _death(self, *, committed: bool) -> Died:
        self.is_dead = True
        return Died(committed)

    def kill(self) -> None:
        """Nothing more is read or written."""
        self.is_dead = True

    def drop(self) -> None:
        """The process is gone without a word: no checkpoint, no farewell."""
        self._is_open = False
        self._connection.close()


def now(job: Coroutine[Any, Any, T]) -> T:
    """The result of a job that waits for nothing."""
    try:
        job.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    raise AssertionError("it waits for something")
