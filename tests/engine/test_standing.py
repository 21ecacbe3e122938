"""How a payment stands, between what the wallet said, what a look-up finds and what the ledger knows already."""

from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.engine.connecting import add, bring_back, remove
from l402desk.engine.standing import NEVER_SEEN, Standing, look_up_once
from l402desk.ledger.purchases import Purchase
from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, PaymentResult, Unknown
from l402desk.services import Services
from tests.engine.shop import NAME, Buyer, Scripted, Shop, a_desk, answering, failing, finding, unanswered
from tests.fakes.purchased import claim

pytestmark = pytest.mark.anyio
NOBODY_THERE = "lnbits+http://127.0.0.1:1?key=a"


async def opened(services: Services) -> Purchase:
    view = await Buyer(services).offer()
    assert view.purchase is not None
    return await claim(services.ledger, view.purchase.id, NAME)


async def test_the_wallets_own_proof_tells_the_fee(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, wallet := Scripted(pay=unanswered)) as services:
        purchase = await opened(services)
        wallet._pay = answering(Paid(shop.preimages[purchase.payment_hash], Msat(3)))
        standing = Standing()
        await standing.ask(wallet, purchase.invoice, purchase, services)
        assert standing.fee == Msat(3)


async def test_one_journey_hands_its_invoice_over_once(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop(), wallet := Scripted(pay=answering(Unknown("lost")))) as services:
        purchase = await opened(services)
        standing = Standing()
        await standing.ask(wallet, purchase.invoice, purchase, services)
        with pytest.raises(AssertionError):
            await standing.ask(wallet, purchase.invoice, purchase, services)
        assert len(wallet.asked) == 1


async def test_what_was_found_out_elsewhere_counts_before_the_wallet_is_asked(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, wallet := Scripted(pay=unanswered)) as services:
        purchase = await opened(services)
        proof = shop.preimages[purchase.payment_hash]
        await services.ledger.settle(purchase.id, proof, Msat(7))
        assert await Standing().look_up(purchase, services) == Paid(proof, Msat(7))
        assert wallet.looked_up == 0


@pytest.mark.parametrize("found", [None, Unknown("on its way"), Failed("no route")])
async def test_every_look_up_is_counted(tmp_path: Path, found: PaymentResult | None) -> None:
    wallet = Scripted(pay=unanswered, look_up=finding(found))
    async with a_desk(tmp_path, Shop(), wallet) as services:
        purchase = await opened(services)
        for _ in range(2):
            assert await look_up_once(purchase, services) == found
        counted = await services.ledger.get(purchase.id)
        assert (counted.look_ups, counted.missed) == (2, 2 if found is None else 0)


async def test_not_found_becomes_failed_by_the_rules_alone(tmp_path: Path) -> None:
    wallet = Scripted(pay=unanswered, look_up=finding(None))
    async with a_desk(tmp_path, Shop(), wallet) as services:
        purchase = await opened(services)
        services.ledger._clock = lambda: purchase.expires_at
        for _ in range(3):
            assert await look_up_once(purchase, services) is None
        services.clock = services.ledger._clock = lambda: purchase.expires_at + 120
        assert await look_up_once(purchase, services) == Failed(NEVER_SEEN)


async def test_not_found_by_another_wallet_of_the_same_name_ends_nothing(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop(), Scripted(pay=unanswered, name="Another")) as services:
        began = services.now()
        services.clock = services.wallet_book._clock = services.ledger._clock = lambda: began - 5
        await add(services, NAME, NOBODY_THERE)
        services.clock = services.wallet_book._clock = services.ledger._clock = lambda: began
        purchase = await opened(services)
        removed = await remove(services, NAME, despite_open=True)
        assert removed is not None
        services.clock = services.wallet_book._clock = services.ledger._clock = lambda: began + 1
        await add(services, NAME, NOBODY_THERE)  # may be another node, that was never given this invoice
        await looked_for_long_enough(services, purchase)
        assert await look_up_once(purchase, services) is None
        await remove(services, NAME, despite_open=True)
        await bring_back(services, removed)  # this one was
        await looked_for_long_enough(services, purchase)
        assert await look_up_once(purchase, services) == Failed(NEVER_SEEN)


async def looked_for_long_enough(services: Services, purchase: Purchase) -> None:
    """By a wallet that never heard of it, until nobody can begin to pay it any more."""
    services.wallets.disconnect(NAME)
    services.wallets.connect(Scripted(pay=unanswered, look_up=finding(None)))
    services.ledger._clock = lambda: purchase.expires_at
    for _ in range(3):
        await look_up_once(purchase, services)
    services.clock = services.ledger._clock = lambda: purchase.expires_at + 120


async def test_what_was_found_counts_although_the_disk_is_full(tmp_path: Path) -> None:
    wallet = Scripted(pay=unanswered, look_up=finding(Failed("no route")))
    async with a_desk(tmp_path, Shop(), wallet) as services:
        purchase = await opened(services)
        failing(services).fail_next_write()
        assert await look_up_once(purchase, services) == Failed("no route")


async def test_a_wallet_that_is_not_connected_is_said_and_not_counted(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop(), Scripted(pay=unanswered)) as services:
        purchase = await opened(services)
        services.wallets.disconnect(NAME)
        found = await look_up_once(purchase, services)
        assert isinstance(found, Unknown)
        assert "not connected" in found.reason
        assert (await services.ledger.get(purchase.id)).look_ups == 0
