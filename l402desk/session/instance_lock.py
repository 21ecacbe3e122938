"""One window per data folder, by a lock of the operating system: it ends with the process, whatever ends that."""

from __future__ import annotations

import errno
import os
from pathlib import Path

_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EWOULDBLOCK, errno.EDEADLK}


class CannotLock(Exception):  # noqa: N818 - named for what happened
    """The folder gives no locks, or cannot be written: nobody could tell whether another window uses it."""

    def __init__(self, file: Path, error: OSError) -> None:
        super().__init__(
            f"{file.parent} cannot be locked ({error.strerror or error}); it may be on a network or a shared drive."
            " Set L402DESK_HOME to a folder on this computer that is yours alone."
        )


class InstanceLock:
    """The lock of one folder. The file stays; only the lock on it means something, so a crash leaves nothing stale."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "instance.lock"
        self._handle: int | None = None

    @property
    def is_held(self) -> bool:
        return self._handle is not None

    def take(self) -> bool:
        """Take it if it is free; True when it is held now. Never waits. Raises CannotLock."""
        if self._handle is not None:
            return True
        try:
            handle = os.open(self._file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except OSError as error:
            raise CannotLock(self._file, error) from error
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in _TAKEN:
                return False
            raise CannotLock(self._file, error) from error
        self._handle = handle
        return True

    def release(self) -> None:
        """Give it back; once more is harmless."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _lock(handle: int) -> None:
    """Raises OSError at once where another process has it."""
    if os.name == "nt":
        import msvcrt  # noqa: PLC0415 - exists there only

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
        return
    import fcntl  # noqa: PLC0415 - exists elsewhere only

    # flock, not lockf: a POSIX lock is lost as soon as anything in the process closes the same file.
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
