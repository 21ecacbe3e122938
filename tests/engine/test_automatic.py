"""Paying without a question: inside all three caps, from a wallet that may, and for nothing that has a warning."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from l402desk.client.request import RequestDraft
from l402desk.engine.automatic import automatic_wallet
from l402desk.engine.view import JourneyView
from l402desk.ledger.budgets import Caps
from l402desk.protocol.amount import Msat
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.protocol.network import Network
from l402desk.services import Services
from tests.engine.shop import NAME, URL, Buyer, Scripted, Shop, a_desk, failing, states, unanswered
from tests.fakes.wallet import EVERYTHING, FakeWallet

pytestmark = pytest.mark.anyio
PLENTY = Caps(Msat.of_sats(100), Msat.of_sats(1_000), Msat.of_sats(1_000))
DRAFT = RequestDraft(url=URL)


async def ready(services: Services, *, caps: Caps = PLENTY, armed: bool = True) -> Buyer:
    await services.ledger.set_caps(caps)
    await services.ledger.arm(NAME, armed)
    return Buyer(services)


async def automatic(buyer: Buyer) -> JourneyView:
    await buyer.send()
    return await buyer.journey.pay_automatically(buyer.services, buyer.report)


async def test_inside_the_budgets_an_armed_wallet_pays_by_itself(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        buyer = await ready(services)
        assert (await buyer.send()).automatic == NAME
        view = await buyer.journey.pay_automatically(services, buyer.report)
        assert view.outcome is Outcome.DELIVERED
        assert view.purchase is not None
        assert view.purchase.automatic
        assert view.notice is not None
        assert "by itself" in view.notice.title
        assert len(shop.wallet.paid) == 1


async def test_only_when_asked_to_and_once(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        buyer = await ready(services)
        await buyer.send()
        assert shop.wallet.paid == []
        for _ in range(3):
            await buyer.journey.pay_automatically(services, buyer.report)
        assert len(shop.wallet.paid) == 1


@pytest.mark.parametrize("caps", [Caps(), Caps(PLENTY.payment), Caps(PLENTY.payment, PLENTY.host_day)])
async def test_the_default_is_to_ask(tmp_path: Path, caps: Caps) -> None:
    async with a_desk(tmp_path, Shop()) as services:
        buyer = await ready(services, caps=caps)
        view = await automatic(buyer)
        assert (view.phase, view.automatic) == (Phase.CHALLENGED, "")


async def test_a_wallet_that_is_not_armed_is_not_used(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        view = await automatic(await ready(services, armed=False))
        assert (view.phase, shop.wallet.paid) == (Phase.CHALLENGED, [])


async def test_play_money_needs_no_arming(tmp_path: Path) -> None:
    shop = Shop()
    shop.wallet = FakeWallet(NAME, capabilities=replace(EVERYTHING, is_play=True))
    async with a_desk(tmp_path, shop) as services:
        assert (await automatic(await ready(services, armed=False))).outcome is Outcome.DELIVERED


async def test_a_price_over_the_budget_is_offered_and_not_paid(tmp_path: Path) -> None:
    shop = Shop()
    shop.msat = 500_000
    async with a_desk(tmp_path, shop) as services:
        view = await automatic(await ready(services))
        assert (view.phase, shop.wallet.paid, await states(services)) == (Phase.OFFERED, [], ["offered"])
        assert view.notice is not None
        assert "You set 100 sats per payment; this costs 500 sats" in view.notice.sentence
        assert services.in_hand == set()
        assert view.over_budget


async def test_a_warning_is_for_a_person(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await automatic(await ready(services))
        shop.msat = 42_000  # twice what it cost the last time: a warning
        view = await automatic_again(services)
        assert (view.phase, len(shop.wallet.paid)) == (Phase.CHALLENGED, 1)


async def automatic_again(services: Services) -> JourneyView:
    buyer = Buyer(services)
    await buyer.send(use_token=False)
    return await buyer.journey.pay_automatically(services, buyer.report)


async def test_nothing_is_paid_after_a_redirect(tmp_path: Path) -> None:
    shop = Shop()
    shop.redirects = {URL: "https://shop.example/v1/elsewhere"}
    async with a_desk(tmp_path, shop) as services:
        view = await automatic(await ready(services))
        assert (view.phase, shop.wallet.paid) == (Phase.CHALLENGED, [])


async def test_nothing_is_paid_for_what_a_link_or_an_import_filled_in(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await ready(services)
        buyer = Buyer(services, draft=replace(DRAFT, is_foreign=True))
        assert ((await automatic(buyer)).phase, shop.wallet.paid) == (Phase.CHALLENGED, [])


async def test_a_token_that_may_open_it_is_tried_first_by_a_person(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await ready(services)
        await Buyer(services, url="https://shop.example/v1/other").buy()
        view = await automatic(Buyer(services))
        assert [token.scope.path for token in view.candidates] == ["/v1/other"]
        assert (view.phase, len(shop.wallet.paid)) == (Phase.CHALLENGED, 1)


async def test_a_wallet_of_another_network_is_not_used(tmp_path: Path) -> None:
    wallet = Scripted(pay=unanswered, network=Network.MAINNET)
    async with a_desk(tmp_path, Shop(), wallet) as services:
        view = await automatic(await ready(services))
        assert (view.automatic, wallet.asked) == ("", [])


async def test_an_open_payment_of_the_same_thing_keeps_the_next_one_from_being_paid(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await ready(services)
        first = Buyer(services)
        view = await first.offer()
        assert view.purchase is not None
        await services.ledger.reserve(view.purchase.id, "another wallet")
        view = await automatic_again(services)
        assert (view.phase, shop.wallet.paid) == (Phase.CHALLENGED, [])
        assert view.blocking is not None


async def test_only_a_402_is_paid_by_itself(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        buyer = await ready(services)
        view = await buyer.send()
        assert view.answer is not None
        offered = replace(view, answer=replace(view.answer, status=401))
        assert await automatic_wallet(DRAFT, offered, services) == ""
        assert await automatic_wallet(DRAFT, view, services) == NAME


async def test_a_locked_vault_and_a_failing_disk_ask(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop, locked=True) as services:
        assert (await Buyer(services).send()).automatic == ""
    async with a_desk(tmp_path / "other", shop) as services:
        buyer = await ready(services)
        await buyer.send()
        failing(services).fail_next_write()
        view = await buyer.journey.pay_automatically(services, buyer.report)
        assert (view.phase, shop.wallet.paid) == (Phase.CHALLENGED, [])


async def test_a_hundred_answers_at_once_stay_inside_the_budget(tmp_path: Path) -> None:
    import asyncio

    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        await ready(services, caps=Caps(Msat.of_sats(100), Msat.of_sats(93), Msat.of_sats(1_000)))
        buyers = [Buyer(services, url=f"https://shop.example/v1/{number}") for number in range(100)]
        await asyncio.gather(*(automatic(buyer) for buyer in buyers))
        spent = [p for p in await services.ledger.history() if p.state == "settled"]
        assert sum(p.counted.value for p in spent) <= 93_000
        assert len(shop.wallet.paid) == len(spent) >= 3


async def test_of_several_that_may_the_one_chosen_for_the_host_pays_and_no_other_in_its_place(tmp_path: Path) -> None:
    shop = Shop()
    async with a_desk(tmp_path, shop) as services:
        buyer = await ready(services)
        for name in ("usual", "special"):
            await services.wallet_book.add(name, "lnbits+http://127.0.0.1:1?key=a")
            services.wallets.connect(await services.wallet_book.open(name))
        view = await buyer.send()
        assert await automatic_wallet(DRAFT, view, services) == NAME  # the default is not armed
        await services.ledger.arm("usual", True)
        assert await automatic_wallet(DRAFT, view, services) == "usual"
        await services.wallet_book.prefer("https://shop.example", "special")
        assert await automatic_wallet(DRAFT, view, services) == ""
        await services.ledger.arm("special", True)
        assert await automatic_wallet(DRAFT, view, services) == "special"
