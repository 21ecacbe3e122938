"""Files that are written whole or not at all, for their owner alone, and over nothing that is there."""

from __future__ import annotations

import errno
from pathlib import Path

from l402desk.protocol.text import visible
from l402desk.store.privacy import sync_folder
from l402desk.store.whole_file import writing_whole

_FULL = (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC))


class NotWritten(Exception):  # noqa: N818 - named for what happened
    """Nothing was written. ``sentence`` says why, ``remedy`` what to do."""

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(f"{sentence} {remedy}")
        self.sentence = sentence
        self.remedy = remedy


def write_whole(file: Path, data: bytes) -> None:
    """Write a new file: its bytes, then its name, each on the disk before the next. Raises NotWritten.

    What has that name already stays as it is. Blocking.
    """
    try:
        with writing_whole(file) as out:
            out.write(data)
        sync_folder(file.parent)
    except (OSError, ValueError) as error:
        raise not_written(file, error) from error


def make_folder(folder: Path) -> None:
    """Make a folder for its owner alone, its parents too; one that is there stays as it is. Raises NotWritten."""
    try:
        for missing in reversed([path for path in (folder, *folder.parents) if not path.exists()]):
            missing.mkdir(mode=0o700)
            sync_folder(missing.parent)
        if not folder.is_dir():
            raise FileExistsError(errno.EEXIST, "it is no folder")
    except (OSError, ValueError) as error:
        raise not_written(folder, error) from error


def not_written(path: Path, error: OSError | ValueError) -> NotWritten:
    """The app's words for what the system said."""
    name = f"“{visible(str(path), 200)}”"
    if isinstance(error, FileExistsError):
        return NotWritten(f"There is something at {name} already, and it was left as it is.", "Choose another name.")
    if isinstance(error, OSError) and error.errno in _FULL:
        return NotWritten(f"Nothing was written to {name}, because the disk is full.", "Free some space and try again.")
    why = (error.strerror if isinstance(error, OSError) else None) or "no file can be there"
    return NotWritten(f"{name} cannot be written: {why}.", "Choose a folder that is yours and writable.")
