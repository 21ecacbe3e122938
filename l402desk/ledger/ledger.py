"""The ledger: the intent is on the disk before money moves, and no payment hash is ever paid twice."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable

from l402desk.ledger.allowing import Allowing, allowance, read_caps
from l402desk.ledger.errors import (
    AlreadyClaimed,
    BoughtMeanwhile,
    HashSpent,
    NotAutomatic,
    NotSettled,
    OpenPurchase,
    OverBudget,
    StepRefused,
)
from l402desk.ledger.owner import this_process
from l402desk.ledger.purchases import DELIVERIES, PHONE, Delivery, Intent, Purchase, PurchaseState
from l402desk.ledger.questions import IS_OPEN, Questions, count_settled, purchase_by_id, row_of
from l402desk.ledger.rows import SCHEMA, purchase_of
from l402desk.ledger.uptime import Uptime, UptimeClock, uptime
from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.errors import ProofError
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.store.database import Database
from l402desk.store.seal import Seal

__all__ = ["SCHEMA", "Ledger"]


_BEGIN = (
    "UPDATE purchases SET state = 'intent', rail = :rail, owner = :owner, automatic = :automatic,"
    " despite = max(despite, :despite), reserved_at = :now, reserved_boot = :boot, reserved_uptime = :uptime,"
    " updated_at = :now WHERE id = :id"
)


class Ledger(Allowing, Questions):
    """Every purchase, from the offer to what was delivered. Several processes may use one ledger at once.

    Each method that changes something is one transaction and has reached the disk when it returns. ``clock``
    gives unix seconds. Every method raises StoreError, and then nothing changed: no payment may follow.
    """

    def __init__(
        self, database: Database, seal: Seal, clock: Callable[[], float], uptime: UptimeClock = uptime
    ) -> None:
        super().__init__(database, seal, clock, uptime)

    async def offer(self, intent: Intent, *, despite: bool = False) -> Purchase:
        """Write down what may be paid, before anybody can pay it (law 2). An invoice that came again untouched gives
        the same purchase.

        Raises HashSpent when the invoice was in use before, and OpenPurchase while another purchase for the
        same origin and path is unresolved, unless ``despite`` is the user's word to pay all the same.
        """

        def work(connection: sqlite3.Connection) -> Purchase:
            now = self._now()
            known = connection.execute(
                "SELECT * FROM purchases WHERE payment_hash = ?", (intent.payment_hash.raw,)
            ).fetchone()
            if known is not None and not _is_untouched(known, intent):
                raise HashSpent(purchase_of(known))
            if not despite:
                _refuse_if_open(connection, intent.origin, intent.path, intent.payment_hash)
            if known is not None:
                self._rows.refresh(connection, known, intent, now, despite)
                return purchase_by_id(connection, known["id"])
            purchase_id = uuid.uuid4().hex
            self._rows.insert(connection, purchase_id, intent, now, despite)
            return purchase_by_id(connection, purchase_id)

        return await self._database.write(work)

    async def reserve(
        self,
        purchase_id: str,
        rail: str,
        *,
        despite: bool = False,
        over_budget: bool = False,
        automatic: bool = False,
        is_play: bool = False,
        settled_before: int | None = None,
    ) -> Purchase:
        """Give the payment hash to exactly one rail, and count its worst case against the budgets, in one transaction.

        ``over_budget`` is the user's word to break a cap; ``automatic``: nobody was asked, which needs all three caps
        and an armed wallet, or play money; ``settled_before``: `settled_at` before the challenge was asked for.
        Raises AlreadyClaimed, OverBudget, NotAutomatic, OpenPurchase, BoughtMeanwhile.
        """

        def work(connection: sqlite3.Connection) -> Purchase:
            row = row_of(connection, purchase_id)
            purchase = purchase_of(row)
            if purchase.state is not PurchaseState.OFFERED or purchase.rail is not None:
                raise AlreadyClaimed(purchase)
            if not (despite or row["despite"]):
                _refuse_if_open(connection, purchase.origin, purchase.path, purchase.payment_hash)
                _refuse_if_bought(connection, purchase, settled_before)
            now, up = self._now(), self._uptime()
            if automatic:
                _refuse_unless_automatic(connection, purchase, rail, is_play)
            if automatic or not over_budget:
                _refuse_over_budget(connection, purchase, now, up)
            begun = {"rail": rail, "owner": this_process(), "automatic": automatic, "despite": despite, "now": now}
            connection.execute(_BEGIN, {**begun, "boot": up.boot, "uptime": up.seconds, "id": purchase_id})
            return purchase_by_id(connection, purchase_id)

        return await self._database.write(work)

    async def submit(self, purchase_id: str) -> Purchase:
        """The second step: on the disk before the wallet's first byte. Raises StepRefused."""

        def work(connection: sqlite3.Connection) -> Purchase:
            purchase = purchase_by_id(connection, purchase_id)
            if not purchase.can_become(PurchaseState.SUBMITTED):
                raise StepRefused(purchase, PurchaseState.SUBMITTED)
            now = self._now()
            connection.execute(
                "UPDATE purchases SET state = 'submitted', claimed_at = ?, updated_at = ? WHERE id = ?",
                (now, now, purchase_id),
            )
            return purchase_by_id(connection, purchase_id)

        return await self._database.write(work)

    async def settle(self, purchase_id: str, preimage: Preimage, fee: Msat | None = None) -> Purchase:
        """Seal the proof and commit it, before the token is used. Settling again with the same proof is
        harmless.

        Also for what was paid by hand, and for what a wallet had called failed. Raises ProofError for a
        preimage of another payment (law 4).
        """

        def work(connection: sqlite3.Connection) -> Purchase:
            purchase = purchase_by_id(connection, purchase_id)
            if not preimage.proves(purchase.payment_hash):
                raise ProofError("This preimage belongs to another payment: its hash is not this invoice's")
            if purchase.state is PurchaseState.SETTLED:
                _learn_fee(connection, purchase, _possible(purchase, fee))
            else:
                self._write_proof(connection, purchase, preimage, _possible(purchase, fee))
            return purchase_by_id(connection, purchase_id)

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

    async def looked_up(self, purchase_id: str, *, found: bool) -> Purchase:
        """Count one look-up; those in a row that found nothing are what `Purchase.is_lost` goes by."""
        sql = (
            "UPDATE purchases SET look_ups = look_ups + 1, looked_up_at = :now, missed = iif(:found, 0, missed + 1),"
            " missed_since = iif(:found, NULL, coalesce(missed_since, :now)) WHERE id = :id"
        )

        def work(connection: sqlite3.Connection) -> Purchase:
            connection.execute(sql, {"now": self._now(), "found": found, "id": purchase_id})
            return purchase_by_id(connection, purchase_id)

        return await self._database.write(work)

    async def mark_delivery(
        self, purchase_id: str, delivery: Delivery, status: int | None = None, *, exchange: bytes | None = None
    ) -> Purchase:
        """Write down what the server did with the token, its HTTP status, and what was said. Raises NotSettled.

        What was delivered once stays delivered; the newest status is kept all the same.
        """

        def work(connection: sqlite3.Connection) -> Purchase:
            purchase = purchase_by_id(connection, purchase_id)
            if purchase.delivery is None:
                raise NotSettled(purchase)
            after = delivery if delivery in DELIVERIES[purchase.delivery] else purchase.delivery
            sealed = None if exchange is None else self._rows.seal_exchange(purchase_id, exchange)
            connection.execute(
                "UPDATE purchases SET delivery = ?, last_status = coalesce(?, last_status), updated_at = ?,"
                " exchange = coalesce(?, exchange) WHERE id = ?",
                (after, status, self._now(), sealed, purchase_id),
            )
            return purchase_by_id(connection, purchase_id)

        return await self._database.write(work)

    async def _step(self, purchase_id: str, state: PurchaseState, reason: str) -> Purchase:
        def work(connection: sqlite3.Connection) -> Purchase:
            purchase = purchase_by_id(connection, purchase_id)
            if not purchase.can_become(state):
                raise StepRefused(purchase, state)
            connection.execute(
                "UPDATE purchases SET state = ?, reason = ?, updated_at = ? WHERE id = ?",
                (state, reason, self._now(), purchase_id),
            )
            return purchase_by_id(connection, purchase_id)

        return await self._database.write(work)

    def _write_proof(
        self, connection: sqlite3.Connection, purchase: Purchase, preimage: Preimage, fee: Msat | None
    ) -> None:
        up = self._uptime()
        connection.execute(
            "UPDATE purchases SET state = 'settled', preimage = :preimage, fee_msat = :fee, reason = '',"
            " rail = coalesce(rail, :phone), delivery = 'undelivered', settled_at = :now, updated_at = :now,"
            " reserved_boot = iif(reserved_at IS NULL, :boot, reserved_boot),"
            " reserved_uptime = iif(reserved_at IS NULL, :uptime, reserved_uptime),"
            " reserved_at = coalesce(reserved_at, :now) WHERE id = :id",
            {
                "preimage": self._rows.seal_preimage(purchase.id, preimage),
                "fee": None if fee is None else fee.value,
                "phone": PHONE,
                "now": self._now(),
                "boot": up.boot,
                "uptime": up.seconds,
                "id": purchase.id,
            },
        )


