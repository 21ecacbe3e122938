"""Tampering with a real vault and ledger: every flip, cut, growth and swap of what is sealed is found out."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from l402desk.ledger.ledger import Ledger
from l402desk.services import SCHEMAS
from l402desk.store.database import Database
from l402desk.store.errors import KeyUnavailable, SealBroken, StoreError
from l402desk.store.schema import sealed_columns
from l402desk.store.seal import Seal
from l402desk.store.unlock import unlock
from l402desk.vault.vault import Vault
from tests.fakes.keyrings import FakeKeyring
from tests.fakes.purchased import Clock
from tests.schemas.make import fill_ledger, fill_vault

pytestmark = pytest.mark.anyio
WORDS = "correct horse"


@dataclass(frozen=True)
class Value:
    """A sealed value where it lies."""

    table: str
    row: str
    column: str
    sealed: bytes

    def opens_with(self, seal: Seal, sealed: bytes | None = None) -> bool:
        try:
            seal.unseal(self.sealed if sealed is None else sealed, table=self.table, row=self.row, column=self.column)
        except SealBroken:
            return False
        return True


async def a_vault(file: Path) -> tuple[Database, Seal]:
    database = await Database.open(file, SCHEMAS)
    seal = await unlock(database, passphrase=WORDS, keyring=None)
    await fill_vault(Vault(database, seal, Clock()))
    await fill_ledger(Ledger(database, seal, Clock()))
    return database, seal


async def values_of(database: Database) -> list[Value]:
    def work(connection: sqlite3.Connection) -> list[Value]:
        return [
            Value(column.table, row["name"], column.column, bytes(row["sealed"]))
            for column in sealed_columns(SCHEMAS)
            for row in connection.execute(
                f"SELECT {column.row} AS name, {column.column} AS sealed FROM {column.table}"
                f" WHERE {column.column} IS NOT NULL"
            ).fetchall()
        ]

    return await database.read(work)


@pytest.fixture
async def vault(tmp_path: Path) -> AsyncIterator[tuple[Database, Seal]]:
    database, seal = await a_vault(tmp_path / "app" / "desk.sqlite3")
    yield database, seal
    await database.close()


async def test_every_flip_cut_growth_and_swap_is_found_out(vault: tuple[Database, Seal], tmp_path: Path) -> None:
    database, seal = vault
    values = await values_of(database)
    other_database, other_seal = await a_vault(tmp_path / "other" / "desk.sqlite3")
    others = await values_of(other_database)
    await other_database.close()
    assert all(value.opens_with(seal) for value in values)
    cases = 0
    for value in values:
        sealed = value.sealed
        broken = [
            sealed[:at] + bytes((sealed[at] ^ flip,)) + sealed[at + 1 :]
            for at in range(len(sealed))
            for flip in (1, 0x80)
        ]
        broken += [sealed[:length] for length in range(0, len(sealed), 7)]
        broken += [sealed + b"\0", b"\0" + sealed, sealed[1:], sealed + sealed, b""]
        broken += [other.sealed for other in values if other is not value]
        broken += [other.sealed for other in others]
        assert not any(value.opens_with(seal, one) for one in broken), value.table
        assert not value.opens_with(other_seal)
        cases += len(broken) + 1
    assert cases >= 10_000, cases


async def test_what_was_tampered_with_is_shown_as_damaged_and_never_sent(vault: tuple[Database, Seal]) -> None:
    database, seal = vault
    book = Vault(database, seal, Clock())
    one, other = (await book.list())[:2]
    for column in ("caveats", "secret"):
        size = await database.read(lambda c, name=column: _size(c, name, one.id))  # type: ignore[misc]
        for at in range(0, size, 11):

            def spoil(connection: sqlite3.Connection, column: str = column, at: int = at) -> None:
                (sealed,) = connection.execute(f"SELECT {column} FROM tokens WHERE id = ?", (one.id,)).fetchone()
                spoilt = bytes(sealed[:at]) + bytes((sealed[at] ^ 4,)) + bytes(sealed[at + 1 :])
                connection.execute(f"UPDATE tokens SET {column} = ? WHERE id = ?", (spoilt, one.id))

            await database.write(spoil)
            assert not (await book.summary(one.id)).is_intact
            if column == "secret":
                with pytest.raises(SealBroken):
                    await book.reveal(one.id)
            await database.write(spoil)  # the same bit again: as it was
            assert (await book.summary(one.id)).is_intact
    assert (await book.summary(other.id)).is_intact


@pytest.mark.parametrize("column", ["wrapped", "salt", "vault_id"])
async def test_a_tampered_key_opens_nothing_and_makes_no_new_one(vault: tuple[Database, Seal], column: str) -> None:
    database, seal = vault
    size = await database.read(lambda c: len(c.execute(f"SELECT {column} FROM vault_key").fetchone()[0]))
    for at in range(size):

        def flip(connection: sqlite3.Connection, at: int = at) -> None:
            (value,) = connection.execute(f"SELECT {column} FROM vault_key").fetchone()
            spoilt = bytes(value[:at]) + bytes((value[at] ^ 1,)) + bytes(value[at + 1 :])
            connection.execute(f"UPDATE vault_key SET {column} = ?", (spoilt,))

        await database.write(flip)
        with pytest.raises(KeyUnavailable):
            await unlock(database, passphrase=WORDS, keyring=None)
        await database.write(flip)
    assert (await unlock(database, passphrase=WORDS, keyring=None)).key() == seal.key()


async def test_a_vault_relabelled_as_the_other_kind_does_not_open(vault: tuple[Database, Seal]) -> None:
    database, _seal = vault
    await database.write(lambda c: c.execute("UPDATE vault_key SET kind = 'keyring'").rowcount)
    with pytest.raises(KeyUnavailable):
        await unlock(database, passphrase=WORDS, keyring=None)
    with pytest.raises(KeyUnavailable):
        await unlock(database, passphrase=None, keyring=FakeKeyring())


@pytest.mark.parametrize("change", ["passes = 0", "memory_kib = 1 << 40", "lanes = 1000", "lanes = -1"])
async def test_costs_that_make_no_sense_are_damage(vault: tuple[Database, Seal], change: str) -> None:
    database, _seal = vault
    await database.write(lambda c: c.execute(f"UPDATE vault_key SET {change}").rowcount)
    with pytest.raises(StoreError):
        await unlock(database, passphrase=WORDS, keyring=None)


def _size(connection: sqlite3.Connection, column: str, token_id: str) -> int:
    return len(connection.execute(f"SELECT {column} FROM tokens WHERE id = ?", (token_id,)).fetchone()[0])
