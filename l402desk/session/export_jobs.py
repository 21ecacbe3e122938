"""Tokens that go elsewhere, as jobs for the I/O thread: in one sealed file, or in lnget's folder in clear."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from l402desk.vault.bundle import seal_bundle
from l402desk.vault.bundle_contents import Contents
from l402desk.vault.foreign.entries import Problem
from l402desk.vault.foreign.lnget_choice import choose_for_lnget
from l402desk.vault.foreign.lnget_export import export_to_lnget
from l402desk.vault.gathering import Gathered, gather
from l402desk.vault.whole_file import not_written, write_whole

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.vault.tokens import TokenSummary

AT_ONCE = 200
DOES_NOT_OPEN = "It was changed behind the app's back and does not open."


@dataclass(frozen=True, slots=True)
class Which:
    """Which tokens: those with these row numbers of the list, those with these ids, or all, for neither."""

    numbers: Sequence[int] | None = None
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written where. ``pending`` tokens wait for a proof: a sealed file holds them, ``unproven`` were left.

    ``written`` is what lnget got, a token and its domain; ``left`` each token that was left out, and why.
    """

    place: Path
    tokens: int
    pending: int = 0
    unproven: int = 0
    for_lnget: bool = False
    written: tuple[tuple[str, str], ...] = ()
    left: tuple[Problem, ...] = ()


async def seal(services: Services, *, which: Which, file: Path, passphrase: str) -> Exported:
    """Write a new sealed file. Raises NotWritten, also where something has that name; NoSuchToken, StoreError."""
    if await asyncio.to_thread(os.path.lexists, file):
        raise not_written(file, FileExistsError())  # before a second of work, and again when it is written
    gathered = await gather(services.vault, services.awaiting, await _ids(services, which))
    contents = Contents(services.now(), tuple(carried for _, carried in gathered.tokens), gathered.pending)
    await asyncio.to_thread(write_whole, file, await seal_bundle(contents, passphrase))
    return Exported(file, len(contents.tokens), len(contents.pending), left=_named(_broken(gathered), gathered))


async def lay_out_for_lnget(services: Services, *, which: Which, folder: Path) -> Exported:
    """Write what lnget can use below a folder. Raises NotWritten, NoSuchToken, StoreError."""
    gathered = await gather(services.vault, services.awaiting, await _ids(services, which))
    tokens, left = choose_for_lnget(gathered, services.now(), named=which.ids is not None)
    done = await asyncio.to_thread(export_to_lnget, folder, tokens, services.now())
    names = _names(gathered)
    return Exported(
        folder,
        len(done.written),
        unproven=len(gathered.pending),
        for_lnget=True,
        written=tuple((names[one.where], one.domain) for one in done.written),
        left=_named([*left, *done.skipped, *_broken(gathered)], gathered),
    )


async def _ids(services: Services, which: Which) -> list[str] | None:
    """None for all; a row that is gone by now is left out."""
    if which.numbers is None:
        return None if which.ids is None else list(which.ids)
    ids: list[str] = []
    for start in range(0, len(which.numbers), AT_ONCE):
        numbers = which.numbers[start : start + AT_ONCE]
        found = await services.vault.page(numbers)
        ids += [found[number].id for number in numbers if number in found]
    return ids


def _broken(gathered: Gathered) -> list[Problem]:
    return [Problem(summary.id, DOES_NOT_OPEN) for summary in gathered.broken]


def _named(problems: Sequence[Problem], gathered: Gathered) -> tuple[Problem, ...]:
    names = _names(gathered)
    return tuple(Problem(names[problem.where], problem.sentence) for problem in problems)


def _names(gathered: Gathered) -> dict[str, str]:
    """What a token is called where people read it, by its id."""
    summaries = [*(summary for summary, _ in gathered.tokens), *gathered.broken]
    return {summary.id: _name(summary) for summary in summaries}


def _name(summary: TokenSummary) -> str:
    authority = summary.origin.authority
    return authority if summary.title in ("", authority) else f"{summary.title} · {authority}"
