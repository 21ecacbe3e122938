"""Files and folders of other programs: bounded, plain, and never through a link that leads elsewhere."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from l402desk.protocol.text import visible
from l402desk.vault.foreign.entries import MOST_ENTRIES, ImportRefused

MOST_BYTES = 64 * 1024 * 1024
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a pipe by that name must not hold us up
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def shown(path: Path) -> str:
    return f"“{visible(str(path), 200)}”"


def real_path(path: Path) -> Path:
    """What the user named, its links followed: from here on none is. Raises ImportRefused where nothing is there."""
    try:
        return path.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:  # a loop of links, no home folder, a NUL in the name
        raise ImportRefused(f"There is nothing to read at {shown(path)}.", "Check the path and try again.") from error


def read_file(file: Path, most: int = MOST_BYTES) -> bytes:
    """All of a plain file. Raises ImportRefused for a link, a pipe, a larger file, or what may not be read."""
    try:
        handle = os.open(file, _FLAGS)
    except (OSError, ValueError) as error:
        raise _unreadable(file, error) from error
    try:
        with os.fdopen(handle, "rb") as opened:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise ImportRefused(f"{shown(file)} is no plain file.", "Name the file that holds the tokens.")
            data = opened.read(most + 1)
    except OSError as error:
        raise _unreadable(file, error) from error
    if len(data) > most:
        words = f"{shown(file)} is larger than {most // 1024} KiB, which no such store is."
        raise ImportRefused(words, "Name another file.")
    return data


def is_plain_file(file: Path) -> bool:
    """Is there a file, and no link, by this name?"""
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except (OSError, ValueError):
        return False


def is_plain_folder(folder: Path) -> bool:
    """Is there a folder, and no link, by this name?"""
    try:
        return stat.S_ISDIR(folder.lstat().st_mode)
    except (OSError, ValueError):
        return False


def folders_in(folder: Path) -> list[Path]:
    """The plain folders in it, in the order of their names. Raises ImportRefused, also for more than MOST_ENTRIES."""
    found: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            for seen, entry in enumerate(entries):
                if seen >= MOST_ENTRIES:
                    raise ImportRefused(
                        f"There are more than {MOST_ENTRIES} things in {shown(folder)}.", "Name another."
                    )
                if entry.is_dir(follow_symlinks=False):
                    found.append(Path(entry.path))
    except OSError as error:
        raise _unreadable(folder, error) from error
    return sorted(found)


def _unreadable(path: Path, error: OSError | ValueError) -> ImportRefused:
    why = error.strerror if isinstance(error, OSError) and error.strerror else "it is not to be had"
    return ImportRefused(f"{shown(path)} cannot be read: {why}.", "Make it readable for you, or name another.")
