"""Putting a backup in the place of the database: the old one is set aside whole, and one of the two is always there."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from l402desk.store.backup import Contents, unpack
from l402desk.store.database import ASIDE
from l402desk.store.errors import BackupDamaged, BackupNewer, BackupUnreadable, Damaged
from l402desk.store.presence import Presence
from l402desk.store.privacy import FILE_MODE, make_private_folder, sync_folder, translated_os_error
from l402desk.store.schema import Schema, is_foreign, is_newer, statements
from l402desk.store.sealed_stream import HEAD_SIZE, Sealer
from l402desk.store.translation import translated
from l402desk.store.vault_key import WrappedKey, load, replace_key, wrap_by_passphrase

RESTORING = ".restoring"
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES, errno.EXDEV)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A database that is ready to be put in place. ``made_at`` is unix seconds."""

    file: Path
    made_at: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place: a backup of ``made_at``. ``aside`` is where the file that was there is now, if any.

    What was bought since ``made_at`` is not in the restored file; it is in the one that was set aside.
    """

    made_at: int
    aside: Path | None


async def restore(backup: Path, passphrase: str, database: Path, schemas: Sequence[Schema]) -> Restored:
    """Restore into a fresh folder, or over a database that nobody has open; it opens by the backup's passphrase.

    Raises NoBackup, BackupNewer, BackupDamaged, WrongBackupPassphrase, InUse, Busy, StoreError: then the database that
    was there is there as before. Killed at any point, it is the old or the new one, and can be restored again.
    """
    prepared = await prepare(backup, passphrase, database, schemas)
    return await asyncio.to_thread(_put_in_place_alone, prepared, database)


async def prepare(backup: Path, passphrase: str, database: Path, schemas: Sequence[Schema]) -> Prepared:
    """Unpack and check a backup beside the database, which is not touched. Raises as `restore` does."""
    sealer = await Sealer.of(await asyncio.to_thread(_head, backup), passphrase)
    file = database.with_name(database.name + RESTORING)
    try:
        contents = await asyncio.to_thread(_unpack_beside, backup, sealer, file, tuple(schemas))
        await _wrap(file, contents, passphrase)
    except BaseException:
        _remove(file)
        raise
    return Prepared(file, contents.made_at)


def _head(backup: Path) -> bytes:
    try:
        with backup.open("rb") as source:
            return source.read(HEAD_SIZE)
    except OSError as error:
        raise BackupUnreadable(str(backup)) from error


def _unpack_beside(backup: Path, sealer: Sealer, file: Path, schemas: tuple[Schema, ...]) -> Contents:
    make_private_folder(file.parent)
    _remove(file)
    with _blaming(file):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), FILE_MODE)
        with open(handle, "wb") as out, backup.open("rb") as source:
            source.seek(HEAD_SIZE)
            contents = unpack(sealer.opened(source), lambda found: _refuse_newer(found, schemas), out.write)
    with translated(backup), contextlib.closing(_connect(file)) as connection:
        if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok" or is_foreign(connection):
            raise BackupDamaged
        if is_newer(connection, schemas):
            raise BackupNewer
        if _acting(connection) - _own_triggers(schemas):
            raise BackupDamaged
    return contents


def _acting(connection: sqlite3.Connection) -> set[str]:
    """What in a database acts by itself: a backup that somebody made up must not bring a trigger along."""
    rows = connection.execute(
        "SELECT sql FROM sqlite_schema WHERE type IN ('trigger', 'view') OR sql LIKE 'CREATE VIRTUAL%'"
    ).fetchall()
    return {" ".join(row[0].split()) for row in rows}


def _own_triggers(schemas: tuple[Schema, ...]) -> set[str]:
    """The triggers of every version of the tables, since a later step may have dropped one."""
    scripts = (statement for schema in schemas for step in schema.steps for statement in statements(step))
    plain = (" ".join(statement.split()).removesuffix(";").rstrip() for statement in scripts)
    return {statement for statement in plain if statement.startswith("CREATE TRIGGER")}


def _refuse_newer(contents: Contents, schemas: tuple[Schema, ...]) -> None:
    known = {schema.component: len(schema.steps) for schema in schemas}
    if any(version > known.get(component, 0) for component, version in contents.schemas.items()):
        raise BackupNewer


async def _wrap(file: Path, contents: Contents, passphrase: str) -> None:
    """The key that came in the backup is kept by the backup's passphrase; whoever kept it there may not be here."""
    seal = contents.seal()
    new = await wrap_by_passphrase(seal, passphrase, None)
    seal.forget()
    await asyncio.to_thread(_keep_key, file, new)


