"""Bodies of answers: in memory while small, in a private file beyond that."""

from __future__ import annotations

import asyncio
import os
import tempfile
from concurrent.futures import Executor
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from l402desk.client.limits import MIB

_PREFIX, _SUFFIX = "answer-", ".body"
_WRITE_BYTES = 1 * MIB  # one hand-over to the writing thread per this much, not per chunk


@dataclass(frozen=True, slots=True)
class SpooledBody:
    """``size`` decoded bytes, in ``data`` or the file ``path`` (0600). Whoever holds the answer discards it.

    ``complete`` is False where the body ended before its time; ``stopped_because`` then says why.
    """

    data: bytes | None
    path: Path | None
    size: int
    complete: bool = True
    stopped_because: str | None = None

    def open(self) -> BinaryIO:
        """The bytes as a file to read and close. Raises OSError where the file is gone."""
        return BytesIO(self.data or b"") if self.path is None else self.path.open("rb")

    def head(self, n: int) -> bytes:
        """The first ``n`` bytes, or fewer. Raises OSError where the file is gone."""
        if self.path is None:
            return (self.data or b"")[:n]
        with self.open() as file:
            return file.read(n)

    def text(self, limit: int, charset: str = "utf-8") -> str:
        """The first ``limit`` bytes as text: wrong ones become U+FFFD, an unknown charset counts as UTF-8."""
        raw = self.head(limit)
        try:
            return raw.decode(charset, "replace")
        except (LookupError, ValueError):  # not a name of an encoding, or one that yields no text
            return raw.decode("utf-8", "replace")

    def discard(self) -> None:
        """Delete the file, if there is one; a second time does nothing."""
        if self.path is not None:
            self.path.unlink(missing_ok=True)


EMPTY_BODY = SpooledBody(b"", None, 0)


class SpoolError(OSError):
    """The body could not be written to the disk; ``strerror`` is the system's reason."""


class Spool:
    """One body being received. `write` in order, then `finish` or `abandon`.

    Disk writes run in ``executor``, one at a time; SpoolError comes from the call that wrote, or from
    `finish`.
    """

    def __init__(self, folder: Path, memory_bytes: int, executor: Executor) -> None:
        self._folder = folder
        self._memory_bytes = memory_bytes
        self._executor = executor
        self._buffer = bytearray()
        self._file: int | None = None
        self._path: Path | None = None
        self._work: asyncio.Future[None] | None = None
        self.size = 0

    async def write(self, chunk: bytes) -> None:
        """Append ``chunk``."""
        self._buffer += chunk
        self.size += len(chunk)
        limit = self._memory_bytes if self._path is None else _WRITE_BYTES
        if len(self._buffer) > limit:
            await self._flush()

    async def finish(self, *, stopped_because: str | None = None) -> SpooledBody:
        """Close the body; it is the caller's from now on, and complete unless something stopped it."""
        await self._wait_for_thread()
        if self._path is not None:
            await self._flush()
            self._close()
        data = bytes(self._buffer) if self._path is None else None
        return SpooledBody(data, self._path, self.size, stopped_because is None, stopped_because)

    async def salvage(self, stopped_because: str) -> SpooledBody:
        """After a failed write: what was kept, as an incomplete body."""
        await self._wait_for_thread()
        self._close()
        if self._path is None:
            return SpooledBody(bytes(self._buffer), None, len(self._buffer), False, stopped_because)
        return SpooledBody(None, self._path, self._path.stat().st_size, False, stopped_because)

    async def abandon(self) -> None:
        """Delete everything; also right for a task that is being cancelled in the middle of a write."""
        await self._wait_for_thread()
        self._close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    async def _wait_for_thread(self) -> None:
        """A cancelled write goes on in its thread: closing the descriptor under it could hit another file."""
        if self._work is not None:
            await asyncio.wait([self._work])
            self._work = None

    async def _flush(self) -> None:
        chunk, self._buffer = self._buffer, bytearray()
        self._work = asyncio.get_running_loop().run_in_executor(self._executor, self._write_out, chunk)
        try:
            await asyncio.shield(self._work)
        except OSError as error:
            self._buffer = chunk
            raise SpoolError(error.errno, error.strerror) from error
        self._work = None

    def _write_out(self, chunk: bytearray) -> None:
        if self._file is None:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file, name = tempfile.mkstemp(_SUFFIX, _PREFIX, self._folder)  # exclusive, 0600
            self._path = Path(name)
        view = memoryview(chunk)
        while view:
            view = view[os.write(self._file, view) :]

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
