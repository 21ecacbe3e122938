"""Who keeps the key: moved from keyring to passphrase and back without touching what is sealed, or not at all."""

from __future__ import annotations

import pytest

from l402desk.store.custody import keep_by_keyring, keep_by_passphrase, prove, status
from l402desk.store.database import Database
from l402desk.store.errors import (
    KeyringLocked,
    KeyringUnavailable,
    KeysChanged,
    PassphraseNeeded,
    PassphraseNotUsed,
    WrongPassphrase,
)
from l402desk.store.recovery import make_code, open_by_code
from l402desk.store.seal import Seal
from l402desk.store.unlock import unlock
from l402desk.store.vault_key import Kind
from tests.fakes.keyrings import LOCKED, FakeKeyring

pytestmark = pytest.mark.anyio
WORDS = "correct horse"


async def opened(database: Database, keyring: FakeKeyring | None = None, passphrase: str | None = None) -> Seal:
    return await unlock(database, passphrase=passphrase, keyring=keyring)


async def test_a_keyring_vault_moves_under_a_passphrase(database: Database, keyring: FakeKeyring) -> None:
    seal = await opened(database, keyring)
    before = await status(database)
    assert await keep_by_passphrase(database, seal, WORDS, keyring)
    assert (seal.kept_by, keyring.items) == ("your passphrase", {})
    assert (await opened(database, passphrase=WORDS)).key() == seal.key()
    after = await status(database)
    assert before is not None
    assert after is not None
    assert (before.kind, after.kind, after.kept_by) == (Kind.KEYRING, Kind.PASSPHRASE, "your passphrase")
    assert after.key_since == before.key_since is not None


async def test_a_passphrase_vault_moves_into_the_keyring(database: Database, keyring: FakeKeyring) -> None:
    seal = await opened(database, passphrase=WORDS)
    assert await keep_by_keyring(database, seal, keyring)
    assert seal.kept_by == "Fake keyring"
    assert (await opened(database, keyring)).key() == seal.key()
    with pytest.raises(PassphraseNotUsed):
        await opened(database, passphrase=WORDS)


async def test_a_passphrase_is_changed(database: Database) -> None:
    seal = await opened(database, passphrase=WORDS)
    await keep_by_passphrase(database, seal, "another horse", None)
    with pytest.raises(WrongPassphrase):
        await opened(database, passphrase=WORDS)
    assert (await opened(database, passphrase="another horse")).key() == seal.key()


async def test_the_keyring_vault_gets_a_fresh_item(database: Database, keyring: FakeKeyring) -> None:
    seal = await opened(database, keyring)
    old = set(keyring.items)
    await keep_by_keyring(database, seal, keyring)
    assert len(keyring.items) == 1
    assert old.isdisjoint(keyring.items)
    assert (await opened(database, keyring)).key() == seal.key()


@pytest.mark.parametrize("trouble", ["locked", "swallows"])
async def test_a_keyring_that_takes_nothing_leaves_the_passphrase(
    database: Database, keyring: FakeKeyring, trouble: str
) -> None:
    seal = await opened(database, passphrase=WORDS)
    keyring.swallows = trouble == "swallows"
    keyring.trouble = LOCKED if trouble == "locked" else None
    with pytest.raises((KeyringLocked, KeyringUnavailable)):
        await keep_by_keyring(database, seal, keyring)
    assert (await opened(database, passphrase=WORDS)).key() == seal.key()


async def test_an_open_vault_whose_keyring_lost_its_item_is_saved_by_a_passphrase(
    database: Database, keyring: FakeKeyring
) -> None:
    seal = await opened(database, keyring)
    keyring.items.clear()
    keyring.trouble = LOCKED
    assert not await keep_by_passphrase(database, seal, WORDS, keyring)
    assert (await opened(database, passphrase=WORDS)).key() == seal.key()


async def test_a_change_made_elsewhere_meanwhile_counts(database: Database, keyring: FakeKeyring) -> None:
    seal, other = await opened(database, keyring), await opened(database, keyring)

    class Meanwhile(FakeKeyring):
        async def write(self, item: str, value: str) -> None:
            await super().write(item, value)
            await keep_by_passphrase(database, other, WORDS, None)

    with pytest.raises(KeysChanged):
        await keep_by_keyring(database, seal, Meanwhile())
    assert (await opened(database, passphrase=WORDS)).key() == seal.key()


async def test_an_empty_passphrase_changes_nothing(database: Database, keyring: FakeKeyring) -> None:
    seal = await opened(database, keyring)
    with pytest.raises(PassphraseNeeded):
        await keep_by_passphrase(database, seal, "", keyring)
    assert (await opened(database, keyring)).key() == seal.key()


async def test_a_recovery_code_goes_on_to_open_the_vault_wherever_its_key_is_kept(
    database: Database, keyring: FakeKeyring
) -> None:
    seal = await opened(database, keyring)
    code = await make_code(database, seal)
    await keep_by_passphrase(database, seal, WORDS, keyring)
    recovered = await open_by_code(database, code)
    await keep_by_keyring(database, recovered, keyring)
    assert (await open_by_code(database, code)).key() == seal.key()
    told = await status(database)
    assert told is not None
    assert told.code_made_at is not None


async def test_who_asks_at_an_unlocked_desk_must_know_the_passphrase(database: Database, keyring: FakeKeyring) -> None:
    assert await status(database) is None
    seal = await opened(database, passphrase=WORDS)
    with pytest.raises(PassphraseNeeded):
        await prove(database, None)
    with pytest.raises(WrongPassphrase):
        await prove(database, "wrong")
    await prove(database, WORDS)
    await keep_by_keyring(database, seal, keyring)
    await prove(database, None)
