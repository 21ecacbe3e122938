"""How one payment stands: what the wallet answered, what a look-up finds, what somebody else wrote down meanwhile."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from l402desk.engine.asking import answer_of, look_up
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.store.errors import StoreError
from l402desk.wallets.errors import NoSuchWallet

if TYPE_CHECKING:
    from l402desk.protocol.amount import Msat
    from l402desk.services import Services
    from l402desk.wallets.wallet import Wallet

PATIENCE_S = 60.0
"""How long a wallet may take before its payment counts as unknown; some took 72 s and still settled."""
NEVER_SEEN = (
    "The wallet was asked again and again and has never heard of this payment, and its invoice has run out:"
    " it was not paid."
)


class Standing:
    """Follows one payment. ``fee`` is what it cost beside the amount, once somebody told."""

    def __init__(self) -> None:
        self._asked: asyncio.Task[PaymentResult] | None = None
        self.fee: Msat | None = None

    @property
    def asked(self) -> asyncio.Task[PaymentResult] | None:
        """The wallet's own answer to the payment, come or still to come; it outlives the job that waits for it."""
        return self._asked

    async def ask(self, wallet: Wallet, invoice: str, purchase: Purchase, services: Services) -> PaymentResult:
        """Hand the invoice to the wallet, once, and wait for its answer as long as is decent."""
        assert self._asked is None, "one journey pays once"
        self._asked = services.keep_running(wallet.pay(invoice, fee_limit=purchase.fee_limit))
        await asyncio.wait({self._asked}, timeout=PATIENCE_S)
        if not self._asked.done():
            return Unknown(f"The wallet has not answered for {PATIENCE_S:.0f} seconds.")
        told = answer_of(self._asked) or Unknown("The wallet said nothing about the payment.")
        if isinstance(told, Failed) and wallet.capabilities.looks_up:
            return await self.look_up(purchase, services)  # wallets have called failed what was paid (law 4)
        if isinstance(told, Paid):
            self.fee = told.fee
        return told

    async def look_up(self, purchase: Purchase, services: Services) -> PaymentResult:
        """What is known of the payment now; anything but a proof or a proven failure is unknown (law 4)."""
        said = answer_of(self._asked) if self._asked is not None and self._asked.done() else None
        if isinstance(said, Paid) and said.preimage.proves(purchase.payment_hash):
            self.fee = said.fee
            return said
        kept = await _known_to_ledger(purchase, services)
        if kept is not None:
            return kept
        found = await look_up_once(purchase, services)
        if isinstance(found, Paid):
            self.fee = found.fee
            return found
        if isinstance(said, (Paid, PaidWithoutProof)):
            return said
        if isinstance(said, Failed) and found is None:
            return said
        return found or Unknown("The wallet does not know this payment.")


async def look_up_once(
    purchase: Purchase, services: Services, *, patience_s: float | None = None
) -> PaymentResult | None:
    """Ask the rail of a purchase, and count the question; None where it does not know the payment.

    "Not found" alone proves nothing; asked long enough, and too late for anybody to begin paying, it is `Failed`.
    """
    wallet = services.wallets.find(purchase.rail or "")
    if wallet is None:
        return Unknown(f"The wallet that was given this invoice ({purchase.rail}) is not connected.")
    found = await look_up(services, wallet, purchase.payment_hash, patience_s=patience_s or PATIENCE_S)
    try:
        counted = await services.ledger.looked_up(purchase.id, found=found is not None)
    except StoreError:  # it only counts: what was found is not thrown away for it
        return found
    if found is not None or not counted.is_lost(services.now()):
        return found
    return Failed(NEVER_SEEN) if await _was_there(counted, services) else None


async def _was_there(purchase: Purchase, services: Services) -> bool:
    """Could the wallet of this name have been given the invoice at all?

    One that took the name of a removed wallet later may be another's: that it never heard of the payment says nothing.
    """
    try:
        stored = await services.wallet_book.find(purchase.rail or "")
    except NoSuchWallet:
        return True  # of no book: the sandbox's own, or one written out at the command line, whose name tells its key
    except StoreError:
        return False
    return stored.added_at <= (purchase.reserved_at or purchase.created_at)


async def _known_to_ledger(purchase: Purchase, services: Services) -> PaymentResult | None:
    """What somebody else has found out meanwhile: another window, a command, a proof pasted elsewhere."""
    try:
        now = await services.ledger.get(purchase.id)
        proof = await services.ledger.preimage(purchase.id)
    except StoreError as error:
        return Unknown(error.sentence)
    if proof is not None:
        return Paid(proof, now.fee)
    return Failed(now.reason) if now.state is PurchaseState.FAILED else None
