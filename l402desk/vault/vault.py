"""The vault: paid tokens, sealed one by one, found by the URL they open and sent home only."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable

from l402desk.protocol.origin import Origin, path_of
from l402desk.protocol.token import Token
from l402desk.store.database import Database
from l402desk.store.errors import SealBroken
from l402desk.store.seal import Seal
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.rows import SCHEMA, Rows, rank_of, scope_of
from l402desk.vault.scope import Scope, starting_points
from l402desk.vault.tokens import SENDABLE, HeldToken, NewToken, TokenState, TokenSummary

__all__ = ["SCHEMA", "Vault"]

_FIND = (
    "SELECT * FROM tokens WHERE origin = :origin AND path = :path"
    " AND (state IN ('usable', 'undelivered') OR (state = 'refused' AND last_status = 402))"
    " AND (method IS NULL OR method = :method) AND (expires_at IS NULL OR expires_at > :now)"
    " ORDER BY rank DESC, bought_at DESC, number DESC"
)
_MATCHING = (
    " FROM tokens WHERE (state = 'trashed') = :trashed AND (title LIKE :like ESCAPE '\\'"
    " OR origin LIKE :like ESCAPE '\\' OR path LIKE :like ESCAPE '\\')"
)


class Vault:
    """Every token that was bought or imported. Nothing here deletes a paid one unless the user says so (law
    7).

    ``clock`` gives unix seconds. Every method raises StoreError; those that take an id raise NoSuchToken.
    """

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], float]) -> None:
        self._database = database
        self._rows = Rows(seal)
        self._clock = clock

    async def keep(self, new: NewToken) -> TokenSummary:
        """Seal a token and commit it. Keeping the same one again gives the row that is there already.

        The same is: of the same purchase, or the same credential with the same payment hash at the same
        origin.
        """
        return await self._database.write(lambda connection: self._keep(connection, new))

    async def find(self, url: str, method: str) -> HeldToken | None:
        """The best token to send there: most specific scope first, then the newest; never an expired one.

        One that was answered with 402 comes last and not never: it may be good for another query or another day, and
        asking with it brings the same challenge as asking without (law 7).

        None too for plain http, unless it is this machine or a hidden service. Raises OriginError for no URL,
        and SealBroken when every token that fits was tampered with.
        """
        origin = Origin.of(url)
        if not origin.is_private_enough:
            return None
        path = path_of(url)
        return await self._database.read(lambda connection: self._find(connection, origin, path, method.upper()))

    async def list(
        self, search: str = "", *, limit: int = 200, offset: int = 0, trashed: bool = False
    ) -> list[TokenSummary]:
        """Summaries whose title, host or path contains ``search``, the newest first; the trash on request."""
        sql = f"SELECT *{_MATCHING} ORDER BY bought_at DESC, number DESC LIMIT :limit OFFSET :offset"
        values = {**_matching(search, trashed), "limit": limit, "offset": offset}
        return await self._database.read(
            lambda connection: [self._rows.summary(row) for row in connection.execute(sql, values)]
        )

    async def count(self, search: str = "", *, trashed: bool = False) -> int:
        """How many summaries ``list`` would give without a limit."""
        sql, values = f"SELECT count(*){_MATCHING}", _matching(search, trashed)
        return await self._database.read(lambda connection: int(connection.execute(sql, values).fetchone()[0]))

    async def summary(self, token_id: str) -> TokenSummary:
        return await self._database.read(lambda connection: self._rows.summary(_row(connection, token_id)))

    async def reveal(self, token_id: str) -> Token:
        """The token itself, secrets and all. Raises SealBroken."""
        return await self._database.read(lambda connection: self._rows.token(_row(connection, token_id)))

    async def record_use(self, token_id: str, status: int, at: int) -> TokenSummary:
        """Count one request made with the token, and the HTTP status it got; ``at`` is unix seconds."""
        sql = "UPDATE tokens SET uses = uses + 1, last_status = :status, last_used_at = :at WHERE id = :id"
        return await self._change(token_id, sql, status=status, at=at)

    async def mark(self, token_id: str, state: TokenState) -> TokenSummary:
        """Write down what became of the token. The trash is for ``trash``; a token in it stays there."""
        if state is TokenState.TRASHED:
            raise ValueError("only trash() puts a token in the trash")
        sql = (
            "UPDATE tokens SET state = iif(state = 'trashed', state, :state),"
            " state_before_trash = iif(state = 'trashed', :state, NULL) WHERE id = :id"
        )
        return await self._change(token_id, sql, state=state)

    async def rename(self, token_id: str, title: str) -> TokenSummary:
        return await self._change(token_id, "UPDATE tokens SET title = :title WHERE id = :id", title=title)

    async def set_scope(self, token_id: str, scope: Scope, method: str | None = None) -> TokenSummary:
        """Let the token go further, or less far, within its own origin. ``method`` None means any."""
        sql = "UPDATE tokens SET reach = :reach, path = :path, method = :method, rank = :rank WHERE id = :id"
        method = None if method is None else method.upper()
        rank = rank_of(scope, method)
        return await self._change(token_id, sql, reach=scope.reach, path=scope.path, method=method, rank=rank)

    async def trash(self, token_id: str) -> TokenSummary:
        """The user puts the token away; it is no longer sent and can be brought back."""
        sql = "UPDATE tokens SET state_before_trash = state, state = 'trashed' WHERE id = :id AND state != 'trashed'"
        return await self._change(token_id, sql)

    async def restore(self, token_id: str) -> TokenSummary:
        """Back from the trash, as it was."""
        sql = (
            "UPDATE tokens SET state = coalesce(state_before_trash, 'usable'), state_before_trash = NULL"
            " WHERE id = :id AND state = 'trashed'"
        )
        return await self._change(token_id, sql)

    async def forget(self, token_id: str) -> None:
        """The user deletes a token from the trash for ever, and its bytes from the disk.

        Raises ValueError for one that is not in the trash.
        """

        def work(connection: sqlite3.Connection) -> None:
            if _row(connection, token_id)["state"] != TokenState.TRASHED:
                raise ValueError("only a token in the trash can be forgotten")
            connection.execute("DELETE FROM tokens WHERE id = ?", (token_id,))

        await self._database.write(work)
        await self._database.scrub()

    async def _change(self, token_id: str, sql: str, **values: object) -> TokenSummary:
        def work(connection: sqlite3.Connection) -> TokenSummary:
            connection.execute(sql, {**values, "id": token_id})
            return self._rows.summary(_row(connection, token_id))

        return await self._database.write(work)

    def _keep(self, connection: sqlite3.Connection, new: NewToken) -> TokenSummary:
        row = self._same(connection, new)
        if row is None:
            token_id = uuid.uuid4().hex
            self._rows.insert(connection, token_id, new, int(self._clock()))
            row = _row(connection, token_id)
        return self._rows.summary(row)

    def _same(self, connection: sqlite3.Connection, new: NewToken) -> sqlite3.Row | None:
        payment_hash = new.token.preimage.payment_hash().raw
        sql = "SELECT * FROM tokens WHERE payment_hash = ? OR purchase_id = ?"
        for row in connection.execute(sql, (payment_hash, new.purchase_id)).fetchall():
            if new.purchase_id is not None and row["purchase_id"] == new.purchase_id:
                return _typed(row)
            try:
                same = self._rows.token(row) == new.token
            except SealBroken:
                continue  # it was tampered with: keep the sound one beside it
            if same and row["origin"] == str(new.origin):
                return _typed(row)
        return None

    def _find(self, connection: sqlite3.Connection, origin: Origin, path: str, method: str) -> HeldToken | None:
        broken: SealBroken | None = None
        refused: HeldToken | None = None
        values = {"origin": str(origin), "method": method, "now": self._clock()}
        for point in starting_points(path):
            for row in connection.execute(_FIND, {**values, "path": point}):
                if not scope_of(row).covers(path):
                    continue
                try:
                    held = self._rows.held(row)
                except SealBroken as error:
                    broken = error
                    continue
                if TokenState(row["state"]) in SENDABLE:
                    return held
                refused = refused or held
        if refused is None and broken is not None:
            raise broken
        return refused


def _row(connection: sqlite3.Connection, token_id: str) -> sqlite3.Row:
    row = connection.execute("SELECT * FROM tokens WHERE id = ?", (token_id,)).fetchone()
    if row is None:
        raise NoSuchToken(token_id)
    return _typed(row)


def _typed(row: object) -> sqlite3.Row:
    assert isinstance(row, sqlite3.Row)
    return row


def _matching(search: str, trashed: bool) -> dict[str, object]:
    literal = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"like": f"%{literal}%", "trashed": trashed}
