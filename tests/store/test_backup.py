# ruff: noqa: ASYNC240 - a test may look at files
"""The backup: one file, whole or not at all, for its owner alone, that opens anywhere by its own passphrase."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.services import SCHEMAS
from l402desk.store import backup as module
from l402desk.store.backup import SUFFIX, Contents, make
from l402desk.store.database import Database
from l402desk.store.errors import (
    BackupDamaged,
    BackupExists,
    BackupNotWritten,
    Damaged,
    DiskFull,
    PassphraseNeeded,
    VaultClosed,
)
from l402desk.store.passphrase import Cost
from l402desk.store.seal import Seal
from l402desk.store.sealed_stream import Sealer
from l402desk.store.unlock import unlock
from l402desk.vault.vault import Vault
from tests.fakes.keyrings import FakeKeyring
from tests.fakes.purchased import Clock, credential_of, new_token, preimage_of

pytestmark = pytest.mark.anyio
CHEAP = Cost(1, 64, 1)
WORDS = "the backup's own words"


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "app" / "desk.sqlite3", SCHEMAS)
    yield database
    await database.close()


@pytest.fixture
async def seal(database: Database) -> Seal:
    made = await unlock(database, passphrase=None, keyring=FakeKeyring())
    vault = Vault(database, made, Clock())
    for number in range(20):
        await vault.keep(new_token(number))
    return made


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / f"desk{SUFFIX}"


async def test_the_file_is_private_whole_and_holds_no_secret_in_clear(
    database: Database, seal: Seal, target: Path
) -> None:
    before = os.umask(0)
    try:
        contents = await make(database.path, seal, target, WORDS, cost=CHEAP)
    finally:
        os.umask(before)
    assert target.stat().st_mode & 0o777 == 0o600
    assert sorted(path.name for path in target.parent.iterdir()) == ["app", target.name]
    assert not list(database.path.parent.glob("*snapshot*"))
    assert contents.schemas["vault"] == 2
    raw = target.read_bytes()
    assert len(raw) > contents.size
    for secret in (seal.key(), credential_of(1).encode(), preimage_of(1).raw, WORDS.encode(), b"SQLite format"):
        assert secret not in raw
    assert contents.data_key not in repr(contents)


async def test_an_existing_file_is_replaced_only_when_that_is_wanted(
    database: Database, seal: Seal, target: Path
) -> None:
    target.write_text("a letter")
    with pytest.raises(BackupExists):
        await make(database.path, seal, target, WORDS, cost=CHEAP)
    assert target.read_text() == "a letter"
    await make(database.path, seal, target, WORDS, replace=True, cost=CHEAP)
    assert target.read_bytes()[:4] == b"L402"


async def test_it_is_of_one_moment_while_others_write(database: Database, seal: Seal, target: Path) -> None:
    connection = sqlite3.connect(database.path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("DELETE FROM tokens WHERE number > 10")
    contents = await make(database.path, seal, target, WORDS, cost=CHEAP)
    connection.execute("ROLLBACK")
    connection.close()
    assert contents.size > 0
    assert await database.read(lambda c: c.execute("SELECT count(*) FROM tokens").fetchone()[0]) == 20


async def test_without_a_passphrase_or_a_key_there_is_no_backup(database: Database, seal: Seal, target: Path) -> None:
    with pytest.raises(PassphraseNeeded):
        await make(database.path, seal, target, "", cost=CHEAP)
    seal.forget()
    with pytest.raises(VaultClosed):
        await make(database.path, seal, target, WORDS, cost=CHEAP)
    assert not target.exists()
    assert not list(database.path.parent.glob("*snapshot*"))


@pytest.mark.parametrize("where", ["nowhere/desk.l402backup", "app"])
async def test_a_place_that_takes_no_file_is_named(database: Database, seal: Seal, tmp_path: Path, where: str) -> None:
    with pytest.raises(BackupNotWritten, match=where.split("/", maxsplit=1)[0]):
        await make(database.path, seal, tmp_path / where, WORDS, replace=True, cost=CHEAP)


async def test_a_full_disk_leaves_the_old_backup(
    database: Database, seal: Seal, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make(database.path, seal, target, WORDS, cost=CHEAP)
    old = target.read_bytes()

    def full(self: Sealer, plain: object, out: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Sealer, "seal", full)
    with pytest.raises(DiskFull):
        await make(database.path, seal, target, WORDS, replace=True, cost=CHEAP)
    assert target.read_bytes() == old
    assert sorted(path.name for path in target.parent.iterdir()) == ["app", target.name]


async def test_a_disk_that_does_not_give_back_what_it_took_is_found_out_at_once(
    database: Database, seal: Seal, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Sealer.seal

    def loses_the_end(self: Sealer, plain: object, out: object) -> None:
        real(self, plain, out)  # type: ignore[arg-type]
        out.truncate(out.tell() - 100)  # type: ignore[attr-defined]

    monkeypatch.setattr(Sealer, "seal", loses_the_end)
    with pytest.raises(BackupDamaged):
        await make(database.path, seal, target, WORDS, cost=CHEAP)
    assert not target.exists()


async def test_a_damaged_database_is_not_taken_for_a_backup(database: Database, seal: Seal, target: Path) -> None:
    await database.scrub()
    with database.path.open("r+b") as pages:
        pages.seek(3 * 4096)
        pages.write(os.urandom(4096))
    with pytest.raises(Damaged):
        await make(database.path, seal, target, WORDS, cost=CHEAP)
    assert not target.exists()


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"[]",
        b"{}",
        b"null",
        b'{"vault_id":"zz","data_key":"","made_at":1,"size":1,"schemas":{}}',
        b"\xff",
        b"[" * 9999,
    ],
)
def test_contents_that_make_no_sense_are_damage(told: bytes) -> None:
    whole = iter([len(told).to_bytes(4, "big") + told])
    with pytest.raises(BackupDamaged):
        module.unpack(whole, lambda _contents: None, lambda _piece: None)


def test_contents_that_claim_to_be_endless_are_damage() -> None:
    endless = iter(lambda: b"\xff" * 65_536, b"")
    with pytest.raises(BackupDamaged):
        module.unpack(endless, lambda _contents: None, lambda _piece: None)


def test_a_key_of_another_size_is_damage() -> None:
    with pytest.raises(BackupDamaged):
        Contents("00", "AAAA", 0, 0, {}).seal()


@pytest.mark.parametrize("name", ["desk.sqlite3", "desk.sqlite3-wal", "desk.sqlite3.before-restore-1"])
async def test_the_vault_itself_is_never_written_over(database: Database, seal: Seal, name: str) -> None:
    with pytest.raises(BackupNotWritten):
        await make(database.path, seal, database.path.with_name(name), WORDS, replace=True, cost=CHEAP)
    assert await database.read(lambda c: c.execute("SELECT count(*) FROM tokens").fetchone()[0]) == 20
