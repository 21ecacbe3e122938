"""Finding out about one open purchase: now, or for as long as somebody waits; and taking the user's word."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from l402desk.engine import patience
from l402desk.engine.reconciling import GIVEN_UP, give_up, resolve, resume
from l402desk.engine.recovery import NEVER_ASKED, recover
from l402desk.ledger.errors import StepRefused
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.origin import Origin, path_of
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.services import Services
from tests.engine.shop import NAME, URL, Buyer, Scripted, Shop, a_desk, finding, tokens, unanswered
from tests.fakes.purchased import claim

pytestmark = pytest.mark.anyio
State = PurchaseState


async def resumed(services: Services, wait_s: float = 5) -> Purchase | None:
    return await resume(services, origin=Origin.of(URL), path=path_of(URL), wait_s=wait_s)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LOOK_UP_AFTER_S", (0.01,) * 6)
    monkeypatch.setattr(patience, "LOOK_UP_EVERY_S", 0.01)


def asking(*found: PaymentResult | Exception | None) -> Scripted:
    return Scripted(pay=unanswered, look_up=finding(*found))


async def opened(services: Services, shop: Shop) -> Purchase:
    """A purchase that an earlier run gave to the wallet and left."""
    view = await Buyer(services).offer()
    assert view.purchase is not None
    return await claim(services.ledger, view.purchase.id, NAME)


async def test_a_proof_settles_and_keeps_the_token(tmp_path: Path) -> None:
    shop, wallet = Shop(), asking(None)
    async with a_desk(tmp_path, shop, wallet) as services:
        purchase = await opened(services, shop)
        wallet._look_up = finding(Paid(shop.preimages[purchase.payment_hash]))
        assert (await resolve(services, purchase.id)).state is State.SETTLED
        assert await tokens(services) == ["undelivered"]


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (Failed("no route"), State.FAILED),
        (PaidWithoutProof("no preimage"), State.PAID_WITHOUT_PROOF),
        (Unknown("on its way"), State.UNKNOWN),
        (None, State.UNKNOWN),
        (RuntimeError("bug"), State.UNKNOWN),
    ],
)
async def test_a_look_up_is_believed_for_what_it_proves(
    tmp_path: Path, found: PaymentResult | Exception | None, state: PurchaseState
) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, asking(found)) as services:
        purchase = await opened(services, shop)
        assert (await resolve(services, purchase.id)).state is state


async def test_not_found_alone_never_ends_a_purchase(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, asking(None)) as services:
        purchase = await opened(services, shop)
        for _ in range(20):
            assert (await resolve(services, purchase.id)).is_open


async def test_asked_in_vain_for_long_enough_and_too_late_to_begin_it_ends(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, asking(None)) as services:
        purchase = await opened(services, shop)
        start = time.time()
        services.ledger._clock = lambda: purchase.expires_at + 60
        for _ in range(2):
            await resolve(services, purchase.id)
        services.clock = services.ledger._clock = lambda: purchase.expires_at + 130
        ended = await resolve(services, purchase.id)
        assert ended.state is State.FAILED
        assert "never heard of this payment" in ended.reason
        assert time.time() - start < 60


async def test_what_failed_is_asked_about_once_more_and_settles_after_all(tmp_path: Path) -> None:
    shop, wallet = Shop(), asking(Failed("no route"))
    async with a_desk(tmp_path, shop, wallet) as services:
        purchase = await opened(services, shop)
        assert (await resolve(services, purchase.id)).state is State.FAILED
        asked = wallet.looked_up
        await recover(services)
        assert wallet.looked_up == asked  # its invoice has not run out: nothing new can be known
        services.clock = services.ledger._clock = lambda: purchase.expires_at + 121
        wallet._look_up = finding(Paid(shop.preimages[purchase.payment_hash]))
        await recover(services)
        assert (await services.ledger.get(purchase.id)).state is State.SETTLED


async def test_an_intent_whose_process_died_was_never_paid(tmp_path: Path) -> None:
    shop, wallet = Shop(), asking(None)
    async with a_desk(tmp_path, shop, wallet) as services:
        view = await Buyer(services).offer()
        assert view.purchase is not None
        purchase = await services.ledger.reserve(view.purchase.id, NAME)
        ended = await resolve(services, purchase.id)
        assert (ended.state, ended.reason, wallet.looked_up) == (State.FAILED, NEVER_ASKED, 0)


async def test_an_intent_of_a_process_that_lives_is_left_alone_for_a_while(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, asking(None)) as services:
        view = await Buyer(services).offer()
        assert view.purchase is not None
        purchase = await services.ledger.reserve(view.purchase.id, NAME)
        await services.database.write(
            lambda c: c.execute("UPDATE purchases SET owner = 'somebody who may be there'").rowcount
        )
        assert (await resolve(services, purchase.id)).state is State.INTENT
        services.clock = lambda: time.time() + 31
        assert (await resolve(services, purchase.id)).state is State.FAILED
        with pytest.raises(StepRefused):  # and if it lives after all, its next step is refused before the wallet hears
            await services.ledger.submit(purchase.id)


async def test_the_open_purchase_of_a_place_is_waited_for(tmp_path: Path) -> None:
    shop, wallet = Shop(), asking(None)
    async with a_desk(tmp_path, shop, wallet) as services:
        purchase = await opened(services, shop)
        proof = Paid(shop.preimages[purchase.payment_hash])
        wallet._look_up = finding(None, Unknown("on its way"), proof)
        ended = await resumed(services)
        assert ended is not None
        assert (ended.id, ended.state) == (purchase.id, State.SETTLED)
        assert await resumed(services) is None


async def test_waiting_ends_with_the_time_and_the_purchase_stays_open(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, asking(Unknown("on its way"))) as services:
        purchase = await opened(services, shop)
        ended = await resumed(services, 0.05)
        assert ended is not None
        assert (ended.id, ended.state) == (purchase.id, State.UNKNOWN)


async def test_the_user_ends_the_waiting_when_no_wallet_can_begin_to_pay(tmp_path: Path) -> None:
    shop, wallet = Shop(), asking(Unknown("on its way"))
    async with a_desk(tmp_path, shop, wallet) as services:
        purchase = await opened(services, shop)
        await resolve(services, purchase.id)
        with pytest.raises(StepRefused):
            await give_up(services, purchase.id)
        services.clock = lambda: purchase.expires_at + 120
        ended = await give_up(services, purchase.id)
        assert (ended.state, ended.reason) == (State.FAILED, GIVEN_UP)
        proof = shop.preimages[purchase.payment_hash]
        assert (
            await services.ledger.settle(purchase.id, proof)
        ).state is State.SETTLED  # a proof is taken all the same


async def test_what_a_journey_of_this_run_follows_is_left_to_it(tmp_path: Path) -> None:
    shop, wallet = Shop(), asking(None)
    async with a_desk(tmp_path, shop, wallet) as services:
        purchase = await opened(services, shop)
        services.in_hand.add(purchase.id)
        await resolve(services, purchase.id)
        assert wallet.looked_up == 0
