"""Folders and files that only their owner can read, whatever the umask says."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from l402desk.store.errors import Damaged, DiskFailed, DiskFull, NotPrivate, ReadOnly, StoreError

FOLDER_MODE = 0o700
FILE_MODE = 0o600
_OTHERS = 0o077
_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


def make_private_folder(folder: Path) -> None:
    """Create the app's own folder, or narrow it to its owner. Raises StoreError.

    A folder that is everyone's by design (sticky, such as ``/tmp``) is refused rather than taken away from
    them.
    """
    try:
        for missing in reversed([p for p in (folder, *folder.parents) if not p.exists()]):
            missing.mkdir(mode=FOLDER_MODE, exist_ok=True)
            missing.chmod(FOLDER_MODE)
        if not folder.is_dir():
            raise Damaged(str(folder))
        if os.name == "posix" and folder.stat().st_mode & stat.S_ISVTX:
            raise NotPrivate(str(folder), "all users of this computer share that folder")
        _narrow(folder)
    except OSError as error:
        raise translated_os_error(error, folder) from error


def make_private_file(file: Path) -> None:
    """Create an empty file that its owner alone can read, or narrow the one that exists. Raises StoreError.

    The name must not be a link: it could lead a secret out of the folder.
    """
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        if file.is_symlink() or (file.exists() and not file.is_file()):
            raise Damaged(str(file))
        is_new = not file.exists()
        os.close(os.open(file, flags, FILE_MODE))
        if is_new:
            file.chmod(FILE_MODE)  # an odd umask could have left less than we need
            sync_folder(file.parent)
        else:
            _narrow(file)
    except OSError as error:
        raise translated_os_error(error, file) from error


def narrow_file(file: Path) -> None:
    """Take a file away from group and others, if it exists. Raises StoreError."""
    try:
        if file.exists():
            _narrow(file)
    except OSError as error:
        raise translated_os_error(error, file) from error


def _narrow(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name != "posix" or not mode & _OTHERS:
        return  # on Windows the access list of the profile folder is what protects it
    try:
        path.chmod(mode & ~_OTHERS)
    except PermissionError as error:
        raise NotPrivate(str(path), "others can read it and it is not yours to change") from error


def sync_folder(folder: Path) -> None:
    """Write the names in a folder to the disk. Raises OSError."""
    # A new name is only durable once its folder is: without this a power cut can lose a whole new file.
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def translated_os_error(error: OSError, path: Path) -> StoreError:
    """What a failing file operation means, in the app's words."""
    if error.errno == errno.EIO:
        return DiskFailed()
    if error.errno in _FULL:
        return DiskFull()
    return ReadOnly(str(path))
