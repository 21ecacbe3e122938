"""The holder of the key does one thing at a time, and nothing once the vault is locked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from l402desk.store.database import Database
from l402desk.store.errors import KeyringUnavailable, PassphraseNeeded, VaultClosed
from l402desk.store.keyholder import KeyHolder
from l402desk.store.restoring import Prepared
from tests.fakes.keyrings import FakeKeyring

pytestmark = pytest.mark.anyio


async def test_it_tells_who_keeps_the_key_while_it_is_open(database: Database) -> None:
    keys = KeyHolder(database, FakeKeyring())
    assert (keys.is_open, keys.kept_by, keys.moved_from, await keys.status()) == (False, "", None, None)
    seal = await keys.unlock(None)
    assert (keys.is_open, keys.kept_by, keys.moved_from) == (True, "Fake keyring", None)
    await keys.lock()
    assert (keys.is_open, keys.kept_by, seal.is_forgotten) == (False, "", True)
    await keys.lock()


async def test_a_key_found_in_another_keyring_is_told_of(database: Database) -> None:
    old, new = FakeKeyring("KWallet"), FakeKeyring("Secret Service")
    await KeyHolder(database, old).unlock(None)
    new.items.update(old.items)
    keys = KeyHolder(database, new)
    await keys.unlock(None)
    assert (keys.kept_by, keys.moved_from) == ("Secret Service", "KWallet")
    await keys.keep_by_keyring()
    assert (keys.kept_by, keys.moved_from) == ("Secret Service", None)


async def test_locking_waits_for_what_is_going_on(database: Database) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    class Slow(FakeKeyring):
        slow = False

        async def write(self, item: str, value: str) -> None:
            if self.slow:
                asked.set()
                await answer.wait()
            await super().write(item, value)

    keyring = Slow()
    keys = KeyHolder(database, keyring)
    seal = await keys.unlock(None)
    key = seal.key()
    keyring.slow = True
    rotating = asyncio.ensure_future(keys.rotate())
    await asked.wait()
    locking = asyncio.ensure_future(keys.lock())
    await asyncio.sleep(0)
    assert not seal.is_forgotten
    answer.set()
    await asyncio.gather(rotating, locking)
    assert seal.is_forgotten
    assert (await keys.unlock(None)).key() != key


async def test_without_a_keyring_the_key_is_not_put_into_one(database: Database) -> None:
    keys = KeyHolder(database, None)
    with pytest.raises(PassphraseNeeded):
        await keys.unlock(None)
    await keys.unlock("correct horse")
    with pytest.raises(KeyringUnavailable):
        await keys.keep_by_keyring(proof="correct horse")


async def test_an_open_vault_is_not_restored_over_and_a_locked_one_gives_nothing(
    database: Database, tmp_path: Path
) -> None:
    keys = KeyHolder(database, FakeKeyring())
    with pytest.raises(VaultClosed):
        await keys.back_up(tmp_path / "backup", "words")
    await keys.unlock(None)
    with pytest.raises(RuntimeError, match="open"):
        await keys.restore(Prepared(tmp_path / "prepared", 0))
