"""Which held token a request is sent with, and which ones could be sent if the user said so."""

from __future__ import annotations

import sqlite3
from itertools import takewhile

from l402desk.protocol.origin import Origin
from l402desk.store.errors import SealBroken
from l402desk.vault.rows import Rows, scope_of
from l402desk.vault.scope import starting_points
from l402desk.vault.tokens import RESTRICTED, SENDABLE, HeldToken, TokenState, TokenSummary

MOST_CANDIDATES = 20
_MOST_LOOKED_AT = 1_000
_FIND = (
    "SELECT * FROM tokens WHERE origin = :origin AND path = :path"
    " AND (state IN ('usable', 'undelivered') OR (state = 'refused' AND last_status = 402))"
    " AND (method IS NULL OR method = :method) AND (expires_at IS NULL OR expires_at > :now)"
    " ORDER BY rank DESC, bought_at DESC, number DESC"
)
_OTHERS = (
    "SELECT number, reach, path, method FROM tokens WHERE origin = :origin AND state IN ('usable', 'undelivered')"
    " AND (expires_at IS NULL OR expires_at > :now) ORDER BY bought_at DESC, number DESC LIMIT :most"
)


def find(
    connection: sqlite3.Connection, rows: Rows, origin: Origin, path: str, method: str, now: float
) -> HeldToken | None:
    """The token to send there by itself, as `Vault.find` says. Raises SealBroken."""
    broken: SealBroken | None = None
    copy: HeldToken | None = None
    refused: HeldToken | None = None
    values = {"origin": str(origin), "method": method, "now": now}
    for point in starting_points(path):
        for row in connection.execute(_FIND, {**values, "path": point}):
            if not scope_of(row).covers(path):
                continue
            try:
                held = rows.held(row)
            except SealBroken as error:
                broken = error
                continue
            if TokenState(row["state"]) not in SENDABLE:
                refused = refused or held
            elif row["source"] == RESTRICTED:
                copy = copy or held
            else:
                return held
    found = copy or refused
    if found is None and broken is not None:
        raise broken
    return found


def candidates(
    connection: sqlite3.Connection, rows: Rows, origin: Origin, path: str, method: str, now: float
) -> list[TokenSummary]:
    """Sound tokens of this origin that are not sent there by themselves, those of a place near by first."""
    values = {"origin": str(origin), "now": now, "most": _MOST_LOOKED_AT}
    others = [
        row
        for row in connection.execute(_OTHERS, values)
        if not (scope_of(row).covers(path) and row["method"] in (None, method))
    ]
    others.sort(key=lambda row: _shared(row["path"], path), reverse=True)
    found: list[TokenSummary] = []
    for other in others:
        row = connection.execute("SELECT * FROM tokens WHERE number = ?", (other["number"],)).fetchone()
        summary = rows.summary(row)
        if summary.is_intact:
            found.append(summary)
        if len(found) == MOST_CANDIDATES:
            break
    return found


def _shared(one: str, other: str) -> int:
    """How many segments two paths begin with alike."""
    return sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one.split("/"), other.split("/"), strict=False))
    )
