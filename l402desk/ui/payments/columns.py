"""What the table of payments shows of each, column by column, and what each column is sorted by."""

from __future__ import annotations

from l402desk.engine.statement import EACH, USES, Line
from l402desk.ledger.history import AMOUNT, FEE, HOST, RAIL, REQUEST, STATE, TIME
from l402desk.ui.challenge.rows import clock_time
from l402desk.ui.payments import wording
from l402desk.ui.widgets.columns import Column, kept

NONE = "–"


def fitting(width: int) -> frozenset[int]:
    """The columns that have room in ``width`` logical pixels, the most telling ones first; always one at least."""
    return kept(COLUMNS, _MOST_TELLING_FIRST, width)


def hint(line: Line, column: int, now: int) -> str:
    """What a cell says in full: the whole time, the whole address, the reason."""
    if column == WHEN:
        return clock_time(line.purchase.created_at)
    if column in (WHERE, WHAT):
        return f"{line.purchase.method} {line.purchase.origin}{line.purchase.path}"
    if column == STANDING and line.purchase.reason:
        return f"{wording.standing(line.purchase)}: {line.purchase.reason}"
    return COLUMNS[column].cell(line, now)


def _time(line: Line, now: int) -> str:
    return wording.moment(line.purchase.created_at, now)


def _host(line: Line, _now: int) -> str:
    return line.purchase.origin.authority


def _request(line: Line, _now: int) -> str:
    return f"{line.purchase.method} {line.purchase.path}"


def _amount(line: Line, _now: int) -> str:
    return line.purchase.amount.words()


def _fee(line: Line, _now: int) -> str:
    return NONE if line.purchase.fee is None else line.purchase.fee.words()


def _standing(line: Line, _now: int) -> str:
    return wording.standing(line.purchase)


def _uses(line: Line, _now: int) -> str:
    return NONE if line.token is None else str(line.token.uses)


def _each(line: Line, _now: int) -> str:
    each = line.each
    return NONE if each is None else each.words()


def _rail(line: Line, _now: int) -> str:
    return wording.rail(line.purchase) if line.purchase.rail is not None else NONE


COLUMNS = (
    Column("Time", _time, 124, TIME),
    Column("Host", _host, 136, HOST),
    Column("Request", _request, 136, REQUEST),
    Column("Price", _amount, 104, AMOUNT, is_figure=True),
    Column("Fee", _fee, 88, FEE, is_figure=True),
    Column("State", _standing, 136, STATE),
    Column("Uses", _uses, 56, USES, is_figure=True),
    Column("Per use", _each, 100, EACH, is_figure=True),
    Column("Paid by", _rail, 112, RAIL),
)
WHEN, WHERE, WHAT, STANDING = 0, 1, 2, 5
_MOST_TELLING_FIRST = (WHEN, 3, WHERE, STANDING, WHAT, 6, 7, 4, 8)
