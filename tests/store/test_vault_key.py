"""The wrapped data key: its own keyring item for each wrapping, and never replaced behind anyone's back."""

from __future__ import annotations

import pytest

from l402desk.store.database import Database
from l402desk.store.errors import KeyringItemLost, KeysChanged, PassphraseNeeded, WrongPassphrase
from l402desk.store.seal import Seal
from l402desk.store.vault_key import (
    Kind,
    keep_first,
    load,
    replace_key,
    wrap_by_keyring,
    wrap_by_passphrase,
)
from tests.fakes.keyrings import FakeKeyring

pytestmark = pytest.mark.anyio
KEY, VAULT = bytes(range(32)), b"v" * 16


def seal() -> Seal:
    return Seal(KEY, VAULT, kept_by="")


async def test_each_wrapping_by_the_keyring_has_an_item_of_its_own() -> None:
    keyring = FakeKeyring()
    first, second = [await wrap_by_keyring(seal(), keyring, 7) for _ in range(2)]
    assert len(keyring.items) == 2
    assert first.keyring_item != second.keyring_item
    for key in (first, second):
        assert (await key.open_by_keyring(keyring)).key() == KEY
        assert (key.kind, key.kept_by, key.key_since) == (Kind.KEYRING, "Fake keyring", 7)
    await keyring.forget(second.keyring_item)
    assert (await first.open_by_keyring(keyring)).key() == KEY
    with pytest.raises(KeyringItemLost):
        await second.open_by_keyring(keyring)


async def test_an_item_fits_into_the_smallest_keyring() -> None:
    """Windows keeps 2,560 bytes of UTF-16 in one item."""
    keyring = FakeKeyring()
    await wrap_by_keyring(seal(), keyring, None)
    ((item, value),) = keyring.items.items()
    assert len(value.encode("utf-16-le")) <= 128
    assert len(item) <= 64


async def test_what_is_loaded_is_what_was_kept(database: Database) -> None:
    key = await wrap_by_passphrase(seal(), "correct horse", 7)
    assert await database.read(load) is None
    assert await database.write(lambda c: keep_first(c, key)) == key
    assert await database.read(load) == key
    assert (await key.open_by_passphrase("correct horse")).key() == KEY
    with pytest.raises(WrongPassphrase):
        await key.open_by_passphrase("wrong")


async def test_a_wrapping_is_replaced_only_where_it_still_is(database: Database) -> None:
    old, new, other = [await wrap_by_passphrase(seal(), word, None) for word in ("old", "new", "other")]
    await database.write(lambda c: keep_first(c, old))
    await database.write(lambda c: replace_key(c, old, new))
    with pytest.raises(KeysChanged):
        await database.write(lambda c: replace_key(c, old, other))
    assert await database.read(load) == new


async def test_a_vault_of_the_first_schema_finds_its_item(database: Database) -> None:
    key = await wrap_by_keyring(seal(), FakeKeyring(), None)
    await database.write(lambda c: keep_first(c, key))
    await database.write(lambda c: c.execute("UPDATE vault_key SET item = ''").rowcount)
    loaded = await database.read(load)
    assert loaded is not None
    assert loaded.keyring_item == f"vault {VAULT.hex()}"


async def test_an_empty_passphrase_wraps_nothing() -> None:
    with pytest.raises(PassphraseNeeded):
        await wrap_by_passphrase(seal(), "", None)
