"""What may be spent: the caps, what counts against them, the wallets that may pay by themselves, the exchange rate."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from decimal import Decimal

from l402desk.ledger.budgets import DAY_S, Allowance, Budget, Caps
from l402desk.ledger.rate import Rate
from l402desk.ledger.uptime import Uptime, UptimeClock, uptime
from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.origin import Origin
from l402desk.store.database import Database
from l402desk.store.seal import Seal

# The same sum as `Purchase.counted`, kept equal by a test.
COUNTED = (
    "CASE state WHEN 'settled' THEN amount_msat + coalesce(fee_msat, iif(rail = 'phone', 0, fee_limit_msat))"
    " WHEN 'intent' THEN amount_msat + fee_limit_msat WHEN 'submitted' THEN amount_msat + fee_limit_msat"
    " WHEN 'unknown' THEN amount_msat + fee_limit_msat WHEN 'paid-without-proof' THEN amount_msat + fee_limit_msat"
    " ELSE 0 END"
)
# A clock set back makes reservations lie in the future: they count. One set forward makes them look old: those of this
# boot are counted by the time that nobody can set.
_LATELY = "(reserved_at > :since OR (reserved_boot = :boot AND reserved_uptime > :uptime_since))"
# In two halves: five amounts of all the bitcoin there are, or lies about fees, overflow SQLite's sum.
_SUM = "coalesce(sum(({0}) >> 32), 0), coalesce(sum(({0}) & 4294967295), 0)"
_SPENT = (
    f"SELECT {_SUM.format(COUNTED)}, {_SUM.format(f'iif(origin = :origin, {COUNTED}, 0)')} FROM purchases"
    f" WHERE reserved_at IS NOT NULL AND id != :but AND {_LATELY}"
)


class Allowing:
    """Every method raises StoreError. ``uptime`` is a clock that nobody can set."""

    def __init__(
        self, database: Database, seal: Seal, clock: Callable[[], float], uptime: UptimeClock = uptime
    ) -> None:
        super().__init__(database, seal, clock)  # type: ignore[call-arg]  # the other half of `Ledger` takes them
        self._wall_clock = clock
        self._uptime = uptime
        self._file = database

    async def caps(self) -> Caps:
        return await self._file.read(read_caps)

    async def set_caps(self, caps: Caps) -> None:
        """What is spent already in the last twenty-four hours counts against the new ones too."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM caps")
            chosen = [(budget, cap.value) for budget in Budget if (cap := caps.of(budget)) is not None]
            connection.executemany("INSERT INTO caps VALUES (?, ?)", chosen)

        await self._file.write(work)

    async def allowance(self, origin: Origin, *, but: str = "") -> Allowance:
        """What stands against a payment to this host now; the purchase with the id ``but`` is left out."""
        now, up = int(self._wall_clock()), self._uptime()
        return await self._file.read(lambda connection: allowance(connection, str(origin), now, up, but=but))

    async def spent_day(self) -> Msat:
        """What counts against the last twenty-four hours over all hosts."""
        now, up = int(self._wall_clock()), self._uptime()
        return (await self._file.read(lambda connection: allowance(connection, "", now, up, but=""))).spent_day

    async def armed(self) -> frozenset[str]:
        """The wallets that may pay by themselves, inside the budgets."""
        sql = "SELECT wallet FROM armed"
        return await self._file.read(lambda connection: frozenset(row[0] for row in connection.execute(sql)))

    async def arm(self, wallet: str, is_armed: bool) -> None:
        """Let this wallet pay by itself inside the budgets, or never again."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM armed WHERE wallet = ?", (wallet,))
            if is_armed:
                connection.execute("INSERT INTO armed VALUES (?, ?)", (wallet, int(self._wall_clock())))

        await self._file.write(work)

    async def rate(self) -> Rate | None:
        def work(connection: sqlite3.Connection) -> Rate | None:
            row = connection.execute("SELECT currency, per_btc FROM rate").fetchone()
            return None if row is None else Rate(row[0], Decimal(row[1]))

        return await self._file.read(work)

    async def set_rate(self, rate: Rate | None) -> None:
        """From now on purchases note this rate; those there are keep theirs."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM rate")
            if rate is not None:
                connection.execute("INSERT INTO rate VALUES (1, ?, ?)", (rate.currency, str(rate.per_btc)))

        await self._file.write(work)


def read_caps(connection: sqlite3.Connection) -> Caps:
    found = {row[0]: Msat(min(row[1], MOST)) for row in connection.execute("SELECT budget, amount_msat FROM caps")}
    return Caps(found.get(Budget.PAYMENT), found.get(Budget.HOST_DAY), found.get(Budget.DAY))


def allowance(connection: sqlite3.Connection, origin: str, now: int, up: Uptime, *, but: str) -> Allowance:
    """Inside the caller's transaction: nothing is spent between this question and what follows from it."""
    values = {
        "origin": origin,
        "but": but,
        "since": now - DAY_S,
        "boot": up.boot,
        "uptime_since": up.seconds - DAY_S,
    }
    day_high, day_low, host_high, host_low = connection.execute(_SPENT, values).fetchone()
    day, host = (day_high << 32) + day_low, (host_high << 32) + host_low
    return Allowance(read_caps(connection), Msat(min(host, MOST)), Msat(min(day, MOST)))
