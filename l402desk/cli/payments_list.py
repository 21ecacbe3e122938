"""``l402desk payments list``: the payments, or what they cost by host, day or month."""

from __future__ import annotations

import argparse
from collections.abc import AsyncIterator
from functools import partial
from typing import TYPE_CHECKING

from l402desk.cli.opening import OK
from l402desk.cli.output import tell, write_json, write_text
from l402desk.cli.payments_opening import run_job
from l402desk.cli.payments_words import payments_table, spent_json, spent_words
from l402desk.cli.table import table

if TYPE_CHECKING:
    from l402desk.engine.statement import Line
    from l402desk.ledger.history import PurchaseFilter
    from l402desk.services import Services

IN_WORDS = 50
"""Lines in words unless more are asked for; JSON and CSV are whole."""


def list_them(options: argparse.Namespace) -> int:
    """A line each, an array, or CSV; the exit status. The vault stays locked: nothing of this is sealed."""
    return run_job(partial(_sums if options.sums else _list, options), options, unlock=False)


async def _list(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.statement_file import csv_rows, record_of  # noqa: PLC0415 - not for --help
    from l402desk.ledger.history import History  # noqa: PLC0415 - not for --help

    wanted = wanted_by(options)
    in_words = not (options.as_json or options.as_csv)
    limit = options.limit if options.limit is not None else IN_WORDS if in_words else 0
    if options.as_csv:
        write_text(csv_rows((), heading=True))
    shown: list[Line] = []
    async for some in _lines(services, wanted, limit):
        if options.as_csv:
            write_text(csv_rows(map(record_of, some)))
        else:
            shown += some
    if options.as_json:
        write_json([record_of(line) for line in shown])
    elif in_words:
        write_text(payments_table(shown))
        left = await History(services.database).count(wanted) - len(shown)
        if not shown:
            tell("There is no such payment." if not wanted.is_empty else "Nothing was paid for yet.")
        elif left:
            tell(f"… and {left} more: --limit 0 shows all.")
    return OK


async def _lines(services: Services, wanted: PurchaseFilter, limit: int) -> AsyncIterator[list[Line]]:
    from l402desk.engine.statement import every_line  # noqa: PLC0415 - not for --help

    left = limit
    async for some in every_line(services, wanted):
        yield some[:left] if limit else some
        left -= len(some)
        if limit and left <= 0:
            return


async def _sums(options: argparse.Namespace, services: Services) -> int:
    from l402desk.ledger.sums import Span, Sums  # noqa: PLC0415 - not for --help

    wanted, sums = wanted_by(options), Sums(services.database)
    if options.sums == "host":
        found = [(host.origin, host.spent) for host in await sums.by_host(wanted)]
    else:
        spans = await sums.by_span(Span(options.sums), wanted)
        cut = 10 if options.sums == "day" else 7
        found = [(span.start.isoformat()[:cut], span.spent) for span in spans]
    if options.as_json:
        write_json([{options.sums: name, **spent_json(spent)} for name, spent in found])
        return OK
    total = await sums.total(wanted)
    write_text(table([(name, spent_words(spent)) for name, spent in [*found, ("all", total)]]))
    return OK


def wanted_by(options: argparse.Namespace) -> PurchaseFilter:
    """The filter that the command line spells."""
    from l402desk.ledger.history import PurchaseFilter  # noqa: PLC0415 - not for --help
    from l402desk.ledger.purchases import Delivery, PurchaseState  # noqa: PLC0415 - not for --help

    return PurchaseFilter(
        text=options.search,
        states=frozenset(map(PurchaseState, options.state)),
        host=options.host.lower(),
        rail=options.wallet,
        since=options.since,
        until=options.until,
        delivery=None if options.delivery is None else Delivery(options.delivery),
    )