def _is_untouched(row: sqlite3.Row, intent: Intent) -> bool:
    # The same invoice from another origin, or the same hash under another invoice, is somebody's trick, not a
    # repeat.
    same = (row["origin"], row["invoice"]) == (str(intent.origin), intent.invoice.text)
    return same and row["state"] == PurchaseState.OFFERED and row["rail"] is None


def _refuse_if_open(connection: sqlite3.Connection, origin: Origin, path: str, payment_hash: PaymentHash) -> None:
    row = connection.execute(
        f"SELECT * FROM purchases WHERE origin = ? AND path = ? AND {IS_OPEN} AND payment_hash != ?"
        " ORDER BY number DESC",
        (str(origin), path, payment_hash.raw),
    ).fetchone()
    if row is not None:
        raise OpenPurchase(purchase_of(row))


def _refuse_if_bought(connection: sqlite3.Connection, purchase: Purchase, settled_before: int | None) -> None:
    # Between the question and the payment another process may have begun and ended a purchase of the same thing: none
    # is open any more, and its token was not there when this one was asked for.
    if settled_before is None or count_settled(connection, purchase.origin, purchase.path) <= settled_before:
        return
    sql = "SELECT * FROM purchases WHERE origin = ? AND path = ? AND state = 'settled' ORDER BY settled_at DESC LIMIT 1"
    row = connection.execute(sql, (str(purchase.origin), purchase.path)).fetchone()
    raise BoughtMeanwhile(purchase_of(row))


