"""Pays a journey's challenge: intent on the disk, invoice to one wallet, proof on the disk, in this order and once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from l402desk.client.record import to_record
from l402desk.engine import words
from l402desk.engine.asking import answer_of, look_up
from l402desk.engine.keeping import settle_and_keep
from l402desk.engine.picture import Picture, Turn
from l402desk.ledger.errors import AlreadyClaimed, OpenPurchase, Refused
from l402desk.ledger.purchases import Intent, Purchase, PurchaseState
from l402desk.protocol import commands as do
from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.events import Event, IntentKept, IntentRefused, PaymentAnswered, WalletRefused
from l402desk.protocol.origin import path_of
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.token import Token
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.client.request import RequestDraft
    from l402desk.engine.view import Notice
    from l402desk.protocol.inspection import Inspection
    from l402desk.wallets.wallet import Wallet

PATIENCE_S = 60.0
"""How long a wallet may take before its payment counts as unknown; some took 72 s and still settled."""
FEE_LIMIT = Msat.of_sats(10)

Recording = do.RecordUnknown | do.RecordNoProof | do.RecordFailed


def fee_limit_for(amount: Msat) -> Msat:
    """What a payment may cost beside its amount: ten sats or one per cent, whichever is more."""
    return max(FEE_LIMIT, Msat(amount.value // 100))


class Paying:
    """One challenge's payment."""

    def __init__(self, draft: RequestDraft, picture: Picture) -> None:
        self._draft = draft
        self._picture = picture
        self._asked: asyncio.Task[PaymentResult] | None = None
        self._bought: Inspection | None = None
        self._fee: Msat | None = None
        self.unkept: do.KeepProof | None = None
        """A proof that the disk has not taken yet."""

    async def record_intent(self, inspection: Inspection, turn: Turn) -> Event:
        """Commit what is about to be paid, exactly as it was shown (laws 1 and 2)."""
        answer = self._picture.view.answer
        assert answer is not None
        assert inspection.challenge is not None
        assert inspection.invoice is not None
        if not turn.services.is_unlocked:
            return self._refuse_intent(words.vault_locked())
        if inspection.invoice.is_expired(turn.services.now()):  # it was judged when it came, and has aged on the screen
            return self._refuse_intent(words.invoice_expired())
        try:
            intent = Intent(
                method=answer.method,
                url=answer.url,
                challenge=inspection.challenge,
                invoice=inspection.invoice,
                fee_limit=fee_limit_for(inspection.amount or ZERO),
                title=_title(answer.url),
                request=to_record(self._draft),
            )
            before = await turn.services.ledger.offered_before(intent)
            purchase = await turn.services.ledger.open_intent(intent, despite=turn.despite_open)
        except OpenPurchase as error:
            return self._refuse_intent(words.still_open(error.purchase, inspection.amount), error.purchase)
        except (Refused, StoreError, ValueError) as error:
            return self._refuse_intent(words.intent_refused(str(error)))
        notice = words.offered_before(before) if before is not None else None
        self._picture.show(purchase=purchase, notice=notice, blocking=None)
        return IntentKept()

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
            return self._refuse_wallet(refusal)
        turn.services.in_hand.add(purchase.id)
        try:
            purchase = await turn.services.ledger.claim(purchase.id, name)
        except AlreadyClaimed as error:  # by another window or command: its money may be on its way, so follow that
            self._picture.show(purchase=error.purchase)
            return PaymentAnswered(await self.look_up(turn))
        except (OpenPurchase, StoreError) as error:
            return self._refuse_wallet(str(error))
        self._picture.show(purchase=purchase, notice=None)
        began = time.monotonic()
        self._bought = inspection
        self._asked = turn.services.keep_running(wallet.pay(invoice.text, fee_limit=purchase.fee_limit))
        await asyncio.wait({self._asked}, timeout=PATIENCE_S)
        self._picture.step("Payment", began)
        return PaymentAnswered(await self._first_answer(wallet, turn))

    def _refuse_wallet(self, why: str) -> Event:
        self._picture.show(notice=words.rail_taken(why))
        return WalletRefused(why)

    async def _first_answer(self, wallet: Wallet, turn: Turn) -> PaymentResult:
        assert self._asked is not None
        if not self._asked.done():
            return Unknown(f"The wallet has not answered for {PATIENCE_S:.0f} seconds.")
        told = answer_of(self._asked) or Unknown("The wallet said nothing about the payment.")
        if isinstance(told, Failed) and wallet.capabilities.looks_up:
            return await self.look_up(turn)  # wallets have called failed what was paid: a look-up settles it (law 4)
        if isinstance(told, Paid):
            self._fee = told.fee
        return told

    async def look_up(self, turn: Turn) -> PaymentResult:
        """What is known of the payment now; anything but a proof or a proven failure is unknown (law 4)."""
        purchase = self._picture.view.purchase
        assert purchase is not None
        said = answer_of(self._asked) if self._asked is not None and self._asked.done() else None
        if isinstance(said, Paid) and said.preimage.proves(purchase.payment_hash):
            self._fee = said.fee
            return said
        kept = await _known_to_ledger(purchase, turn)
        if kept is not None:
            return kept
        found = await self._ask_rail(purchase, turn)
        if isinstance(found, Paid):
            self._fee = found.fee
            return found
        if isinstance(said, (Paid, PaidWithoutProof)):
            return said
        if isinstance(said, Failed) and found is None:
            return said
        return found or Unknown("The wallet does not know this payment.")

    async def _ask_rail(self, purchase: Purchase, turn: Turn) -> PaymentResult | None:
        wallet = turn.services.wallets.find(purchase.rail or "")
        if wallet is None:
            return Unknown(f"The wallet that was given this invoice ({purchase.rail}) is not connected.")
        return await look_up(turn.services, wallet, purchase.payment_hash, patience_s=PATIENCE_S)

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
            # On the disk it stays "submitted", which the next start looks up: nothing is lost.
            self._picture.show(notice=replace(notice, sentence=f"{notice.sentence} {error}"))

    async def keep(self, proof: do.KeepProof, turn: Turn) -> bool:
        """Commit the preimage, then seal the token; False if the disk refused, and then `unkept` holds the proof."""
        purchase = self._picture.view.purchase
        assert purchase is not None
        self.unkept = proof
        try:
            settled, kept = await settle_and_keep(turn.services, purchase.id, proof.token, self._fee)
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
        if self._asked is not None:
            turn.services.keep_running(self._keep_late_proof(self._asked, turn))

    async def _keep_late_proof(self, asked: asyncio.Task[PaymentResult], turn: Turn) -> None:
        await asyncio.wait({asked})
        told, purchase, bought = answer_of(asked), self._picture.view.purchase, self._bought
        if not isinstance(told, Paid) or purchase is None or bought is None or bought.challenge is None:
            return
        if purchase.state is PurchaseState.SETTLED or not told.preimage.proves(purchase.payment_hash):
            return
        self._fee = told.fee
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


async def _known_to_ledger(purchase: Purchase, turn: Turn) -> PaymentResult | None:
    """What somebody else has found out meanwhile: another window, a command, a proof pasted elsewhere."""
    try:
        now = await turn.services.ledger.get(purchase.id)
        proof = await turn.services.ledger.preimage(purchase.id)
    except StoreError as error:
        return Unknown(error.sentence)
    if proof is not None:
        return Paid(proof, now.fee)
    return Failed(now.reason) if now.state is PurchaseState.FAILED else None


def _title(url: str) -> str:
    """The last segment of the path: what a person calls the thing."""
    return path_of(url).rstrip("/").rpartition("/")[2]
