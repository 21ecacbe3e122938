"""Which payments a window lists and what they sum up to: the questions, and the jobs that answer them on the loop."""

from __future__ import annotations

import logging
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from l402desk.engine import statement
from l402desk.engine.statement import Line
from l402desk.engine.statement_file import NotWritten
from l402desk.ledger.history import EVERYTHING, TIME, History, Order, PurchaseFilter
from l402desk.ledger.sums import NOTHING, HostSum, Span, SpanSum, Spent, Sums
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.services import Services

log = logging.getLogger(__name__)

DAYS, MONTHS = 30, 12
"""How far back the bars go."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which payments are listed, and in which order."""

    only: PurchaseFilter = field(default_factory=PurchaseFilter)
    order: Order = TIME
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Listing:
    """An answer to one question; ``numbers`` is None while the vault is locked. ``everything`` counts all there are."""

    wanted: Wanted
    numbers: array[int] | None = None
    everything: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What was spent: today, in this month, ever; and of what is listed, in all, by host, and by day or month.

    ``bars`` are the last `DAYS` days or `MONTHS` months, those without a payment too.
    """

    today: Spent = NOTHING
    month: Spent = NOTHING
    ever: Spent = NOTHING
    listed: Spent = NOTHING
    span: Span = Span.DAY
    bars: tuple[SpanSum, ...] = ()
    hosts: tuple[HostSum, ...] = ()
    wanted: PurchaseFilter = EVERYTHING


async def list_numbers(services: Services, *, wanted: Wanted) -> Listing:
    """The numbers of what is wanted, unless the vault is locked. Raises StoreError."""
    if not services.is_unlocked:
        return Listing(wanted)
    found = await statement.numbers(services, wanted.only, wanted.order, descending=wanted.descending)
    everything = len(found) if wanted.only.is_empty else await History(services.database).count()
    return Listing(wanted, found, everything)


async def read_lines(services: Services, *, numbers: Sequence[int]) -> dict[int, Line]:
    """The lines with these numbers; none while the vault is locked. Raises StoreError."""
    return await statement.lines(services, numbers) if services.is_unlocked else {}


async def sum_up(services: Services, *, wanted: PurchaseFilter, span: Span) -> Summary:
    """What was spent, in the days of this computer's time zone. Raises StoreError."""
    if not services.is_unlocked:
        return Summary(span=span, wanted=wanted)
    sums = Sums(services.database)
    today = sums.day_of(services.now())
    starts = bar_starts(today, span)
    since = max(sums.begin(starts[0]), wanted.since or 0)
    found = {bar.start: bar for bar in await sums.by_span(span, replace(wanted, since=since))}
    return Summary(
        today=await sums.total(PurchaseFilter(since=sums.begin(today))),
        month=await sums.total(PurchaseFilter(since=sums.begin(today.replace(day=1)))),
        ever=await sums.total(),
        listed=await sums.total(wanted),
        span=span,
        bars=tuple(found.get(start, SpanSum(start, ())) for start in starts),
        hosts=await sums.by_host(wanted),
        wanted=wanted,
    )


def bar_starts(today: date, span: Span) -> tuple[date, ...]:
    """The first day of every bar, the earliest first: `DAYS` days or `MONTHS` months, the last one holds today."""
    if span is Span.DAY:
        return tuple(today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
    months = today.year * 12 + today.month - 1
    return tuple(date((months - back) // 12, (months - back) % 12 + 1, 1) for back in range(MONTHS - 1, -1, -1))


def in_words(error: object) -> str:
    """What went wrong, for people. An error of ours is logged by its kind alone."""
    if isinstance(error, StoreError):
        return f"{error.sentence} {error.remedy}"
    if isinstance(error, NotWritten):
        return str(error)
    log.error("a job about payments failed: %s", type(error).__name__)
    return "The app could not do this. Nothing was paid, and nothing was lost."
