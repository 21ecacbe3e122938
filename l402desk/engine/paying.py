"""Pays a journey's challenge: intent on the disk, invoice to one wallet, proof on the disk, in this order and once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from l402desk.engine import words
from l402desk.engine.picture import Picture, Turn
from l402desk.ledger.errors import AlreadyClaimed, OpenPurchase, Refused
from l402desk.ledger.purchases import Intent
from l402desk.protocol import commands as do
from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.events import Event, IntentKept, IntentRefused, PaymentAnswered, WalletRefused
from l402desk.protocol.origin import path_of
from l402desk.protocol.payment import Paid, PaymentResult, Unknown
from l402desk.store.errors import StoreError
from l402desk.vault.tokens import NewToken, TokenState

if TYPE_CHECKING:
    from l402desk.protocol.inspection import Inspection

PATIENCE_S = 60.0
"""How long a wallet may take before its payment counts as unknown; some took 72 s and still settled."""
FEE_LIMIT = Msat.of_sats(10)

Recording = do.RecordUnknown | do.RecordNoProof | do.RecordFailed


def fee_limit_for(amount: Msat) -> Msat:
    """What a payment may cost beside its amount: ten sats or one per cent, whichever is more."""
    return max(FEE_LIMIT, Msat(amount.value // 100))


class Paying:
    """One challenge's payment."""

    def __init__(self, method: str, picture: Picture) -> None:
        self._method = method
        self._picture = picture
        self._asked: asyncio.Task[PaymentResult] | None = None
        self.unkept: do.KeepProof | None = None
        """A proof that the disk refused, until it takes it."""

    async def record_intent(self, inspection: Inspection, turn: Turn) -> Event:
        """Commit what is about to be paid, exactly as it was shown (laws 1 and 2)."""
        answer = self._picture.view.answer
        assert answer is not None
        assert inspection.challenge is not None
        assert inspection.invoice is not None
        try:
            intent = Intent(
                method=self._method,
                url=answer.url,
                challenge=inspection.challenge,
                invoice=inspection.invoice,
                fee_limit=fee_limit_for(inspection.amount or ZERO),
                title=_title(answer.url),
            )
            purchase = await turn.services.ledger.open_intent(intent, despite=turn.despite_open)
        except OpenPurchase as error:
            self._picture.show(notice=words.still_open(error.purchase, inspection.amount), blocking=error.purchase)
            return IntentRefused(str(error))
        except (Refused, StoreError, ValueError) as error:
            self._picture.show(notice=words.intent_refused(str(error)), blocking=None)
            return IntentRefused(str(error))
        self._picture.show(purchase=purchase, notice=None, blocking=None)
        return IntentKept()

    async def pay(self, name: str, inspection: Inspection, turn: Turn) -> Event:
        """Give the hash to this wallet on the disk, then the invoice to the wallet: once, and to no other (law 3)."""
        purchase, invoice = self._picture.view.purchase, inspection.invoice
        assert purchase is not None
        assert invoice is not None
        wallet = turn.services.wallets.find(name)
        if wallet is None:
            self._picture.show(notice=words.rail_taken(f"There is no wallet “{name}” any more."))
            return WalletRefused("no such wallet")
        try:
            self._picture.show(purchase=await turn.services.ledger.claim(purchase.id, name))
        except (AlreadyClaimed, OpenPurchase, StoreError) as error:
            self._picture.show(notice=words.rail_taken(str(error)))
            return WalletRefused(str(error))
        began = time.monotonic()
        self._asked = turn.services.keep_running(wallet.pay(invoice.text, fee_limit=purchase.fee_limit))
        await asyncio.wait({self._asked}, timeout=PATIENCE_S)
        self._picture.step("Payment", began)
        if not self._asked.done():
            return PaymentAnswered(Unknown(f"The wallet has not answered for {PATIENCE_S:.0f} seconds."))
        return PaymentAnswered(_result_of(self._asked))

    async def look_up(self, name: str, turn: Turn) -> PaymentResult:
        """What the wallet knows of the payment now; anything but a proof or a proven failure is unknown (law 4)."""
        if self._asked is not None and self._asked.done():
            late = _result_of(self._asked)
            if not isinstance(late, Unknown):
                return late
        wallet, purchase = turn.services.wallets.find(name), self._picture.view.purchase
        if wallet is None or purchase is None:
            return Unknown("The wallet is not connected.")
        looking = turn.services.keep_running(wallet.look_up(purchase.payment_hash))
        await asyncio.wait({looking}, timeout=PATIENCE_S)
        if not looking.done():
            return Unknown("The wallet does not answer.")
        return _result_of(looking)

    async def record(self, command: Recording, turn: Turn) -> None:
        """Write down how the payment stands."""
        purchase, ledger = self._picture.view.purchase, turn.services.ledger
        assert purchase is not None
        match command:
            case do.RecordUnknown(reason):
                notice, write = words.payment_unknown(reason), ledger.unknown
            case do.RecordNoProof(reason):
                notice, write = words.paid_without_proof(reason), ledger.without_proof
            case do.RecordFailed(reason):
                notice, write = words.payment_failed(reason), ledger.fail
        self._picture.show(notice=notice)
        try:
            self._picture.show(purchase=await write(purchase.id, command.reason))
        except (Refused, StoreError) as error:
            # On the disk it stays "submitted", which the next start looks up: nothing is lost.
            self._picture.show(notice=replace(notice, sentence=f"{notice.sentence} {error}"))

    async def keep(self, proof: do.KeepProof, turn: Turn) -> bool:
        """Commit the preimage, then seal the token; False if the disk refused, and then `unkept` holds the proof."""
        purchase, services = self._picture.view.purchase, turn.services
        assert purchase is not None
        try:
            settled = await services.ledger.settle(purchase.id, proof.preimage, self._fee())
            kept = await services.vault.keep(
                NewToken(
                    token=proof.token,
                    origin=settled.origin,
                    path=settled.path,
                    title=settled.title,
                    price=settled.amount,
                    purchase_id=settled.id,
                    state=TokenState.UNDELIVERED,
                )
            )
        except StoreError as error:
            self.unkept = proof
            self._picture.show(notice=words.proof_not_written(str(error)), unkept_proof=proof.preimage)
            return False
        self.unkept = None
        self._picture.show(purchase=settled, token=kept, notice=None, unkept_proof=None)
        return True

    def _fee(self) -> Msat | None:
        result = _result_of(self._asked) if self._asked is not None and self._asked.done() else None
        return result.fee if isinstance(result, Paid) else None


def _result_of(task: asyncio.Task[PaymentResult] | asyncio.Task[PaymentResult | None]) -> PaymentResult:
    """An adapter that raises has told nothing about the money: unknown, whatever it says."""
    if task.cancelled():
        return Unknown("The question to the wallet was broken off.")
    error = task.exception()
    if error is not None:
        return Unknown(f"The wallet connection failed ({type(error).__name__}).")
    return task.result() or Unknown("The wallet does not know this payment.")


def _title(url: str) -> str:
    """The last segment of the path: what a person calls the thing."""
    return path_of(url).rstrip("/").rpartition("/")[2]
