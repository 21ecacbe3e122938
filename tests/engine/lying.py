"""Whole journeys with a wallet whose server lies: the same three promises, whichever kind of wallet it is.

Money leaves once, whatever is said; what left is never called failed; and when the lying ends the token is there.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType

import httpx
import pytest

from l402desk.engine import journey
from l402desk.engine.recovery import recover
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.services import Services
from l402desk.wallets.wallet import Wallet
from tests.engine.shop import Buyer, Shop, a_desk, states, tokens
from tests.fakes.challenges import mint_token
from tests.harness.liar import Liar
from tests.harness.mint import Mint

HOME = "Home"


class MintShop(Shop):
    """Sells for invoices of the mint that the mock wallet can pay; a new one each time."""

    def __init__(self, mint: Mint) -> None:
        super().__init__()
        self.mint = mint

    def bill(self) -> httpx.Response:
        invoice, _, payment_hash = self.mint.new(21_000, timestamp=int(time.time()))
        token = mint_token(payment_hash, b"services=thing:0")
        return httpx.Response(402, headers={"WWW-Authenticate": f'L402 macaroon="{token}", invoice="{invoice}"'})


class Market:
    """A shop and a wallet server, which outlive the app. ``open_wallet`` makes an adapter that remembers nothing.

    ``order`` is the question that pays, as the server counts it.
    """

    def __init__(self, folder: Path, server: Liar, open_wallet: Callable[[], Wallet], order: str) -> None:
        self.folder = folder
        self.server = server
        self.order = order
        self.shop = MintShop(server.mint)
        self._open_wallet = open_wallet

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Services]:
        """The app, started anew."""
        async with a_desk(self.folder, self.shop, self._open_wallet()) as services:
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


def hurry(monkeypatch: pytest.MonkeyPatch, adapter: ModuleType, answer_s: float = 0.3) -> None:
    """Let nobody wait: an answer is given up after so long, and look-ups follow at once."""
    monkeypatch.setattr(adapter, "PAY_S", answer_s)
    monkeypatch.setattr(adapter, "ASK_S", answer_s)
    monkeypatch.setattr(journey, "LOOK_UP_AFTER_S", (0.01,) * 6)
    monkeypatch.setattr(journey, "LOOK_UP_EVERY_S", 0.02)


async def paid_once_never_called_failed_and_delivered(market: Market, lie: str) -> None:
    """For every lie that lets money leave, and for the truth."""
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
    assert server.counts[market.order] == 1


async def told_and_tried_again(market: Market, lie: str) -> None:
    """For every lie after which it is certain that no money left."""
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
    assert server.counts["elsewhere"] == 0


async def kept_open_and_blocking_the_next(market: Market, lie: str) -> None:
    """For every lie under which nothing was paid, and nobody says so: only time can tell."""
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


async def costs_nothing_and_blocks_nothing(folder: Path, shop: Shop, wallet: Wallet) -> None:
    """For a wallet server that is not there."""
    async with a_desk(folder, shop, wallet) as services:
        buyer = Buyer(services)
        await buyer.offer()
        await buyer.pay(HOME)
        assert await states(services) == ["failed"]
        assert (await Buyer(services).offer()).blocking is None