def _refuse_unless_automatic(connection: sqlite3.Connection, purchase: Purchase, rail: str, is_play: bool) -> None:
    if not read_caps(connection).is_complete:
        raise NotAutomatic(purchase, "Nothing is paid without a question before all three budgets are set.")
    if not is_play and connection.execute("SELECT 1 FROM armed WHERE wallet = ?", (rail,)).fetchone() is None:
        raise NotAutomatic(purchase, f"“{rail}” may not pay by itself.")


def _refuse_over_budget(connection: sqlite3.Connection, purchase: Purchase, now: int, up: Uptime) -> None:
    stands = allowance(connection, str(purchase.origin), now, up, but=purchase.id)
    excess = stands.over(purchase.amount, purchase.fee_limit)
    if excess is not None:
        raise OverBudget(purchase, excess)


def _possible(purchase: Purchase, fee: Msat | None) -> Msat | None:
    """The fee, unless more than all the bitcoin there are would have left: then nobody told it."""
    return fee if fee is not None and purchase.amount.value + fee.value <= MOST else None


def _learn_fee(connection: sqlite3.Connection, purchase: Purchase, fee: Msat | None) -> None:
    if purchase.fee is None and fee is not None:
        connection.execute("UPDATE purchases SET fee_msat = ? WHERE id = ?", (fee.value, purchase.id))
