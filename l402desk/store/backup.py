"""A sealed backup: one file under a passphrase of its own, with the whole database and the key that opens it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import sqlite3
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from l402desk.store.errors import BackupDamaged, BackupExists, BackupNotWritten, Damaged, PassphraseNeeded, ReadOnly
from l402desk.store.passphrase import Cost
from l402desk.store.privacy import FILE_MODE, sync_folder, translated_os_error
from l402desk.store.schema import versions
from l402desk.store.seal import Seal
from l402desk.store.sealed_stream import HEAD_SIZE, Sealer
from l402desk.store.translation import translated

SUFFIX = ".l402backup"
COST = Cost(passes=3, memory_kib=256 * 1024, lanes=4)  # slower than the vault's: this file leaves the computer
_LENGTH = struct.Struct(">I")
_MOST_CONTENTS = 1 << 16
_READ = 1 << 20
_LEFT_BEHIND_S = 3600


@dataclass(frozen=True, slots=True)
class Contents:
    """What stands before the database in a backup. ``made_at`` is unix seconds, ``size`` bytes."""

    vault_id: str
    data_key: str = field(repr=False)
    made_at: int
    size: int
    schemas: dict[str, int]

    def seal(self) -> Seal:
        """Raises BackupDamaged."""
        try:
            return Seal(base64.b64decode(self.data_key, validate=True), bytes.fromhex(self.vault_id), kept_by="")
        except ValueError as error:
            raise BackupDamaged from error


async def make(
    database: Path, seal: Seal, target: Path, passphrase: str, *, replace: bool = False, cost: Cost = COST
) -> Contents:
    """Write a backup of the database as it is now, whole or not at all, for its owner alone, and read it back.

    The database may be in use meanwhile, but its key must not be replaced meanwhile. Raises BackupExists unless
    ``replace``, BackupNotWritten, PassphraseNeeded for an empty passphrase, Damaged for a database that is not sound,
    VaultClosed, StoreError.
    """
    try:
        sealer = await Sealer.new(passphrase, cost)
    except ValueError as error:
        raise PassphraseNeeded(exists=False) from error
    return await asyncio.to_thread(_make, database, seal, target, sealer, replace)


def _make(database: Path, seal: Seal, target: Path, sealer: Sealer, replace: bool) -> Contents:
    if not replace and target.exists():
        raise BackupExists(str(target))
    if target.resolve().parent == database.resolve().parent and target.name.startswith(database.name):
        raise BackupNotWritten(str(target))  # whatever was confirmed: nobody means to write over the vault itself
    with _blaming(target), _snapshot(database) as snapshot:
        contents = Contents(
            vault_id=seal.vault_id.hex(),
            data_key=base64.b64encode(seal.key()).decode("ascii"),
            made_at=int(time.time()),
            size=snapshot.stat().st_size,
            schemas=_versions(snapshot),
        )
        beside = target.with_name(f".{target.name}.{os.getpid()}.new")
        try:
            _write_file(beside, sealer, contents, snapshot)
            _read_back(beside, sealer, contents)
            os.replace(beside, target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        sync_folder(target.parent)
        return contents


@contextlib.contextmanager
def _snapshot(database: Path) -> Iterator[Path]:
    """A copy of one moment of the database, in its own folder, where what is in clear may lie; gone afterwards."""
    for left_behind in database.parent.glob(f"{database.name}.snapshot-*"):
        if time.time() - left_behind.stat().st_mtime > _LEFT_BEHIND_S:
            left_behind.unlink(missing_ok=True)
    copy = database.with_name(f"{database.name}.snapshot-{os.getpid()}")
    os.close(os.open(copy, os.O_RDWR | os.O_CREAT | os.O_EXCL, FILE_MODE))
    try:
        with translated(database):
            _copy(database, copy)
        yield copy
    finally:
        copy.unlink(missing_ok=True)


def _copy(database: Path, copy: Path) -> None:
    source = sqlite3.connect(f"{database.resolve().as_uri()}?mode=ro", uri=True)
    with contextlib.closing(source), contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as made:
        made.execute("PRAGMA synchronous = OFF")  # it lives for some seconds
        source.backup(made)
        made.execute("PRAGMA journal_mode = DELETE").fetchall()
        if made.execute("PRAGMA quick_check").fetchone() != ("ok",):
            raise Damaged(str(database))


def _versions(snapshot: Path) -> dict[str, int]:
    with contextlib.closing(sqlite3.connect(snapshot)) as connection:
        return versions(connection)


def _write_file(beside: Path, sealer: Sealer, contents: Contents, snapshot: Path) -> None:
    beside.unlink(missing_ok=True)
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    with open(handle, "wb") as out, snapshot.open("rb") as source:
        sealer.seal(_plain(contents, iter(lambda: source.read(_READ), b"")), out)
        out.flush()
        os.fsync(out.fileno())


def _plain(contents: Contents, pages: Iterator[bytes]) -> Iterator[bytes]:
    told = json.dumps(asdict(contents), separators=(",", ":")).encode("ascii")
    yield _LENGTH.pack(len(told)) + told
    yield from pages


def _read_back(file: Path, sealer: Sealer, contents: Contents) -> None:
    """A disk that lost something says so now, and not on the day the backup is needed."""
    with file.open("rb") as source:
        source.seek(HEAD_SIZE)
        if unpack(sealer.opened(source), lambda _contents: None, lambda _piece: None) != contents:
            raise BackupDamaged


def unpack(pieces: Iterator[bytes], begin: Callable[[Contents], object], take: Callable[[bytes], object]) -> Contents:
    """Hand the contents to ``begin`` and the database, piece by piece, to ``take``. Raises BackupDamaged."""
    held = b""
    while len(held) < _LENGTH.size or len(held) < _LENGTH.size + _LENGTH.unpack_from(held)[0]:
        piece = next(pieces, None)
        if piece is None or len(held) > _MOST_CONTENTS:
            raise BackupDamaged
        held += piece
    end = _LENGTH.size + _LENGTH.unpack_from(held)[0]
    contents = _contents(held[_LENGTH.size : end])
    begin(contents)
    size = 0
    for piece in _after(held[end:], pieces):
        size += len(piece)
        take(piece)
    if size != contents.size:
        raise BackupDamaged
    return contents


def _after(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from pieces


def _contents(told: bytes) -> Contents:
    try:
        found = json.loads(told)
        made = Contents(
            str(found["vault_id"]),
            str(found["data_key"]),
            int(found["made_at"]),
            int(found["size"]),
            {str(component): int(version) for component, version in found["schemas"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BackupDamaged from error
    made.seal().forget()
    return made


@contextlib.contextmanager
def _blaming(target: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        found = translated_os_error(error, target)
        raise (BackupNotWritten(str(target)) if isinstance(found, ReadOnly) else found) from error
