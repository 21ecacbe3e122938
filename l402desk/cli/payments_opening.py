"""What the commands about payments share: the ledger opened, a payment found by its beginning, failures in one line."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from l402desk.cli.opening import FAILED, NOT_FOUND, CommandFailed, run_with_services
from l402desk.protocol.text import visible

if TYPE_CHECKING:
    from l402desk.services import Services

Job = Callable[["Services"], Awaitable[int]]


def run_job(job: Job, options: argparse.Namespace, *, unlock: bool) -> int:
    """Run it; the exit status. What is not sealed can be read with the vault locked."""
    return run_with_services(partial(_translated, job), f"payments {options.command}", unlock=unlock)


async def find(services: Services, text: str) -> str:
    """Which purchase this beginning of an id or a payment hash stands for. Raises CommandFailed."""
    from l402desk.ledger.history import History  # noqa: PLC0415 - not for --help

    found = await History(services.database).named(text.strip())
    if not found:
        raise CommandFailed(f"There is no payment “{visible(text, 70)}”", NOT_FOUND)
    if len(found) > 1:
        words = f"More than one payment begins with “{visible(text, 70)}”: give more of it"
        raise CommandFailed(words, NOT_FOUND)
    return found[0]


async def _translated(job: Job, services: Services) -> int:
    from l402desk.ledger.errors import Refused  # noqa: PLC0415 - not for --help
    from l402desk.protocol.errors import ProtocolError  # noqa: PLC0415 - not for --help

    try:
        return await job(services)
    except (Refused, ProtocolError) as error:
        raise CommandFailed(str(error), FAILED) from error