def _keep_key(file: Path, new: WrappedKey) -> None:
    with translated(file), contextlib.closing(_connect(file)) as connection:
        columns = {name for (name,) in connection.execute("SELECT name FROM pragma_table_info('vault_key')").fetchall()}
        if "item" not in columns:
            raise BackupDamaged
        old = load(connection)
        if old is None or old.vault_id != new.vault_id:
            raise BackupDamaged
        connection.execute("BEGIN IMMEDIATE")
        replace_key(connection, old, new)
        connection.execute("COMMIT")
    with _blaming(file), file.open("rb+") as whole:
        os.fsync(whole.fileno())


def _connect(file: Path, mode: str = "rw") -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA secure_delete = ON")
    return connection


def _put_in_place_alone(prepared: Prepared, database: Path) -> Restored:
    presence = Presence.enter(database)
    try:
        presence.become_alone()
        return put_in_place(prepared, database)
    except BaseException:
        _remove(prepared.file)
        raise
    finally:
        presence.leave()


def _fold_log(database: Path) -> None:
    """Bring what a crash left in the log into the file, so that both move as one.

    A file too damaged for that is set aside with its log. Raises StoreError where only the disk is in the way.
    """
    if not database.is_file() or database.stat().st_size == 0:
        return
    with contextlib.suppress(Damaged), translated(database):
        # Read-only first: SQLite deletes the log of a file that it does not understand.
        with contextlib.closing(_connect(database, "ro")) as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        with contextlib.closing(_connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def put_in_place(prepared: Prepared, database: Path) -> Restored:
    """The one moment of change. The database is closed, and nobody else has it open. Raises StoreError."""
    log = database.with_name(f"{database.name}-wal")
    _fold_log(database)
    with _blaming(database):
        aside = _set_aside(database, log)
        # The new file must not meet the old one's log: SQLite would play it into the new one.
        log.unlink(missing_ok=True)
        database.with_name(f"{database.name}-shm").unlink(missing_ok=True)
        os.replace(prepared.file, database)
        sync_folder(database.parent)
    return Restored(prepared.made_at, aside)


def _set_aside(database: Path, log: Path) -> Path | None:
    """Give the old file a second name; it keeps the first until the new one takes that."""
    parts = [part for part in (database, log) if part.is_file() and part.stat().st_size > 0]
    if not parts:
        return None
    for same in database.parent.glob(f"{database.name}{ASIDE}*"):
        if database.exists() and same.samefile(database):
            same.unlink()  # of a restore that was cut off before anything was replaced
    number = 1
    while any((aside := _aside(database, number)).with_name(aside.name + end).exists() for end in ("", "-wal")):
        number += 1
    for part in parts:
        _second_name(part, aside.with_name(aside.name + ("-wal" if part == log else "")))
    sync_folder(database.parent)
    return aside


def _aside(database: Path, number: int) -> Path:
    return database.with_name(f"{database.name}{ASIDE}{number}")


def _second_name(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _copy(file, name)


def _copy(file: Path, name: Path) -> None:
    unfinished = name.with_name(f"{name.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with open(handle, "wb") as out, file.open("rb") as source:
        shutil.copyfileobj(source, out, 1 << 20)
        out.flush()
        os.fsync(out.fileno())
    os.replace(unfinished, name)


def discard(prepared: Prepared) -> None:
    """It was not put in place."""
    _remove(prepared.file)


def _remove(file: Path) -> None:
    for end in ("", "-journal", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            file.with_name(file.name + end).unlink(missing_ok=True)


@contextlib.contextmanager
def _blaming(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise translated_os_error(error, file) from error
