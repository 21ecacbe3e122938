"""Every database that was ever released is opened, brought up to date, and still holds what it held."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from l402desk.ledger.budgets import Caps
from l402desk.ledger.ledger import Ledger
from l402desk.services import SCHEMAS
from l402desk.store.database import Database
from l402desk.store.unlock import unlock
from l402desk.vault.awaiting import Awaiting
from l402desk.vault.vault import Vault
from l402desk.wallets.book import WalletBook
from tests.fakes.purchased import Clock, hash_of, preimage_of
from tests.schemas.make import CAPS, HERE, PASSPHRASE, PENDING, RATE, SHOP, URL, catalogue, name_of

pytestmark = pytest.mark.anyio

RELEASED = sorted(HERE.glob("*.sqlite3"))
SETTLED = {6: "Fake wallet", 7: "phone"}
TOKENS = ("refused", "spent", "trashed", "undelivered", "usable")


def test_there_is_a_fixture_of_the_schema_this_version_writes() -> None:
    newest = "-".join(f"{schema.component}{len(schema.steps)}" for schema in sorted(SCHEMAS, key=_component))
    assert f"{newest}.sqlite3" in {file.name for file in RELEASED}, "run python -m tests.schemas.make once"


def _component(schema: object) -> str:
    return str(getattr(schema, "component", ""))


@pytest.mark.parametrize("file", RELEASED, ids=lambda file: file.stem)
async def test_a_released_database_opens_and_keeps_everything(file: Path, tmp_path: Path) -> None:
    (tmp_path / "app").mkdir(mode=0o700)
    copy = tmp_path / "app" / "desk.sqlite3"
    shutil.copyfile(file, copy)
    assert name_of(copy) == file.name
    database = await Database.open(copy, SCHEMAS)
    try:
        seal = await unlock(database, passphrase=PASSPHRASE, keyring=None)
        vault, ledger = Vault(database, seal, Clock()), Ledger(database, seal, Clock())
        tokens = [*await vault.list(), *await vault.list(trashed=True)]
        assert sorted(token.title.removeprefix("token ") for token in tokens) == list(TOKENS)
        assert all(token.is_intact for token in tokens)
        for token in tokens:
            assert (await vault.reveal(token.id)).preimage.payment_hash().hex == token.payment_hash
        for number, rail in SETTLED.items():
            purchase = await ledger.by_hash(hash_of(number))
            assert purchase is not None
            assert purchase.rail == rail
            assert await ledger.preimage(purchase.id) == preimage_of(number)
            assert (await ledger.secrets(purchase.id)).url.startswith(URL)
        assert [str(p.state) for p in await ledger.open_purchases()] == ["submitted", "unknown", "paid-without-proof"]
        assert len(await ledger.history()) == 7
        if "wallets" in file.stem:  # released with wallets, budgets and pending imports
            assert (await ledger.caps(), await ledger.rate(), await ledger.armed()) == (
                CAPS,
                RATE,
                frozenset({"kitchen"}),
            )
            (wallet,) = await WalletBook(database, seal, Clock(), catalogue(tmp_path)).list()
            assert (wallet.name, wallet.is_default, wallet.is_intact) == ("kitchen", True, True)
            chosen = ((SHOP,), False) if "wallets2" in file.stem else ((), True)
            assert (wallet.hosts, wallet.is_connected) == chosen
            (awaited,) = await Awaiting(database, seal, Clock()).list()
            assert awaited.payment_hash == PENDING.payment_hash.hex
        else:
            assert (await ledger.caps(), await ledger.rate()) == (Caps(), None)
    finally:
        await database.close()
    connection = sqlite3.connect(copy)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
