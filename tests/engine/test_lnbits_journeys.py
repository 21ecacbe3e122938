"""Whole journeys over the LNbits adapter, a restart in their middle, and every lie of the failure table.

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
from l402desk.wallets import lnbits as adapter
from l402desk.wallets.connection import read_connection
from l402desk.wallets.lnbits import LnbitsWallet
from tests.engine.shop import Buyer, Shop, a_desk, states, tokens
from tests.fakes.challenges import mint_token
from tests.harness.lnbits import LIES, UNPAID, Lnbits
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
HOME = "Home"
NEVER_BEGUN = {"drop-before", "hang-before", "redirect"}
"""Nothing was paid, and nobody says so: only time can tell."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "PAY_S", 0.3)
    monkeypatch.setattr(adapter, "ASK_S", 0.3)
    monkeypatch.setattr(adapter, "CONFIRM_AFTER_S", (0.0, 0.0))
    monkeypatch.setattr(journey, "LOOK_UP_AFTER_S", (0.01,) * 6)
    monkeypatch.setattr(journey, "LOOK_UP_EVERY_S", 0.02)


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
    """A shop and a wallet server, which outlive the app."""

    def __init__(self, folder: Path, server: Lnbits) -> None:
        self.folder = folder
        self.server = server
        self.shop = MintShop(server.mint)

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Services]:
        """The app, started anew, with a new adapter that remembers nothing."""
        connection = read_connection(f"lnbits+{self.server.url}?key={self.server.key}")
        async with a_desk(self.folder, self.shop, LnbitsWallet(HOME, connection, nobody)) as services:
            yield services

    async def buy(self, services: Services) -> Buyer:
        """Pay, and stop waiting after a moment as somebody does who closes the window."""
        buyer = Buyer(services)
        await buyer.offer()
        paying = asyncio.ensure_future(buyer.pay(HOME))
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
    async with Lnbits(Mint(tmp_path / "mint"), tmp_path / "ledger").serving() as server:
        yield Market(tmp_path, server)


@pytest.mark.parametrize("lie", ["", *sorted(set(LIES) - UNPAID)])
async def test_what_was_paid_is_paid_once_never_called_failed_and_delivered(market: Market, lie: str) -> None:
    server = market.server
    server.tell(lie)
    async with market.desk() as services:
        await market.buy(services)
        (state,) = await states(services)
        assert state in {"settled", "unknown", "paid-without-proof"}
        if state != "settled":
            other = Buyer(services)
            assert (await other.offer()).blocking is not None
            await other.pay(HOME)
    async with market.desk() as services:  # started anew while the wallet still lies
        await recover(services)
        assert await states(services) != ["failed"]
        server.tell("")
        assert await recover(services) == ()
        assert await states(services) == ["settled"]
        assert len(await tokens(services)) == 1
        view = await Buyer(services).send()
        assert (view.outcome, view.answer and view.answer.status) == (Outcome.ANSWERED, 200)
    assert len(server.debits) == 1
    assert server.counts["POST /api/v1/payments"] == 1


@pytest.mark.parametrize("lie", sorted(UNPAID - NEVER_BEGUN))
async def test_what_surely_failed_is_told_and_can_be_tried_again(market: Market, lie: str) -> None:
    server = market.server
    server.tell(lie)
    async with market.desk() as services:
        await market.buy(services)
        assert await states(services) == ["failed"]
        assert server.debits == []
        server.tell("")
        buyer = await market.buy(services)
        assert buyer.view.outcome is Outcome.DELIVERED
        assert await states(services) == ["failed", "settled"]
    assert len(server.debits) == 1


@pytest.mark.parametrize("lie", sorted(NEVER_BEGUN))
async def test_what_nobody_knows_stays_open_and_blocks_the_next(market: Market, lie: str) -> None:
    server = market.server
    server.tell(lie)
    async with market.desk() as services:
        buyer = await market.buy(services)
        assert buyer.view.phase is Phase.UNKNOWN
        server.tell("")
    async with market.desk() as services:
        (still_open,) = await recover(services)
        assert still_open.missed > 0
        assert (await Buyer(services).offer()).blocking is not None
    assert server.debits == []
    assert server.counts["elsewhere"] == 0


async def test_a_wallet_server_that_is_not_there_costs_nothing_and_blocks_nothing(
    market: Market, tmp_path: Path
) -> None:
    connection = read_connection("lnbits+http://127.0.0.1:1?key=a")
    async with a_desk(tmp_path / "other", market.shop, LnbitsWallet(HOME, connection, nobody)) as services:
        await market.buy(services)
        assert await states(services) == ["failed"]
        assert (await Buyer(services).offer()).blocking is None
