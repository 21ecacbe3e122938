"""Tokens go home only, byte for byte, and what was bought is kept whatever the server does with it."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from l402desk.client.body import TextBody
from l402desk.client.request import Field, RequestDraft
from l402desk.ledger.purchases import Delivery
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from tests.engine.shop import URL, Buyer, Scripted, Shop, a_desk, failing, rows_now, states, tokens, unanswered, until

pytestmark = pytest.mark.anyio


@pytest.fixture
def shop() -> Shop:
    return Shop()


async def test_a_bought_token_is_one_header_with_the_credential_byte_for_byte(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.buy()
        credential, _ = shop.bills[0]
        preimage = shop.preimages[buyer.payment_hash]
        assert [seen.authorizations for seen in shop.paid_requests] == [(f"L402 {credential}:{preimage.hex}",)]


async def test_the_old_scheme_is_answered_in_the_old_scheme(shop: Shop, tmp_path: Path) -> None:
    shop.scheme = "LSAT"
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        await Buyer(services).send()
    assert [seen.authorizations[0].partition(" ")[0] for seen in shop.paid_requests] == ["LSAT", "LSAT"]


async def test_a_typed_authorization_gives_way_to_the_token(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        headers = (Field("authorization", "Basic abc"),)
        buyer = Buyer(services, draft=RequestDraft(url=URL, headers=headers))
        view = await buyer.send()
        assert view.answer is not None
        assert view.answer.authorization_replaced
    assert all(len(seen.authorizations) == 1 for seen in shop.paid_requests)


async def test_a_held_token_is_used_and_counted(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        view = await Buyer(services).send()
        assert (view.outcome, len(shop.bills), len(shop.wallet.paid)) == (Outcome.ANSWERED, 1, 1)
        assert view.token is not None
        assert (view.token.uses, view.token.last_status) == (2, 200)


async def test_without_a_token_the_shop_asks_again(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        assert (await Buyer(services).send(use_token=False)).phase is Phase.CHALLENGED


@pytest.mark.parametrize("status", [401, 402])
async def test_a_held_token_that_is_refused_is_kept_and_marked(shop: Shop, tmp_path: Path, status: int) -> None:
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        shop.paid_answers = [httpx.Response(status)]
        view = await Buyer(services).send()
        assert view.notice is not None
        assert view.notice.title == "The token you hold was refused"
        assert (await tokens(services), len(shop.wallet.paid)) == (["refused"], 1)


async def test_a_token_refused_once_is_sent_again_and_good_when_it_is_honoured(shop: Shop, tmp_path: Path) -> None:
    """A refusal may be about one query, or one bad moment: it costs nobody the token (law 7)."""
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        shop.paid_answers = [httpx.Response(402)]
        await Buyer(services).send()
        assert await tokens(services) == ["refused"]
        view = await Buyer(services).send()
        assert view.answer is not None
        assert view.answer.status == 200
        assert (await tokens(services), len(shop.wallet.paid)) == (["usable"], 1)


async def test_what_was_owed_counts_as_delivered_by_an_ordinary_send_too(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        shop.paid_answers = [httpx.Response(503)]
        await Buyer(services).buy()
        assert await tokens(services) == ["undelivered"]
        await Buyer(services).send()
        assert await tokens(services) == ["usable"]
        assert rows_now(tmp_path, "SELECT delivery, last_status FROM purchases") == [("delivered", 200)]


@pytest.mark.parametrize("status", [401, 402])
async def test_a_bought_token_that_is_refused_is_kept_and_never_paid_again(
    shop: Shop, tmp_path: Path, status: int
) -> None:
    shop.paid_answers = [shop.bill() if status == 402 else httpx.Response(401)]
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        view = await buyer.buy()
        assert (view.outcome, view.can_retry, view.can_pay) == (Outcome.NOT_ACCEPTED, True, False)
        assert view.purchase is not None
        assert (view.purchase.delivery, view.purchase.last_status) == (Delivery.REFUSED, status)
        assert (await tokens(services), len(shop.wallet.paid)) == (["refused"], 1)
        assert (await buyer.open()).outcome is Outcome.NOT_ACCEPTED
        assert (await buyer.deliver_again()).outcome is Outcome.DELIVERED
        assert (await tokens(services), len(shop.wallet.paid)) == (["usable"], 1)


async def test_a_shop_that_always_asks_for_more_is_paid_once(shop: Shop, tmp_path: Path) -> None:
    shop.paid_answers = [shop.bill() for _ in range(5)]
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.buy()
        for _ in range(4):
            assert (await buyer.deliver_again()).outcome is Outcome.NOT_ACCEPTED
            await buyer.open()
            await buyer.pay()
        assert len(shop.wallet.paid) == 1


def broken_gzip() -> httpx.Response:
    return httpx.Response(200, headers={"Content-Encoding": "gzip"}, stream=httpx.ByteStream(b"no gzip at all"))


def redirect(location: str) -> httpx.Response:
    return httpx.Response(302, headers={"Location": location})


UNDELIVERED: dict[str, Callable[[], httpx.Response | Exception]] = {
    "500": functools.partial(httpx.Response, 500),
    "503": functools.partial(httpx.Response, 503),
    "404": functools.partial(httpx.Response, 404),
    "429": functools.partial(httpx.Response, 429),
    "302 to nowhere": functools.partial(httpx.Response, 302),
    "302 to another origin": functools.partial(redirect, "https://elsewhere.example/"),
    "302 in a circle": functools.partial(redirect, URL),
    "refused": functools.partial(httpx.ConnectError, "no"),
    "dropped": functools.partial(httpx.ReadError, "dropped"),
    "slow": functools.partial(httpx.ReadTimeout, "slow"),
    "damaged": broken_gzip,
}


@pytest.mark.parametrize("answer", UNDELIVERED.values(), ids=UNDELIVERED)
async def test_what_is_not_delivered_is_kept_and_tried_again_for_free(
    shop: Shop, tmp_path: Path, answer: Callable[[], httpx.Response | Exception]
) -> None:
    shop.paid_answers = [answer()]
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        view = await buyer.buy()
        assert (view.outcome, view.can_retry) == (Outcome.UNDELIVERED, True)
        assert view.notice is not None
        assert view.notice.title == "Paid, but not delivered yet"
        assert (await states(services), await tokens(services)) == (["settled"], ["undelivered"])
        assert rows_now(tmp_path, "SELECT delivery FROM purchases") == [("undelivered",)]
        again = await asyncio.gather(buyer.deliver_again(), buyer.deliver_again())
        assert again[0].outcome is Outcome.DELIVERED
        assert (len(shop.paid_requests), len(shop.wallet.paid)) == (2, 1)
        assert {seen.url for seen in shop.paid_requests} == {URL}
        assert rows_now(tmp_path, "SELECT delivery, last_status FROM purchases") == [("delivered", 200)]


async def test_a_failed_delivery_does_not_show_the_challenge_as_its_answer(shop: Shop, tmp_path: Path) -> None:
    shop.paid_answers = [httpx.ConnectError("no")]
    async with a_desk(tmp_path, shop) as services:
        view = await Buyer(services).buy()
        assert view.answer is None
        assert view.error is not None


async def test_after_see_other_the_token_goes_where_and_how_the_challenge_was_met(shop: Shop, tmp_path: Path) -> None:
    """A 303 turns a POST into a GET without a body: what was bought answers that GET (RFC 9110, 15.4.4)."""
    shop.redirects = {URL: "https://shop.example/v2/thing"}
    shop.redirect_status = 303
    async with a_desk(tmp_path, shop) as services:
        view = await Buyer(services, draft=RequestDraft("POST", URL, body=TextBody("hello"))).buy()
        assert view.outcome is Outcome.DELIVERED
        assert view.purchase is not None
        assert (view.purchase.method, view.purchase.path) == ("GET", "/v2/thing")
    assert [(seen.method, seen.url) for seen in shop.seen] == [
        ("POST", URL),
        ("GET", "https://shop.example/v2/thing"),
        ("GET", "https://shop.example/v2/thing"),
    ]


async def test_a_challenge_behind_a_redirect_is_bound_to_where_it_was_issued(shop: Shop, tmp_path: Path) -> None:
    shop.redirects = {URL: "https://shop.example/v2/thing?lang=en"}
    async with a_desk(tmp_path, shop) as services:
        view = await Buyer(services).buy()
        assert view.outcome is Outcome.DELIVERED
        assert [seen.url for seen in shop.paid_requests] == ["https://shop.example/v2/thing?lang=en"]
        assert view.token is not None
        assert view.token.scope.path == "/v2/thing"
        assert view.purchase is not None
        assert view.purchase.path == "/v2/thing"


async def test_a_challenge_at_another_origin_is_not_reached(shop: Shop, tmp_path: Path) -> None:
    shop.redirects = {URL: "https://other.example/thing"}
    async with a_desk(tmp_path, shop) as services:
        view = await Buyer(services).send()
        assert view.outcome is Outcome.ANSWERED
        assert [seen.url for seen in shop.seen] == [URL]


async def test_a_paid_request_that_is_sent_elsewhere_takes_no_token_along(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        shop.redirects = {URL: "https://other.example/thing"}
        view = await buyer.pay()
        assert view.outcome is Outcome.UNDELIVERED
        assert {seen.url for seen in shop.seen} == {URL}


async def test_a_token_goes_to_no_other_origin_path_or_port(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        paid = len(shop.paid_requests)
        for url in (
            "http://shop.example/v1/thing",
            "https://shop.example:8443/v1/thing",
            "https://other.example/v1/thing",
            "https://shop.example/v1/other",
            "https://shop.example.evil.example/v1/thing",
        ):
            await Buyer(services, url=url).send()
    assert len(shop.paid_requests) == paid


async def test_plain_http_is_never_paid(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        view = await Buyer(services, url="http://shop.example/v1/thing").buy()
        assert (view.phase, view.can_pay, shop.wallet.calls) == (Phase.CHALLENGED, False, [])


async def test_a_draft_that_cannot_be_sent_says_so(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        view = await Buyer(services, url="").send()
        assert view.outcome is Outcome.NETWORK
        assert view.error is not None
        assert shop.seen == []


async def test_a_locked_vault_does_not_keep_a_request_from_being_sent(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop, locked=True) as services:
        assert (await Buyer(services).send()).phase is Phase.CHALLENGED


@pytest.mark.parametrize("times", [1, 2, 3, 9])
async def test_counters_that_cannot_be_written_do_not_lose_the_answer(shop: Shop, tmp_path: Path, times: int) -> None:
    async with a_desk(tmp_path, shop) as services:
        await Buyer(services).buy()
        failing(services).fail_next_write(times=times)
        view = await Buyer(services).send()
        failing(services).failures = 0
        assert view.outcome is Outcome.ANSWERED
        assert view.answer is not None
        assert view.notice is not None
        assert "disk is full" in view.notice.sentence


@pytest.mark.parametrize(("after", "told"), [(4, False), (5, True), (6, True)])
async def test_a_delivery_that_cannot_be_written_down_is_still_a_delivery(
    shop: Shop, tmp_path: Path, after: int, told: bool
) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        failing(services).fail_next_write(
            after=after
        )  # after intent, submission, proof and token: the use, the delivery, the mark
        view = await buyer.pay()
        assert view.outcome is Outcome.DELIVERED
        assert view.answer is not None
        assert view.notice is not None
        assert ("disk is full" in view.notice.sentence) is told


async def test_a_refusal_that_cannot_be_written_down_is_still_told(shop: Shop, tmp_path: Path) -> None:
    shop.paid_answers = [httpx.Response(401)]
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        failing(services).fail_next_write(after=5)
        view = await buyer.pay()
        assert view.notice is not None
        assert view.notice.title == "Paid, not accepted"
        assert "disk is full" in view.notice.sentence


async def test_a_token_forgotten_while_it_is_used_does_not_lose_the_answer(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        bought = (await Buyer(services).buy()).token
        assert bought is not None

        async def forget() -> None:
            await services.vault.trash(bought.id)
            await services.vault.forget(bought.id)

        shop.on_token = forget
        view = await Buyer(services).send()
        assert view.outcome is Outcome.ANSWERED
        assert view.answer is not None
        assert view.answer.status == 200
        assert view.notice is None


async def test_a_bought_token_forgotten_while_it_is_delivered_does_not_lose_the_answer(
    shop: Shop, tmp_path: Path
) -> None:
    async with a_desk(tmp_path, shop) as services:

        async def forget() -> None:
            (token,) = await services.vault.list()
            await services.vault.trash(token.id)
            await services.vault.forget(token.id)

        shop.on_token = forget
        assert (await Buyer(services).buy()).outcome is Outcome.DELIVERED


async def test_a_cancelled_send_ends_as_one_that_got_no_answer(shop: Shop, tmp_path: Path) -> None:
    shop.slow = asyncio.Event()
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        job = asyncio.create_task(buyer.send())
        await until(lambda: shop.seen)
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
        assert job.cancelled()
        assert (buyer.view.phase, buyer.view.outcome) == (Phase.DONE, Outcome.NETWORK)


async def test_a_cancelled_delivery_is_written_down_as_undelivered(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop) as services:
        buyer = Buyer(services)
        await buyer.offer()
        shop.slow = asyncio.Event()
        job = asyncio.create_task(buyer.pay())
        await until(lambda: shop.paid_requests)
        job.cancel()
        job.cancel()
        await asyncio.gather(job, return_exceptions=True)
        await until(lambda: buyer.view.outcome is Outcome.UNDELIVERED)
        await until(lambda: buyer.view.notice is not None)
        assert (await states(services), await tokens(services)) == (["settled"], ["undelivered"])
        shop.slow = None
        assert (await buyer.deliver_again()).outcome is Outcome.DELIVERED


async def test_a_cancelled_wait_beside_a_delivery_leaves_the_delivery_alone(shop: Shop, tmp_path: Path) -> None:
    async with a_desk(tmp_path, shop, Scripted(pay=unanswered)) as services:
        buyer = Buyer(services)
        await buyer.offer()
        waiting = asyncio.create_task(buyer.pay())
        await until(lambda: buyer.view.phase is Phase.PAYING)
        shop.slow = asyncio.Event()
        proving = asyncio.create_task(buyer.prove(shop.preimages[buyer.payment_hash].hex))
        await until(lambda: shop.paid_requests)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        shop.slow.set()
        assert (await proving).outcome is Outcome.DELIVERED
        for task in tuple(services._running):
            task.cancel()
