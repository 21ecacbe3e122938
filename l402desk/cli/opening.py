"""What every terminal command opens: the folders, the services, the vault, one event loop; each failure in one line.

A command is a job that gets the open services and gives the exit status::

    def run(argv: Sequence[str]) -> int:
        return run_with_services(partial(_list, options), "tokens list")

It never waits for input unless a person sits at a terminal, who is then asked for the passphrase.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from l402desk.cli.output import OutputLost, complain
from l402desk.settings import Folders, load
from l402desk.store.errors import PassphraseNeeded, StoreError, WrongPassphrase

if TYPE_CHECKING:
    from l402desk.services import Plan, Services

OK, FAILED, NOT_FOUND, USAGE, INTERRUPTED = 0, 1, 1, 2, 130
PASSPHRASE_FILE = "L402DESK_PASSPHRASE_FILE"
PROMPTS = 3

Job = Callable[["Services"], Awaitable[int]]


class CommandFailed(Exception):  # noqa: N818 - named for what happened
    """A job cannot go on: ``sentence`` goes to standard error, the process ends with ``status``."""

    def __init__(self, sentence: str, status: int = FAILED) -> None:
        super().__init__(sentence)
        self.status = status


def run_with_services(job: Job, command: str, *, unlock: bool = True, failed: int = FAILED) -> int:
    """Open everything, run the job, close everything; the exit status.

    With ``unlock`` the job starts with an open vault or not at all; without, it may call ``services.unlock()``
    itself. StoreError, CommandFailed, Ctrl+C and a closed standard output, also out of the job, become one line and
    a status; ``failed`` is the one for StoreError. ``command`` names who speaks: "tokens list".
    """
    passphrase: str | None = None
    with quiet_logs():
        for prompts_left in range(PROMPTS, -1, -1):
            try:
                return asyncio.run(_run(job, unlock, passphrase))
            except (PassphraseNeeded, WrongPassphrase) as error:
                given_by_file = isinstance(error, WrongPassphrase) and passphrase is None
                answer = _ask(command, error) if prompts_left and not given_by_file and can_ask() else None
                if answer is None:
                    complain(command, str(error))
                    return failed
                passphrase = answer
            except StoreError as error:
                complain(command, str(error))
                return failed
            except CommandFailed as error:
                complain(command, str(error))
                return error.status
            except OutputLost as error:
                if not error.reader_left:
                    complain(command, str(error))
                return FAILED
            except KeyboardInterrupt:
                return INTERRUPTED
    return failed


async def _run(job: Job, unlock: bool, passphrase: str | None) -> int:
    from l402desk.services import open_services  # noqa: PLC0415 - brings the network along: not for --help

    async with open_services(make_plan()) as services:
        if unlock or passphrase is not None:
            await services.unlock(passphrase)
        return await job(services)


def make_plan() -> Plan:
    """Where state lives and who unlocks it, as the environment says (DESIGN §5). Raises CommandFailed."""
    from l402desk.services import Plan  # noqa: PLC0415 - brings the network along: not for --help

    folders = Folders.find(os.environ)
    try:
        folders.make()
        tor = load(folders.settings_file).tor or None
    except OSError as error:
        words = f"{error.filename or folders.data}: {error.strerror}. Set L402DESK_HOME to a folder of yours."
        raise CommandFailed(words) from error
    file = os.environ.get(PASSPHRASE_FILE)
    return Plan(folders.data, folders.cache, passphrase_file=Path(file) if file else None, tor=tor)


def can_ask() -> bool:
    """Does a person sit at a terminal, who can be asked?"""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


@contextlib.contextmanager
def quiet_logs() -> Iterator[None]:
    """A command says what matters in its own sentences: no library prints records, or a traceback, among them."""
    before, logging.lastResort = logging.lastResort, logging.NullHandler()
    try:
        yield
    finally:
        logging.lastResort = before


def _ask(command: str, error: StoreError) -> str | None:
    """The passphrase, typed unseen; None where nothing was typed."""
    from getpass import getpass  # noqa: PLC0415 - only where somebody is asked

    if isinstance(error, WrongPassphrase):
        complain(command, str(error))
    try:
        return getpass("Passphrase of the vault: ") or None
    except (EOFError, KeyboardInterrupt, OSError):
        return None
