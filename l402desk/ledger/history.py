"""The purchases as a history: filtered, sorted and paged in SQL, so that a hundred thousand of them stay instant."""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from l402desk.ledger.purchases import Delivery, Purchase, PurchaseState
from l402desk.ledger.rows import purchase_of
from l402desk.store.database import Database

_HASH_START = re.compile(r"(?:[0-9a-fA-F]{2}){4,32}")
_NAME_START = re.compile(r"[0-9A-Za-z-]{4,64}")
_HEX = re.compile(r"[0-9a-f]{4,64}")
_AT_ONCE = 500  # numbers in one IN (…): below the oldest SQLite's limit of 999


@dataclass(frozen=True, slots=True)
class PurchaseFilter:
    """Which purchases are wanted; an empty part wants all. Times are unix seconds, ``until`` excluded.

    ``text`` is part of the title, host, path or method, or the first eight hexadecimal digits or more of the payment
    hash. ``host`` is an authority (``api.example:8402``). The time of a purchase is when it was begun: a payment that
    settles after a crash belongs to the day on which the money left.
    """

    text: str = ""
    states: frozenset[PurchaseState] = frozenset()
    host: str = ""
    rail: str = ""
    since: int | None = None
    until: int | None = None
    delivery: Delivery | None = None

    @property
    def is_empty(self) -> bool:
        return self == PurchaseFilter()


EVERYTHING = PurchaseFilter()


@dataclass(frozen=True, slots=True)
class Order:
    """A sort key: SQL over ``purchases`` and what ``join`` brings to it. Rows without a value come last."""

    key: str
    join: str = ""


TIME = Order("purchases.created_at")
HOST = Order("purchases.origin COLLATE NOCASE")
REQUEST = Order("purchases.method || ' ' || purchases.path")
AMOUNT = Order("purchases.amount_msat")
FEE = Order("purchases.fee_msat")
STATE = Order("purchases.state || ' ' || coalesce(purchases.delivery, '')")
RAIL = Order("purchases.rail COLLATE NOCASE")


class History:
    """Questions about many purchases; `Ledger` answers those about one. Every method raises StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, wanted: PurchaseFilter = EVERYTHING) -> int:
        where, values = selection(wanted)
        sql = f"SELECT count(*) FROM purchases {where}"
        return await self._database.read(lambda connection: int(connection.execute(sql, values).fetchone()[0]))

    async def numbers(
        self, wanted: PurchaseFilter = EVERYTHING, order: Order = TIME, *, descending: bool = True, limit: int = -1
    ) -> array[int]:
        """The row numbers of what is wanted, in this order: 8 bytes each, a table's whole skeleton."""
        where, values = selection(wanted)
        direction = "DESC" if descending else "ASC"
        sql = (
            f"SELECT purchases.number FROM purchases {order.join} {where}"
            f" ORDER BY {_nulls_last(order)}{order.key} {direction}, purchases.number {direction} LIMIT :limit"
        )
        everything = {**values, "limit": limit}
        return await self._database.read(
            lambda connection: array("q", (row[0] for row in connection.execute(sql, everything)))
        )

    async def at(self, numbers: Sequence[int]) -> dict[int, Purchase]:
        """The purchases with these row numbers; what is not there any more is left out."""

        def work(connection: sqlite3.Connection) -> dict[int, Purchase]:
            found: dict[int, Purchase] = {}
            for start in range(0, len(numbers), _AT_ONCE):
                some = list(numbers[start : start + _AT_ONCE])
                sql = f"SELECT * FROM purchases WHERE number IN ({', '.join('?' * len(some))})"
                found |= {row["number"]: purchase_of(row) for row in connection.execute(sql, some)}
            return found

        return await self._database.read(work)

    async def number_of(self, purchase_id: str) -> int | None:
        """The row number of a purchase, or None where there is none with this id."""

        def work(connection: sqlite3.Connection) -> int | None:
            row = connection.execute("SELECT number FROM purchases WHERE id = ?", (purchase_id,)).fetchone()
            return None if row is None else int(row[0])

        return await self._database.read(work)

    async def named(self, text: str, limit: int = 2) -> tuple[str, ...]:
        """The ids of purchases whose id or payment hash is, or begins with, this text; an exact one alone."""
        if not _NAME_START.fullmatch(text):
            return ()
        low = text.lower()

        def work(connection: sqlite3.Connection) -> tuple[str, ...]:
            rows = connection.execute("SELECT id FROM purchases WHERE id = ?", (low,)).fetchall()
            if not rows:
                sql = "SELECT id FROM purchases WHERE (id >= :low AND id < :high) OR "
                # Half a byte is no beginning of a blob: the last odd digit is compared as text.
                sql += "(payment_hash BETWEEN :first AND :last AND lower(hex(payment_hash)) LIKE :like) LIMIT :limit"
                start = bytes.fromhex(low[: len(low) // 2 * 2]) if _HEX.fullmatch(low) else b"\xff" * 33
                values = {"low": low, "high": low + "~", "like": f"{low}%", "limit": limit}
                values |= {"first": start, "last": start[:32].ljust(32, b"\xff")}
                rows = connection.execute(sql, values).fetchall()
            return tuple(str(row["id"]) for row in rows)

        return await self._database.read(work)

    async def hosts(self, limit: int = 200) -> tuple[str, ...]:
        """The origins money was asked for by, sorted."""
        sql = "SELECT DISTINCT origin FROM purchases ORDER BY origin LIMIT ?"
        return await self._database.read(
            lambda connection: tuple(str(row[0]) for row in connection.execute(sql, (limit,)))
        )


def selection(wanted: PurchaseFilter) -> tuple[str, dict[str, object]]:
    """A filter as a WHERE clause over ``purchases`` (empty for everything), and the values it names."""
    conditions: list[str] = []
    values: dict[str, object] = {}
    if wanted.text:
        conditions.append(_text_condition(wanted.text, values))
    if wanted.states:
        names = sorted(wanted.states)
        conditions.append(f"purchases.state IN ({', '.join(f':state{i}' for i in range(len(names)))})")
        values |= {f"state{i}": str(name) for i, name in enumerate(names)}
    if wanted.host:
        conditions.append("purchases.origin IN (:http, :https)")
        values |= {"http": f"http://{wanted.host}", "https": f"https://{wanted.host}"}
    for name, column, sign, value in (
        ("rail", "rail", "=", wanted.rail or None),
        ("since", "created_at", ">=", wanted.since),
        ("until", "created_at", "<", wanted.until),
        ("delivery", "delivery", "=", wanted.delivery),
    ):
        if value is not None:
            conditions.append(f"purchases.{column} {sign} :{name}")
            values[name] = value if isinstance(value, int) else str(value)
    return (f"WHERE {' AND '.join(conditions)}" if conditions else ""), values


def _text_condition(text: str, values: dict[str, object]) -> str:
    literal = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values["like"] = f"%{literal}%"
    columns = ("title", "origin", "path", "method")
    parts = [f"purchases.{column} LIKE :like ESCAPE '\\'" for column in columns]
    if _HASH_START.fullmatch(text):
        start = bytes.fromhex(text)
        values |= {"hash_low": start.ljust(32, b"\0"), "hash_high": start.ljust(32, b"\xff")}
        parts.append(
            "purchases.number IN (SELECT number FROM purchases WHERE payment_hash BETWEEN :hash_low AND :hash_high)"
        )
    return f"({' OR '.join(parts)})"


def _nulls_last(order: Order) -> str:
    # Where no value can be missing, the plain key lets an index give the order.
    return "" if order in (TIME, AMOUNT) else f"({order.key}) IS NULL, "
