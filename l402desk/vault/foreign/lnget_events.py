"""lnget's ``events.db``: what was paid to whom, as counts to show, and as what is known of a token by its payment hash.

``events(id, domain, url, method, payment_hash, amount_sat, fee_sat, status, error_message, duration_ms, content_type,
response_size, status_code, created_at, scheme)``; the status is success, failed or pending (lnget, events/types.go).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from l402desk.protocol.amount import MOST, MSAT_PER_SAT, Msat
from l402desk.protocol.text import visible
from l402desk.vault.foreign.entries import EntryRefused, History, ImportRefused
from l402desk.vault.foreign.moments import read_moment
from l402desk.vault.foreign.sqlite_file import SqliteFile, Value, opened, text_of, whole_number_of

_TABLE = "events"
_COLUMNS = ("domain", "url", "method", "payment_hash", "amount_sat", "fee_sat", "status", "status_code", "created_at")
_NEEDED = ("domain", "payment_hash", "amount_sat", "status")
_HASH = re.compile(r"[0-9a-f]{64}")
_METHOD = re.compile(r"[A-Z]{1,20}")


@dataclass(frozen=True, slots=True)
class Event:
    """What the events say of one payment. ``note`` tells of it in words, without the query of its URL."""

    url: str
    amount: Msat | None
    at: int | None
    note: str = ""
    uses: int = 0
    last_used_at: int | None = None
    last_status: int | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    domain: str
    url: str
    method: str
    payment_hash: str
    amount: int
    fee: int
    status: str
    status_code: int
    at: int | None


def is_events(database: SqliteFile) -> bool:
    return database.holds(_TABLE, *_NEEDED)


def read_events(file: Path) -> tuple[dict[str, Event], History]:
    """The payments by their hash, and the counts over all of them. Raises ImportRefused."""
    with opened(file) as database:
        if not is_events(database):
            raise ImportRefused(f"{database.name} holds no events of lnget.", "Name lnget's events.db.")
        rows = [row for found in database.rows(_TABLE, _COLUMNS) if (row := _row(found)) is not None]
    return {row.payment_hash: _event(row) for row in rows if row.status == "success"}, _history(rows)


def _row(found: dict[str, Value]) -> _Row | None:
    """None for a row that is no event of a payment."""
    try:
        text = {name: text_of(found.get(name), name) for name in ("domain", "url", "method", "payment_hash", "status")}
    except EntryRefused:
        return None
    payment_hash = text["payment_hash"].lower()
    if not _HASH.fullmatch(payment_hash):
        return None
    return _Row(
        text["domain"],
        text["url"],
        text["method"].upper(),
        payment_hash,
        _sats(found.get("amount_sat")),
        _sats(found.get("fee_sat")),
        text["status"],
        whole_number_of(found.get("status_code")) or 0,
        read_moment(found.get("created_at")),
    )


def _sats(value: Value) -> int:
    sats = whole_number_of(value) or 0
    return sats if sats <= MOST // MSAT_PER_SAT else 0


def _event(row: _Row) -> Event:
    method = row.method if _METHOD.fullmatch(row.method) else "GET"
    place = visible(row.url.partition("?")[0].partition("#")[0], 300)
    was_answered = 100 <= row.status_code <= 599
    return Event(
        url=row.url,
        amount=Msat.of_sats(row.amount) if row.amount else None,
        at=row.at,
        note=f"lnget bought it for {method} {place}." if place else "",
        uses=int(was_answered),
        last_used_at=row.at if was_answered else None,
        last_status=row.status_code if was_answered else None,
    )


def _history(rows: Iterable[_Row]) -> History:
    paid = {row.payment_hash: row for row in rows if row.status == "success"}
    return History(
        payments=len(paid),
        failed=sum(row.status == "failed" for row in rows),
        hosts=len({row.domain for row in paid.values()}),
        spent=_sum(row.amount for row in paid.values()),
        fees=_sum(row.fee for row in paid.values()),
    )


def _sum(sats: Iterable[int]) -> Msat:
    return Msat(min(sum(sats) * MSAT_PER_SAT, MOST))
