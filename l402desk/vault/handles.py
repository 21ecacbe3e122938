"""The beginning of an id, as people type it, and the one token it stands for."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

from l402desk.store.database import Database
from l402desk.vault.errors import NoSuchToken

_ID = re.compile(r"[0-9a-f]{1,32}")
_FOUND = (
    "SELECT id, 0 FROM tokens WHERE id >= :first AND id < :after"
    " UNION ALL SELECT id, 1 FROM awaiting WHERE id >= :first AND id < :after LIMIT 2"
)


class AmbiguousToken(LookupError):  # noqa: N818 - named for what happened
    """More than one token's id begins like this."""


@dataclass(frozen=True, slots=True)
class Handle:
    """The whole id, and whether it is that of a token which waits for its proof."""

    id: str
    is_pending: bool


async def resolve(database: Database, beginning: str) -> Handle:
    """Raises NoSuchToken, AmbiguousToken and StoreError."""
    text = beginning.lower()
    if not _ID.fullmatch(text):
        raise NoSuchToken(beginning)

    def work(connection: sqlite3.Connection) -> list[Handle]:
        rows = connection.execute(_FOUND, {"first": text, "after": text + "g"})  # "g" follows every hex digit
        return [Handle(row[0], bool(row[1])) for row in rows]

    found = await database.read(work)
    if not found:
        raise NoSuchToken(beginning)
    if len(found) > 1:
        raise AmbiguousToken(beginning)
    return found[0]
