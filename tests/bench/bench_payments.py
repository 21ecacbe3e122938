"""How long the payments page's questions take over 100,000 purchases; the goal is 5 ms a page and 300 ms a sum.

Run: ``python tests/bench/bench_payments.py [PURCHASES]``. Best of three; the rows are as long as real ones.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from l402desk.engine import statement
from l402desk.ledger.history import AMOUNT, EVERYTHING, REQUEST, History, PurchaseFilter
from l402desk.ledger.purchases import PurchaseState
from l402desk.ledger.sums import Span, Sums
from l402desk.services import SCHEMAS
from l402desk.store.database import Database
from tests.fakes.bought import Bought, put

DAY = 24 * 3_600


class Long(Bought):
    """With sealed parts and an invoice of a usual length."""

    def values(self) -> dict[str, object]:
        return super().values() | {
            "challenge": os.urandom(700),
            "request": os.urandom(300),
            "invoice": "lnbc" + "q" * 300,
        }


def some(count: int) -> list[Bought]:
    chance, now = random.Random(1), int(time.time())
    return [
        Long(
            number, now - number * 300, f"https://h{chance.randrange(200)}.example", f"/v1/data/{number % 977}",
            msat=chance.randrange(1, 10**6), fee=chance.randrange(1_000), uses=chance.randrange(9),
            state=chance.choices(list(PurchaseState), (2, 1, 1, 80, 5, 1, 1))[0],
        )
        for number in range(1, count + 1)
    ]  # fmt: skip


async def timed(name: str, ask: Callable[[], Awaitable[object]]) -> None:
    best = min([await _once(ask) for _ in range(3)])
    print(f"{name:24} {best:8.1f} ms")


async def _once(ask: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await ask()
    return (time.perf_counter() - began) * 1_000


async def measure(database: Database) -> None:
    history, sums = History(database), Sums(database)
    services: Any = SimpleNamespace(database=database)
    numbers = await history.numbers()
    page = numbers[len(numbers) // 2 :][:100]
    month = PurchaseFilter(since=int(time.time()) - 30 * DAY)
    await timed("numbers, newest first", history.numbers)
    await timed("page of 100 lines", lambda: statement.lines(services, page))
    await timed("search", lambda: history.numbers(PurchaseFilter(text="data/55")))
    await timed("sort by price", lambda: history.numbers(EVERYTHING, AMOUNT))
    await timed("sort by request", lambda: history.numbers(EVERYTHING, REQUEST))
    await timed("sort by cost of a use", lambda: history.numbers(EVERYTHING, statement.EACH))
    await timed("sum of all", sums.total)
    await timed("sums by host", sums.by_host)
    await timed("sums by day, 30 days", lambda: sums.by_span(Span.DAY, month))
    await timed("sums by month", lambda: sums.by_span(Span.MONTH))


async def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = await Database.open(Path(folder) / "app" / "desk.sqlite3", SCHEMAS)
        try:
            await put(database, *some(count))
            await measure(database)
        finally:
            await database.close()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
