"""Writes down what a server did with a bought token: at the purchase, with both sides of what was said."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from l402desk.client.errors import Kind
from l402desk.engine.transcript import with_delivered
from l402desk.protocol.commands import Delivery
from l402desk.store.errors import SealBroken
from l402desk.vault.tokens import TokenState

if TYPE_CHECKING:
    from l402desk.client.answer import Answer
    from l402desk.ledger.purchases import Purchase
    from l402desk.services import Services

CUT_SHORT = (Kind.DROPPED, Kind.IDLE_TIMEOUT, Kind.TOTAL_TIMEOUT, Kind.BAD_ENCODING, Kind.DISK)
"""Troubles of a body after which nobody can say that what was bought has arrived."""
STATES = {
    Delivery.DELIVERED: TokenState.USABLE,
    Delivery.UNDELIVERED: TokenState.UNDELIVERED,
    Delivery.REFUSED: TokenState.REFUSED,
}
"""What a delivery makes of its token."""
REFUSALS = (401, 402)


def delivery_of(answer: Answer) -> Delivery:
    """What an answer to a bought token means; a redirect, a 5xx and a body cut short delivered nothing (law 7)."""
    if answer.trouble is not None and answer.trouble.kind in CUT_SHORT:
        return Delivery.UNDELIVERED
    if answer.status in REFUSALS:
        return Delivery.REFUSED
    return Delivery.DELIVERED if 200 <= answer.status < 300 or answer.status == 304 else Delivery.UNDELIVERED


async def record_delivery(
    services: Services, purchase: Purchase, delivery: Delivery, status: int | None, answer: Answer | None
) -> Purchase:
    """Raises StoreError, NotSettled. A transcript that does not open keeps no delivery from being written down."""
    exchange = None
    if answer is not None:
        try:
            before = await services.ledger.exchange(purchase.id)
        except SealBroken:
            before = None
        exchange = await asyncio.to_thread(with_delivered, before, answer, services.now())
    return await services.ledger.mark_delivery(purchase.id, delivery, status, exchange=exchange)
