"""Finds out about one open purchase: now, or for as long as somebody is willing to wait; and takes the user's word."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from l402desk.engine.patience import pause_after
from l402desk.engine.recovery import recover, take_up
from l402desk.ledger.errors import StepRefused
from l402desk.ledger.purchases import Purchase, PurchaseState

if TYPE_CHECKING:
    from l402desk.protocol.origin import Origin
    from l402desk.services import Services

GIVEN_UP = "You said that it was not paid."


async def resolve(services: Services, purchase_id: str) -> Purchase:
    """Ask the wallet once; how the purchase stands then. Raises NoSuchPurchase, StoreError.

    Asks about an ended one too where a wallet had called it failed: they have been wrong.
    """
    purchase = await services.ledger.get(purchase_id)
    if (purchase.is_open and purchase_id not in services.in_hand) or purchase.state is PurchaseState.FAILED:
        await take_up(purchase, services)
    return await services.ledger.get(purchase_id)


async def resume(services: Services, *, origin: Origin, path: str, wait_s: float) -> Purchase | None:
    """The open purchase of this place, looked up until it ends or the time is over; None where none is open.

    First takes up whatever an earlier run left. Nothing is paid here. Raises StoreError.
    """
    await recover(services, everything=False)
    purchase = await services.ledger.open_at(origin, path)
    if purchase is None:
        return None
    deadline = asyncio.get_running_loop().time() + wait_s
    asked = 0
    while True:
        purchase = await resolve(services, purchase.id)
        left = deadline - asyncio.get_running_loop().time()
        if not purchase.is_open or left <= 0:
            return purchase
        await asyncio.sleep(min(pause_after(asked), left))
        asked += 1


async def give_up(services: Services, purchase_id: str) -> Purchase:
    """The user ends the waiting, knowing that a payment in flight may still arrive. Raises StepRefused, StoreError.

    Refused while a wallet could still begin to pay the invoice; a proof is taken all the same, later too.
    """
    purchase = await services.ledger.get(purchase_id)
    if not purchase.may_be_given_up(services.now()):
        raise StepRefused(purchase, PurchaseState.FAILED)
    return await services.ledger.fail(purchase_id, GIVEN_UP)
