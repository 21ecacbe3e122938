"""What the token table shows of each token, column by column."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from l402desk.ui.widgets.countdown import time_left
from l402desk.vault.tokens import TokenState, TokenSummary

Cell = Callable[[TokenSummary, int], str]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, the cell's words at a moment (unix seconds), and whether it lines up on the right."""

    heading: str
    cell: Cell
    is_figure: bool = False


def expiry(token: TokenSummary, now: int) -> str:
    """``59 min``, ``expired``, or ``never``."""
    if token.expires_at is None:
        return "never"
    left = token.expires_at - now
    return time_left(left) if left > 0 else "expired"


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


def severity(token: TokenSummary, now: int) -> str:
    """``danger`` where it cannot be used, ``caution`` where something is owed, else nothing."""
    if not token.is_intact or token.state is TokenState.REFUSED or expiry(token, now) == "expired":
        return "danger"
    return "caution" if token.state is TokenState.UNDELIVERED else ""


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
    Column("Service", _service),
    Column("Host", _host),
    Column("Scope", _scope),
    Column("Paid", _paid, is_figure=True),
    Column("Expires", expiry),
    Column("Uses", _uses, is_figure=True),
    Column("Last answer", standing),
)
EXPIRES, STANDING = 4, 6
