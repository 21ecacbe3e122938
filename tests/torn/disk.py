"""A disk in memory behind SQLite (an apsw VFS): it notes every operation, so that power can be cut at any of them.

What a real disk promises is kept and nothing more: what was synced stays; of what was not, any subset survives, each
write torn at its 512-byte sectors, in any order; a file that was never synced may not exist, a deleted one may be back.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import apsw

SECTOR = 512
POWERSAFE = apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE  # what SQLite's own unix VFS assumes of a disk


@dataclass(frozen=True, slots=True)
class Wrote:
    """Bytes at an offset of a file."""

    name: str
    offset: int
    data: bytes


@dataclass(frozen=True, slots=True)
class Truncated:
    """A file was cut, or grown, to a size."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Synced:
    """Everything of a file, its name too, is on the platter."""

    name: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A name is gone; ``durable`` when its folder was synced as well."""

    name: str
    durable: bool


@dataclass(frozen=True, slots=True)
class Committed:
    """The caller was told that its transaction is on the disk; ``number`` counts those."""

    number: int


Operation = Wrote | Truncated | Synced | Deleted | Committed
Change = Wrote | Truncated


class Disk:
    """Files by name as a running program sees them, and the log of how they came about."""

    def __init__(self, files: dict[str, bytes] | None = None) -> None:
        self.first = dict(files or {})
        self.files = {name: bytearray(data) for name, data in self.first.items()}
        self.log: list[Operation] = []

    def write(self, name: str, offset: int, data: bytes) -> None:
        apply_change(self.files[name], Wrote(name, offset, data))
        self.log.append(Wrote(name, offset, data))

    def truncate(self, name: str, size: int) -> None:
        apply_change(self.files[name], Truncated(name, size))
        self.log.append(Truncated(name, size))

    def delete(self, name: str, *, durable: bool) -> None:
        self.files.pop(name, None)
        self.log.append(Deleted(name, durable))


def apply_change(file: bytearray, change: Change) -> None:
    """Do to a file's bytes what was done to the file; a hole reads as zeros."""
    end = change.size if isinstance(change, Truncated) else change.offset + len(change.data)
    if len(file) < end:
        file.extend(bytes(end - len(file)))
    if isinstance(change, Truncated):
        del file[change.size :]
    else:
        file[change.offset : end] = change.data


@dataclass(slots=True)
class _Platter:
    """One file while a log is replayed: what is durable, and what is still in a cache somewhere."""

    durable: bytearray | None
    pending: list[Change] = field(default_factory=list)
    ghost: bytes | None = None
    """What was there before a deletion that may not have reached the platter."""

    def sync(self) -> None:
        content = self.durable if self.durable is not None else bytearray()
        for change in self.pending:
            apply_change(content, change)
        self.durable, self.pending, self.ghost = content, [], None


class Replay:
    """Goes through a log once, forwards, and tells at any point what a power cut there could leave."""

    def __init__(self, first: dict[str, bytes], log: Sequence[Operation]) -> None:
        self._platters = {name: _Platter(bytearray(data)) for name, data in first.items()}
        self._log = log
        self._at = 0
        self.committed = 0

    def advance(self, to: int) -> None:
        """Let everything before operation ``to`` happen."""
        for operation in self._log[self._at : to]:
            self._take(operation)
        self._at = max(to, self._at)

    def _take(self, operation: Operation) -> None:
        match operation:
            case Committed(number):
                self.committed = number
            case Synced(name):
                self._platter(name).sync()
            case Deleted(name, durable):
                gone = self._platters.pop(name, _Platter(None))
                if not durable:
                    self._platters[name] = _Platter(None, [], bytes(gone.durable) if gone.durable is not None else None)
            case Wrote(name) | Truncated(name):
                self._platter(name).pending.append(operation)

    def _platter(self, name: str) -> _Platter:
        return self._platters.setdefault(name, _Platter(None))

    def cut(self, chance: random.Random) -> dict[str, bytes]:
        """The files after a power cut now: one of the possible states, chosen by ``chance``."""
        keep = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        left: dict[str, bytes] = {}
        for name, platter in self._platters.items():
            content = _survivor(platter, keep, chance)
            if content is not None:
                left[name] = content
        return left


def _survivor(platter: _Platter, keep: float, chance: random.Random) -> bytes | None:
    if platter.durable is None and platter.ghost is not None and chance.random() < 0.5:
        return platter.ghost
    if platter.durable is None and (not platter.pending or chance.random() < 0.3):
        return None  # its name never reached the folder
    content = bytearray(platter.durable or b"")
    for change in platter.pending:
        for piece in _torn(change):
            if chance.random() < keep:
                apply_change(content, piece)
    return bytes(content)


def _torn(change: Change) -> Iterable[Change]:
    """A write as the sectors it touches; a truncation happens or does not."""
    if isinstance(change, Truncated):
        yield change
        return
    at, end = change.offset, change.offset + len(change.data)
    while at < end:
        border = min((at // SECTOR + 1) * SECTOR, end)
        yield Wrote(change.name, at, change.data[at - change.offset : border - change.offset])
        at = border


class TornVfs(apsw.VFS):
    """SQLite's way to the disk. One connection at a time, in exclusive locking mode: no shared memory is needed."""

    def __init__(self, name: str, disk: Disk) -> None:
        super().__init__(name, "")
        self._disk = disk

    def xOpen(  # type: ignore[override]  # apsw takes whatever has a file's methods
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> _File:
        text = name.filename() if isinstance(name, apsw.URIFilename) else name
        if text is None:
            raise apsw.CantOpenError("no temporary files are expected: temp_store is MEMORY")
        if text not in self._disk.files:
            if not flags[0] & apsw.SQLITE_OPEN_CREATE:
                raise apsw.CantOpenError(text)
            self._disk.files[text] = bytearray()
        flags[1] = flags[0]
        return _File(text, self._disk)

    def xFullPathname(self, name: str) -> str:
        return name

    def xAccess(self, pathname: str, flags: int) -> bool:
        return pathname in self._disk.files

    def xDelete(self, filename: str, syncdir: bool) -> None:
        if filename not in self._disk.files:
            raise apsw.IOError(filename)
        self._disk.delete(filename, durable=bool(syncdir))


class _File:
    """An open file."""

    def __init__(self, name: str, disk: Disk) -> None:
        self._name = name
        self._disk = disk
        self._lock = apsw.SQLITE_LOCK_NONE

    def xRead(self, amount: int, offset: int) -> bytes:
        return bytes(self._disk.files[self._name][offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:
        self._disk.write(self._name, offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        self._disk.truncate(self._name, newsize)

    def xSync(self, flags: int) -> None:
        self._disk.log.append(Synced(self._name))

    def xFileSize(self) -> int:
        return len(self._disk.files[self._name])

    def xLock(self, level: int) -> None:
        self._lock = level

    def xUnlock(self, level: int) -> None:
        self._lock = level

    def xCheckReservedLock(self) -> bool:
        return self._lock >= apsw.SQLITE_LOCK_RESERVED

    def xFileControl(self, op: int, ptr: int) -> bool:
        return False

    def xSectorSize(self) -> int:
        return SECTOR

    def xDeviceCharacteristics(self) -> int:
        return POWERSAFE

    def xClose(self) -> None:
        pass
