"""The app buys from aperture with a real lnd: the server's row of the matrix, by the engine and by the command line."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from l402desk.engine.view import JourneyView
from l402desk.protocol.amount import Msat
from l402desk.protocol.commands import Outcome
from l402desk.protocol.invoice import read_invoice
from l402desk.services import Services
from l402desk.wallets.lnd import LndWallet
from tests.engine.shop import Buyer, states
from tests.peers.buying import desk
from tests.peers.killing import App, until
from tests.peers.lightning.paywall import PRICE_SATS, SHORT_S, Paywall, paywall
from tests.peers.lightning.topology import Lightning
from tests.peers.matrix import case
from tests.peers.running import free_port

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

PAYMENT_REQUIRED = 3
"""The exit status of `l402desk send` for a bill that it shows and does not pay."""


@pytest.fixture
async def services(tmp_path: Path, wallet: LndWallet) -> AsyncIterator[Services]:
    async with desk(tmp_path, wallet) as services:
        yield services


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(tmp_path / "app")


@pytest.fixture
def alice(network: Lightning, least: bytes) -> str:
    """The connection that the command line is given."""
    return network.alice.connection(least)


async def buy(services: Services, url: str) -> JourneyView:
    buyer = Buyer(services, url)
    await buyer.offer()
    return await buyer.pay("LND")


class TestEngine:
    @case("aperture", "buy")
    async def test_it_buys_once_and_gets_the_thing(self, shop: Paywall, services: Services) -> None:
        had, given = shop.paid(), shop.delivered()
        view = await buy(services, shop.thing())
        assert view.outcome is Outcome.DELIVERED
        assert view.answer is not None
        with view.answer.body.open() as body:
            assert body.read() == b"This is the data.\n"
        assert view.purchase is not None
        assert shop.paid() == [*had, view.purchase.payment_hash.hex]
        assert shop.delivered() == given + 1

    @case("aperture", "reuse")
    async def test_what_was_bought_is_used_again_without_a_bill(self, shop: Paywall, services: Services) -> None:
        await buy(services, shop.thing())
        had, billed = shop.paid(), shop.billed()
        for _ in range(3):
            again = await Buyer(services, shop.thing()).send()
            assert again.outcome is Outcome.ANSWERED
            assert again.answer is not None
            assert again.answer.status == 200
        assert (shop.paid(), shop.billed()) == (had, billed)

    @case("aperture", "expire")
    async def test_a_token_out_of_time_costs_nothing_until_the_next_is_bought(
        self, shop: Paywall, services: Services
    ) -> None:
        await buy(services, shop.thing("brief"))
        [token] = await services.vault.list()
        expires_at = token.expires_at
        assert expires_at is not None
        assert expires_at <= time.time() + SHORT_S
        await until(lambda: time.time() > expires_at + 1)
        had = shop.paid()
        late = await Buyer(services, shop.thing("brief")).send()
        assert late.answer is not None
        assert late.answer.status == 402
        assert shop.paid() == had
        assert (await buy(services, shop.thing("brief"))).outcome is Outcome.DELIVERED
        assert len(shop.paid()) == len(had) + 1
        assert await states(services) == ["settled", "settled"]

    @case("aperture", "refuse")
    async def test_a_token_that_the_server_forgot_is_kept_and_nothing_is_paid_again(
        self, network: Lightning, services: Services, tmp_path: Path
    ) -> None:
        port = free_port()
        with paywall(tmp_path / "first", network.bob, port=port) as first:
            await buy(services, first.thing())
        with paywall(tmp_path / "second", network.bob, port=port) as second:  # which knows no token of the first
            had = second.paid()
            view = await Buyer(services, second.thing()).send()
            assert view.answer is not None
            assert view.answer.status == 402
            assert second.paid() == had
            assert second.delivered() == 0
        assert len(await services.vault.list()) == 1

    @case("aperture", "refuse")
    async def test_what_was_paid_and_is_refused_before_it_was_ever_given_is_kept_and_not_paid_again(
        self, network: Lightning, services: Services, tmp_path: Path
    ) -> None:
        port = free_port()
        with paywall(tmp_path / "first", network.bob, port=port) as first:
            buyer = Buyer(services, first.thing())
            await buyer.offer()
        gone = await buyer.pay("LND")
        assert gone.outcome is Outcome.UNDELIVERED
        with paywall(tmp_path / "second", network.bob, port=port) as second:
            had = second.paid()
            assert (await buyer.deliver_again()).outcome is Outcome.NOT_ACCEPTED
            assert second.paid() == had
        assert await states(services) == ["settled"]
        assert len(await services.vault.list()) == 1


@pytest.fixture
def double(network: Lightning, tmp_path: Path) -> Iterator[Paywall]:
    with paywall(tmp_path / "double", network.bob, mpp=True) as double:
        yield double


class TestTwoSchemes:
    @case("aperture", "buy")
    async def test_of_l402_and_payment_it_reads_both_and_pays_the_one_it_can(
        self, double: Paywall, services: Services
    ) -> None:
        had, billed = double.paid(), double.billed()
        buyer = Buyer(services, double.thing())
        offered = await buyer.offer()
        assert double.billed() == billed + 2  # an invoice for each scheme
        assert offered.demand is not None
        assert [challenge.scheme for challenge in offered.demand.challenges] == ["LSAT", "L402"]
        assert [(offer.kind, offer.payable) for offer in offered.demand.offers] == [
            ("LSAT", True),
            ("L402", True),
            ("Payment", False),
        ]
        assert offered.chosen is not None
        assert offered.chosen.amount == Msat.of_sats(PRICE_SATS)
        view = await buyer.pay("LND")
        assert view.outcome is Outcome.DELIVERED
        assert view.purchase is not None
        assert double.paid() == [*had, view.purchase.payment_hash.hex]
        assert view.purchase.payment_hash == read_invoice(offered.demand.challenges[0].invoice).payment_hash
        again = await Buyer(services, double.thing()).send()
        assert again.outcome is Outcome.ANSWERED
        assert len(double.paid()) == len(had) + 1


class TestCommand:
    @case("aperture", "buy")
    @case("aperture", "reuse")
    async def test_send_pays_the_first_time_and_never_again(self, shop: Paywall, app: App, alice: str) -> None:
        had = shop.paid()
        first = await app.send(shop.thing(), alice)
        assert first.status == 0, first.err
        assert first.json["status"] == 200
        assert first.json["body"] == "This is the data.\n"
        assert first.json["paid"]["amount_msat"] == PRICE_SATS * 1_000
        assert shop.paid() == [*had, first.json["paid"]["payment_hash"]]
        billed = shop.billed()
        again = await app.send(shop.thing(), alice)
        assert again.status == 0, again.err
        assert again.json["token_used"]
        assert again.json["paid"] is None
        assert shop.billed() == billed

    @case("aperture", "buy")
    async def test_send_without_leave_to_pay_shows_the_bill(self, shop: Paywall, app: App) -> None:
        had = shop.paid()
        ran = await app.run("send", "GET", shop.thing(), "--json")
        assert ran.status == PAYMENT_REQUIRED
        assert ran.json["challenge"]["amount_msat"] == PRICE_SATS * 1_000
        assert shop.paid() == had

    @case("aperture", "buy")
    async def test_send_pays_no_more_than_it_may(self, shop: Paywall, app: App, alice: str) -> None:
        had = shop.paid()
        ran = await app.send(shop.thing(), alice, "--max-sats", str(PRICE_SATS - 1))
        assert ran.status == PAYMENT_REQUIRED
        assert shop.paid() == had

    @case("aperture", "expire")
    async def test_send_buys_anew_what_ran_out(self, shop: Paywall, app: App, alice: str) -> None:
        had = shop.paid()
        assert (await app.send(shop.thing("brief"), alice)).status == 0
        [token] = await app.tokens()
        await until(lambda: time.time() > token["expires_at"] + 1)
        assert (await app.send(shop.thing("brief"), alice)).status == 0
        assert len(shop.paid()) == len(had) + 2

    @case("aperture", "refuse")
    async def test_send_buys_anew_for_a_refused_token_only_where_it_is_told_to_pay(
        self, network: Lightning, tmp_path: Path, app: App, alice: str
    ) -> None:
        port = free_port()
        with paywall(tmp_path / "first", network.bob, port=port) as first:
            assert (await app.send(first.thing(), alice)).status == 0
        with paywall(tmp_path / "second", network.bob, port=port) as second:
            had = second.paid()
            shown = await app.run("send", "GET", second.thing(), "--wallet", alice, "--json")
            assert shown.status == PAYMENT_REQUIRED
            assert second.paid() == had
            bought = await app.send(second.thing(), alice)
            assert bought.status == 0, bought.err
            assert len(second.paid()) == len(had) + 1
        assert len(await app.tokens()) == 2
