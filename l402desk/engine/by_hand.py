"""What only the user can say about a payment: here is its proof, or: it was not made, stop waiting for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from l402desk.engine.keeping import redeem
from l402desk.engine.reconciling import give_up
from l402desk.ledger.errors import Refused
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.errors import ProofError
from l402desk.protocol.instants import instant_words

if TYPE_CHECKING:
    from l402desk.protocol.proof import Preimage
    from l402desk.services import Services


class TooEarly(Refused):
    """The waiting cannot be ended yet: some wallet could still begin to pay, or has paid."""


async def prove(services: Services, purchase_id: str, preimage: Preimage) -> Purchase:
    """Take the proof of exactly this purchase: settle it and keep its token (law 4).

    Raises ProofError for another payment's preimage, NoSuchPurchase, StoreError, and TokenError for a credential that
    no header can carry.
    """
    purchase = await services.ledger.get(purchase_id)
    if not preimage.proves(purchase.payment_hash):
        raise ProofError("This preimage belongs to another payment: its hash is not this invoice's")
    settled = await redeem(services, preimage)
    assert settled is not None, "the purchase was there a moment ago, and none is ever removed"
    return settled


async def end_unpaid(services: Services, purchase_id: str) -> Purchase:
    """End the waiting because the user says that nothing was paid. A proof that comes later still settles it.

    Raises TooEarly with the reason, NoSuchPurchase, StoreError.
    """
    purchase = await services.ledger.get(purchase_id)
    hindrance = why_not_end(purchase, services.now())
    if hindrance:
        raise TooEarly(hindrance, purchase)
    return await give_up(services, purchase_id)


def why_not_end(purchase: Purchase, now: int) -> str:
    """Why the user cannot end the waiting now, as a sentence; empty where he may."""
    if purchase.may_be_given_up(now):
        return ""
    match purchase.state:
        case PurchaseState.SUBMITTED | PurchaseState.UNKNOWN | PurchaseState.INTENT:
            when = instant_words(purchase.expires_at)
            return f"The invoice can still be paid: wait until two minutes after it runs out ({when})."
        case PurchaseState.PAID_WITHOUT_PROOF:
            return "The wallet says that it paid: look for the proof of payment there and paste it."
        case PurchaseState.OFFERED:
            return "No wallet was given this invoice, so nothing is waited for."
        case _:
            return f"This purchase is {purchase.state.words}; nothing is waited for."
