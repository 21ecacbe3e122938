"""What the tests of the ledger share: its tables in a file of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.ledger.rows import SCHEMA
from l402desk.store.database import Database


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "app" / "desk.sqlite", (SCHEMA,))
    yield database
    await database.close()
