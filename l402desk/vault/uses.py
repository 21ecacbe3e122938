"""The history of a token: which requests were made with it, and what the server answered."""

from __future__ import annotations

import sqlite3

from l402desk.vault.tokens import TokenUse

MOST_USES = 1_000
"""Uses remembered of one token, the newest; their number is counted beyond that."""
MOST_PATH = 2_048


def record(connection: sqlite3.Connection, token_id: str, use: TokenUse) -> None:
    """Count a use, and remember it; the oldest beyond `MOST_USES` is forgotten."""
    connection.execute(
        "UPDATE tokens SET uses = uses + 1, last_status = :status, last_used_at = :at WHERE id = :id",
        {"status": use.status, "at": use.at, "id": token_id},
    )
    path = use.path.partition("?")[0].partition("#")[0][:MOST_PATH]  # a query may hold a secret
    connection.execute(
        "INSERT INTO token_uses (token, at, method, path, status)"
        " SELECT number, :at, :method, :path, :status FROM tokens WHERE id = :id",
        {"at": use.at, "method": use.method, "path": path, "status": use.status, "id": token_id},
    )
    connection.execute(
        "DELETE FROM token_uses WHERE token = (SELECT number FROM tokens WHERE id = :id) AND number <="
        " (SELECT u.number FROM token_uses u JOIN tokens t ON t.number = u.token WHERE t.id = :id"
        " ORDER BY u.number DESC LIMIT 1 OFFSET :most)",
        {"id": token_id, "most": MOST_USES},
    )


def newest(connection: sqlite3.Connection, number: int, limit: int) -> list[TokenUse]:
    """The newest uses of the token in this row, the newest first."""
    sql = "SELECT at, method, path, status FROM token_uses WHERE token = ? ORDER BY number DESC LIMIT ?"
    return [TokenUse(*row) for row in connection.execute(sql, (number, limit))]
