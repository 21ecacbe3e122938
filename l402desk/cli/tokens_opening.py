"""What the commands about tokens share: the vault opened, an id found by its beginning, each failure in one line."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from l402desk.cli.opening import NOT_FOUND, OK, CommandFailed, run_with_services
from l402desk.cli.output import write_json, write_text
from l402desk.protocol.text import visible
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.handles import AmbiguousToken, Handle, resolve

if TYPE_CHECKING:
    from l402desk.services import Services

Job = Callable[["Services"], Awaitable[int]]


def run_job(job: Job, options: argparse.Namespace) -> int:
    """Run it with the vault open; the exit status. Besides what every job may, it may raise NoSuchToken."""
    return run_with_services(partial(_translated, job), f"tokens {options.command}")


async def find(services: Services, text: str) -> Handle:
    """Which token this beginning of an id stands for. Raises CommandFailed."""
    try:
        return await resolve(services.database, text)
    except NoSuchToken as error:
        raise _no_such(error) from error
    except AmbiguousToken as error:
        words = f"More than one token's id begins with “{visible(text, 60)}”: give more of it"
        raise CommandFailed(words, NOT_FOUND) from error


def tell_state(options: argparse.Namespace, token_id: str, state: str, words: str) -> int:
    """What became of a token; the exit status."""
    if options.as_json:
        write_json({"id": token_id, "state": state})
    else:
        write_text(words + "\n")
    return OK


def count_words(number: int) -> str:
    return f"{number} {'token' if number == 1 else 'tokens'}"


async def _translated(job: Job, services: Services) -> int:
    try:
        return await job(services)
    except NoSuchToken as error:  # another window deleted it meanwhile
        raise _no_such(error) from error


def _no_such(error: NoSuchToken) -> CommandFailed:
    return CommandFailed(f"There is no token “{visible(str(error), 60)}”", NOT_FOUND)
