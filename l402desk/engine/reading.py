"""Reads what an answer demands and judges it, off the loop where that takes long."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from l402desk.protocol.challenge import Demand, read_demand
from l402desk.protocol.inspection import Circumstances, Inspection, inspect_demand
from l402desk.protocol.network import Network
from l402desk.protocol.origin import Origin, path_of
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.client.answer import Answer
    from l402desk.protocol.amount import Msat
    from l402desk.services import Services

MOST_BODY = 64 * 1024
"""Bytes of a body that are searched for a challenge."""


async def judge(answer: Answer, services: Services) -> tuple[Demand, tuple[Inspection, ...]]:
    """Every offer in the answer, and each challenge judged, best first (law 1: by what is signed, not what is said)."""
    origin = Origin.of(answer.url)
    circumstances = Circumstances(
        now=services.now(),
        origin=origin,
        status=answer.status,
        network=_network(origin, services),
        cap=services.caution_above,
        known_price=await _known_price(origin, answer, services),
    )
    return await asyncio.to_thread(_read, answer, circumstances)


async def _known_price(origin: Origin, answer: Answer, services: Services) -> Msat | None:
    if not services.is_unlocked or answer.status not in (401, 402):
        return None
    try:
        return await services.ledger.last_price(origin, path_of(answer.url), answer.method)
    except StoreError:  # one check less is no reason to withhold the answer; the intent asks the disk again
        return None


def _read(answer: Answer, circumstances: Circumstances) -> tuple[Demand, tuple[Inspection, ...]]:
    try:
        head = answer.body.head(MOST_BODY)
    except OSError:  # somebody cleared the cache under us; the header is here
        head = b""
    demand = read_demand(answer.status, answer.headers, head)
    return demand, inspect_demand(demand, circumstances)


def _network(origin: Origin, services: Services) -> Network | None:
    """The network all connected wallets agree on; None where there is none to compare with.

    Play money is compared with its own sandbox's invoices alone: anything else a phone may pay.
    """
    play = services.sandbox.wallet if services.sandbox is not None else None
    if services.sandbox is not None and origin == services.sandbox.origin:
        return services.sandbox.wallet.network
    real = [wallet for wallet in services.wallets if play is None or wallet.name != play.name]
    networks = {wallet.network for wallet in real if wallet.network is not None}
    return networks.pop() if len(networks) == 1 else None
