"""What the tests of the store share: a file that holds a vault's key, a keyring, and passphrases that cost little."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.store import vault_key as vault_key_module
from l402desk.store.database import Database
from l402desk.store.passphrase import Cost
from l402desk.store.unlock import SCHEMA
from tests.fakes.keyrings import FakeKeyring


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id at its real cost is measured in one test only."""
    monkeypatch.setattr(vault_key_module, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))


@pytest.fixture
def keyring() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "app" / "desk.sqlite", (SCHEMA,))
    yield database
    await database.close()
