"""Whole journeys over the NWC adapter, a restart in their middle, and every lie of the failure table.

Money leaves once, whatever is said; what left is never called failed; and when the lying ends the token is there.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from l402desk.engine import journey
from l402desk.engine.recovery import recover
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.services import Services
from l402desk.wallets import nwc as adapter
from l402desk.wallets import nwc_talk
from l402desk.wallets.connection import read_connection
from l402desk.wallets.nwc import NwcWallet
from tests.engine.shop import Buyer, Shop, a_desk, states, tokens
from tests.fakes.challenges import mint_token
from tests.harness.mint import Mint
from tests.harness.nwc import NwcService
from tests.harness.nwc_lies import LIES, UNHEARD, UNPAID, UNTOLD
from tests.harness.relay import LyingRelay

pytestmark = pytest.mark.anyio
HUB = "Hub"
NOBODY_SAYS = {"no-answer-before", "payment-failed-unheard-of", "internal-failed", "in-flight-then-failed"}
"""Nothing was paid, and nobody says so, or nobody yet: only time can tell."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "CONFIRM_AFTER_S", (0.0, 0.0))
    monkeypatch.setattr(nwc_talk, "HINT_S", 0.05)
    monkeypatch.setattr(journey, "LOOK_UP_AFTER_S", (0.01,) * 6)
    monkeypatch.setattr(journey, "LOOK_UP_EVERY_S", 0.02)


def wait_for(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait long where there is something to wait for, however busy the machine is, and not at all where nothing is."""
    monkeypatch.setattr(adapter, "PAY_S", 0.3 if lie in UNHEARD else 10.0)
    monkeypatch.setattr(adapter, "ASK_S", 0.3 if lie in UNTOLD else 10.0)


class MintShop(Shop):
    """Sells for invoices of the mint that the mock wallet can pay; a new one each time."""

    def __init__(self, mint: Mint) -> None:
        super().__init__()
        self.mint = mint

    def bill(self) -> httpx.Response:
        invoice, _, payment_hash = self.mint.new(21_000, timestamp=int(time.time()))
        token = mint_token(payment_hash, b"services=thing:0")
        return httpx.Response(402, headers={"WWW-Authenticate": f'L402 macaroon="{token}", invoice="{invoice}"'})


def nobody() -> ssl.SSLContext:
    raise AssertionError("nothing here is asked over TLS")


class Market:
    """A shop, a relay and a wallet service, which outlive the app."""

    def __init__(self, folder: Path, service: NwcService, relay: LyingRelay) -> None:
        self.folder = folder
        self.service = service
        self.relay = relay
        self.shop = MintShop(service.mint)

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Services]:
        """The app, started anew, with a new adapter that remembers nothing."""
        connection = read_connection(self.service.connection())
        async with a_desk(self.folder, self.shop, NwcWallet(HUB, connection, nobody)) as services:
            yield services

    async def buy(self, services: Services) -> Buyer:
        """Pay, and stop waiting after a moment as somebody does who closes the window."""
        buyer = Buyer(services)
        await buyer.offer()
        paying = asyncio.ensure_future(buyer.pay(HUB))
        await asyncio.wait({paying}, timeout=1.5)
        for _ in range(100):  # on a busy machine the wallet's first answer takes longer
            if paying.done() or "submitted" not in await states(services):
                break
            await asyncio.wait({paying}, timeout=0.1)
        paying.cancel()
        await asyncio.gather(paying, return_exceptions=True)
        return buyer


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Market]:
    async with LyingRelay() as relay:
        service = NwcService(Mint(tmp_path / "mint"), tmp_path / "ledger", [relay.url])
        async with service.serving():
            yield Market(tmp_path, service, relay)


@pytest.mark.parametrize("lie", ["", *sorted(set(LIES) - UNPAID)])
async def test_what_was_paid_is_paid_once_never_called_failed_and_delivered(
    market: Market, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(lie, monkeypatch)
    service = market.service
    service.tell(lie)
    async with market.desk() as services:
        await market.buy(services)
        (state,) = await states(services)
        assert state in {"settled", "unknown", "paid-without-proof"}
        if state != "settled":
            other = Buyer(services)
            assert (await other.offer()).blocking is not None
            await other.pay(HUB)
    async with market.desk() as services:  # started anew while the wallet still lies
        await recover(services)
        assert await states(services) != ["failed"]
        service.tell("")
        wait_for("", monkeypatch)
        assert await recover(services) == ()
        assert await states(services) == ["settled"]
        assert len(await tokens(services)) == 1
        view = await Buyer(services).send()
        assert (view.outcome, view.answer and view.answer.status) == (Outcome.ANSWERED, 200)
    assert len(service.debits) == 1
    assert service.counts["pay_invoice"] == 1


@pytest.mark.parametrize("lie", sorted(UNPAID - NOBODY_SAYS))
async def test_what_surely_failed_is_told_and_can_be_tried_again(
    market: Market, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(lie, monkeypatch)
    service = market.service
    service.tell(lie)
    async with market.desk() as services:
        await market.buy(services)
        assert await states(services) == ["failed"]
        assert service.debits == []
        service.tell("")
        wait_for("", monkeypatch)
        buyer = await market.buy(services)
        assert buyer.view.outcome is Outcome.DELIVERED
        assert await states(services) == ["failed", "settled"]
    assert len(service.debits) == 1


@pytest.mark.parametrize("lie", sorted(NOBODY_SAYS))
async def test_what_nobody_knows_stays_open_and_blocks_the_next(
    market: Market, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(lie, monkeypatch)
    service = market.service
    service.tell(lie)
    async with market.desk() as services:
        buyer = await market.buy(services)
        assert buyer.view.phase is Phase.UNKNOWN
    async with market.desk() as services:
        assert len(await recover(services)) == 1
        assert (await Buyer(services).offer()).blocking is not None
    assert service.debits == []


async def test_a_relay_that_is_not_there_costs_nothing_and_blocks_nothing(market: Market) -> None:
    await market.relay.stop()
    try:
        async with market.desk() as services:
            await market.buy(services)
            assert await states(services) == ["failed"]
            assert (await Buyer(services).offer()).blocking is None
    finally:
        await market.relay.start()


async def test_a_service_that_is_away_after_the_payment_is_found_when_it_is_back(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PAY_S", 1.0)
    service = market.service
    service.tell("no-answer")
    async with market.desk() as services:
        buyer = Buyer(services)
        await buyer.offer()
        paying = asyncio.ensure_future(buyer.pay(HUB))
        async with asyncio.timeout(5):
            while not service.debits:  # noqa: ASYNC110 - the service has no event for it
                await asyncio.sleep(0.01)
        await market.relay.stop()
        await asyncio.wait({paying}, timeout=0.5)
        assert await states(services) in (["unknown"], ["submitted"])
        await market.relay.start()
        async with asyncio.timeout(10):
            assert (await paying).outcome is Outcome.DELIVERED
    assert service.counts["pay_invoice"] == 1
