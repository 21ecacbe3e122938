"""Pays a journey's challenge: the offer on the disk, the invoice to one wallet, the proof on the disk, in this order
and once.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from l402desk.client.record import to_record
from l402desk.engine import words
from l402desk.engine.asking import answer_of
from l402desk.engine.keeping import settle_and_keep
from l402desk.engine.picture import Picture, Turn
from l402desk.engine.standing import Standing
from l402desk.engine.transcript import with_asked
from l402desk.ledger.errors import (
    AlreadyClaimed,
    BoughtMeanwhile,
    NotAutomatic,
    OpenPurchase,
    OverBudget,
    Refused,
    StepRefused,
)
from l402desk.ledger.purchases import Intent, Purchase, PurchaseState
from l402desk.protocol import commands as do
from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.events import Event, IntentKept, IntentRefused, PaymentAnswered, WalletRefused
from l402desk.protocol.origin import path_of
from l402desk.protocol.payment import Failed, Paid, PaymentResult
from l402desk.protocol.token import Token
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.client.request import RequestDraft
    from l402desk.engine.view import Notice
    from l402desk.protocol.inspection import Inspection
    from l402desk.wallets.wallet import Wallet

FEE_LIMIT = Msat.of_sats(10)

Recording = do.RecordUnknown | do.RecordNoProof | do.RecordFailed


def fee_limit_for(amount: Msat) -> Msat:
    """What a payment may cost beside its amount: ten sats or one per cent, whichever is more, but no more than itself.

    Facts of the wallets, payment safety, rule 10.
    """
    return min(max(FEE_LIMIT, Msat(amount.value // 100)), amount)


class Paying:
    """One challenge's payment."""

    def __init__(self, draft: RequestDraft, picture: Picture) -> None:
        self._draft = draft
        self._picture = picture
        self._standing = Standing()
        self._bought: Inspection | None = None
        self.unkept: do.KeepProof | None = None
        """A proof that the disk has not taken yet."""

    async def record_intent(self, inspection: Inspection, turn: Turn) -> Event:
        """Commit what is about to be paid, exactly as it was shown (laws 1 and 2)."""
        if not turn.services.is_unlocked:
            return self._refuse_intent(words.vault_locked())
        assert inspection.invoice is not None
        if inspection.invoice.is_expired(turn.services.now()):  # it was judged when it came, and has aged on the screen
            return self._refuse_intent(words.invoice_expired())
        ledger = turn.services.ledger
        try:
            intent = await self._intent(inspection, turn)
            before = await ledger.offered_before(intent)
            purchase = await ledger.offer(intent, despite=turn.despite_open)
            allowance = await ledger.allowance(purchase.origin, but=purchase.id)
        except OpenPurchase as error:
            return self._refuse_intent(words.still_open(error.purchase, inspection.amount), error.purchase)
        except (Refused, StoreError, ValueError) as error:
            return self._refuse_intent(words.intent_refused(str(error)))
        notice = words.offered_before(before) if before is not None else None
        self._picture.show(purchase=purchase, notice=notice, blocking=None, allowance=allowance, over_budget=False)
        return IntentKept()

    async def _intent(self, inspection: Inspection, turn: Turn) -> Intent:
        answer = self._picture.view.answer
        assert answer is not None
        assert inspection.challenge is not None
        assert inspection.invoice is not None
        return Intent(
            method=answer.method,
            url=answer.url,
            challenge=inspection.challenge,
            invoice=inspection.invoice,
            fee_limit=fee_limit_for(inspection.amount or ZERO),
            title=_title(answer.url),
            request=to_record(self._draft),
            exchange=await asyncio.to_thread(with_asked, answer, turn.services.now()),
        )

    def _refuse_intent(self, notice: Notice, blocking: Purchase | None = None) -> Event:
        self._picture.show(notice=notice, blocking=blocking)
        return IntentRefused(notice.sentence)

    async def pay(self, name: str, inspection: Inspection, turn: Turn) -> Event:
        """Give the hash to this wallet on the disk, then the invoice to the wallet: once, and to no other (law 3)."""
        purchase, invoice = self._picture.view.purchase, inspection.invoice
        assert purchase is not None
        assert invoice is not None
        wallet = turn.services.wallets.find(name)
        refusal = _why_not(wallet, name, inspection, turn.services.now())
        if wallet is None or refusal:
            return self._refuse_wallet(words.rail_taken(refusal))
        turn.services.in_hand.add(purchase.id)
        refused = await self._reserve(purchase, wallet, turn)
        if refused is not None:
            if isinstance(refused, WalletRefused):  # whoever is given it later is followed as anybody else's
                turn.services.in_hand.discard(purchase.id)
            return refused
        self._picture.show(notice=None, over_budget=False)
        try:
            self._picture.show(purchase=await turn.services.ledger.submit(purchase.id))
        except StepRefused as error:  # somebody proved or ended it between the two steps: the wallet is not asked
            self._picture.show(purchase=error.purchase)
            return PaymentAnswered(await self.look_up(turn))
        except StoreError as error:  # the wallet has not heard of it: no money can have left
            turn.services.in_hand.discard(purchase.id)
            return PaymentAnswered(Failed(f"{error} The wallet was not asked."))
        began = time.monotonic()
        self._bought = inspection
        result = await self._standing.ask(wallet, invoice.text, purchase, turn.services)
        self._picture.step("Payment", began)
        return PaymentAnswered(result)

    async def _reserve(self, purchase: Purchase, wallet: Wallet, turn: Turn) -> Event | None:
        """The first step: None when it was taken, else what happened instead."""
        try:
            reserved = await turn.services.ledger.reserve(
                purchase.id,
                wallet.name,
                over_budget=turn.over_budget,
                automatic=turn.automatic,
                is_play=wallet.capabilities.is_play,
                settled_before=self._settled_before(purchase),
            )
        except AlreadyClaimed as error:  # by another window or command: its money may be on its way, so follow that
            self._picture.show(purchase=error.purchase)
            return PaymentAnswered(await self.look_up(turn))
        except OverBudget as error:
            self._picture.show(over_budget=True)
            return self._refuse_wallet(words.over_budget(error.excess.sentence))
        except BoughtMeanwhile as error:
            return self._refuse_wallet(words.bought_meanwhile(str(error)))
        except (NotAutomatic, OpenPurchase, StoreError) as error:
            return self._refuse_wallet(words.rail_taken(str(error)))
        self._picture.show(purchase=reserved)
        return None

    def _settled_before(self, purchase: Purchase) -> int | None:
        """None after a redirect: nobody counted there before the request went out."""
        before = self._picture.bought_before
        return before[2] if before is not None and before[:2] == (purchase.origin, purchase.path) else None

    def _refuse_wallet(self, notice: Notice) -> Event:
        self._picture.show(notice=notice)
        return WalletRefused(notice.sentence)

    async def look_up(self, turn: Turn) -> PaymentResult:
        """What is known of the payment now; anything but a proof or a proven failure is unknown (law 4)."""
        purchase = self._picture.view.purchase
        assert purchase is not None
        return await self._standing.look_up(purchase, turn.services)

    async def record(self, command: Recording, turn: Turn) -> None:
        """Write down how the payment stands."""
        purchase, ledger = self._picture.view.purchase, turn.services.ledger
        assert purchase is not None
        match command:
            case do.RecordUnknown():
                notice, write = words.payment_unknown(command.reason), ledger.unknown
            case do.RecordNoProof():
                notice, write = words.paid_without_proof(command.reason), ledger.without_proof
            case _:  # RecordFailed
                notice, write = words.payment_failed(command.reason), ledger.fail
        self._picture.show(notice=notice)
        try:
            self._picture.show(purchase=await write(purchase.id, command.reason))
        except Refused as error:  # the ledger knows more already: from another window, or from a pasted proof
            self._picture.show(purchase=error.purchase)
        except StoreError as error:
            # On the disk it stays as it was, which the next start looks up: nothing is lost.
            self._picture.show(notice=replace(notice, sentence=f"{notice.sentence} {error}"))

    async def keep(self, proof: do.KeepProof, turn: Turn) -> bool:
        """Commit the preimage, then seal the token; False if the disk refused, and then `unkept` holds the proof."""
        purchase = self._picture.view.purchase
        assert purchase is not None
        self.unkept = proof
        try:
            settled, kept = await settle_and_keep(turn.services, purchase.id, proof.token, self._standing.fee)
        except StoreError as error:
            self._picture.show(notice=words.proof_not_written(str(error)))
            return False
        else:
            self.unkept = None
            self._picture.show(purchase=settled, token=kept, notice=None)
            return True
        finally:  # whatever went wrong: the one thing that must not be lost is shown
            self._picture.show(unkept_proof=self.unkept.preimage if self.unkept else None)

    def outlive(self, turn: Turn) -> None:
        """The job that waits for the wallet ends, its payment does not: a proof that still comes is kept."""
        if self._standing.asked is not None:
            turn.services.keep_running(self._keep_late_proof(self._standing.asked, turn))

    async def _keep_late_proof(self, asked: asyncio.Task[PaymentResult], turn: Turn) -> None:
        await asyncio.wait({asked})
        told, purchase, bought = answer_of(asked), self._picture.view.purchase, self._bought
        if not isinstance(told, Paid) or purchase is None or bought is None or bought.challenge is None:
            return
        if purchase.state is PurchaseState.SETTLED or not told.preimage.proves(purchase.payment_hash):
            return
        self._standing.fee = told.fee
        token = Token(bought.challenge.scheme, bought.challenge.credential, told.preimage)
        await self.keep(do.KeepProof(told.preimage, token), turn)


def _why_not(wallet: Wallet | None, name: str, inspection: Inspection, now: int) -> str:
    """Why this wallet is not given this invoice; empty if nothing speaks against it."""
    invoice = inspection.invoice
    assert invoice is not None
    if wallet is None:
        return f"There is no wallet “{name}” any more."
    if not wallet.capabilities.pays:
        return f"“{name}” is connected to look payments up, not to pay."
    if wallet.network is not None and wallet.network is not invoice.network:
        return f"The invoice is for {invoice.network}, and “{name}” is on {wallet.network}."
    if invoice.is_expired(now):
        return words.invoice_expired().sentence
    return ""


def _title(url: str) -> str:
    """The last segment of the path: what a person calls the thing."""
    return path_of(url).rstrip("/").rpartition("/")[2]
