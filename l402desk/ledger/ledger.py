"""The ledger: the intent is on the disk before money moves, and no payment hash is ever paid twice."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable

from l402desk.ledger.errors import AlreadyClaimed, HashSpent, NoSuchPurchase, NotSettled, OpenPurchase, StepRefused
from l402desk.ledger.purchases import DELIVERIES, PHONE, Delivery, Intent, Purchase, PurchaseSecrets, PurchaseState
from l402desk.ledger.rows import SCHEMA, Rows, purchase_of
from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import ProofError
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.store.database import Database
from l402desk.store.seal import Seal

__all__ = ["SCHEMA", "Ledger"]

_OPEN = "state IN ('submitted', 'unknown', 'paid-without-proof')"


class Ledger:
    """Every purchase, from the intent to what was delivered. Several processes may use one ledger at once.

    Each method that changes something is one transaction and has reached the disk when it returns. ``clock``
    gives unix seconds. Every method raises StoreError, and then nothing changed: no payment may follow.
    """

    def __init__(self, database: Database, seal: Seal, clock: Callable[[], float]) -> None:
        self._database = database
        self._rows = Rows(seal)
        self._clock = clock

    # Steps, each on the disk before anything else happens.

    async def open_intent(self, intent: Intent, *, despite: bool = False) -> Purchase:
        """Write down what is about to be paid (law 2). An invoice that came again untouched gives the same
        purchase.

        Raises HashSpent when the invoice was in use before, and OpenPurchase while another purchase for the
        same method, origin and path is unresolved, unless ``despite`` is the user's word to pay all the same.
        """

        def work(connection: sqlite3.Connection) -> Purchase:
            now = self._now()
            known = connection.execute(
                "SELECT * FROM purchases WHERE payment_hash = ?", (intent.payment_hash.raw,)
            ).fetchone()
            if known is not None and not _is_untouched(known, intent):
                raise HashSpent(purchase_of(known))
            if not despite:
                _refuse_if_open(connection, intent.method, intent.origin, intent.path, intent.payment_hash)
            if known is not None:
                self._rows.refresh(connection, known, intent, now, despite)
                return _get(connection, known["id"])
            purchase_id = uuid.uuid4().hex
            self._rows.insert(connection, purchase_id, intent, now, despite)
            return _get(connection, purchase_id)

        return await self._database.write(work)

    async def claim(self, purchase_id: str, rail: str, *, despite: bool = False) -> Purchase:
        """Give the payment hash to exactly one rail, once, before its first byte is sent (law 3).

        Raises AlreadyClaimed, and OpenPurchase when another purchase of the same request was claimed
        meanwhile.
        """

        def work(connection: sqlite3.Connection) -> Purchase:
            row = _row(connection, purchase_id)
            purchase = purchase_of(row)
            if purchase.state is not PurchaseState.INTENT or purchase.rail is not None:
                raise AlreadyClaimed(purchase)
            if not (despite or row["despite"]):
                _refuse_if_open(connection, purchase.method, purchase.origin, purchase.path, purchase.payment_hash)
            now = self._now()
            connection.execute(
                "UPDATE purchases SET state = 'submitted', rail = ?, claimed_at = ?, updated_at = ? WHERE id = ?",
                (rail, now, now, purchase_id),
            )
            return _get(connection, purchase_id)

        return await self._database.write(work)

    async def settle(self, purchase_id: str, preimage: Preimage, fee: Msat | None = None) -> Purchase:
        """Seal the proof and commit it, before the token is used. Settling again with the same proof is
        harmless.

        Also for what was paid by hand, and for what a wallet had called failed. Raises ProofError for a
        preimage of another payment (law 4).
        """

        def work(connection: sqlite3.Connection) -> Purchase:
            purchase = _get(connection, purchase_id)
            if not preimage.proves(purchase.payment_hash):
                raise ProofError("This preimage belongs to another payment: its hash is not this invoice's")
            if purchase.state is PurchaseState.SETTLED:
                _learn_fee(connection, purchase, fee)
            else:
                self._write_proof(connection, purchase, preimage, fee)
            return _get(connection, purchase_id)

        return await self._database.write(work)

    async def fail(self, purchase_id: str, reason: str) -> Purchase:
        """The wallet proved that no money left and none will. Raises StepRefused."""
        return await self._step(purchase_id, PurchaseState.FAILED, reason)

    async def unknown(self, purchase_id: str, reason: str) -> Purchase:
        """Nobody can tell whether the money left: it stays open until somebody can. Raises StepRefused."""
        return await self._step(purchase_id, PurchaseState.UNKNOWN, reason)

    async def without_proof(self, purchase_id: str, reason: str) -> Purchase:
        """The wallet says it paid and has no valid preimage. Raises StepRefused."""
        return await self._step(purchase_id, PurchaseState.PAID_WITHOUT_PROOF, reason)

    async def mark_delivery(self, purchase_id: str, delivery: Delivery, status: int | None = None) -> Purchase:
        """Write down what the server did with the token, and its HTTP status. Raises NotSettled.

        What was delivered once stays delivered; the newest status is kept all the same.
        """

        def work(connection: sqlite3.Connection) -> Purchase:
            purchase = _get(connection, purchase_id)
            if purchase.delivery is None:
                raise NotSettled(purchase)
            after = delivery if delivery in DELIVERIES[purchase.delivery] else purchase.delivery
            connection.execute(
                "UPDATE purchases SET delivery = ?, last_status = coalesce(?, last_status), updated_at = ?"
                " WHERE id = ?",
                (after, status, self._now(), purchase_id),
            )
            return _get(connection, purchase_id)

        return await self._database.write(work)

    # Questions.

    async def get(self, purchase_id: str) -> Purchase:
        """Raises NoSuchPurchase."""
        return await self._database.read(lambda connection: _get(connection, purchase_id))

    async def by_hash(self, payment_hash: PaymentHash) -> Purchase | None:
        found = await self._select("WHERE payment_hash = ?", payment_hash.raw)
        return found[0] if found else None

    async def open_purchases(self) -> list[Purchase]:
        """Whose money may be on its way, the oldest first: what start-up looks up."""
        return await self._select(f"WHERE {_OPEN} ORDER BY number")

    async def offered_before(self, intent: Intent) -> Purchase | None:
        """The newest other invoice for the same request that was shown and can still be paid by phone."""
        return next(
            iter(
                await self._select(
                    "WHERE state = 'intent' AND origin = ? AND path = ? AND method = ? AND payment_hash != ?"
                    " AND expires_at > ? ORDER BY number DESC LIMIT 1",
                    str(intent.origin),
                    intent.path,
                    intent.method.upper(),
                    intent.payment_hash.raw,
                    int(self._clock()),
                )
            ),
            None,
        )

    async def undelivered(self) -> list[Purchase]:
        """Paid, proven, and not delivered yet, the oldest first: the token is kept, and sent again for free."""
        return await self._select("WHERE state = 'settled' AND delivery = 'undelivered' ORDER BY number")

    async def history(self, *, limit: int = 200, offset: int = 0) -> list[Purchase]:
        """The newest first."""
        return await self._select("ORDER BY number DESC LIMIT ? OFFSET ?", limit, offset)

    async def last_price(self, origin: Origin, path: str, method: str) -> Msat | None:
        """What the same request cost when it was paid for last."""
        place = (str(origin), path, method.upper())
        found = await self._select(
            "WHERE origin = ? AND path = ? AND method = ? AND state = 'settled'"
            " ORDER BY settled_at DESC, number DESC LIMIT 1",
            *place,
        )
        return found[0].amount if found else None

    async def preimage(self, purchase_id: str) -> Preimage | None:
        """The proof, once there is one. Raises SealBroken, NoSuchPurchase."""
        return await self._database.read(lambda connection: self._rows.preimage(_row(connection, purchase_id)))

    async def secrets(self, purchase_id: str) -> PurchaseSecrets:
        """URL, credential, request and proof: what it takes to go on after a crash. Raises SealBroken."""
        return await self._database.read(lambda connection: self._rows.secrets(_row(connection, purchase_id)))

    def _now(self) -> int:
        return int(self._clock())

    async def _step(self, purchase_id: str, state: PurchaseState, reason: str) -> Purchase:
        def work(connection: sqlite3.Connection) -> Purchase:
            purchase = _get(connection, purchase_id)
            if not purchase.can_become(state):
                raise StepRefused(purchase, state)
            connection.execute(
                "UPDATE purchases SET state = ?, reason = ?, updated_at = ? WHERE id = ?",
                (state, reason, self._now(), purchase_id),
            )
            return _get(connection, purchase_id)

        return await self._database.write(work)

    def _write_proof(
        self, connection: sqlite3.Connection, purchase: Purchase, preimage: Preimage, fee: Msat | None
    ) -> None:
        now = self._now()
        connection.execute(
            "UPDATE purchases SET state = 'settled', preimage = :preimage, fee_msat = :fee, reason = '',"
            " rail = coalesce(rail, :phone), delivery = 'undelivered', settled_at = :now, updated_at = :now"
            " WHERE id = :id",
            {
                "preimage": self._rows.seal_preimage(purchase.id, preimage),
                "fee": None if fee is None else fee.value,
                "phone": PHONE,
                "now": now,
                "id": purchase.id,
            },
        )

    async def _select(self, clause: str, *values: object) -> list[Purchase]:
        sql = f"SELECT * FROM purchases {clause}"
        return await self._database.read(
            lambda connection: [purchase_of(row) for row in connection.execute(sql, values)]
        )


def _row(connection: sqlite3.Connection, purchase_id: str) -> sqlite3.Row:
    row = connection.execute("SELECT * FROM purchases WHERE id = ?", (purchase_id,)).fetchone()
    if row is None:
        raise NoSuchPurchase(purchase_id)
    assert isinstance(row, sqlite3.Row)
    return row


def _get(connection: sqlite3.Connection, purchase_id: str) -> Purchase:
    return purchase_of(_row(connection, purchase_id))


def _is_untouched(row: sqlite3.Row, intent: Intent) -> bool:
    # The same invoice from another origin, or the same hash under another invoice, is somebody's trick, not a
    # repeat.
    same = (row["origin"], row["invoice"]) == (str(intent.origin), intent.invoice.text)
    return same and row["state"] == PurchaseState.INTENT and row["rail"] is None


def _refuse_if_open(
    connection: sqlite3.Connection, method: str, origin: Origin, path: str, payment_hash: PaymentHash
) -> None:
    row = connection.execute(
        f"SELECT * FROM purchases WHERE origin = ? AND path = ? AND method = ? AND {_OPEN} AND payment_hash != ?"
        " ORDER BY number DESC",
        (str(origin), path, method.upper(), payment_hash.raw),
    ).fetchone()
    if row is not None:
        raise OpenPurchase(purchase_of(row))


def _learn_fee(connection: sqlite3.Connection, purchase: Purchase, fee: Msat | None) -> None:
    if purchase.fee is None and fee is not None:
        connection.execute("UPDATE purchases SET fee_msat = ? WHERE id = ?", (fee.value, purchase.id))
