"""What is being written when the power goes: the product's own ledger, vault, keys and migrations, step by step."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable

from l402desk.ledger.ledger import Ledger
from l402desk.ledger.purchases import PHONE, Delivery
from l402desk.protocol.amount import Msat
from l402desk.services import SCHEMAS
from l402desk.store.rotation import rotate
from l402desk.store.seal import Seal
from l402desk.store.unlock import unlock
from l402desk.vault.tokens import TokenState
from l402desk.vault.vault import Vault
from tests.fakes.purchased import Clock, new_intent, new_seal, new_token, preimage_of
from tests.schemas.make import HERE as FIXTURES
from tests.schemas.make import PASSPHRASE
from tests.torn.connection import FILE, TornDatabase
from tests.torn.disk import Disk

HERE = "https://shop.example/thing/"
Flow = Callable[[], Awaitable["Recorded"]]


class Recorded:
    """A flow that was run once: the disk with its log, and what the tables held after every commit.

    ``seal`` opens what is sealed; None where only the passphrase tells which key does.
    """

    def __init__(self, disk: Disk, database: TornDatabase, seal: Seal | None) -> None:
        self.disk = disk
        self.history = database.history
        self.seal = seal


async def buying() -> Recorded:
    """Purchases that end in every way, their tokens used, put away and forgotten, and the log moved into the file."""
    disk, seal, clock = Disk(), new_seal(), Clock()
    database = await _open(disk)
    ledger, vault = Ledger(database, seal, clock), Vault(database, seal, clock)
    for number in range(1, 5):
        await _buy(number, ledger, vault, clock)
        clock.now += 60
    await _fall_short(5, ledger)
    kept = (await vault.list())[0]
    await vault.trash(kept.id)
    await vault.forget(kept.id)
    await _buy(9, ledger, vault, clock)
    await database.close()
    return Recorded(disk, database, seal)


async def reopening() -> Recorded:
    """The second run of the app on a file that was closed in good order."""
    disk, seal, clock = Disk(), new_seal(), Clock()
    first = await _open(disk)
    await _buy(1, Ledger(first, seal, clock), Vault(first, seal, clock), clock)
    await first.close()
    again = Disk({name: bytes(data) for name, data in disk.files.items()})
    database = await _open(again)
    ledger, vault = Ledger(database, seal, clock), Vault(database, seal, clock)
    await _buy(2, ledger, vault, clock)
    await database.scrub()
    await _buy(3, ledger, vault, clock)
    await database.close()
    return Recorded(again, database, seal)


async def migrating() -> Recorded:
    """The first start of this version on the file of an older one, and a purchase in it."""
    oldest = FIXTURES / "keys1-ledger1-vault1.sqlite3"
    disk, clock = Disk({FILE: oldest.read_bytes()}), Clock()
    database = await _open(disk)
    seal = await unlock(database, passphrase=PASSPHRASE, keyring=None)
    await _buy(901, Ledger(database, seal, clock), Vault(database, seal, clock), clock)
    await database.close()
    return Recorded(disk, database, seal)


async def rotating() -> Recorded:
    """A vault gets a new key: all that is sealed is sealed anew, and afterwards only the new key opens it."""
    disk, clock = Disk(), Clock()
    database = await _open(disk)
    old = await unlock(database, passphrase=PASSPHRASE, keyring=None)
    ledger, vault = Ledger(database, old, clock), Vault(database, old, clock)
    for number in (1, 2):
        await _buy(number, ledger, vault, clock)
    await rotate(database, old, passphrase=PASSPHRASE, keyring=None)
    await _buy(3, ledger, vault, clock)
    await database.close()
    return Recorded(disk, database, None)


async def _open(disk: Disk) -> TornDatabase:
    if not disk.first:
        _make_wal(disk)
    return TornDatabase.on(disk, SCHEMAS)


def _make_wal(disk: Disk) -> None:
    """The app makes an empty file and syncs its folder before SQLite sees it."""
    disk.first[FILE] = b""
    disk.files[FILE] = bytearray()


async def _buy(number: int, ledger: Ledger, vault: Vault, clock: Clock) -> None:
    url = f"{HERE}{number}"
    purchase = await ledger.offer(new_intent(number, url))
    await ledger.reserve(purchase.id, "Fake wallet")
    await ledger.submit(purchase.id)
    if number % 2:
        await ledger.unknown(purchase.id, "The wallet has not answered.")
    await ledger.settle(purchase.id, preimage_of(number), Msat(500))
    token = await vault.keep(new_token(number, url, purchase_id=purchase.id))
    await vault.record_use(token.id, 200, clock.now)
    await ledger.mark_delivery(purchase.id, Delivery.DELIVERED, 200)
    await vault.mark(token.id, TokenState.USABLE)


async def _fall_short(number: int, ledger: Ledger) -> None:
    failed = await ledger.offer(new_intent(number, f"{HERE}{number}"))
    await ledger.reserve(failed.id, "Fake wallet")
    await ledger.submit(failed.id)
    await ledger.fail(failed.id, "No route.")
    by_phone = await ledger.offer(new_intent(number + 1, f"{HERE}{number + 1}"))
    assert (await ledger.settle(by_phone.id, preimage_of(number + 1))).rail == PHONE
    proofless = await ledger.offer(new_intent(number + 2, f"{HERE}{number + 2}"))
    await ledger.reserve(proofless.id, "Fake wallet")
    await ledger.submit(proofless.id)
    await ledger.without_proof(proofless.id, "It kept the preimage.")
    await ledger.offer(new_intent(number + 3, f"{HERE}{number + 3}"))


FLOWS: dict[str, Flow] = {"buying": buying, "migrating": migrating, "reopening": reopening, "rotating": rotating}


def is_whole(connection: sqlite3.Connection) -> bool:
    return [tuple(row) for row in connection.execute("PRAGMA integrity_check")] == [("ok",)]
