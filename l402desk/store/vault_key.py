"""The data key as it lies in the file: wrapped by a key in the OS keyring, or by a passphrase."""

from __future__ import annotations

import base64
import binascii
import os
import sqlite3
import time
from dataclasses import dataclass, field
from enum import StrEnum

from l402desk.store.errors import (
    Damaged,
    KeyringItemLost,
    KeyringUnavailable,
    KeysChanged,
    PassphraseNeeded,
    SealBroken,
    WrongPassphrase,
)
from l402desk.store.keys import KeyringPort
from l402desk.store.passphrase import SALT_SIZE, Cost, stretch
from l402desk.store.schema import Schema, SealedColumn
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
        # Each wrapping has a keyring item of its own: the old one is still there until the new one is committed, and a
        # file that a restore set aside still opens. An empty name is the item of step 1.
        """
        ALTER TABLE vault_key ADD COLUMN item TEXT NOT NULL DEFAULT '';
        ALTER TABLE vault_key ADD COLUMN since INTEGER;
        ALTER TABLE vault_key ADD COLUMN key_since INTEGER;
        CREATE TABLE recovery_key (
            only INTEGER PRIMARY KEY CHECK (only = 1),
            wrapped BLOB NOT NULL,
            made_at INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE retired_keys (
            id TEXT PRIMARY KEY,
            retired_at INTEGER NOT NULL,
            sealed BLOB NOT NULL
        ) STRICT;
        """,
    ),
    sealed=(SealedColumn("retired_keys", "id", "sealed"),),
    # Wrapped by other keys than the data key: these are what a change of it writes anew.
    in_clear=("vault_key.vault_id", "vault_key.wrapped", "vault_key.salt", "recovery_key.wrapped"),
)


class Kind(StrEnum):
    """What wraps the data key."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """The data key as it lies in the file: useless without the keyring's key or the passphrase.

    ``since`` is when it was wrapped so, ``key_since`` when the data key was made, in unix seconds; None where that
    was not written down.
    """

    vault_id: bytes
    kind: Kind
    kept_by: str
    wrapped: bytes = field(repr=False)
    salt: bytes = field(default=b"", repr=False)
    cost: Cost = field(default_factory=Cost)
    item: str = ""
    since: int | None = None
    key_since: int | None = None

    @property
    def keyring_item(self) -> str:
        """The name of the keyring's item that opens it."""
        # One item per vault: two L402DESK_HOME folders of one user never overwrite each other's key.
        return self.item or f"vault {self.vault_id.hex()}"

    async def open_by_passphrase(self, passphrase: str) -> Seal:
        """Raises WrongPassphrase."""
        try:
            return self._unwrap(await stretch(passphrase, self.salt, self.cost), self.kept_by)
        except (SealBroken, ValueError) as error:
            raise WrongPassphrase from error

    async def open_by_keyring(self, keyring: KeyringPort) -> Seal:
        """Raises KeyUnavailable: KeyringItemLost where the keyring answers and has not this key."""
        name = await keyring.choose(self.kept_by)
        text = await keyring.read(self.keyring_item)
        if text is None:
            raise KeyringItemLost(sealed_by=self.kept_by, asked=name)
        try:
            seal = self._unwrap(base64.b64decode(text, validate=True), name)
        except (SealBroken, ValueError, binascii.Error) as error:
            raise KeyringItemLost(sealed_by=self.kept_by, asked=name, found_another=True) from error
        if name != self.kept_by:
            seal.moved_from = self.kept_by
        return seal

    def _unwrap(self, wrapping: bytes, kept_by: str) -> Seal:
        outer = Seal(wrapping, self.vault_id, kept_by="")
        key = outer.unseal(self.wrapped, table="vault_key", row=self.kind, column="wrapped")
        return Seal(key, self.vault_id, kept_by=kept_by)


async def wrap_by_passphrase(seal: Seal, passphrase: str, key_since: int | None) -> WrappedKey:
    """Wrap the seal's key. Raises PassphraseNeeded for an empty passphrase."""
    salt, cost = os.urandom(SALT_SIZE), Cost()
    try:
        wrapping = await stretch(passphrase, salt, cost)
    except ValueError as error:
        raise PassphraseNeeded(exists=False) from error
    wrapped = _wrap(seal, wrapping, Kind.PASSPHRASE)
    return WrappedKey(
        seal.vault_id, Kind.PASSPHRASE, YOUR_PASSPHRASE, wrapped, salt, cost, "", int(time.time()), key_since
    )


async def wrap_by_keyring(seal: Seal, keyring: KeyringPort, key_since: int | None) -> WrappedKey:
    """Wrap the seal's key by a fresh one in a fresh item of the keyring. Raises KeyUnavailable."""
    name = await keyring.choose(None)
    wrapping = os.urandom(KEY_SIZE)
    text = base64.b64encode(wrapping).decode("ascii")
    item = f"vault {seal.vault_id.hex()} {os.urandom(4).hex()}"
    await keyring.write(item, text)
    # A keyring that swallows what it is given would make everything sealed from now on unreadable: look
    # before.
    if await keyring.read(item) != text:
        raise KeyringUnavailable(f"{name} did not give back what it was given to keep")
    wrapped = _wrap(seal, wrapping, Kind.KEYRING)
    return WrappedKey(
        seal.vault_id, Kind.KEYRING, name, wrapped, item=item, since=int(time.time()), key_since=key_since
    )


def _wrap(seal: Seal, wrapping: bytes, kind: Kind) -> bytes:
    outer = Seal(wrapping, seal.vault_id, kept_by="")
    return outer.seal(seal.key(), table="vault_key", row=kind, column="wrapped")


def load(connection: sqlite3.Connection) -> WrappedKey | None:
    """The file's wrapped key; None where there is no vault yet. Raises Damaged."""
    row = connection.execute("SELECT * FROM vault_key").fetchone()
    if row is None:
        return None
    try:
        cost = Cost(row["passes"], row["memory_kib"], row["lanes"])
        kind = Kind(row["kind"])
    except ValueError as error:
        raise Damaged("of the app (its key)") from error
    return WrappedKey(
        row["vault_id"], kind, row["kept_by"], row["wrapped"], row["salt"], cost,
        row["item"], row["since"], row["key_since"],
    )  # fmt: skip


def keep_first(connection: sqlite3.Connection, key: WrappedKey) -> WrappedKey:
    """Write the key of a new vault; the one that counts, which is another process's if that was faster."""
    values = _values(key)
    names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
    connection.execute(f"INSERT OR IGNORE INTO vault_key (only, {names}) VALUES (1, {places})", values)
    first = load(connection)
    assert first is not None
    return first


def replace_key(connection: sqlite3.Connection, old: WrappedKey, new: WrappedKey) -> None:
    """Put another wrapping in the place of this one. Raises KeysChanged when it is not there any more."""
    values = _values(new)
    changes = ", ".join(f"{name} = :{name}" for name in values)
    done = connection.execute(f"UPDATE vault_key SET {changes} WHERE wrapped = :old", {**values, "old": old.wrapped})
    if done.rowcount != 1:
        raise KeysChanged


def _values(key: WrappedKey) -> dict[str, object]:
    return {
        "vault_id": key.vault_id,
        "kind": key.kind,
        "kept_by": key.kept_by,
        "wrapped": key.wrapped,
        "salt": key.salt,
        "passes": key.cost.passes,
        "memory_kib": key.cost.memory_kib,
        "lanes": key.cost.lanes,
        "item": key.item,
        "since": key.since,
        "key_since": key.key_since,
    }
