"""Replacing the data key: every sealed value is sealed anew in one transaction, and the old key opens nothing more."""

from __future__ import annotations

import os
import sqlite3
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from l402desk.store.database import Database
from l402desk.store.errors import InUse, KeysChanged, KeyUnavailable, PassphraseNeeded, SealBroken
from l402desk.store.keys import KeyringPort
from l402desk.store.recovery import forget_code
from l402desk.store.schema import Schema, SealedColumn, sealed_columns, undeclared
from l402desk.store.seal import KEY_SIZE, Seal
from l402desk.store.vault_key import Kind, WrappedKey, load, replace_key, wrap_by_keyring, wrap_by_passphrase

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did. ``damaged`` names the values that did not open before either: table, row and column.

    They were carried over as they are, and the old key is kept, sealed, for whoever can mend them.
    """

    resealed: int
    damaged: tuple[tuple[str, str, str], ...]
    code_was_forgotten: bool
    """The recovery code opened the old key; the user needs a new one."""
    old_item_forgotten: bool
    """False where the keyring would not delete its old item; that opens nothing any more."""


async def rotate(database: Database, seal: Seal, *, passphrase: str | None, keyring: KeyringPort | None) -> Rotated:
    """Give the vault a new data key, wrapped anew where the old one was; ``seal`` opens with it from then on.

    Killed at any point, the file opens with the old key or with the new one, and is whole. Raises InUse while
    another process has the file open, PassphraseNeeded, WrongPassphrase, KeyUnavailable, KeysChanged, StoreError:
    then nothing was changed.
    """
    old = await database.read(load)
    if old is None:
        raise RuntimeError("there is no vault whose key could be replaced")
    new_seal, new = await _wrap_anew(old, seal, passphrase, keyring)
    work = _Work(database.schemas, seal, new_seal, old, new)
    try:
        async with database.alone():  # a process with the old key in its hands would write what nobody could open
            await database.write(work, then=lambda: seal.take_over(new_seal))
            await database.scrub()
    except (InUse, KeysChanged):
        await _forget(new, keyring)  # after any other failure the commit may show up at the next start: it must open
        raise
    forgotten = await _forget(old, keyring)
    return Rotated(work.resealed, tuple(work.damaged), work.code_was_forgotten, forgotten)


async def _wrap_anew(
    old: WrappedKey, seal: Seal, passphrase: str | None, keyring: KeyringPort | None
) -> tuple[Seal, WrappedKey]:
    now = int(time.time())
    new_seal = Seal(os.urandom(KEY_SIZE), seal.vault_id, kept_by=seal.kept_by)
    if old.kind is Kind.PASSPHRASE:
        if passphrase is None:
            raise PassphraseNeeded(exists=True)
        (await old.open_by_passphrase(passphrase)).forget()
        return new_seal, await wrap_by_passphrase(new_seal, passphrase, now)
    if keyring is None:
        raise PassphraseNeeded(exists=False)
    new = await wrap_by_keyring(new_seal, keyring, now)
    new_seal.kept_by = new.kept_by
    return new_seal, new


async def _forget(key: WrappedKey, keyring: KeyringPort | None) -> bool:
    if key.kind is not Kind.KEYRING or keyring is None:
        return True
    try:
        await keyring.forget(key.keyring_item)
    except KeyUnavailable:
        return False
    return True


class _Work:
    """The one transaction, run in the database's thread."""

    def __init__(self, schemas: Sequence[Schema], seal: Seal, new_seal: Seal, old: WrappedKey, new: WrappedKey) -> None:
        self._schemas = schemas
        self._seal, self._new_seal = seal, new_seal
        self._old, self._new = old, new
        self.resealed = 0
        self.damaged: list[tuple[str, str, str]] = []
        self.code_was_forgotten = False

    def __call__(self, connection: sqlite3.Connection) -> None:
        unknown = undeclared(connection, self._schemas)
        if unknown:
            raise RuntimeError(f"no component declared these columns, so they would be lost: {', '.join(unknown)}")
        self.resealed, self.damaged = 0, []
        columns = sealed_columns(self._schemas)
        # The laws written into triggers forbid to touch a settled row; sealing it anew changes none of what they guard.
        triggers = _triggers(connection, {column.table for column in columns})
        for name, _sql in triggers:
            connection.execute(f'DROP TRIGGER "{name}"')
        for column in columns:
            self._reseal(connection, column)
        for _name, sql in triggers:
            connection.execute(sql)
        if self.damaged:
            self._retire_old_key(connection)
        self.code_was_forgotten = forget_code(connection)
        replace_key(connection, self._old, self._new)

    def _reseal(self, connection: sqlite3.Connection, column: SealedColumn) -> None:
        last = -1
        while rows := connection.execute(
            f"SELECT rowid AS place, {column.row} AS name, {column.column} AS sealed FROM {column.table}"
            f" WHERE rowid > ? AND {column.column} IS NOT NULL ORDER BY rowid LIMIT {_AT_ONCE}",
            (last,),
        ).fetchall():
            for row in rows:
                self._reseal_one(connection, column, row)
            last = rows[-1]["place"]

    def _reseal_one(self, connection: sqlite3.Connection, column: SealedColumn, row: sqlite3.Row) -> None:
        name = str(row["name"])
        place = {"table": column.table, "row": name, "column": column.column}
        try:
            plain = self._seal.unseal(bytes(row["sealed"]), **place, schema=column.layout)
        except (SealBroken, TypeError):
            self.damaged.append((column.table, name, column.column))
            return
        connection.execute(
            f"UPDATE {column.table} SET {column.column} = ? WHERE rowid = ?",
            (self._new_seal.seal(plain, **place, schema=column.layout), row["place"]),
        )
        self.resealed += 1

    def _retire_old_key(self, connection: sqlite3.Connection) -> None:
        name = uuid.uuid4().hex
        sealed = self._new_seal.seal(self._seal.key(), table="retired_keys", row=name, column="sealed")
        connection.execute("INSERT INTO retired_keys VALUES (?, ?, ?)", (name, int(time.time()), sealed))


def _triggers(connection: sqlite3.Connection, tables: set[str]) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    return [(row["name"], row["sql"]) for row in rows if row["tbl_name"] in tables]
