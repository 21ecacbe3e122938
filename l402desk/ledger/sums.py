"""What was spent: sums over the purchases, by host and by the days and months of a calendar."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from l402desk.ledger.history import EVERYTHING, PurchaseFilter, selection
from l402desk.ledger.purchases import OPEN
from l402desk.protocol.amount import MOST, ZERO, Msat
from l402desk.protocol.instants import LATEST
from l402desk.store.database import Database

_OPEN = ", ".join(f"'{state}'" for state in sorted(OPEN))


def _sum(name: str, amount: str, condition: str) -> str:
    # In two halves: a server may ask for all the bitcoin there are, and five such amounts overflow SQLite's sum.
    counted = f"iif({condition}, {amount}, 0)"
    return f"sum({counted} >> 32) AS {name}_high, sum({counted} & 4294967295) AS {name}_low"


_IS_SETTLED, _IS_OPEN = "purchases.state = 'settled'", f"purchases.state IN ({_OPEN})"
_SUMS = ", ".join(
    (
        f"sum({_IS_SETTLED}) AS bought",
        _sum("paid", "purchases.amount_msat", _IS_SETTLED),
        _sum("fees", "coalesce(purchases.fee_msat, 0)", _IS_SETTLED),
        f"sum({_IS_OPEN}) AS waiting",
        _sum("in_flight", "purchases.amount_msat", _IS_OPEN),
    )
)


class Span(StrEnum):
    """How long a bar of the chart is."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Spent:
    """What settled purchases cost, and what may still be on its way.

    ``fees`` counts those that a wallet told; ``in_flight`` is what open purchases ask for, their fees not known yet.
    No sum exceeds all the bitcoin there will be.
    """

    bought: int = 0
    paid: Msat = ZERO
    fees: Msat = ZERO
    waiting: int = 0
    in_flight: Msat = ZERO

    @property
    def total(self) -> Msat:
        """What left the wallets for certain: prices and fees."""
        return _capped(self.paid.value + self.fees.value)

    def __add__(self, other: Spent) -> Spent:
        return Spent(
            self.bought + other.bought,
            _capped(self.paid.value + other.paid.value),
            _capped(self.fees.value + other.fees.value),
            self.waiting + other.waiting,
            _capped(self.in_flight.value + other.in_flight.value),
        )


NOTHING = Spent()


@dataclass(frozen=True, slots=True)
class HostSum:
    """What one origin (``https://api.example``) was paid."""

    origin: str
    spent: Spent


@dataclass(frozen=True, slots=True)
class SpanSum:
    """What was spent on one day, or in the month that begins with it, by origin; the dearest first."""

    start: date
    hosts: tuple[HostSum, ...]

    @property
    def spent(self) -> Spent:
        return sum((host.spent for host in self.hosts), NOTHING)


class Sums:
    """Adds purchases up in SQL. ``zone`` None is the time zone of this computer. Every method raises StoreError."""

    def __init__(self, database: Database, zone: tzinfo | None = None) -> None:
        self._database = database
        self._zone = zone

    async def total(self, wanted: PurchaseFilter = EVERYTHING) -> Spent:
        where, values = selection(wanted)
        sql = f"SELECT {_SUMS} FROM purchases {where}"
        return await self._database.read(lambda connection: _spent(connection.execute(sql, values).fetchone()))

    async def by_host(self, wanted: PurchaseFilter = EVERYTHING) -> tuple[HostSum, ...]:
        """Every host that was paid, or may be, the dearest first."""
        return await self._database.read(lambda connection: _by_host(connection, wanted))

    async def by_span(self, span: Span, wanted: PurchaseFilter = EVERYTHING) -> tuple[SpanSum, ...]:
        """Every day or month with a payment, the earliest first. A day is as long as the calendar says (DST)."""

        def work(connection: sqlite3.Connection) -> tuple[SpanSum, ...]:
            return tuple(span_sum for span_sum in self._walk(connection, span, wanted) if span_sum.hosts)

        return await self._database.read(work)

    def day_of(self, unix: int) -> date:
        """The calendar day in which this moment lies."""
        return datetime.fromtimestamp(min(max(unix, 0), LATEST - 86_400), self._zone).date()

    def begin(self, day: date) -> int:
        """The first second of this day. Where its midnight is skipped, the first moment that there is (PEP 495)."""
        return int(datetime.combine(day, time.min, self._zone).timestamp())

    def _walk(self, connection: sqlite3.Connection, span: Span, wanted: PurchaseFilter) -> Iterator[SpanSum]:
        # From one purchase to the day it lies in, and on to the first purchase after that day: index look-ups only,
        # however far apart the days are.
        where, values = selection(wanted)
        sql = f"SELECT min(purchases.created_at) FROM purchases {where or 'WHERE true'}"
        sql += " AND purchases.created_at >= :from_here"
        after = 0
        while True:
            first = connection.execute(sql, {**values, "from_here": after}).fetchone()[0]
            if first is None:
                return
            start = self.day_of(first) if span is Span.DAY else self.day_of(first).replace(day=1)
            after = max(self.begin(_next(start, span)), first + 1)
            yield SpanSum(start, _by_host(connection, _within(wanted, first, after)))


def _next(start: date, span: Span) -> date:
    return start + timedelta(days=1) if span is Span.DAY else (start + timedelta(days=31)).replace(day=1)


def _within(wanted: PurchaseFilter, since: int, until: int) -> PurchaseFilter:
    latest = until if wanted.until is None else min(until, wanted.until)
    return PurchaseFilter(wanted.text, wanted.states, wanted.host, wanted.rail, since, latest, wanted.delivery)


def _by_host(connection: sqlite3.Connection, wanted: PurchaseFilter) -> tuple[HostSum, ...]:
    where, values = selection(wanted)
    # The plus keeps SQLite from walking the index of places: in the order of the table each row is read once.
    sql = f"SELECT purchases.origin AS origin, {_SUMS} FROM purchases {where} GROUP BY +purchases.origin"
    found = [HostSum(row["origin"], _spent(row)) for row in connection.execute(sql, values)]
    some = [host for host in found if host.spent.bought or host.spent.waiting]
    return tuple(sorted(some, key=lambda host: (-host.spent.total.value, host.origin)))


def _spent(row: sqlite3.Row) -> Spent:
    return Spent(
        row["bought"] or 0, _amount(row, "paid"), _amount(row, "fees"), row["waiting"] or 0, _amount(row, "in_flight")
    )


def _amount(row: sqlite3.Row, name: str) -> Msat:
    return _capped(((row[f"{name}_high"] or 0) << 32) + (row[f"{name}_low"] or 0))


def _capped(msat: int) -> Msat:
    return Msat(min(msat, MOST))
