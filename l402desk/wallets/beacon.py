"""Where sandboxes run on this computer: each leaves its address in a small file, so that ``play:`` finds it."""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import BadConnection

USUAL = "http://127.0.0.1:8402"
"""Where ``l402desk sandbox`` listens unless it is told otherwise."""
MOST_FILES = 32
_FOLDER, _ENDING = "sandboxes", ".url"


@asynccontextmanager
async def announced(cache_folder: Path, url: str) -> AsyncIterator[None]:
    """Tell the other commands of this user that a sandbox is at ``url``, until the context is left.

    Where the file cannot be written the sandbox runs all the same, and is found at its usual port alone.
    """
    file = cache_folder / _FOLDER / f"{os.getpid()}-{secrets.token_hex(4)}{_ENDING}"
    with suppress(OSError):
        await asyncio.to_thread(_write, file, url)
    try:
        yield
    finally:
        with suppress(OSError):
            file.unlink(missing_ok=True)  # at once: a loop that is being closed starts no more threads


def places(cache_folder: Path) -> tuple[str, ...]:
    """The addresses to try, without a slash at the end: those announced, the newest first, then the usual one."""
    try:
        files = sorted((cache_folder / _FOLDER).glob(f"*{_ENDING}"), key=_age)[:MOST_FILES]
    except OSError:
        files = []
    found = [url for file in files if _is_running(file) and (url := _address(file))]
    return tuple(dict.fromkeys([*found, USUAL]))


def _write(file: Path, url: str) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    for old in file.parent.glob(f"*{_ENDING}"):
        if not _is_running(old):
            old.unlink(missing_ok=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, url.encode())
    finally:
        os.close(handle)


def _age(file: Path) -> float:
    try:
        return -file.lstat().st_mtime
    except OSError:
        return 0.0


def _is_running(file: Path) -> bool:
    """Does the process that wrote this file run still? On Windows nobody is asked: the question would end it."""
    number = file.name.partition("-")[0]
    if os.name != "posix":
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return False
    except (OSError, ValueError, OverflowError):  # somebody else's process, or a name that is no number
        return number.isdecimal()
    return True


def _address(file: Path) -> str:
    """The address in the file; empty for anything but a place on this computer."""
    try:
        with file.open(encoding="ascii") as lines:
            return read_connection(f"play:{lines.readline(200).strip()}").url
    except (OSError, ValueError, BadConnection):
        return ""
