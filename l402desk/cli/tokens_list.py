"""``l402desk tokens list`` and ``show``."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from l402desk.cli.opening import OK
from l402desk.cli.output import tell, write_json, write_text
from l402desk.cli.page import Page
from l402desk.cli.tokens_opening import find, run_job
from l402desk.cli.tokens_words import (
    awaited_json,
    awaited_page,
    awaited_table,
    secret_lines,
    token_json,
    token_page,
    tokens_table,
)
from l402desk.vault.errors import NoSuchToken

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.vault.awaiting import Awaited
    from l402desk.vault.tokens import TokenSummary

_AT_ONCE = 200


def list_them(options: argparse.Namespace) -> int:
    """A line each, or an array; the exit status."""
    return run_job(partial(_list_pending if options.pending else _list, options), options)


def show(options: argparse.Namespace) -> int:
    """One token; the exit status."""
    return run_job(partial(_show, options), options)


async def _list(options: argparse.Namespace, services: Services) -> int:
    tokens: list[TokenSummary] = []
    while some := await services.vault.list(
        options.search, limit=_AT_ONCE, offset=len(tokens), trashed=options.trashed
    ):
        tokens += some
    if options.as_json:
        write_json([token_json(token) for token in tokens])
    elif tokens:
        write_text(tokens_table(tokens, services.now()))
    else:
        _tell_none(options)
    return OK


async def _list_pending(options: argparse.Namespace, services: Services) -> int:
    awaited = [one for one in await services.awaiting.list() if _matches(one, options.search.casefold())]
    if options.as_json:
        write_json([awaited_json(one) for one in awaited])
    elif awaited:
        write_text(awaited_table(awaited))
    else:
        _tell_none(options)
    return OK


def _matches(one: Awaited, text: str) -> bool:
    return text in "\n".join((one.title, f"{one.origin}{one.scope.path}", one.note)).casefold()


def _tell_none(options: argparse.Namespace) -> None:
    tell("There is no such token." if options.search else "There are no tokens here.")


async def _show(options: argparse.Namespace, services: Services) -> int:
    handle = await find(services, options.id)
    if handle.is_pending:
        return await _show_pending(options, services, handle.id)
    token = await services.vault.summary(handle.id)
    secret = await services.vault.reveal(handle.id) if options.reveal else None
    if options.as_json:
        write_json(token_json(token, secret))
        return OK
    anatomy = await services.vault.anatomy(handle.id) if token.is_intact else None
    page = token_page(Page.for_stream(sys.stdout), token, anatomy, services.now())
    write_text(page.text() + ("" if secret is None else secret_lines(secret)))
    return OK


async def _show_pending(options: argparse.Namespace, services: Services, awaited_id: str) -> int:
    awaited = next((one for one in await services.awaiting.list() if one.id == awaited_id), None)
    if awaited is None:  # its proof turned up this very moment
        raise NoSuchToken(awaited_id)
    credential = (await services.awaiting.pending(awaited_id)).credential if options.reveal else None
    if options.as_json:
        write_json(awaited_json(awaited, credential))
    else:
        page = awaited_page(Page.for_stream(sys.stdout), awaited)
        write_text(page.text() + ("" if credential is None else f"\nCredential: {credential}\n"))
    return OK
