"""Opening the vault: a random data key, wrapped by a key in the OS keyring or by a passphrase."""

from __future__ import annotations

import base64
import binascii
import os
import sqlite3
from dataclasses import dataclass, field, replace
from enum import StrEnum

from l402desk.store.database import Database
from l402desk.store.errors import (
    Damaged,
    KeyringItemLost,
    KeyringUnavailable,
    PassphraseNeeded,
    PassphraseNotUsed,
    SealBroken,
    WrongPassphrase,
)
from l402desk.store.keys import KeyringPort
from l402desk.store.passphrase import SALT_SIZE, Cost, stretch
from l402desk.store.schema import Schema
from l402desk.store.seal import KEY_SIZE, Seal

YOUR_PASSPHRASE = "your passphrase"

SCHEMA = Schema(
    "keys",
    (
        """
        CREATE TABLE vault_key (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            vault_id BLOB NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('keyring', 'passphrase')),
            kept_by TEXT NOT NULL,
            wrapped BLOB NOT NULL,
            salt BLOB NOT NULL,
            passes INTEGER NOT NULL,
            memory_kib INTEGER NOT NULL,
            lanes INTEGER NOT NULL
        ) STRICT;
        """,
    ),
)


class Kind(StrEnum):
    """What wraps the data key."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """The data key as it lies in the file: useless without the keyring's key or the passphrase."""

    vault_id: bytes
    kind: Kind
    kept_by: str
    wrapped: bytes = field(repr=False)
    salt: bytes = field(default=b"", repr=False)
    cost: Cost = field(default_factory=Cost)


async def unlock(database: Database, *, passphrase: str | None, keyring: KeyringPort | None) -> Seal:
    """Open the vault of this file, or make one if there is none yet; a data key never leaves this function
    bare.

    With a passphrase the keyring is not asked. The database must have been opened with this module's
    ``SCHEMA``. Raises KeyUnavailable (KeyringUnavailable, KeyringLocked, KeyringTimeout, KeyringItemLost,
    WrongPassphrase, PassphraseNeeded, PassphraseNotUsed) and StoreError. An existing vault never gets a new
    key.
    """
    key = await database.read(_load)
    if key is None:
        key = await _make(database, passphrase=passphrase, keyring=keyring)
    if key.kind is Kind.PASSPHRASE:
        return await _open_by_passphrase(database, key, passphrase)
    if passphrase is not None:
        raise PassphraseNotUsed(key.kept_by)
    if keyring is None:
        raise KeyringUnavailable("this vault's key is in the keyring, which is switched off here")
    return await _open_by_keyring(database, key, keyring)


async def _make(database: Database, *, passphrase: str | None, keyring: KeyringPort | None) -> WrappedKey:
    vault_id = os.urandom(16)
    if passphrase is not None:
        key = await _wrap_by_passphrase(vault_id, passphrase)
    elif keyring is not None:
        key = await _wrap_by_keyring(vault_id, keyring)
    else:
        raise PassphraseNeeded(exists=False)
    first = await database.write(lambda connection: _keep_first(connection, key))
    if first.vault_id != vault_id and keyring is not None and key.kind is Kind.KEYRING:
        await keyring.forget(_item(vault_id))  # another process was faster; its key counts
    return first


async def _wrap_by_passphrase(vault_id: bytes, passphrase: str) -> WrappedKey:
    salt, cost = os.urandom(SALT_SIZE), Cost()
    try:
        wrapping = await stretch(passphrase, salt, cost)
    except ValueError as error:
        raise PassphraseNeeded(exists=False) from error
    return WrappedKey(
        vault_id, Kind.PASSPHRASE, YOUR_PASSPHRASE, _wrap(wrapping, vault_id, Kind.PASSPHRASE), salt, cost
    )


async def _wrap_by_keyring(vault_id: bytes, keyring: KeyringPort) -> WrappedKey:
    name = await keyring.choose(None)
    wrapping = os.urandom(KEY_SIZE)
    text = base64.b64encode(wrapping).decode("ascii")
    await keyring.write(_item(vault_id), text)
    # A keyring that swallows what it is given would make everything sealed from now on unreadable: look
    # before.
    if await keyring.read(_item(vault_id)) != text:
        raise KeyringUnavailable(f"{name} did not give back what it was given to keep")
    return WrappedKey(vault_id, Kind.KEYRING, name, _wrap(wrapping, vault_id, Kind.KEYRING))


async def _open_by_passphrase(database: Database, key: WrappedKey, passphrase: str | None) -> Seal:
    if passphrase is None:
        raise PassphraseNeeded(exists=True)
    try:
        wrapping = await stretch(passphrase, key.salt, key.cost)
        return _unwrap(key, wrapping)
    except (SealBroken, ValueError) as error:
        raise WrongPassphrase from error


async def _open_by_keyring(database: Database, key: WrappedKey, keyring: KeyringPort) -> Seal:
    name = await keyring.choose(key.kept_by)
    text = await keyring.read(_item(key.vault_id))
    if text is None:
        raise KeyringItemLost(sealed_by=key.kept_by, asked=name)
    try:
        seal = _unwrap(replace(key, kept_by=name), base64.b64decode(text, validate=True))
    except (SealBroken, ValueError, binascii.Error) as error:
        raise KeyringItemLost(sealed_by=key.kept_by, asked=name, found_another=True) from error
    if name != key.kept_by:
        seal.moved_from = key.kept_by
        await database.write(lambda c: c.execute("UPDATE vault_key SET kept_by = ?", (name,)).rowcount)
    return seal


def _wrap(wrapping: bytes, vault_id: bytes, kind: Kind) -> bytes:
    outer = Seal(wrapping, vault_id, kept_by="")
    return outer.seal(os.urandom(KEY_SIZE), table="vault_key", row=kind, column="wrapped")


def _unwrap(key: WrappedKey, wrapping: bytes) -> Seal:
    outer = Seal(wrapping, key.vault_id, kept_by="")
    data_key = outer.unseal(key.wrapped, table="vault_key", row=key.kind, column="wrapped")
    return Seal(data_key, key.vault_id, kept_by=key.kept_by)


def _item(vault_id: bytes) -> str:
    # One item per vault: two L402DESK_HOME folders of one user never overwrite each other's key.
    return f"vault {vault_id.hex()}"


def _load(connection: sqlite3.Connection) -> WrappedKey | None:
    row = connection.execute("SELECT * FROM vault_key").fetchone()
    if row is None:
        return None
    try:
        cost = Cost(row["passes"], row["memory_kib"], row["lanes"])
    except ValueError as error:
        raise Damaged("of the app (its key)") from error
    return WrappedKey(row["vault_id"], Kind(row["kind"]), row["kept_by"], row["wrapped"], row["salt"], cost)


def _keep_first(connection: sqlite3.Connection, key: WrappedKey) -> WrappedKey:
    connection.execute(
        "INSERT OR IGNORE INTO vault_key VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            key.vault_id, key.kind, key.kept_by, key.wrapped, key.salt,
            key.cost.passes, key.cost.memory_kib, key.cost.lanes,
        ),
    )  # fmt: skip
    first = _load(connection)
    assert first is not None
    return first


async def vault_key_exists(database: Database) -> bool:
    """Has this file a vault already, whoever may open it?"""
    return await database.read(_load) is not None
