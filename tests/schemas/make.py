"""Writes a database of this version, with a token and a purchase in every state: ``python -m tests.schemas.make``.

Run once for each released schema, and never again over a file that was released: ``test_released.py`` opens them all.
"""

from __future__ import annotations

import asyncio
import sqlite3
import sys
from decimal import Decimal
from pathlib import Path

from l402desk.client.trust import os_trust
from l402desk.ledger.budgets import Caps
from l402desk.ledger.ledger import Ledger
from l402desk.ledger.rate import Rate
from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.services import SCHEMAS
from l402desk.store.database import Database
from l402desk.store.unlock import unlock
from l402desk.vault.awaiting import Awaiting, PendingToken
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import TokenState
from l402desk.vault.vault import Vault
from l402desk.wallets.book import WalletBook
from l402desk.wallets.catalogue import Catalogue
from tests.fakes.purchased import NOW, Clock, claim, credential_of, hash_of, new_intent, new_token, preimage_of

HERE = Path(__file__).parent
PASSPHRASE = "a passphrase that is in the tests"
URL = "https://api.example/v1/data"
WALLET = "lnbits+https://lnbits.example?key=" + "ab" * 16
SHOP = "https://api.example"
CAPS = Caps(Msat.of_sats(100), Msat.of_sats(1_000), Msat.of_sats(10_000))
RATE = Rate("EUR", Decimal("85000.50"))
PENDING = PendingToken(
    "L402", credential_of(120), hash_of(120), Origin.of(URL), "/", Reach.HOST, source="imported from lnget"
)


async def write(folder: Path) -> Path:
    """The file; its name says which step each component stands at."""
    database = await Database.open(folder / "desk.sqlite3", SCHEMAS)
    clock = Clock()
    seal = await unlock(database, passphrase=PASSPHRASE, keyring=None)
    vault, ledger = Vault(database, seal, clock), Ledger(database, seal, clock)
    await fill_vault(vault)
    await fill_ledger(ledger)
    await Awaiting(database, seal, clock).keep(PENDING)
    book = WalletBook(database, seal, clock, catalogue(folder))
    await book.add("kitchen", WALLET)
    await book.prefer(SHOP, "kitchen")
    await book.set_connected("kitchen", False)
    await database.close()
    return folder / "desk.sqlite3"


def catalogue(folder: Path) -> Catalogue:
    return Catalogue(os_trust, folder)


async def fill_vault(vault: Vault) -> None:
    for number, state in enumerate((TokenState.USABLE, TokenState.SPENT, TokenState.REFUSED, TokenState.UNDELIVERED)):
        kept = await vault.keep(new_token(100 + number, f"{URL}/{state}", title=f"token {state}"))
        await vault.mark(kept.id, state)
        await vault.record_use(kept.id, 200 + number, NOW + number)
    trashed = await vault.keep(new_token(110, f"{URL}/trashed", title="token trashed"))
    await vault.trash(trashed.id)


async def fill_ledger(ledger: Ledger) -> None:
    await ledger.set_caps(CAPS)
    await ledger.set_rate(RATE)
    await ledger.arm("kitchen", True)
    await ledger.offer(new_intent(1, f"{URL}/intent", request=b"a request"))
    submitted = await ledger.offer(new_intent(2, f"{URL}/submitted"))
    await claim(ledger, submitted.id, "Fake wallet")
    for number, word in ((3, "unknown"), (4, "fail"), (5, "without_proof")):
        purchase = await ledger.offer(new_intent(number, f"{URL}/{word}"))
        await claim(ledger, purchase.id, "Fake wallet")
        await getattr(ledger, word)(purchase.id, f"it is {word}")
    by_wallet = await ledger.offer(new_intent(6, f"{URL}/settled"))
    await claim(ledger, by_wallet.id, "Fake wallet")
    await ledger.settle(by_wallet.id, preimage_of(6), Msat(1_000))
    by_phone = await ledger.offer(new_intent(7, f"{URL}/phone"))
    await ledger.settle(by_phone.id, preimage_of(7))


def name_of(file: Path) -> str:
    connection = sqlite3.connect(file)
    try:
        versions = connection.execute("SELECT component, version FROM schema_versions ORDER BY component").fetchall()
    finally:
        connection.close()
    return "-".join(f"{component}{version}" for component, version in versions) + ".sqlite3"


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as made:
        written = asyncio.run(write(Path(made) / "app"))
        target = HERE / name_of(written)
        if target.exists():
            sys.exit(f"{target.name} was released: it is never written again")
        target.write_bytes(written.read_bytes())
        print(target.name)
