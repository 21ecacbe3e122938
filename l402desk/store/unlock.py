"""Opening the vault: a random data key, wrapped by a key in the OS keyring or by a passphrase."""

from __future__ import annotations

import os
import time

from l402desk.store.database import Database
from l402desk.store.errors import KeyringUnavailable, PassphraseNeeded, PassphraseNotUsed
from l402desk.store.keys import KeyringPort
from l402desk.store.seal import KEY_SIZE, Seal
from l402desk.store.vault_key import (
    SCHEMA,
    YOUR_PASSPHRASE,
    Kind,
    WrappedKey,
    keep_first,
    load,
    wrap_by_keyring,
    wrap_by_passphrase,
)

__all__ = ["SCHEMA", "YOUR_PASSPHRASE", "unlock", "vault_key_exists"]


async def unlock(database: Database, *, passphrase: str | None, keyring: KeyringPort | None) -> Seal:
    """Open the vault of this file, or make one if there is none yet.

    With a passphrase the keyring is not asked. The database must have been opened with this module's
    ``SCHEMA``. Raises KeyUnavailable (KeyringUnavailable, KeyringLocked, KeyringTimeout, KeyringItemLost,
    WrongPassphrase, PassphraseNeeded, PassphraseNotUsed) and StoreError. An existing vault never gets a new
    key.
    """
    key = await database.read(load)
    if key is None:
        key = await _make(database, passphrase=passphrase, keyring=keyring)
    if key.kind is Kind.PASSPHRASE:
        if passphrase is None:
            raise PassphraseNeeded(exists=True)
        return await key.open_by_passphrase(passphrase)
    if passphrase is not None:
        raise PassphraseNotUsed(key.kept_by)
    if keyring is None:
        raise KeyringUnavailable("this vault's key is in the keyring, which is switched off here")
    return await _open_by_keyring(database, key, keyring)


async def _make(database: Database, *, passphrase: str | None, keyring: KeyringPort | None) -> WrappedKey:
    seal = Seal(os.urandom(KEY_SIZE), os.urandom(16), kept_by="")
    now = int(time.time())
    if passphrase is not None:
        key = await wrap_by_passphrase(seal, passphrase, now)
    elif keyring is not None:
        key = await wrap_by_keyring(seal, keyring, now)
    else:
        raise PassphraseNeeded(exists=False)
    seal.forget()
    first = await database.write(lambda connection: keep_first(connection, key))
    if first.vault_id != key.vault_id and keyring is not None and key.kind is Kind.KEYRING:
        await keyring.forget(key.keyring_item)  # another process was faster; its key counts
    return first


async def _open_by_keyring(database: Database, key: WrappedKey, keyring: KeyringPort) -> Seal:
    seal = await key.open_by_keyring(keyring)
    if seal.moved_from is not None:
        await database.write(lambda c: c.execute("UPDATE vault_key SET kept_by = ?", (seal.kept_by,)).rowcount)
    return seal


async def vault_key_exists(database: Database) -> bool:
    """Has this file a vault already, whoever may open it?"""
    return await database.read(load) is not None
