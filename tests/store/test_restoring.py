# ruff: noqa: ASYNC240 - a test may look at files
"""Restoring: into nothing, or over what is set aside whole; cut off anywhere, it is the old or the new."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from l402desk.services import SCHEMAS
from l402desk.store import presence as presence_module
from l402desk.store import restoring as module
from l402desk.store import vault_key as vault_key_module
from l402desk.store.backup import make
from l402desk.store.database import ASIDE, Database
from l402desk.store.errors import (
    BackupDamaged,
    BackupNewer,
    BackupUnreadable,
    Damaged,
    InUse,
    NoBackup,
    StoreError,
    WrongBackupPassphrase,
)
from l402desk.store.passphrase import Cost
from l402desk.store.restoring import prepare, put_in_place, restore
from l402desk.store.schema import Schema
from l402desk.store.unlock import unlock
from l402desk.vault.vault import Vault
from tests.fakes.keyrings import FakeKeyring
from tests.fakes.purchased import Clock, new_token, preimage_of

pytestmark = pytest.mark.anyio
WORDS = "the backup's own words"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_key_module, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))
    monkeypatch.setattr(presence_module, "WAIT_S", 0.05)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "app" / "desk.sqlite3"


async def a_backup(tmp_path: Path, keyring: FakeKeyring, home: Path, *numbers: int) -> Path:
    """A backup of a vault with these tokens; the vault goes on to hold token 99 afterwards."""
    database = await Database.open(home, SCHEMAS)
    seal = await unlock(database, passphrase=None, keyring=keyring)
    vault = Vault(database, seal, Clock())
    for number in numbers:
        await vault.keep(new_token(number))
    target = tmp_path / "desk.l402backup"
    await make(home, seal, target, WORDS, cost=Cost(1, 64, 1))
    await vault.keep(new_token(99, "https://api.example/later"))
    await database.close()
    return target


async def hashes(home: Path, *, passphrase: str | None = None, keyring: FakeKeyring | None = None) -> set[str]:
    """The payment hashes of all tokens that open."""
    database = await Database.open(home, SCHEMAS)
    try:
        seal = await unlock(database, passphrase=passphrase, keyring=keyring)
        vault = Vault(database, seal, Clock())
        return {(await vault.reveal(token.id)).preimage.payment_hash().hex for token in await vault.list()}
    finally:
        await database.close()


def of(*numbers: int) -> set[str]:
    return {preimage_of(number).payment_hash().hex for number in numbers}


async def test_a_backup_opens_on_another_computer_by_its_own_passphrase(
    tmp_path: Path, keyring: FakeKeyring, home: Path
) -> None:
    backup = await a_backup(tmp_path, keyring, home, 1, 2, 3)
    elsewhere = tmp_path / "elsewhere" / "desk.sqlite3"
    done = await restore(backup, WORDS, elsewhere, SCHEMAS)
    assert done.aside is None
    assert await hashes(elsewhere, passphrase=WORDS) == of(1, 2, 3)
    assert elsewhere.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in elsewhere.parent.iterdir()} <= {"desk.sqlite3", "desk.sqlite3-in-use"}


async def test_what_was_there_is_set_aside_with_all_that_came_since(
    tmp_path: Path, keyring: FakeKeyring, home: Path
) -> None:
    backup = await a_backup(tmp_path, keyring, home, 1, 2)
    done = await restore(backup, WORDS, home, SCHEMAS)
    assert done.aside == home.with_name(f"{home.name}{ASIDE}1")
    assert await hashes(home, passphrase=WORDS) == of(1, 2)
    # The file that was set aside opens by the keyring, as ever.
    rescued = tmp_path / "rescued" / "desk.sqlite3"
    rescued.parent.mkdir(mode=0o700)
    os.replace(done.aside, rescued)
    assert await hashes(rescued, keyring=keyring) == of(1, 2, 99)


async def test_the_same_backup_twice_overwrites_nothing(tmp_path: Path, keyring: FakeKeyring, home: Path) -> None:
    backup = await a_backup(tmp_path, keyring, home, 1)
    names = [(await restore(backup, WORDS, home, SCHEMAS)).aside for _ in range(3)]
    assert [name and name.name for name in names] == [f"{home.name}{ASIDE}{number}" for number in (1, 2, 3)]
    assert await hashes(home, passphrase=WORDS) == of(1)


async def test_a_vault_that_a_crash_left_with_a_log_is_set_aside_with_it(
    tmp_path: Path, keyring: FakeKeyring, home: Path
) -> None:
    backup = await a_backup(tmp_path, keyring, home, 1)
    copy = tmp_path / "crashed" / "desk.sqlite3"
    database = await Database.open(home, SCHEMAS)
    vault = Vault(database, await unlock(database, passphrase=None, keyring=keyring), Clock())
    await vault.keep(new_token(5, "https://api.example/in-the-log"))
    copy.parent.mkdir(mode=0o700)
    for end in ("", "-wal"):
        copy.with_name(copy.name + end).write_bytes(home.with_name(home.name + end).read_bytes())
    await database.close()
    assert copy.with_name(copy.name + "-wal").stat().st_size > 0
    done = await restore(backup, WORDS, copy, SCHEMAS)
    assert await hashes(copy, passphrase=WORDS) == of(1)
    assert done.aside is not None
    os.replace(done.aside, home)
    assert await hashes(home, keyring=keyring) == of(1, 99, 5)


@pytest.mark.parametrize("damage", ["header", "empty with a log", "text"])
async def test_a_damaged_vault_is_set_aside_as_it_is(
    tmp_path: Path, keyring: FakeKeyring, home: Path, damage: str
) -> None:
    backup = await a_backup(tmp_path, keyring, home, 1)
    log = home.with_name(f"{home.name}-wal")
    if damage == "header":
        home.write_bytes(bytes(100) + home.read_bytes()[100:])
    elif damage == "text":
        home.write_text("a letter " * 999)
    else:
        home.write_bytes(b"")
    log.write_bytes(b"what was in the log")
    before = (home.read_bytes(), log.read_bytes())
    with pytest.raises(Damaged):
        await Database.open(home, SCHEMAS)
    done = await restore(backup, WORDS, home, SCHEMAS)
    assert done.aside is not None
    kept_log = done.aside.with_name(f"{done.aside.name}-wal")
    assert kept_log.read_bytes() == before[1]
    assert (done.aside.read_bytes() if before[0] else b"") == before[0]
    assert await hashes(home, passphrase=WORDS) == of(1)


@pytest.mark.parametrize(
    ("spoil", "words", "error"),
    [
        (lambda raw: raw, "wrong words", WrongBackupPassphrase),
        (lambda raw: raw[:-1], WORDS, BackupDamaged),
        (lambda raw: raw[:5000] + b"\0" + raw[5001:], WORDS, BackupDamaged),
        (lambda raw: raw + b"more", WORDS, BackupDamaged),
        (lambda raw: b"SQLite format 3\0" + raw[16:], WORDS, NoBackup),
        (lambda _raw: b"", WORDS, NoBackup),
    ],
)
async def test_what_does_not_open_changes_nothing(
    tmp_path: Path,
    keyring: FakeKeyring,
    home: Path,
    spoil: Callable[[bytes], bytes],
    words: str,
    error: type[StoreError],
) -> None:
    backup = await a_backup(tmp_path, keyring, home, 1)
    backup.write_bytes(spoil(backup.read_bytes()))
    before = {path.name: path.read_bytes() for path in home.parent.iterdir()}
    with pytest.raises(error) as told:
        await restore(backup, words, home, SCHEMAS)
    assert "Nothing was changed" in told.value.sentence
    assert {path.name: path.read_bytes() for path in home.parent.iterdir()} == before
    assert await hashes(home, keyring=keyring) == of(1, 99)


async def test_a_file_that_is_not_there_is_named(tmp_path: Path, home: Path) -> None:
    with pytest.raises(BackupUnreadable, match="no-such-file"):
        await restore(tmp_path / "no-such-file", WORDS, home, SCHEMAS)
    assert not home.exists()


async def test_a_backup_of_a_newer_schema_is_refused(tmp_path: Path, keyring: FakeKeyring, home: Path) -> None:
    newer = (*SCHEMAS, Schema("notes", ("CREATE TABLE notes (text TEXT) STRICT;",)))
    database = await Database.open(home, newer)
    seal = await unlock(database, passphrase=None, keyring=keyring)
    await make(home, seal, tmp_path / "newer", WORDS, cost=Cost(1, 64, 1))
    await database.close()
    elsewhere = tmp_path / "elsewhere" / "desk.sqlite3"
    with pytest.raises(BackupNewer):
        await restore(tmp_path / "newer", WORDS, elsewhere, SCHEMAS)
    assert not elsewhere.exists()


async def test_a_backup_with_a_trigger_of_somebody_elses_is_refused(
    tmp_path: Path, keyring: FakeKeyring, home: Path
) -> None:
    database = await Database.open(home, SCHEMAS)
    seal = await unlock(database, passphrase=None, keyring=keyring)
    await database.write(
        lambda c: c.execute("CREATE TRIGGER evil AFTER INSERT ON tokens BEGIN DELETE FROM purchases; END").rowcount
    )
    await make(home, seal, tmp_path / "evil", WORDS, cost=Cost(1, 64, 1))
    await database.close()
    with pytest.raises(BackupDamaged):
        await restore(tmp_path / "evil", WORDS, tmp_path / "elsewhere" / "desk.sqlite3", SCHEMAS)


async def test_a_vault_in_use_is_not_replaced(tmp_path: Path, keyring: FakeKeyring, home: Path) -> None:
    backup = await a_backup(tmp_path, keyring, home, 1)
    database = await Database.open(home, SCHEMAS)
    with pytest.raises(InUse):
        await restore(backup, WORDS, home, SCHEMAS)
    await database.close()
    assert await hashes(home, keyring=keyring) == of(1, 99)


async def test_an_open_database_is_replaced_by_itself(tmp_path: Path, keyring: FakeKeyring, home: Path) -> None:
    backup = await a_backup(tmp_path, keyring, home, 1)
    database = await Database.open(home, SCHEMAS)
    prepared = await prepare(backup, WORDS, home, SCHEMAS)
    done = await database.replace_file(lambda path: put_in_place(prepared, path))
    assert done.made_at == prepared.made_at
    seal = await unlock(database, passphrase=WORDS, keyring=None)
    assert await Vault(database, seal, Clock()).count() == 1
    await database.close()


async def test_where_files_have_one_name_only_the_old_one_is_copied(
    tmp_path: Path, keyring: FakeKeyring, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_links(_source: object, _name: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    backup = await a_backup(tmp_path, keyring, home, 1)
    before = home.read_bytes()
    done = await restore(backup, WORDS, home, SCHEMAS)
    assert done.aside is not None
    assert done.aside.read_bytes() == before
    assert done.aside.stat().st_mode & 0o777 == 0o600


class Cut(BaseException):
    """The process ends here."""


async def test_cut_off_anywhere_it_is_the_old_or_the_new_and_can_be_done_again(
    tmp_path: Path, keyring: FakeKeyring, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every call that changes a name is the last one once (the harness kills a process at every write as well)."""
    backup = await a_backup(tmp_path, keyring, home, 1)
    original = {path.name: path.read_bytes() for path in home.parent.iterdir()}
    seen: set[str] = set()
    for last in range(40):
        for path in home.parent.iterdir():
            path.unlink()
        for name, content in original.items():
            (home.parent / name).write_bytes(content)
        with monkeypatch.context() as patch:
            patch.setattr(module, "_remove", lambda _file: None)
            cut = _cut_after(patch, last)
            with contextlib.suppress(Cut):
                await restore(backup, WORDS, home, SCHEMAS)
        try:
            state = await hashes(home, passphrase=WORDS)
            seen.add("new")
            assert state == of(1)
            assert any(path.name.startswith(f"{home.name}{ASIDE}") for path in home.parent.iterdir())
        except StoreError:
            seen.add("old")
            assert await hashes(home, keyring=keyring) == of(1, 99)
        await restore(backup, WORDS, home, SCHEMAS)
        assert await hashes(home, passphrase=WORDS) == of(1)
        if not cut():
            break
    assert seen == {"old", "new"}
    assert last > 5


def _cut_after(patch: pytest.MonkeyPatch, allowed: int) -> Callable[[], bool]:
    left = [allowed + 1]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            left[0] -= 1
            if left[0] <= 0:
                raise Cut
            return real(*arguments, **more)

        return call

    for name in ("link", "replace", "fsync", "open"):
        patch.setattr(os, name, counted(getattr(os, name)))
    patch.setattr(Path, "unlink", counted(Path.unlink))
    return lambda: left[0] <= 0


async def test_restoring_puts_no_bare_key_into_any_file(tmp_path: Path, keyring: FakeKeyring, home: Path) -> None:
    backup = await a_backup(tmp_path, keyring, home, 1)
    await restore(backup, WORDS, home, SCHEMAS)
    database = await Database.open(home, SCHEMAS)
    key = (await unlock(database, passphrase=WORDS, keyring=None)).key()
    raw = b"".join(path.read_bytes() for path in home.parent.iterdir())
    assert key not in raw
    await database.close()
