"""What the ledger can be asked: purchases by id, by hash, by what is still owed; and the sealed part of one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from l402desk.ledger.errors import NoSuchPurchase
from l402desk.ledger.purchases import Intent, Purchase, PurchaseSecrets
from l402desk.ledger.rows import Rows, purchase_of
from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.store.database import Database
from l402desk.store.seal import Seal

IS_OPEN = "state IN ('intent', 'submitted', 'unknown', 'paid-without-proof')"
FAILED_LATELY_S = 48 * 3600
"""For how long a wallet's "failed" is doubted once more: an invoice lives a day at most as a rule."""


class Questions:
    """Nothing here changes anything. Every method raises StoreError; those that take an id raise NoSuchPurchase."""

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], float]) -> None:
        self._database = database
        self._rows = Rows(seal)
        self._clock = clock

    async def get(self, purchase_id: str) -> Purchase:
        return await self._database.read(lambda connection: purchase_by_id(connection, purchase_id))

    async def by_hash(self, payment_hash: PaymentHash) -> Purchase | None:
        found = await self._select("WHERE payment_hash = ?", payment_hash.raw)
        return found[0] if found else None

    async def open_purchases(self) -> list[Purchase]:
        """Whose money may be on its way, the oldest first: what start-up looks up."""
        return await self._select(f"WHERE {IS_OPEN} ORDER BY number")

    async def settled_at(self, origin: Origin, path: str) -> int:
        """How many purchases of this thing were ever paid for: whoever is to pay compares it with what it was."""
        return await self._database.read(lambda connection: count_settled(connection, origin, path))

    async def open_at(self, origin: Origin, path: str) -> Purchase | None:
        """The newest open purchase of the same thing, whatever the method."""
        found = await self._select(
            f"WHERE origin = ? AND path = ? AND {IS_OPEN} ORDER BY number DESC LIMIT 1", str(origin), path
        )
        return found[0] if found else None

    async def doubtful_failures(self) -> list[Purchase]:
        """Called failed by a wallet, lately, and not looked up since their invoice ran out: wallets have been wrong."""
        return await self._select(
            "WHERE state = 'failed' AND claimed_at > ? AND coalesce(looked_up_at, 0) < expires_at + 120"
            " AND expires_at + 120 < ? ORDER BY number",
            self._now() - FAILED_LATELY_S,
            self._now(),
        )

    async def offered_before(self, intent: Intent) -> Purchase | None:
        """The newest other invoice for the same request that was shown and can still be paid by phone."""
        found = await self._select(
            "WHERE state = 'offered' AND origin = ? AND path = ? AND method = ? AND payment_hash != ?"
            " AND expires_at > ? ORDER BY number DESC LIMIT 1",
            str(intent.origin),
            intent.path,
            intent.method.upper(),
            intent.payment_hash.raw,
            self._now(),
        )
        return found[0] if found else None

    async def undelivered(self) -> list[Purchase]:
        """Paid, proven, and not delivered yet, the oldest first: the token is kept, and sent again for free."""
        return await self._select("WHERE state = 'settled' AND delivery = 'undelivered' ORDER BY number")

    async def history(self, *, limit: int = 200, offset: int = 0) -> list[Purchase]:
        """The newest first."""
        return await self._select("ORDER BY number DESC LIMIT ? OFFSET ?", limit, offset)

    async def last_price(self, origin: Origin, path: str, method: str) -> Msat | None:
        """What the same request cost when it was paid for last."""
        found = await self._select(
            "WHERE origin = ? AND path = ? AND method = ? AND state = 'settled'"
            " ORDER BY settled_at DESC, number DESC LIMIT 1",
            str(origin),
            path,
            method.upper(),
        )
        return found[0].amount if found else None

    async def preimage(self, purchase_id: str) -> Preimage | None:
        """The proof, once there is one. Raises SealBroken."""
        return await self._database.read(lambda connection: self._rows.preimage(row_of(connection, purchase_id)))

    async def secrets(self, purchase_id: str) -> PurchaseSecrets:
        """URL, credential, request and proof: what it takes to go on after a crash. Raises SealBroken."""
        return await self._database.read(lambda connection: self._rows.secrets(row_of(connection, purchase_id)))

    async def exchange(self, purchase_id: str) -> bytes | None:
        """What was said on both sides, as it was written down. Raises SealBroken."""
        return await self._database.read(lambda connection: self._rows.exchange(row_of(connection, purchase_id)))

    def _now(self) -> int:
        return int(self._clock())

    async def _select(self, clause: str, *values: object) -> list[Purchase]:
        sql = f"SELECT * FROM purchases {clause}"
        return await self._database.read(
            lambda connection: [purchase_of(row) for row in connection.execute(sql, values)]
        )


def count_settled(connection: sqlite3.Connection, origin: Origin, path: str) -> int:
    sql = "SELECT count(*) FROM purchases WHERE origin = ? AND path = ? AND state = 'settled'"
    return int(connection.execute(sql, (str(origin), path)).fetchone()[0])


def row_of(connection: sqlite3.Connection, purchase_id: str) -> sqlite3.Row:
    """Raises NoSuchPurchase."""
    row = connection.execute("SELECT * FROM purchases WHERE id = ?", (purchase_id,)).fetchone()
    if row is None:
        raise NoSuchPurchase(purchase_id)
    assert isinstance(row, sqlite3.Row)
    return row


def purchase_by_id(connection: sqlite3.Connection, purchase_id: str) -> Purchase:
    """Raises NoSuchPurchase."""
    return purchase_of(row_of(connection, purchase_id))
