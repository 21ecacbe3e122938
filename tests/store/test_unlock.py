from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TypedDict

import pytest

from l402desk.store import vault_key as module
from l402desk.store.database import Database
from l402desk.store.errors import (
    Damaged,
    KeyringItemLost,
    KeyringLocked,
    KeyringUnavailable,
    PassphraseNeeded,
    PassphraseNotUsed,
    SealBroken,
    WrongPassphrase,
)
from l402desk.store.passphrase import Cost
from l402desk.store.seal import Seal
from l402desk.store.unlock import SCHEMA, unlock
from l402desk.store.vault_key import WrappedKey
from tests.fakes.keyrings import LOCKED, FakeKeyring


class Place(TypedDict):
    table: str
    row: str
    column: str


PLACE: Place = {"table": "t", "row": "1", "column": "c"}


async def stored(database: Database) -> list[tuple[object, ...]]:
    return await database.read(lambda c: [tuple(row) for row in c.execute("SELECT * FROM vault_key")])


@pytest.mark.anyio
async def test_a_keyring_vault_opens_again_and_holds_its_key_outside_the_file(database: Database) -> None:
    keyring = FakeKeyring()
    first = await unlock(database, passphrase=None, keyring=keyring)
    sealed = first.seal(b"secret", **PLACE)
    again = await unlock(database, passphrase=None, keyring=keyring)
    assert again.unseal(sealed, **PLACE) == b"secret"
    assert (again.kept_by, again.moved_from) == ("Fake keyring", None)
    assert len(keyring.items) == 1
    assert len(next(iter(keyring.items.values()))) == 44  # 32 bytes in base64


@pytest.mark.anyio
async def test_a_passphrase_vault_opens_again_and_never_asks_the_keyring(database: Database) -> None:
    keyring = FakeKeyring()
    first = await unlock(database, passphrase="correct horse", keyring=keyring)
    sealed = first.seal(b"secret", **PLACE)
    again = await unlock(database, passphrase="correct horse", keyring=keyring)
    assert again.unseal(sealed, **PLACE) == b"secret"
    assert again.kept_by == "your passphrase"
    assert keyring.calls == []


@pytest.mark.anyio
async def test_the_real_passphrase_cost_is_what_gets_stored(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "Cost", Cost)
    await unlock(database, passphrase="correct horse", keyring=None)
    assert (await stored(database))[0][6:9] == (3, 65536, 4)


@pytest.mark.anyio
async def test_a_wrong_passphrase_opens_nothing_and_changes_nothing(database: Database) -> None:
    await unlock(database, passphrase="correct horse", keyring=None)
    before = await stored(database)
    for wrong in ("Correct horse", "", "\ud800"):
        with pytest.raises(WrongPassphrase):
            await unlock(database, passphrase=wrong, keyring=None)
    assert await stored(database) == before


@pytest.mark.anyio
async def test_a_missing_passphrase_is_asked_for(database: Database) -> None:
    with pytest.raises(PassphraseNeeded, match="no keyring"):
        await unlock(database, passphrase=None, keyring=None)
    with pytest.raises(PassphraseNeeded):
        await unlock(database, passphrase="", keyring=None)
    assert await stored(database) == []
    await unlock(database, passphrase="correct horse", keyring=None)
    with pytest.raises(PassphraseNeeded, match="is protected"):
        await unlock(database, passphrase=None, keyring=FakeKeyring())


@pytest.mark.anyio
async def test_a_passphrase_for_a_keyring_vault_is_said_to_be_of_no_use(database: Database) -> None:
    keyring = FakeKeyring()
    await unlock(database, passphrase=None, keyring=keyring)
    asked = list(keyring.calls)
    with pytest.raises(PassphraseNotUsed, match="Fake keyring"):
        await unlock(database, passphrase="correct horse", keyring=keyring)
    assert keyring.calls == asked
    with pytest.raises(KeyringUnavailable, match="switched off"):
        await unlock(database, passphrase=None, keyring=None)


@pytest.mark.anyio
async def test_a_keyring_that_swallows_the_key_never_seals_anything(database: Database) -> None:
    keyring = FakeKeyring()
    keyring.swallows = True
    with pytest.raises(KeyringUnavailable, match="did not give back"):
        await unlock(database, passphrase=None, keyring=keyring)
    assert await stored(database) == []


