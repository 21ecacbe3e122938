"""A database of purchases for sessions and pages: real tables on the disk, asked by jobs that end at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from l402desk.ledger.ledger import Ledger
from l402desk.services import SCHEMAS
from l402desk.store.database import Database
from l402desk.vault.vault import Vault
from tests.fakes.bought import Bought, put
from tests.fakes.purchased import NOW, Clock, new_seal


@contextmanager
def an_account(folder: Path, *purchases: Bought, now: int = NOW) -> Iterator[Any]:
    """`services` as jobs see them, unlocked; ``clock.now`` is theirs."""
    database = asyncio.run(Database.open(folder / "app" / "desk.sqlite3", SCHEMAS))
    clock = Clock(now)
    asyncio.run(put(database, *purchases))
    seal = new_seal()
    services = SimpleNamespace(
        database=database,
        ledger=Ledger(database, seal, clock),
        vault=Vault(database, seal, clock),
        wallets=SimpleNamespace(find=lambda _name: None),
        in_hand=set(),
        is_unlocked=True,
        clock=clock,
        now=lambda: clock.now,
    )
    try:
        yield services
    finally:
        asyncio.run(database.close())


def add(services: Any, *purchases: Bought) -> None:
    asyncio.run(put(services.database, *purchases))


def change(services: Any, sql: str, *values: object) -> None:
    asyncio.run(services.database.write(lambda connection: connection.execute(sql, values) and None))
