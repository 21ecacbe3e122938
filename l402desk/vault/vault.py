"""The vault: paid tokens, sealed one by one, found by the URL they open and sent home only."""

from __future__ import annotations

import sqlite3
import uuid
from array import array
from collections.abc import Callable, Sequence

from l402desk.protocol.origin import Origin, path_of
from l402desk.protocol.token import Token
from l402desk.store.database import Database
from l402desk.store.errors import SealBroken
from l402desk.store.seal import Seal
from l402desk.vault import finding, listing, uses
from l402desk.vault.anatomy import Anatomy, anatomy_of
from l402desk.vault.errors import Forgotten, NoSuchToken
from l402desk.vault.rows import SCHEMA, Rows, rank_of
from l402desk.vault.scope import Scope
from l402desk.vault.tokens import MOST_NOTE, MOST_TITLE, HeldToken, NewToken, TokenState, TokenSummary, TokenUse
from l402desk.vault.wanted import NEWEST_FIRST, Order, Shelf, Wanted

__all__ = ["SCHEMA", "Vault"]


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
        origin. Raises Forgotten where the user deleted the token of this purchase for ever.
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
        path, method, now = path_of(url), method.upper(), self._clock()
        return await self._database.read(
            lambda connection: finding.find(connection, self._rows, origin, path, method, now)
        )

    async def candidates(self, url: str, method: str) -> list[TokenSummary]:
        """Tokens of the same origin that could save a payment there, were they sent: sound, good and not expired.

        `find` does not send them by itself, because they are for another path or method; those of a place near by come
        first. Empty where no token may travel. Raises OriginError for no URL.
        """
        origin = Origin.of(url)
        if not origin.is_private_enough:
            return []
        path, method, now = path_of(url), method.upper(), self._clock()
        return await self._database.read(
            lambda connection: finding.candidates(connection, self._rows, origin, path, method, now)
        )

    async def hold(self, token_id: str) -> HeldToken:
        """One token for sending, at the user's own word. Raises SealBroken, and NoSuchToken for one in the trash."""

        def work(connection: sqlite3.Connection) -> HeldToken:
            row = _row(connection, token_id)
            if row["state"] == TokenState.TRASHED:
                raise NoSuchToken(token_id)
            return self._rows.held(row)

        return await self._database.read(work)

    async def list(
        self,
        search: str = "",
        *,
        limit: int = 200,
        offset: int = 0,
        trashed: bool = False,
        order: Order = NEWEST_FIRST,
    ) -> list[TokenSummary]:
        """Summaries whose title, host, path or note contains ``search``; the trash on request."""
        wanted, now = Wanted(search, Shelf.TRASH if trashed else Shelf.ALL, order), int(self._clock())
        return await self._database.read(
            lambda connection: [self._rows.summary(row) for row in listing.rows(connection, wanted, now, limit, offset)]
        )

    async def count(self, search: str = "", *, trashed: bool = False) -> int:
        """How many summaries ``list`` would give without a limit."""
        wanted, now = Wanted(search, Shelf.TRASH if trashed else Shelf.ALL), int(self._clock())
        return await self._database.read(lambda connection: listing.count(connection, wanted, now))

    async def numbers(self, wanted: Wanted) -> array[int]:
        """The row numbers of all that is wanted, in order: a list of 100,000 without opening one of them."""
        now = int(self._clock())
        return await self._database.read(lambda connection: listing.numbers(connection, wanted, now))

    async def number_of(self, purchase_id: str) -> tuple[int, TokenState] | None:
        """The row number of the token of a purchase, and its state; None where the vault holds none."""

        def work(connection: sqlite3.Connection) -> tuple[int, TokenState] | None:
            sql = "SELECT number, state FROM tokens WHERE purchase_id = ?"
            row = connection.execute(sql, (purchase_id,)).fetchone()
            return None if row is None else (row["number"], TokenState(row["state"]))

        return await self._database.read(work)

    async def tally(self) -> dict[Shelf, int]:
        """How many tokens stand on each shelf."""
        now = int(self._clock())
        return await self._database.read(lambda connection: listing.tally(connection, now))

    async def page(self, numbers: Sequence[int]) -> dict[int, TokenSummary]:
        """The summaries of these rows, a few hundred at most, by row number; those that are gone are left out."""
        picked = [*numbers]
        return await self._database.read(
            lambda connection: {row["number"]: self._rows.summary(row) for row in listing.rows_of(connection, picked)}
        )

    async def summary(self, token_id: str) -> TokenSummary:
        return await self._database.read(lambda connection: self._rows.summary(_row(connection, token_id)))

    async def reveal(self, token_id: str) -> Token:
        """The token itself, secrets and all. Raises SealBroken."""
        return await self._database.read(lambda connection: self._rows.token(_row(connection, token_id)))

    async def anatomy(self, token_id: str) -> Anatomy:
        """The token taken apart, without its secrets. Raises SealBroken."""
        return anatomy_of(await self.reveal(token_id))

    async def record_use(
        self, token_id: str, status: int, at: int, *, method: str = "", path: str = ""
    ) -> TokenSummary:
        """Count one request made with the token, and the HTTP status it got; ``at`` is unix seconds."""
        use = TokenUse(at, method, path, status)

        def work(connection: sqlite3.Connection) -> TokenSummary:
            uses.record(connection, token_id, use)
            return self._rows.summary(_row(connection, token_id))

        return await self._database.write(work)

    async def uses(self, token_id: str, limit: int = 100) -> Sequence[TokenUse]:
        """The newest requests made with the token, the newest first; `uses.MOST_USES` are remembered."""
        return await self._database.read(
            lambda connection: uses.newest(connection, _row(connection, token_id)["number"], limit)
        )

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
        """Give the token another name, at most `MOST_TITLE` characters of it."""
        sql = "UPDATE tokens SET title = :title WHERE id = :id"
        return await self._change(token_id, sql, title=title.strip()[:MOST_TITLE])

    async def note(self, token_id: str, text: str) -> TokenSummary:
        """Write the user's own words on the token, at most `MOST_NOTE` characters; they are searched, not sealed."""
        sql = "UPDATE tokens SET note = :note WHERE id = :id"
        return await self._change(token_id, sql, note=text.strip()[:MOST_NOTE] or None)

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
        """The user deletes a token from the trash for ever, its history and its bytes on the disk too.

        What the ledger keeps of its purchase does not bring it back: `keep` raises Forgotten. Raises ValueError for one
        that is not in the trash.
        """

        def work(connection: sqlite3.Connection) -> None:
            row = _row(connection, token_id)
            if row["state"] != TokenState.TRASHED:
                raise ValueError("only a token in the trash can be forgotten")
            connection.execute("DELETE FROM tokens WHERE id = ?", (token_id,))
            if row["purchase_id"] is not None:
                mark = (row["purchase_id"], int(self._clock()))
                connection.execute("INSERT OR IGNORE INTO forgotten (purchase_id, at) VALUES (?, ?)", mark)

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
            _refuse_forgotten(connection, new)
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


def _row(connection: sqlite3.Connection, token_id: str) -> sqlite3.Row:
    row = connection.execute("SELECT * FROM tokens WHERE id = ?", (token_id,)).fetchone()
    if row is None:
        raise NoSuchToken(token_id)
    return _typed(row)


def _typed(row: object) -> sqlite3.Row:
    assert isinstance(row, sqlite3.Row)
    return row


def _refuse_forgotten(connection: sqlite3.Connection, new: NewToken) -> None:
    sql = "SELECT 1 FROM forgotten WHERE purchase_id = ?"
    if new.purchase_id is not None and connection.execute(sql, (new.purchase_id,)).fetchone() is not None:
        raise Forgotten(new.purchase_id)
