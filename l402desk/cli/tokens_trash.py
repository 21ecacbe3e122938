"""``l402desk tokens forget`` and ``restore``: into the trash, out of it, and deleted for ever."""

from __future__ import annotations

import argparse
from functools import partial
from typing import TYPE_CHECKING

from l402desk.cli.opening import USAGE, CommandFailed
from l402desk.cli.table import SHORT_ID
from l402desk.cli.tokens_opening import find, run_job, tell_state
from l402desk.protocol.text import visible
from l402desk.vault.tokens import TokenState, TokenSummary

if TYPE_CHECKING:
    from l402desk.services import Services


def forget(options: argparse.Namespace) -> int:
    """The trash first, then for ever; what was paid for and never used only at an extra word (law 7)."""
    return run_job(partial(_forget, options), options)


def restore(options: argparse.Namespace) -> int:
    """Back from the trash; the exit status."""
    return run_job(partial(_restore, options), options)


async def _forget(options: argparse.Namespace, services: Services) -> int:
    handle = await find(services, options.id)
    if handle.is_pending:
        return await _forget_pending(options, services, handle.id)
    token = await services.vault.summary(handle.id)
    name = _name(token)
    if token.is_unused_and_paid and not options.yes:
        price = "" if token.price is None else f" for {token.price.words()}"
        raise CommandFailed(f"{name} was paid{price} and never used. Say --yes to put it away all the same", USAGE)
    is_trashed = token.state is TokenState.TRASHED
    if options.for_ever and not is_trashed:
        raise CommandFailed(f"{name} is not in the trash. Forget it without --for-ever first", USAGE)
    if options.for_ever:
        await services.vault.forget(token.id)
        return tell_state(options, token.id, "deleted", f"{name} is deleted for ever.")
    if not is_trashed:
        await services.vault.trash(token.id)
    back = f"l402desk tokens restore {token.id[:SHORT_ID]}"
    return tell_state(options, token.id, TokenState.TRASHED, f"{name} is in the trash. Bring it back: {back}")


async def _forget_pending(options: argparse.Namespace, services: Services, awaited_id: str) -> int:
    """There is no trash for these, and their payment may still settle: both words are asked for."""
    if not (options.for_ever and options.yes):
        words = "Its payment may still settle, and nothing else is kept of it. Say --for-ever --yes to delete it"
        raise CommandFailed(words, USAGE)
    await services.awaiting.forget(awaited_id)
    return tell_state(options, awaited_id, "deleted", "The token that waited for its proof is deleted for ever.")


async def _restore(options: argparse.Namespace, services: Services) -> int:
    handle = await find(services, options.id)
    if handle.is_pending:
        raise CommandFailed("It waits for its proof of payment and was never in the trash", USAGE)
    token = await services.vault.restore(handle.id)
    return tell_state(options, token.id, token.state, f"{_name(token)} is {token.state}.")


def _name(token: TokenSummary) -> str:
    return f"“{visible(token.title, 60) or token.origin.authority}”"
