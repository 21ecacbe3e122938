"""Whole journeys over the NWC adapter, a restart in their middle, and every lie of the failure table."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.engine.recovery import recover
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.wallets import nwc as adapter
from l402desk.wallets import nwc_talk
from l402desk.wallets.connection import read_connection
from l402desk.wallets.nwc import NwcWallet
from tests.engine import lying
from tests.engine.lying import HOME, Market, Promises, nobody
from tests.engine.shop import Buyer, states
from tests.harness.mint import Mint
from tests.harness.nwc import NwcService
from tests.harness.nwc_lies import LIES, UNHEARD, UNPAID, UNTOLD
from tests.harness.relay import LyingRelay

pytestmark = pytest.mark.anyio
NOBODY_SAYS = {"no-answer-before", "payment-failed-unheard-of", "internal-failed", "in-flight-then-failed"}
"""Nothing was paid, and nobody says so, or nobody yet: only time can tell."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "CONFIRM_AFTER_S", (0.0, 0.0))
    monkeypatch.setattr(nwc_talk, "HINT_S", 0.05)
    lying.hurry(monkeypatch, adapter, answer_s=adapter.ASK_S)


def wait_for(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait long where there is something to wait for, however busy the machine is, and not at all where nothing is."""
    monkeypatch.setattr(adapter, "PAY_S", 0.3 if lie in UNHEARD else 10.0)
    monkeypatch.setattr(adapter, "ASK_S", 0.3 if lie in UNTOLD else 10.0)


def opened(service: NwcService) -> NwcWallet:
    return NwcWallet(HOME, read_connection(service.connection()), nobody)


@pytest.fixture
async def relay() -> AsyncIterator[LyingRelay]:
    async with LyingRelay() as relay:
        yield relay


@pytest.fixture
async def market(relay: LyingRelay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Market]:
    service = NwcService(Mint(tmp_path / "mint"), tmp_path / "ledger", [relay.url])
    async with service.serving():
        yield Market(tmp_path, service, lambda: opened(service), "pay_invoice", lambda lie: wait_for(lie, monkeypatch))


class TestPromises(Promises):
    paid = ("", *sorted(set(LIES) - UNPAID))
    failed = sorted(UNPAID - NOBODY_SAYS)
    unknown = sorted(NOBODY_SAYS)

    async def test_what_nobody_knows_stays_open_and_blocks_the_next(self, market: Market, lie: str) -> None:
        """Even if the lying never ends."""
        market.tell(lie)
        async with market.desk() as services:
            buyer = await market.buy(services)
            assert buyer.view.phase is Phase.UNKNOWN
        async with market.desk() as services:
            assert len(await recover(services)) == 1
            assert (await Buyer(services).offer()).blocking is not None
        assert market.server.debits == []


async def test_a_relay_that_is_not_there_costs_nothing_and_blocks_nothing(
    market: Market, relay: LyingRelay, tmp_path: Path
) -> None:
    gone = NwcService(market.server.mint, tmp_path / "none", [relay.url])
    await relay.stop()
    try:
        await lying.costs_nothing_and_blocks_nothing(tmp_path / "other", market.shop, opened(gone))
    finally:
        await relay.start()


async def test_a_service_that_is_away_after_the_payment_is_found_when_it_is_back(
    market: Market, relay: LyingRelay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adapter, "PAY_S", 1.0)
    service = market.server
    service.tell("no-answer")
    async with market.desk() as services:
        buyer = Buyer(services)
        await buyer.offer()
        paying = asyncio.ensure_future(buyer.pay(HOME))
        async with asyncio.timeout(5):
            while not service.debits:  # noqa: ASYNC110 - the service has no event for it
                await asyncio.sleep(0.01)
        await relay.stop()
        await asyncio.wait({paying}, timeout=0.5)
        assert await states(services) in (["unknown"], ["submitted"])
        await relay.start()
        async with asyncio.timeout(10):
            assert (await paying).outcome is Outcome.DELIVERED
    assert service.counts["pay_invoice"] == 1
