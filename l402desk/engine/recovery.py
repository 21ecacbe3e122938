"""Takes up what an earlier run left: tokens that were paid and not kept, payments whose fate nobody knew.

Law 4: unknown purchases resume by themselves at start-up, and only a proof or a proven failure ends them.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from l402desk.engine.asking import look_up
from l402desk.engine.keeping import keep_token, redeem
from l402desk.ledger.errors import Refused
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.services import Services

log = logging.getLogger(__name__)

PATIENCE_S = 20.0
"""How long a wallet may take to look one payment up."""
LEFT_OPEN = "The app ended before the wallet had answered."


async def recover(services: Services) -> tuple[Purchase, ...]:
    """Keep what was paid for, look up what is open; the purchases that are open still, the oldest first.

    May run at any time, beside journeys too, and again. Nothing is paid here. Empty while the vault is locked: nothing
    could be kept. Raises StoreError when the ledger cannot be read; one damaged row keeps no other from being taken up.
    """
    if not services.is_unlocked:
        return ()
    for purchase in await services.ledger.undelivered():
        await _keep_if_lost(purchase, services)
    await asyncio.gather(
        *[
            _take_up(purchase, services)
            for purchase in await services.ledger.open_purchases()
            if purchase.id not in services.in_hand
        ]
    )
    return tuple(await services.ledger.open_purchases())


async def _take_up(purchase: Purchase, services: Services) -> None:
    """Of an earlier run, or of another process that may still be following it: nothing here gets in its way."""
    if purchase.state is PurchaseState.SUBMITTED:
        try:
            await services.ledger.unknown(purchase.id, LEFT_OPEN)
        except Refused:
            return  # it was settled meanwhile
    await _resolve(purchase, services)


async def _keep_if_lost(purchase: Purchase, services: Services) -> None:
    # Between the proof and the token lies one commit: a crash there leaves a paid token in the ledger alone.
    try:
        token = (await services.ledger.secrets(purchase.id)).token()
        if token is not None:
            await keep_token(services, purchase, token)
    except (StoreError, ProtocolError) as error:
        log.warning("the token of a settled purchase could not be kept: %s", type(error).__name__)


async def _resolve(purchase: Purchase, services: Services) -> None:
    wallet = services.wallets.find(purchase.rail or "")
    if wallet is None:
        return
    told = await look_up(services, wallet, purchase.payment_hash, patience_s=PATIENCE_S)
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
        pass  # it was settled meanwhile, by a journey or by hand
    except (StoreError, ProtocolError) as error:
        log.warning("an open purchase could not be resolved: %s", type(error).__name__)
