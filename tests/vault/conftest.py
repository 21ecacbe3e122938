"""What the tests of the vault share: its tables in a file of their own, and what keeps tokens in them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.store.database import Database
from l402desk.vault import awaiting as awaiting_module
from l402desk.vault import rows
from l402desk.vault.awaiting import Awaiting
from l402desk.vault.vault import Vault
from tests.fakes.purchased import Clock, new_seal


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "app" / "desk.sqlite", (rows.SCHEMA, awaiting_module.SCHEMA))
    yield database
    await database.close()


@pytest.fixture
def vault(database: Database, clock: Clock) -> Vault:
    return Vault(database, new_seal(), clock)


@pytest.fixture
def awaiting(database: Database, clock: Clock) -> Awaiting:
    return Awaiting(database, new_seal(), clock)
