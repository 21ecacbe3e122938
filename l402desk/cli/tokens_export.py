"""``l402desk tokens export``: the tokens in one sealed file, or in lnget's folder."""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from l402desk.cli.opening import FAILED, OK, CommandFailed
from l402desk.cli.output import complain, tell, write_json, write_text
from l402desk.cli.tokens_opening import count_words, find, run_job
from l402desk.cli.tokens_options import LNGET
from l402desk.cli.tokens_secret import passphrase_for
from l402desk.protocol.text import visible
from l402desk.vault.bundle import seal_bundle
from l402desk.vault.bundle_contents import Contents
from l402desk.vault.foreign.entries import Problem
from l402desk.vault.foreign.lnget_choice import choose_for_lnget
from l402desk.vault.foreign.lnget_export import LngetExport, export_to_lnget
from l402desk.vault.gathering import Gathered, gather
from l402desk.vault.whole_file import NotWritten, not_written, write_whole

if TYPE_CHECKING:
    from l402desk.services import Services


def export(options: argparse.Namespace) -> int:
    """Write the tokens named, or all; the exit status."""
    if options.format == LNGET:
        return run_job(partial(_checked, partial(_lnget, options)), options)
    file = Path(options.file)
    try:
        if os.path.lexists(file):
            raise CommandFailed(str(not_written(file, FileExistsError())))
        # Asked for before anything is open: nobody types while a vault stands open, and Ctrl+C ends it at once.
        passphrase = passphrase_for(options.passphrase_file, "Passphrase of the export", twice=True)
    except (CommandFailed, ValueError) as error:
        complain("tokens export", str(error))
        return getattr(error, "status", FAILED)
    return run_job(partial(_checked, partial(_sealed, options, file, passphrase)), options)


async def _checked(job: Callable[[Services], Awaitable[int]], services: Services) -> int:
    try:
        return await job(services)
    except NotWritten as error:
        raise CommandFailed(str(error)) from error


async def _ids(options: argparse.Namespace, services: Services) -> list[str] | None:
    """None for all. Raises CommandFailed."""
    handles = [await find(services, text) for text in options.ids]
    if any(handle.is_pending for handle in handles):
        raise CommandFailed("A token that waits for its proof is exported only together with all others")
    return [handle.id for handle in handles] or None


async def _sealed(options: argparse.Namespace, file: Path, passphrase: str, services: Services) -> int:
    gathered = await gather(services.vault, services.awaiting, await _ids(options, services))
    contents = Contents(services.now(), tuple(carried for _, carried in gathered.tokens), gathered.pending)
    raw = await seal_bundle(contents, passphrase)
    await asyncio.to_thread(write_whole, file, raw)
    _report(
        options,
        {"file": str(file), "tokens": len(contents.tokens), "pending": len(contents.pending)},
        f"{count_words(len(contents.tokens) + len(contents.pending))} sealed in {visible(str(file), 200)}.",
        _broken(gathered),
    )
    return OK


async def _lnget(options: argparse.Namespace, services: Services) -> int:
    ids = await _ids(options, services)
    gathered = await gather(services.vault, services.awaiting, ids)
    tokens, skipped = choose_for_lnget(gathered, services.now(), named=ids is not None)
    done: LngetExport = await asyncio.to_thread(export_to_lnget, Path(options.file), tokens, services.now())
    written = [{"id": one.where, "domain": one.domain, "file": str(one.file)} for one in done.written]
    words = f"{count_words(len(written))} written for lnget to {visible(options.file, 200)}."
    if written:
        # Said because it cannot be helped: lnget's files are plain, and its names fold http and https.
        words += "\nThey lie there unsealed. lnget does not keep http and https apart: give it https:// addresses."
    problems = [*skipped, *done.skipped, *_broken(gathered)]
    _report(options, {"folder": options.file, "written": written}, words, problems)
    return FAILED if problems and not written else OK


def _broken(gathered: Gathered) -> list[Problem]:
    return [
        Problem(summary.id, "It was changed behind the app's back and does not open.") for summary in gathered.broken
    ]


def _report(options: argparse.Namespace, value: dict[str, Any], words: str, problems: list[Problem]) -> None:
    if options.as_json:
        write_json(value | {"skipped": [{"id": problem.where, "reason": problem.sentence} for problem in problems]})
        return
    for problem in problems:
        tell(visible(f"left out {problem.where[:10]}: {problem.sentence}", 500))
    write_text(words + "\n")
