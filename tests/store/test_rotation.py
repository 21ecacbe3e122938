"""Replacing the data key: everything opens with the new one alone, or nothing was changed."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.ledger.ledger import Ledger
from l402desk.services import SCHEMAS
from l402desk.store.database import Database
from l402desk.store.errors import (
    InUse,
    KeyringItemLost,
    KeyringLocked,
    KeyringUnavailable,
    PassphraseNeeded,
    SealBroken,
    WrongPassphrase,
    WrongRecoveryCode,
)
from l402desk.store.recovery import make_code, open_by_code
from l402desk.store.rotation import rotate
from l402desk.store.schema import Schema, SealedColumn, sealed_columns, undeclared
from l402desk.store.seal import Seal
from l402desk.store.unlock import unlock
from l402desk.vault.vault import Vault
from tests.fakes.keyrings import LOCKED, FakeKeyring
from tests.fakes.purchased import Clock, new_token, preimage_of
from tests.schemas.make import fill_ledger, fill_vault

pytestmark = pytest.mark.anyio
WORDS = "correct horse"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "app" / "desk.sqlite3", SCHEMAS)
    yield database
    await database.close()


async def filled(database: Database, seal: Seal) -> tuple[Vault, Ledger]:
    vault, ledger = Vault(database, seal, Clock()), Ledger(database, seal, Clock())
    await fill_vault(vault)
    await fill_ledger(ledger)
    return vault, ledger


def sealed_values(database: Database) -> dict[tuple[str, str, str], bytes]:
    connection = sqlite3.connect(database.path)
    found = {
        (column.table, str(name), column.column): bytes(value)
        for column in sealed_columns(SCHEMAS)
        for name, value in connection.execute(f"SELECT {column.row}, {column.column} FROM {column.table}").fetchall()
        if value is not None
    }
    connection.close()
    return found


def opens(seal: Seal, values: dict[tuple[str, str, str], bytes]) -> int:
    count = 0
    for (table, row, column), sealed in values.items():
        try:
            seal.unseal(sealed, table=table, row=row, column=column)
        except SealBroken:
            continue
        count += 1
    return count


async def test_every_blob_of_every_component_is_declared_sealed_or_clear(database: Database) -> None:
    assert await database.read(lambda connection: undeclared(connection, SCHEMAS)) == []


async def test_everything_opens_with_the_new_key_alone(database: Database, keyring: FakeKeyring) -> None:
    seal = await unlock(database, passphrase=None, keyring=keyring)
    old = Seal(seal.key(), seal.vault_id, kept_by="")
    vault, ledger = await filled(database, seal)
    before = sealed_values(database)
    rows = await database.read(lambda c: [tuple(r) for r in c.execute("SELECT * FROM sqlite_schema ORDER BY name")])
    done = await rotate(database, seal, passphrase=None, keyring=keyring)
    after = sealed_values(database)
    assert (done.resealed, done.damaged, done.old_item_forgotten) == (len(before), (), True)
    assert before.keys() == after.keys()
    assert opens(seal, after) == len(after) > 20
    assert (opens(old, after), opens(seal, before)) == (0, 0)
    assert len(keyring.items) == 1
    again = await unlock(database, passphrase=None, keyring=keyring)
    assert again.key() == seal.key() != old.key()
    assert all(token.is_intact for token in await vault.list())
    settled = [purchase for purchase in await ledger.history() if str(purchase.state) == "settled"]
    assert {await ledger.preimage(purchase.id) for purchase in settled} == {preimage_of(6), preimage_of(7)}
    laws = await database.read(lambda c: [tuple(r) for r in c.execute("SELECT * FROM sqlite_schema ORDER BY name")])
    assert [law[:3] + law[4:] for law in laws] == [row[:3] + row[4:] for row in rows]


async def test_the_laws_in_the_triggers_hold_again_afterwards(database: Database, keyring: FakeKeyring) -> None:
    seal = await unlock(database, passphrase=None, keyring=keyring)
    await filled(database, seal)
    await rotate(database, seal, passphrase=None, keyring=keyring)
    with pytest.raises(sqlite3.IntegrityError, match="settled is final"):
        await database.write(lambda c: c.execute("UPDATE purchases SET preimage = x'00' WHERE state = 'settled'"))


async def test_nothing_of_the_old_values_stays_in_any_file(database: Database, keyring: FakeKeyring) -> None:
    seal = await unlock(database, passphrase=None, keyring=keyring)
    await filled(database, seal)
    before = sealed_values(database)
    await rotate(database, seal, passphrase=None, keyring=keyring)
    raw = b"".join(path.read_bytes() for path in database.path.parent.iterdir())
    assert [place for place, sealed in before.items() if sealed[-24:] in raw] == []


async def test_a_passphrase_vault_is_rotated_under_the_same_passphrase(database: Database) -> None:
    seal = await unlock(database, passphrase=WORDS, keyring=None)
    key = seal.key()
    with pytest.raises(PassphraseNeeded):
        await rotate(database, seal, passphrase=None, keyring=None)
    with pytest.raises(WrongPassphrase):
        await rotate(database, seal, passphrase="wrong", keyring=None)
    assert seal.key() == key
    await rotate(database, seal, passphrase=WORDS, keyring=None)
    assert seal.key() != key
    assert (await unlock(database, passphrase=WORDS, keyring=None)).key() == seal.key()


async def test_what_is_written_while_it_goes_on_is_sealed_under_the_key_that_counts(
    database: Database, keyring: FakeKeyring
) -> None:
    seal = await unlock(database, passphrase=None, keyring=keyring)
    vault, _ledger = await filled(database, seal)
    rotating = asyncio.ensure_future(rotate(database, seal, passphrase=None, keyring=keyring))
    numbers = range(200, 240)
    for number in numbers:
        await vault.keep(new_token(number, "https://api.example/late", title=f"late {number}"))
        await asyncio.sleep(0)
    await rotating
    kept = [token for token in await vault.list() if token.title.startswith("late")]
    assert len(kept) == len(numbers)
    assert all(token.is_intact for token in kept)
    values = sealed_values(database)
    assert opens(await unlock(database, passphrase=None, keyring=keyring), values) == len(values)


async def test_another_process_keeps_the_key_from_being_replaced(database: Database, keyring: FakeKeyring) -> None:
    seal = await unlock(database, passphrase=None, keyring=keyring)
    await filled(database, seal)
    items, before = dict(keyring.items), sealed_values(database)
    other = await Database.open(database.path, SCHEMAS)
    with pytest.raises(InUse):
        await rotate(database, seal, passphrase=None, keyring=keyring)
    await other.close()
    assert (keyring.items, sealed_values(database)) == (items, before)
    await rotate(database, seal, passphrase=None, keyring=keyring)


@pytest.mark.parametrize("trouble", ["locked", "swallows"])
async def test_a_keyring_that_does_not_take_the_new_key_changes_nothing(
    database: Database, keyring: FakeKeyring, trouble: str
) -> None:
    seal = await unlock(database, passphrase=None, keyring=keyring)
    await filled(database, seal)
    before, key = sealed_values(database), seal.key()
    keyring.swallows = trouble == "swallows"
    keyring.trouble = LOCKED if trouble == "locked" else None
    with pytest.raises((KeyringLocked, KeyringUnavailable)):
        await rotate(database, seal, passphrase=None, keyring=keyring)
    keyring.swallows, keyring.trouble = False, None
    assert (sealed_values(database), seal.key()) == (before, key)
    assert (await unlock(database, passphrase=None, keyring=keyring)).key() == key


async def test_a_failure_in_the_transaction_leaves_the_old_key_and_both_items(
    database: Database, keyring: FakeKeyring
) -> None:
    """What a disk reports as failed may still turn up at the next start: then the new item must be there."""
    seal = await unlock(database, passphrase=None, keyring=keyring)
    await filled(database, seal)
    key = seal.key()
    await database.write(
        lambda c: (
            c.execute(
                "CREATE TRIGGER no BEFORE UPDATE ON vault_key BEGIN SELECT RAISE(ABORT, 'a disk that fails'); END"
            ).rowcount
        )
    )
    with pytest.raises(sqlite3.IntegrityError):
        await rotate(database, seal, passphrase=None, keyring=keyring)
    assert seal.key() == key
    assert len(keyring.items) == 2
    assert (await unlock(database, passphrase=None, keyring=keyring)).key() == key
    values = sealed_values(database)
    assert opens(seal, values) == len(values)


async def test_damaged_values_are_carried_over_and_can_still_be_mended(
    database: Database, keyring: FakeKeyring
) -> None:
    seal = await unlock(database, passphrase=None, keyring=keyring)
    vault, _ledger = await filled(database, seal)
    one, other = (await vault.list())[:2]

    def swap(connection: sqlite3.Connection) -> None:
        # Two rows changed places: nothing is lost, if only the old key is still there when somebody changes them back.
        secrets = [
            connection.execute("SELECT secret FROM tokens WHERE id = ?", (t.id,)).fetchone()[0] for t in (one, other)
        ]
        for token, secret in zip((one, other), reversed(secrets), strict=True):
            connection.execute("UPDATE tokens SET secret = ? WHERE id = ?", (secret, token.id))

    await database.write(swap)
    before = sealed_values(database)
    done = await rotate(database, seal, passphrase=None, keyring=keyring)
    assert set(done.damaged) == {("tokens", token.id, "secret") for token in (one, other)}
    after = sealed_values(database)
    assert [place for place, sealed in before.items() if after[place] == sealed] == list(done.damaged)
    ((retired, sealed),) = [(row, value) for (table, row, _), value in after.items() if table == "retired_keys"]
    old = Seal(seal.unseal(sealed, table="retired_keys", row=retired, column="sealed"), seal.vault_id, kept_by="")
    assert old.unseal(after["tokens", one.id, "secret"], table="tokens", row=other.id, column="secret")
    # A second rotation seals the retired key anew, and reports the same two.
    again = await rotate(database, seal, passphrase=None, keyring=keyring)
    assert set(again.damaged) == set(done.damaged)


async def test_an_old_recovery_code_opens_nothing_and_that_is_said(database: Database, keyring: FakeKeyring) -> None:
    seal = await unlock(database, passphrase=None, keyring=keyring)
    assert not (await rotate(database, seal, passphrase=None, keyring=keyring)).code_was_forgotten
    code = await make_code(database, seal)
    assert (await rotate(database, seal, passphrase=None, keyring=keyring)).code_was_forgotten
    with pytest.raises(WrongRecoveryCode):
        await open_by_code(database, code)


async def test_a_keyring_that_keeps_the_old_item_is_told_of(database: Database, keyring: FakeKeyring) -> None:
    class Clinging(FakeKeyring):
        async def forget(self, item: str) -> None:
            raise LOCKED

    clinging = Clinging()
    seal = await unlock(database, passphrase=None, keyring=clinging)
    done = await rotate(database, seal, passphrase=None, keyring=clinging)
    assert not done.old_item_forgotten
    assert (await unlock(database, passphrase=None, keyring=clinging)).key() == seal.key()
    with pytest.raises(KeyringItemLost):
        await unlock(database, passphrase=None, keyring=keyring)


async def test_a_column_that_nobody_declared_stops_everything_before_it_is_lost(tmp_path: Path) -> None:
    steps = ("CREATE TABLE things (id TEXT, secret BLOB, forgotten BLOB) STRICT;",)
    things = Schema("things", steps, sealed=(SealedColumn("things", "id", "secret"),))
    database = await Database.open(tmp_path / "app" / "desk.sqlite3", (*SCHEMAS, things))
    keyring = FakeKeyring()
    seal = await unlock(database, passphrase=None, keyring=keyring)
    key = seal.key()
    with pytest.raises(RuntimeError, match="forgotten"):
        await rotate(database, seal, passphrase=None, keyring=keyring)
    assert (await unlock(database, passphrase=None, keyring=keyring)).key() == key
    await database.close()
