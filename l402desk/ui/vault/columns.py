"""What the token table shows of each token, column by column."""

from __future__ import annotations

from datetime import UTC, datetime

from l402desk.ui.widgets.columns import Column, kept
from l402desk.ui.widgets.countdown import time_left
from l402desk.vault.tokens import TokenState, TokenSummary
from l402desk.vault.wanted import OrderBy

EXPIRED = "expired"
_LAST_DAY = datetime(9999, 12, 30, tzinfo=UTC).timestamp()
_DAY = 86_400


def expiry(token: TokenSummary, now: int) -> str:
    """``59 min``, ``expired``, or ``never``."""
    if token.expires_at is None:
        return "never"
    left = token.expires_at - now
    return time_left(left) if left > 0 else EXPIRED


def standing(token: TokenSummary, _now: int) -> str:
    """What the last answer to it was, or what keeps it from being used."""
    if not token.is_intact:
        return "damaged"
    match token.state:
        case TokenState.UNDELIVERED:
            return "not delivered"
        case TokenState.REFUSED:
            return f"refused {token.last_status or ''}".strip()
        case TokenState.SPENT:
            return "used up"
        case TokenState.TRASHED:
            return "in the trash"
    return str(token.last_status) if token.last_status is not None else "not used yet"


def day_words(unix: int, now: int) -> str:
    """A moment, shortly, in the user's own time zone: ``12:03`` today, then ``21 Nov``, then ``2024-04-25``."""
    if not 0 <= unix <= _LAST_DAY:
        return str(unix)
    moment, today = datetime.fromtimestamp(unix).astimezone(), datetime.fromtimestamp(now).astimezone()
    if moment.date() == today.date():
        return moment.strftime("%H:%M")
    if moment.year == today.year or abs(now - unix) < 180 * _DAY:
        return f"{moment.day} {moment.strftime('%b')}"
    return moment.strftime("%Y-%m-%d")


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
    return kept(COLUMNS, _MOST_TELLING_FIRST, width)


def _service(token: TokenSummary, _now: int) -> str:
    return token.title or "token"


def _host(token: TokenSummary, _now: int) -> str:
    return token.origin.authority


def _scope(token: TokenSummary, _now: int) -> str:
    return f"{token.method} {token.scope}" if token.method else str(token.scope)


def _paid(token: TokenSummary, _now: int) -> str:
    return token.price.words() if token.price is not None else "—"


def _bought(token: TokenSummary, now: int) -> str:
    return day_words(token.bought_at, now)


def _uses(token: TokenSummary, _now: int) -> str:
    return str(token.uses)


COLUMNS = (
    Column("Service", _service, 112, OrderBy.SERVICE),
    Column("Host", _host, 124, OrderBy.HOST),
    Column("Scope", _scope, 98, OrderBy.SCOPE),
    Column("Paid", _paid, 92, OrderBy.PRICE, is_figure=True),
    Column("Bought", _bought, 98, OrderBy.BOUGHT),
    Column("Expires", expiry, 96, OrderBy.EXPIRY),
    Column("Uses", _uses, 58, OrderBy.USES, is_figure=True),
    Column("Last answer", standing, 112, OrderBy.RESULT),
)
BOUGHT, EXPIRES, STANDING = 4, 5, 7
_MOST_TELLING_FIRST = (0, EXPIRES, 1, STANDING, 3, 2, 6, BOUGHT)
