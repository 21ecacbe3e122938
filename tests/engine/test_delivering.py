"""Delivery as a step of its own: free, days later, elsewhere too, and never a payment."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from l402desk.engine.delivering import deliver
from l402desk.ledger.errors import NotSettled
from l402desk.ledger.purchases import Purchase
from l402desk.protocol.commands import Delivery, Outcome
from l402desk.services import Services
from tests.engine.shop import Buyer, Shop, a_desk, failing, tokens

pytestmark = pytest.mark.anyio


async def undelivered(services: Services, shop: Shop, method: str = "GET") -> Purchase:
    shop.paid_answers = [httpx.Response(503)]
    view = await Buyer(services, method=method).buy()
    assert view.outcome is Outcome.UNDELIVERED
    assert view.purchase is not None
    return view.purchase


async def test_what_was_bought_is_fetched_again_for_free(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = await undelivered(services, shop)
    async with a_desk(tmp_path, shop) as services:  # another day, another process
        delivered = await deliver(services, purchase.id)
        assert delivered.answer is not None
        assert delivered.answer.body.text(100) == '{"message":"here"}'
        assert delivered.purchase.delivery is Delivery.DELIVERED
        assert delivered.notice.title == "Paid 21 sats"
        assert await tokens(services) == ["usable"]
        assert (await services.vault.list())[0].uses == 2
    assert len(shop.wallet.paid) == 1
    assert shop.paid_requests[0].authorizations == shop.paid_requests[1].authorizations


async def test_a_shop_that_hands_out_elsewhere_is_reached_there(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = await undelivered(services, shop)
        delivered = await deliver(services, purchase.id, url="/v1/claim", method="POST")
        assert delivered.purchase.delivery is Delivery.DELIVERED
    assert (shop.seen[-1].method, shop.seen[-1].url) == ("POST", "https://shop.example/v1/claim")


async def test_no_other_origin_gets_the_token(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = await undelivered(services, shop)
        delivered = await deliver(services, purchase.id, url="https://evil.example/claim")
        assert delivered.answer is None
        assert "goes to no other host" in delivered.notice.sentence
        assert delivered.purchase.delivery is Delivery.UNDELIVERED
    assert all(seen.url.startswith("https://shop.example/") for seen in shop.seen)


@pytest.mark.parametrize(
    ("answer", "delivery", "state"),
    [
        (httpx.Response(402), Delivery.REFUSED, "refused"),
        (httpx.Response(500), Delivery.UNDELIVERED, "undelivered"),
        (httpx.ConnectError("down"), Delivery.UNDELIVERED, "undelivered"),
    ],
)
async def test_a_delivery_that_fails_again_keeps_the_token_and_pays_nothing(
    tmp_path: Path, answer: httpx.Response | Exception, delivery: Delivery, state: str
) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = await undelivered(services, shop)
        shop.paid_answers = [answer]
        delivered = await deliver(services, purchase.id)
        assert delivered.purchase.delivery is delivery
        assert await tokens(services) == [state]
        assert (await deliver(services, purchase.id)).purchase.delivery is Delivery.DELIVERED
    assert len(shop.wallet.paid) == 1


async def test_what_is_not_paid_is_not_delivered(tmp_path: Path) -> None:
    async with a_desk(tmp_path, Shop()) as services:
        view = await Buyer(services).offer()
        assert view.purchase is not None
        with pytest.raises(NotSettled):
            await deliver(services, view.purchase.id)


async def test_a_request_that_cannot_be_read_any_more_is_asked_for_at_its_address(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = await undelivered(services, shop)
        sealed = services.ledger._rows._seal(purchase.id, "request", b"of a later version")
        await services.database.write(lambda c: c.execute("UPDATE purchases SET request = ?", (sealed,)).rowcount)
        assert (await deliver(services, purchase.id)).purchase.delivery is Delivery.DELIVERED
    assert shop.seen[-1].url == "https://shop.example/v1/thing"


async def test_a_token_that_a_crash_left_in_the_ledger_alone_is_kept_on_the_way(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = await undelivered(services, shop)
        await services.database.write(lambda c: c.execute("DELETE FROM tokens").rowcount)
        await deliver(services, purchase.id)
        assert await tokens(services) == ["usable"]


async def test_the_answer_is_there_although_the_disk_does_not_take_the_mark(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        purchase = await undelivered(services, shop)
        failing(services).fail_next_write(after=1)  # the delivery is written, the token's use is not
        delivered = await deliver(services, purchase.id)
        assert delivered.answer is not None
        assert delivered.purchase.delivery is Delivery.DELIVERED
