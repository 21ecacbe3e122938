"""Imported tokens that have no proof of payment yet: sealed, and moved into the vault when the proof turns up."""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.token import Token
from l402desk.store.database import Database
from l402desk.store.errors import SealBroken
from l402desk.store.schema import Schema, SealedColumn
from l402desk.store.seal import Seal
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import NewToken
from l402desk.vault.vault import Vault

SCHEMA = Schema(
    "awaiting",
    (
        """
        CREATE TABLE awaiting (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            payment_hash BLOB NOT NULL,
            title TEXT NOT NULL,
            note TEXT NOT NULL,
            source TEXT NOT NULL,
            origin TEXT NOT NULL,
            reach TEXT NOT NULL,
            path TEXT NOT NULL,
            scheme TEXT NOT NULL,
            price_msat INTEGER,
            created_at INTEGER NOT NULL,
            secret BLOB NOT NULL
        ) STRICT;
        CREATE INDEX awaiting_by_hash ON awaiting (payment_hash, origin);
        """,
    ),
    sealed=(SealedColumn("awaiting", "id", "secret"),),
    in_clear=("awaiting.payment_hash",),
)
_STAND_IN = Preimage(b"\x01" * 32)


@dataclass(frozen=True, slots=True)
class PendingToken:
    """A credential whose payment was begun elsewhere and may yet settle. ``created_at`` is unix seconds, None for now.

    Raises TokenError for a credential that no header can carry, ValueError for a path that no URL has.
    """

    scheme: str
    credential: str = field(repr=False)
    payment_hash: PaymentHash
    origin: Origin
    path: str
    reach: Reach
    source: str
    title: str = ""
    note: str = ""
    price: Msat | None = None
    created_at: int | None = None

    def __post_init__(self) -> None:
        Token(self.scheme, self.credential, _STAND_IN)
        Scope.of(self.reach, self.path)

    @property
    def scope(self) -> Scope:
        return Scope.of(self.reach, self.path)


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a list shows of a pending token: no credential. ``is_intact`` is False where its row was tampered with."""

    id: str
    payment_hash: str
    title: str
    note: str
    source: str
    origin: Origin
    scope: Scope
    scheme: str
    price: Msat | None
    created_at: int
    is_intact: bool = True


class Awaiting:
    """The pending tokens. ``clock`` gives unix seconds. Every method raises StoreError."""

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], float]) -> None:
        self._database = database
        self._seal = seal
        self._clock = clock
        self._vault = Vault(database, seal, clock)

    async def keep(self, pending: PendingToken) -> Awaited:
        """Seal it and commit it; the same credential for the same payment at the same origin is there only once.

        Another credential for that payment is kept beside it: which of them its server honours cannot be told, and
        an import must not be able to crowd out the right one.
        """

        def work(connection: sqlite3.Connection) -> Awaited:
            row = self._same(connection, pending)
            return self._awaited(self._insert(connection, pending) if row is None else row)

        return await self._database.write(work)

    async def list(self) -> list[Awaited]:
        """All of them, the newest first."""
        sql = "SELECT * FROM awaiting ORDER BY created_at DESC, number DESC"
        return await self._database.read(lambda connection: [self._awaited(row) for row in connection.execute(sql)])

    async def pending(self, awaited_id: str) -> PendingToken:
        """One of them whole, to carry it elsewhere. Raises NoSuchToken, and SealBroken."""
        return await self._database.read(lambda connection: self._pending(_row(connection, awaited_id)))

    async def redeem(self, preimage: Preimage) -> NewToken | None:
        """Move what this proof pays for into the vault, and say what it was; None where nothing waits for it.

        The vault has the token, committed, before the pending one is deleted, so a crash in between loses nothing and
        a second call is harmless. Raises SealBroken where all that waits for it was tampered with.
        """
        payment_hash = preimage.payment_hash().raw
        sql = "SELECT * FROM awaiting WHERE payment_hash = ? ORDER BY created_at DESC, number DESC"
        rows = await self._database.read(lambda connection: connection.execute(sql, (payment_hash,)).fetchall())
        redeemed: NewToken | None = None
        broken: SealBroken | None = None
        for row in rows:
            try:
                pending = self._pending(row)
            except SealBroken as error:
                broken = error
                continue
            new = _paid(pending, preimage)
            kept = await self._vault.keep(new)
            if pending.note and not kept.note:
                await self._vault.note(kept.id, pending.note)
            await self.forget(row["id"])
            redeemed = redeemed or new
        if redeemed is None and broken is not None:
            raise broken
        return redeemed

    async def forget(self, awaited_id: str) -> None:
        """Delete one for ever, and its bytes from the disk. Harmless where it is not there."""
        await self._database.write(
            lambda connection: connection.execute("DELETE FROM awaiting WHERE id = ?", (awaited_id,)).rowcount
        )
        await self._database.scrub()

    def _insert(self, connection: sqlite3.Connection, pending: PendingToken) -> sqlite3.Row:
        awaited_id = uuid.uuid4().hex
        scope = pending.scope
        values = {
            "id": awaited_id,
            "payment_hash": pending.payment_hash.raw,
            "title": pending.title,
            "note": pending.note,
            "source": pending.source,
            "origin": str(pending.origin),
            "reach": scope.reach,
            "path": scope.path,
            "scheme": pending.scheme,
            "price_msat": None if pending.price is None else pending.price.value,
            "created_at": int(self._clock()) if pending.created_at is None else pending.created_at,
            "secret": self._sealed(awaited_id, pending),
        }
        places = ", ".join(f":{name}" for name in values)
        connection.execute(f"INSERT INTO awaiting ({', '.join(values)}) VALUES ({places})", values)
        return _row(connection, awaited_id)

    def _sealed(self, awaited_id: str, pending: PendingToken) -> bytes:
        # Origin and payment hash are sealed with it: an edited column must send a token to no stranger.
        secret = {
            "scheme": pending.scheme,
            "credential": pending.credential,
            "payment_hash": pending.payment_hash.hex,
            "origin": str(pending.origin),
        }
        plain = json.dumps(secret, separators=(",", ":")).encode("utf-8")
        return self._seal.seal(plain, table="awaiting", row=awaited_id, column="secret")

    def _pending(self, row: sqlite3.Row) -> PendingToken:
        """Open a row. Raises SealBroken."""
        plain = self._seal.unseal(row["secret"], table="awaiting", row=row["id"], column="secret")
        secret = json.loads(plain)
        if secret["origin"] != row["origin"] or secret["payment_hash"] != row["payment_hash"].hex():
            raise SealBroken
        return PendingToken(
            secret["scheme"],
            secret["credential"],
            PaymentHash(row["payment_hash"]),
            Origin.of(row["origin"]),
            row["path"],
            Reach(row["reach"]),
            row["source"],
            title=row["title"],
            note=row["note"],
            price=_price(row),
            created_at=row["created_at"],
        )

    def _awaited(self, row: sqlite3.Row) -> Awaited:
        try:
            self._pending(row)
            is_intact = True
        except SealBroken:
            is_intact = False
        return Awaited(
            id=row["id"],
            payment_hash=row["payment_hash"].hex(),
            title=row["title"],
            note=row["note"],
            source=row["source"],
            origin=Origin.of(row["origin"]),
            scope=Scope(Reach(row["reach"]), row["path"]),
            scheme=row["scheme"],
            price=_price(row),
            created_at=row["created_at"],
            is_intact=is_intact,
        )

    def _same(self, connection: sqlite3.Connection, pending: PendingToken) -> sqlite3.Row | None:
        sql = "SELECT * FROM awaiting WHERE payment_hash = ? AND origin = ?"
        for row in connection.execute(sql, (pending.payment_hash.raw, str(pending.origin))).fetchall():
            try:
                kept = self._pending(row)
            except SealBroken:
                continue  # keep the sound one beside it
            if (kept.scheme, kept.credential) == (pending.scheme, pending.credential):
                assert isinstance(row, sqlite3.Row)
                return row
        return None


def _paid(pending: PendingToken, preimage: Preimage) -> NewToken:
    return NewToken(
        token=Token(pending.scheme, pending.credential, preimage),
        origin=pending.origin,
        path=pending.path,
        reach=pending.reach,
        title=pending.title,
        price=pending.price,
        bought_at=pending.created_at,
        source=pending.source,
    )


def _price(row: sqlite3.Row) -> Msat | None:
    return None if row["price_msat"] is None else Msat(row["price_msat"])


def _row(connection: sqlite3.Connection, awaited_id: str) -> sqlite3.Row:
    row = connection.execute("SELECT * FROM awaiting WHERE id = ?", (awaited_id,)).fetchone()
    if row is None:
        raise NoSuchToken(awaited_id)
    assert isinstance(row, sqlite3.Row)
    return row
