"""Takes up what an earlier run left: tokens that were paid and not kept, payments whose fate nobody knew.

Law 4: unknown purchases resume by themselves, and only a proof, a proven failure, or being asked for in vain for long
enough ends them. "Not found" alone never does.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from l402desk.engine.asking import look_up
from l402desk.engine.keeping import keep_token, redeem
from l402desk.engine.patience import due_in
from l402desk.engine.standing import look_up_once
from l402desk.ledger.errors import Refused
from l402desk.ledger.owner import is_gone, this_process
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof
from l402desk.protocol.proof import PaymentHash
from l402desk.store.errors import StoreError
from l402desk.vault.errors import Forgotten

if TYPE_CHECKING:
    from l402desk.services import Services

log = logging.getLogger(__name__)

PATIENCE_S = 20.0
"""How long a wallet may take to look one payment up."""
STALE_S = 30
"""After this long nobody is still between the two steps of a payment: they follow each other at once."""
LEFT_OPEN = "The app ended before the wallet had answered."
NEVER_ASKED = "The app ended before the wallet was asked: no money left."


async def recover(services: Services, *, everything: bool = True) -> tuple[Purchase, ...]:
    """Keep what was paid for, look up what is open; the purchases that are open still, the oldest first.

    With ``everything`` all of them are asked about now, else those whose time has come. May run at any time, beside
    journeys too, and again. Nothing is paid here. Empty while the vault is locked: nothing could be kept. Raises
    StoreError when the ledger cannot be read; one damaged row keeps no other from being taken up.
    """
    if not services.is_unlocked:
        return ()
    for purchase in await services.ledger.undelivered():
        await _keep_if_lost(purchase, services)
    now = services.now()
    open_now = [p for p in await services.ledger.open_purchases() if p.id not in services.in_hand]
    doubtful = await services.ledger.doubtful_failures()
    due = [p for p in open_now if everything or due_in(p, now) <= 0]
    await asyncio.gather(*[take_up(purchase, services) for purchase in (*due, *doubtful)])
    return tuple(await services.ledger.open_purchases())


async def look_for_awaited(services: Services) -> None:
    """An imported token without a proof was paid by some wallet, perhaps by one that is connected here.

    Raises StoreError.
    """
    if not services.is_unlocked:
        return
    wallets = [
        wallet for wallet in services.wallets if wallet.capabilities.looks_up and not wallet.capabilities.is_play
    ]
    for awaited in await services.awaiting.list() if wallets else ():
        payment_hash = PaymentHash.from_hex(awaited.payment_hash)
        for wallet in wallets:
            told = await look_up(services, wallet, payment_hash, patience_s=PATIENCE_S)
            if isinstance(told, Paid) and told.preimage.proves(payment_hash):
                await services.awaiting.redeem(told.preimage)
                break


async def take_up(purchase: Purchase, services: Services) -> None:
    """Of an earlier run, or of another process that may still be following it: nothing here gets in its way."""
    try:
        if purchase.state is PurchaseState.INTENT:
            if _is_abandoned(purchase, services.now()):
                await services.ledger.fail(purchase.id, NEVER_ASKED)
            return
        if purchase.state is PurchaseState.SUBMITTED:
            await services.ledger.unknown(purchase.id, LEFT_OPEN)
    except Refused:
        return  # it went on meanwhile
    await _resolve(purchase, services)


def _is_abandoned(purchase: Purchase, now: int) -> bool:
    """The wallet hears of an invoice only after the next step, and that step is refused once this says so."""
    if purchase.owner == this_process() or is_gone(purchase.owner):
        return True
    return abs(now - (purchase.reserved_at or 0)) > STALE_S


async def _keep_if_lost(purchase: Purchase, services: Services) -> None:
    # Between the proof and the token lies one commit: a crash there leaves a paid token in the ledger alone.
    try:
        token = (await services.ledger.secrets(purchase.id)).token()
        if token is not None:
            await keep_token(services, purchase, token)
    except Forgotten:
        pass  # the user deleted it for ever
    except (StoreError, ProtocolError) as error:
        log.warning("the token of a settled purchase could not be kept: %s", type(error).__name__)


async def _resolve(purchase: Purchase, services: Services) -> None:
    if services.wallets.find(purchase.rail or "") is None:
        return
    told = await look_up_once(purchase, services, patience_s=PATIENCE_S)
    try:
        match told:
            case Paid(preimage) if preimage.proves(purchase.payment_hash):
                await redeem(services, preimage, told.fee)
            case Paid() | PaidWithoutProof():
                await services.ledger.without_proof(purchase.id, "The wallet says it paid, and shows no valid proof.")
            case Failed(reason):
                await services.ledger.fail(purchase.id, reason)
            case _:  # unknown, or not found, which proves nothing: it stays open
                pass
    except Refused:
        pass  # it was settled meanwhile, by a journey or by hand; or it was called failed already, and still is
    except (StoreError, ProtocolError) as error:
        log.warning("an open purchase could not be resolved: %s", type(error).__name__)
