"""A file that appears whole or not at all: written under another name beside its place, and moved there when done."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from l402desk.store.privacy import FILE_MODE

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class WholeFile:
    """One file in the making, for its owner alone. Step by step, so that each may run in another thread.

    Whoever begins it calls `discard` in the end, whatever happened: it takes away what is not in its place by then.
    Everything is blocking, and raises OSError; a name that no file can have raises ValueError.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        # A short name of its own: one made of the file's would be too long where the file's is nearly so.
        self._draft = file.with_name(f".{secrets.token_hex(8)}.part")
        self._out: BinaryIO | None = None

    def begin(self) -> BinaryIO:
        """What to write into."""
        self._out = os.fdopen(os.open(self._draft, _FLAGS, FILE_MODE), "wb")
        return self._out

    def sync(self) -> None:
        """Write its bytes to the disk: before the name, or a power cut could leave the name without them."""
        assert self._out is not None
        self._out.flush()
        os.fsync(self._out.fileno())

    def put_in_place(self, *, replace: bool = False) -> None:
        """Give it its name. FileExistsError where that is taken, unless it may ``replace`` what is there.

        A link that has the name is replaced itself; what it leads to stays.
        """
        assert self._out is not None
        self._out.close()
        if replace:
            os.replace(self._draft, self._file)
        else:
            self._take_free_name()

    def discard(self) -> None:
        """Leave nothing half written behind. Never raises."""
        with contextlib.suppress(OSError):
            if self._out is not None:
                self._out.close()
        with contextlib.suppress(OSError):
            self._draft.unlink()

    def _take_free_name(self) -> None:
        try:
            os.link(self._draft, self._file)  # fails where the name is taken, in one step: a rename would replace
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links (FAT): the question and the answer are two steps there
            if os.path.lexists(self._file):
                raise FileExistsError(errno.EEXIST, "it is there", str(self._file)) from None
            self._draft.rename(self._file)


@contextlib.contextmanager
def writing_whole(file: Path, *, replace: bool = False) -> Iterator[BinaryIO]:
    """What to write the file's bytes into: they are on the disk, and then have its name, when the block ends.

    Where the block raises, nothing was written. Raises OSError, ValueError. Blocking.
    """
    made = WholeFile(file)
    try:
        yield made.begin()
        made.sync()
        made.put_in_place(replace=replace)
    finally:
        made.discard()
