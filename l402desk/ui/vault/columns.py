"""What the token table shows of each token, column by column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from l402desk.ui.widgets.countdown import time_left
from l402desk.vault.tokens import TokenState, TokenSummary

EXPIRED = "expired"
Cell = Callable[[TokenSummary, int], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, the cell's words at a moment (unix seconds), its first width in logical pixels, its side."""

    heading: str
    cell: Cell
    width: int
    is_figure: bool = False


def expiry(token: TokenSummary, now: int) -> str:
    """``59 min``, ``expired``, or ``never``."""
    if token.expires_at is None:
        return "never"
    left = token.expires_at - now
    return time_left(left) if left > 0 else EXPIRED


def standing(token: TokenSummary, now: int) -> str:
    """What the last answer to it was, or what keeps it from being used."""
    if not token.is_intact:
        return "damaged: not sent"
    if token.state is TokenState.UNDELIVERED:
        return "not delivered yet"
    if token.state is TokenState.REFUSED:
        return f"refused {token.last_status or ''}".strip()
    if token.state is TokenState.SPENT:
        return "used up"
    return str(token.last_status) if token.last_status is not None else "not used yet"


def severity(token: TokenSummary, column: int, now: int) -> str:
    """``danger`` where a cell says why the token cannot be used, ``caution`` where something is owed, else nothing."""
    if column == EXPIRES:
        return "danger" if expiry(token, now) == EXPIRED else ""
    if column != STANDING:
        return ""
    if not token.is_intact or token.state is TokenState.REFUSED:
        return "danger"
    return "caution" if token.state is TokenState.UNDELIVERED else ""


def fitting(width: int) -> frozenset[int]:
    """The columns that have room in ``width`` logical pixels, the most telling ones first; always one at least."""
    shown: set[int] = set()
    for column in _MOST_TELLING_FIRST:
        width -= COLUMNS[column].width
        if width < 0 and shown:
            break
        shown.add(column)
    return frozenset(shown)


def _service(token: TokenSummary, _now: int) -> str:
    return token.title or "token"


def _host(token: TokenSummary, _now: int) -> str:
    return token.origin.authority


def _scope(token: TokenSummary, _now: int) -> str:
    return str(token.scope)


def _paid(token: TokenSummary, _now: int) -> str:
    return token.price.words() if token.price is not None else "—"


def _uses(token: TokenSummary, _now: int) -> str:
    return str(token.uses)


COLUMNS = (
    Column("Service", _service, 124),
    Column("Host", _host, 160),
    Column("Scope", _scope, 120),
    Column("Paid", _paid, 112, is_figure=True),
    Column("Expires", expiry, 96),
    Column("Uses", _uses, 64, is_figure=True),
    Column("Last answer", standing, 120),
)
EXPIRES, STANDING = 4, 6
_MOST_TELLING_FIRST = (0, EXPIRES, 1, STANDING, 3, 2, 5)
