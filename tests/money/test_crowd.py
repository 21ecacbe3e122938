"""A hundred challenges at once, all of which the app may pay by itself: together they keep to the budgets."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from l402desk.client.request import RequestDraft
from l402desk.engine.journey import Journey
from l402desk.engine.paying import fee_limit_for
from l402desk.ledger.budgets import Caps
from l402desk.protocol.amount import Msat
from l402desk.protocol.origin import Origin
from l402desk.services import Services
from tests.engine.shop import NAME, Shop, a_desk

pytestmark = pytest.mark.anyio
PRICE = Msat(21_000)
WORST = PRICE.value + fee_limit_for(PRICE).value


def unheard(_: object) -> None:
    """Nobody looks at the views."""


async def by_itself(services: Services, at: int) -> None:
    journey = Journey(RequestDraft("GET", f"https://shop.example/thing/{at}"))
    await journey.send(services, unheard)
    await journey.pay_automatically(services, unheard)


@pytest.mark.parametrize("fit", [0, 1, 7])
async def test_a_hundred_402s_at_once_keep_to_the_budgets(tmp_path: Path, fit: int) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await services.ledger.arm(NAME, True)
        most = Msat(WORST * fit + WORST - 1)
        await services.ledger.set_caps(Caps(Msat(WORST), most, Msat(WORST * 1_000)))
        async with asyncio.TaskGroup() as group:
            for at in range(100):
                group.create_task(by_itself(services, at))
        stands = await services.ledger.allowance(Origin.of("https://shop.example/"))
    # What was reserved and cost less makes room again: more than `fit` may be paid, never more than the cap.
    assert len(shop.wallet.paid) == len(set(shop.wallet.paid)) >= fit
    assert len(shop.wallet.paid) * (PRICE.value + 1_000) <= most.value
    assert stands.spent_host <= most
    assert stands.spent_host.value == len(shop.wallet.paid) * (PRICE.value + 1_000)
