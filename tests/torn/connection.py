"""An apsw connection that the product's own SQL takes for the `sqlite3` module's, and a `Database` over it."""

from __future__ import annotations

import contextlib
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar, cast

import apsw

from l402desk.store import database as product
from l402desk.store.database import Database
from l402desk.store.schema import Schema, migrate
from tests.torn.disk import Committed, Disk, TornVfs

T = TypeVar("T")
FILE = "desk.sqlite3"
_numbers = itertools.count(1)
_names = sqlite3.connect(":memory:", check_same_thread=False)
_cursors: dict[tuple[str, ...], sqlite3.Cursor] = {}


def _row(columns: tuple[str, ...], values: tuple[object, ...]) -> sqlite3.Row:
    """A real `sqlite3.Row` of these values: the product asks what it gets for its type."""
    if columns not in _cursors:
        quoted = ", ".join('NULL AS "' + name.replace('"', '""') + '"' for name in columns)
        _cursors[columns] = _names.execute(f"SELECT {quoted}")
    return sqlite3.Row(_cursors[columns], values)


class Cursor:
    """What `sqlite3.Connection.execute` gives."""

    def __init__(self, rows: list[sqlite3.Row], rowcount: int, lastrowid: int) -> None:
        self._rows = iter(rows)
        self.rowcount = rowcount
        self.lastrowid = lastrowid

    def fetchone(self) -> sqlite3.Row | None:
        return next(self._rows, None)

    def fetchall(self) -> list[sqlite3.Row]:
        return list(self._rows)

    def __iter__(self) -> Iterator[sqlite3.Row]:
        return self._rows


class Connection:
    """`sqlite3.Connection`, as far as the product uses it, over apsw."""

    def __init__(self, inner: apsw.Connection) -> None:
        self._inner = inner

    def execute(self, sql: str, values: Sequence[object] | dict[str, object] = ()) -> Cursor:
        plain: Any = (
            {name: _plain(value) for name, value in values.items()}
            if isinstance(values, dict)
            else tuple(_plain(value) for value in values)
        )
        before = self._inner.total_changes()
        try:
            cursor = self._inner.cursor()
            cursor.execute(sql, plain)
            columns = tuple(column[0] for column in cursor.get_description()) if _has_columns(cursor) else ()
            rows = [_row(columns, tuple(values)) for values in cursor]
        except apsw.ConstraintError as error:
            raise sqlite3.IntegrityError(str(error)) from error
        except apsw.Error as error:
            raise _as_sqlite3(error) from error
        return Cursor(rows, self._inner.total_changes() - before, self._inner.last_insert_rowid())

    def executemany(self, sql: str, many: Sequence[Sequence[object] | dict[str, object]]) -> Cursor:
        last = Cursor([], 0, 0)
        for values in many:
            last = self.execute(sql, values)
        return last

    @property
    def in_transaction(self) -> bool:
        return self._inner.in_transaction

    def close(self) -> None:
        self._inner.close()


def _has_columns(cursor: apsw.Cursor) -> bool:
    try:
        cursor.get_description()
    except apsw.ExecutionCompleteError:
        return False
    return True


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return str(value)  # a StrEnum's own text
    return value


def _as_sqlite3(error: apsw.Error) -> sqlite3.Error:
    translated = sqlite3.OperationalError(str(error))
    translated.sqlite_errorcode = getattr(error, "extendedresult", sqlite3.SQLITE_ERROR)
    return translated


class TornDatabase(Database):
    """The product's database with its own transactions, in the calling thread, over a disk whose power can be cut.

    ``history`` holds what all tables held: at the beginning, and after each transaction that was committed.
    """

    def __init__(self, disk: Disk, connection: Connection, worker: ThreadPoolExecutor) -> None:
        super().__init__(Path(FILE), cast("sqlite3.Connection", connection), worker)
        self._disk = disk
        self.history: list[Dump] = [dump(self._connection)]

    @classmethod
    def on(cls, disk: Disk, schemas: Sequence[Schema]) -> TornDatabase:
        """Open or make the file on this disk as `Database.open` does."""
        name = f"torn{next(_numbers)}"
        vfs = TornVfs(name, disk)
        inner = apsw.Connection(FILE, vfs=name)
        connection = Connection(inner)
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        made = cls(disk, connection, ThreadPoolExecutor(max_workers=1))
        made._vfs = vfs  # it must live as long as the connection
        made.schemas = tuple(schemas)
        product._prepare(made._connection, Path(FILE))
        migrate(cast("sqlite3.Connection", _Noting(connection, made)), schemas)
        return made

    _vfs: TornVfs

    async def _run(self, how: Callable[[sqlite3.Connection, Callable[[sqlite3.Connection], T]], T], work: Any) -> T:
        result = how(self._connection, work)
        if how is not product._read:
            self.note()
        return result

    def note(self) -> None:
        """The caller hears now that its change is on the disk: from here on it must be."""
        self.history.append(dump(self._connection))
        self._disk.log.append(Committed(len(self.history) - 1))

    @contextlib.asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """There is nobody else on this disk."""
        yield

    async def close(self) -> None:
        if self._is_open:
            self._is_open = False
            product._close(self._connection)
            self._worker.shutdown()


class _Noting(Connection):
    """Notes each step of a migration as it is committed."""

    def __init__(self, connection: Connection, owner: TornDatabase) -> None:
        super().__init__(connection._inner)
        self._owner = owner

    def execute(self, sql: str, values: Sequence[object] | dict[str, object] = ()) -> Cursor:
        cursor = super().execute(sql, values)
        if sql == "COMMIT":
            self._owner.note()
        return cursor


Dump = dict[str, list[tuple[object, ...]]]


def dump(connection: sqlite3.Connection) -> Dump:
    """Every row of every table, and every table's definition."""
    tables = connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()
    everything: Dump = {"sqlite_schema": [tuple(row) for row in tables]}
    for name, sql in tables:
        if sql and str(sql).startswith("CREATE TABLE"):
            rows = connection.execute(f'SELECT * FROM "{name}" ORDER BY 1').fetchall()
            everything[name] = [tuple(row) for row in rows]
    return everything