@pytest.mark.anyio
async def test_a_locked_keyring_makes_no_vault_and_closes_none_for_good(database: Database) -> None:
    keyring = FakeKeyring()
    keyring.trouble = LOCKED
    with pytest.raises(KeyringLocked):
        await unlock(database, passphrase=None, keyring=keyring)
    assert await stored(database) == []
    keyring.trouble = None
    sealed = (await unlock(database, passphrase=None, keyring=keyring)).seal(b"secret", **PLACE)
    keyring.trouble = LOCKED
    with pytest.raises(KeyringLocked):
        await unlock(database, passphrase=None, keyring=keyring)
    keyring.trouble = None
    assert (await unlock(database, passphrase=None, keyring=keyring)).unseal(sealed, **PLACE) == b"secret"


@pytest.mark.anyio
async def test_a_lost_item_never_leads_to_a_new_key_over_an_old_vault(database: Database) -> None:
    keyring = FakeKeyring()
    sealed = (await unlock(database, passphrase=None, keyring=keyring)).seal(b"secret", **PLACE)
    kept, before = dict(keyring.items), await stored(database)
    keyring.items.clear()
    with pytest.raises(KeyringItemLost, match="does not hold it"):
        await unlock(database, passphrase=None, keyring=keyring)
    assert keyring.items == {}
    assert await stored(database) == before
    keyring.items.update(kept)
    assert (await unlock(database, passphrase=None, keyring=keyring)).unseal(sealed, **PLACE) == b"secret"


@pytest.mark.anyio
@pytest.mark.parametrize("value", ["", "AAAA", "no base64!", "A" * 43 + "=", "é"])
async def test_an_item_with_another_value_is_not_taken_for_the_key(database: Database, value: str) -> None:
    keyring = FakeKeyring()
    await unlock(database, passphrase=None, keyring=keyring)
    keyring.items = dict.fromkeys(keyring.items, value)
    with pytest.raises(KeyringItemLost, match="another key"):
        await unlock(database, passphrase=None, keyring=keyring)


@pytest.mark.anyio
async def test_a_vault_that_another_keyring_opens_says_where_the_key_was(database: Database) -> None:
    old, new = FakeKeyring("KWallet"), FakeKeyring("Secret Service")
    await unlock(database, passphrase=None, keyring=old)
    with pytest.raises(KeyringItemLost, match=r"Secret Service.*KWallet"):
        await unlock(database, passphrase=None, keyring=new)
    new.items.update(old.items)
    seal = await unlock(database, passphrase=None, keyring=new)
    assert (seal.kept_by, seal.moved_from) == ("Secret Service", "KWallet")
    seal = await unlock(database, passphrase=None, keyring=new)
    assert (seal.kept_by, seal.moved_from) == ("Secret Service", None)


@pytest.mark.anyio
async def test_two_first_starts_share_one_key_and_leave_one_item(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    files = [await Database.open(tmp_path / "app" / "desk.sqlite", (SCHEMA,)) for _ in range(2)]
    seals = await asyncio.gather(*(unlock(file, passphrase=None, keyring=keyring) for file in files))
    assert seals[1].unseal(seals[0].seal(b"secret", **PLACE), **PLACE) == b"secret"
    assert len(keyring.items) == 1
    for file in files:
        await file.close()


@pytest.mark.anyio
async def test_two_vaults_of_one_user_do_not_open_each_other(tmp_path: Path) -> None:
    keyring = FakeKeyring()
    seals: list[Seal] = []
    for name in ("one", "two"):
        database = await Database.open(tmp_path / name / "desk.sqlite", (SCHEMA,))
        seals.append(await unlock(database, passphrase=None, keyring=keyring))
        await database.close()
    assert len(keyring.items) == 2
    with pytest.raises(SealBroken):
        seals[1].unseal(seals[0].seal(b"secret", **PLACE), **PLACE)


@pytest.mark.anyio
async def test_a_file_that_asks_for_absurd_work_is_damaged(database: Database) -> None:
    await unlock(database, passphrase="correct horse", keyring=None)
    await database.write(lambda c: c.execute("UPDATE vault_key SET memory_kib = 1 << 40").rowcount)
    with pytest.raises(Damaged):
        await unlock(database, passphrase="correct horse", keyring=None)


def test_a_wrapped_key_shows_neither_key_nor_salt() -> None:
    key = WrappedKey(b"v", module.Kind.PASSPHRASE, "your passphrase", b"canary", b"canary")
    assert "canary" not in repr(key)
