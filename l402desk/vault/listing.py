"""Lists as SQL that reads indexes alone: shelves, searches and orders."""

from __future__ import annotations

import sqlite3
from array import array

from l402desk.vault.schema import NEVER
from l402desk.vault.wanted import OrderBy, Shelf, Wanted

# As the indexes of the schema say it, word for word: else SQLite does not use them.
_KEYS = {
    OrderBy.SERVICE: ("title COLLATE NOCASE", "number"),
    OrderBy.HOST: ("substr(origin, instr(origin, '://') + 3)", "number"),
    OrderBy.SCOPE: ("path", "number"),
    OrderBy.PRICE: ("price_msat", "number"),
    OrderBy.BOUGHT: ("bought_at", "number"),
    OrderBy.EXPIRY: (f"coalesce(expires_at, {NEVER})", "number"),
    OrderBy.USES: ("uses", "number"),
    OrderBy.RESULT: ("state", "last_status", "number"),
}
# "+state" keeps SQLite from looking the state up first, and sorting what it finds row by row.
_SHELVES = {
    Shelf.ALL: "state != 'trashed'",
    Shelf.USABLE: "+state = 'usable' AND (expires_at IS NULL OR expires_at > :now)",
    Shelf.EXPIRED: "state != 'trashed' AND expires_at <= :now",
    Shelf.OWED: "state = 'undelivered'",
    Shelf.TRASH: "state = 'trashed'",
}
_FOUND = (
    "number IN (SELECT number FROM tokens WHERE title LIKE :like ESCAPE '\\' OR origin LIKE :like ESCAPE '\\'"
    " OR path LIKE :like ESCAPE '\\' OR note LIKE :like ESCAPE '\\')"
)


def numbers(connection: sqlite3.Connection, wanted: Wanted, now: int) -> array[int]:
    """The row numbers of all that is wanted, in order; ``now`` (unix seconds) decides what is expired."""
    sql, values = _query("number", wanted, now)
    found = array("q")
    # A cursor of its own, without the Row that every line would be wrapped in: there may be 100,000.
    cursor = connection.cursor()
    cursor.row_factory = None
    found.extend(number for (number,) in cursor.execute(sql, values))
    return found


def rows(connection: sqlite3.Connection, wanted: Wanted, now: int, limit: int, offset: int) -> list[sqlite3.Row]:
    """A stretch of what is wanted, whole rows, in order."""
    sql, values = _query("number", wanted, now)
    inner = f"SELECT number FROM ({sql} LIMIT :limit OFFSET :offset)"
    picked = [row[0] for row in connection.execute(inner, {**values, "limit": limit, "offset": offset})]
    found = {row["number"]: row for row in rows_of(connection, picked)}
    return [found[number] for number in picked]


def rows_of(connection: sqlite3.Connection, picked: list[int]) -> list[sqlite3.Row]:
    """The rows with these numbers, in no order; those that are gone are left out."""
    places = ", ".join("?" * len(picked))
    return connection.execute(f"SELECT * FROM tokens WHERE number IN ({places})", picked).fetchall()


def count(connection: sqlite3.Connection, wanted: Wanted, now: int) -> int:
    """How many there are of what is wanted."""
    where, values = _where(wanted, now)
    return int(connection.execute(f"SELECT count(*) FROM tokens WHERE {where}", values).fetchone()[0])


def tally(connection: sqlite3.Connection, now: int) -> dict[Shelf, int]:
    """How many tokens stand on each shelf, all of them counted in one pass."""
    counts = ", ".join(f"count(*) FILTER (WHERE {_SHELVES[shelf]})" for shelf in Shelf)
    row = connection.execute(f"SELECT {counts} FROM tokens", {"now": now}).fetchone()
    return {shelf: int(number) for shelf, number in zip(Shelf, row, strict=True)}


def _query(columns: str, wanted: Wanted, now: int) -> tuple[str, dict[str, object]]:
    where, values = _where(wanted, now)
    direction = " DESC" if wanted.order.descending else ""
    order = ", ".join(key + direction for key in _KEYS[wanted.order.by])
    return f"SELECT {columns} FROM tokens WHERE {where} ORDER BY {order}", values


def _where(wanted: Wanted, now: int) -> tuple[str, dict[str, object]]:
    where, values = _SHELVES[wanted.shelf], {"now": now}
    if not wanted.search:
        return where, {**values}
    literal = wanted.search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{where} AND {_FOUND}", {**values, "like": f"%{literal}%"}
