"""Which stored wallet pays at which origin where no wallet is named: rows of the wallet book."""

from __future__ import annotations

import sqlite3


def of_wallet(connection: sqlite3.Connection, wallet_id: str) -> tuple[str, ...]:
    """The origins of a wallet, in alphabetical order."""
    rows = connection.execute("SELECT origin FROM wallet_hosts WHERE wallet = ? ORDER BY origin", (wallet_id,))
    return tuple(origin for (origin,) in rows.fetchall())


def wallet_for(connection: sqlite3.Connection, origin: str) -> sqlite3.Row | None:
    """The row of the wallet that pays there: the origin's own where it is connected, else the general default."""
    row = connection.execute(
        "SELECT wallets.* FROM wallets LEFT JOIN wallet_hosts ON wallet = id AND origin = ?"
        " WHERE is_connected AND NOT watch_only AND (origin IS NOT NULL OR is_default)"
        " ORDER BY origin IS NULL LIMIT 1",
        (origin,),
    ).fetchone()
    assert row is None or isinstance(row, sqlite3.Row)
    return row


def prefer(connection: sqlite3.Connection, origin: str, wallet_id: str | None) -> None:
    """Let this wallet pay there; None: no wallet of its own."""
    connection.execute("DELETE FROM wallet_hosts WHERE origin = ?", (origin,))
    if wallet_id is not None:
        connection.execute("INSERT INTO wallet_hosts (origin, wallet) VALUES (?, ?)", (origin, wallet_id))


def forget(connection: sqlite3.Connection, wallet_id: str) -> None:
    """Before a wallet is removed: whether the database minds references, its file alone decides."""
    connection.execute("DELETE FROM wallet_hosts WHERE wallet = ?", (wallet_id,))
