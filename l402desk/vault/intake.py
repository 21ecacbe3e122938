"""Imported tokens taken into the vault: each once, with its history, and nothing of the user's own overwritten."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from l402desk.store.database import Database
from l402desk.vault.awaiting import Awaited, Awaiting, PendingToken
from l402desk.vault.carried import Carried
from l402desk.vault.tokens import TokenSummary
from l402desk.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an import: ``kept`` and ``awaited`` are new; ``known`` were there before, ``paid`` too: those are
    pending ones whose token the vault holds already.
    """

    kept: tuple[TokenSummary, ...]
    known: tuple[TokenSummary, ...]
    awaited: tuple[Awaited, ...]
    awaited_known: tuple[Awaited, ...]
    paid: tuple[PendingToken, ...]


class Intake:
    """Where imports come in. ``clock`` gives unix seconds.

    Raises StoreError; after any failure once more is harmless.
    """

    def __init__(self, database: Database, vault: Vault, awaiting: Awaiting, clock: Callable[[], float]) -> None:
        self._database = database
        self._vault = vault
        self._awaiting = awaiting
        self._clock = clock

    async def take(self, tokens: Iterable[Carried], pending: Iterable[PendingToken] = ()) -> Taken:
        """Keep all of them, each committed by itself, in their order."""
        kept: dict[str, TokenSummary] = {}
        known: dict[str, TokenSummary] = {}
        before = await self._database.read(_ids)
        for carried in tokens:
            summary = await self._keep(carried, before)
            (known if summary.id in before else kept)[summary.id] = summary
        awaited: dict[str, Awaited] = {}
        awaited_known: dict[str, Awaited] = {}
        paid: list[PendingToken] = []
        waiting = {awaited.id for awaited in await self._awaiting.list()}
        for open_one in pending:
            if await self._holds(open_one):
                paid.append(open_one)
                continue
            entry = await self._awaiting.keep(self._dated_pending(open_one))
            (awaited_known if entry.id in waiting else awaited)[entry.id] = entry
        return Taken(
            tuple(kept.values()),
            tuple(known.values()),
            tuple(awaited.values()),
            tuple(awaited_known.values()),
            tuple(paid),
        )

    async def _keep(self, carried: Carried, before: frozenset[str]) -> TokenSummary:
        summary = await self._vault.keep(self._dated(carried).token)
        if carried.note and not summary.note:
            summary = await self._vault.note(summary.id, carried.note)
        if (carried.uses or carried.last_used_at) and not summary.uses:
            await self._database.write(lambda connection: _write_uses(connection, summary.id, carried))
            summary = await self._vault.summary(summary.id)
        if carried.is_trashed and summary.id not in before:
            summary = await self._vault.trash(summary.id)
        return summary

    def _dated(self, carried: Carried) -> Carried:
        """No purchase was made in the future, whatever the file says: it would stand first in every list for ever."""
        bought_at = carried.token.bought_at
        if bought_at is None or bought_at <= self._clock():
            return carried
        return replace(carried, token=replace(carried.token, bought_at=None))

    def _dated_pending(self, pending: PendingToken) -> PendingToken:
        created_at = pending.created_at
        return pending if created_at is None or created_at <= self._clock() else replace(pending, created_at=None)

    async def _holds(self, pending: PendingToken) -> bool:
        """Is the token of this payment in the vault already, its proof with it?"""
        sql = "SELECT id FROM tokens WHERE payment_hash = ? AND origin = ?"
        values = (pending.payment_hash.raw, str(pending.origin))
        ids = await self._database.read(lambda connection: [row[0] for row in connection.execute(sql, values)])
        for token_id in ids:
            if (await self._vault.summary(token_id)).is_intact:
                token = await self._vault.reveal(token_id)
                if token.credential == pending.credential:
                    return True
        return False


def _ids(connection: sqlite3.Connection) -> frozenset[str]:
    return frozenset(row[0] for row in connection.execute("SELECT id FROM tokens"))


def _write_uses(connection: sqlite3.Connection, token_id: str, carried: Carried) -> None:
    """What another store counted; the single requests are not known, so the history of uses stays empty."""
    connection.execute(
        "UPDATE tokens SET uses = :uses, last_used_at = :at, last_status = :status WHERE id = :id AND uses = 0",
        {"uses": carried.uses, "at": carried.last_used_at, "status": carried.last_status, "id": token_id},
    )
