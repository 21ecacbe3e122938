"""Whole journeys with a wallet whose server lies: the same three promises, whichever kind of wallet it is.

Money leaves once, whatever is said; what left is never called failed; and when the lying ends the token is there.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from types import ModuleType
from typing import ClassVar

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

    ``order`` is the question that pays, as the server counts it. ``have_patience`` is called with every lie that is
    told, and sets how long the adapter waits under it.
    """

    def __init__(
        self,
        folder: Path,
        server: Liar,
        open_wallet: Callable[[], Wallet],
        order: str,
        have_patience: Callable[[str], None] | None = None,
    ) -> None:
        self.folder = folder
        self.server = server
        self.order = order
        self.shop = MintShop(server.mint)
        self._open_wallet = open_wallet
        self._have_patience = have_patience

    def tell(self, lie: str) -> None:
        """Lie so from now on; empty for the truth."""
        self.server.tell(lie)
        if self._have_patience is not None:
            self._have_patience(lie)

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


def nobody() -> ssl.SSLContext:
    raise AssertionError("nothing here is asked over TLS")


def hurry(monkeypatch: pytest.MonkeyPatch, adapter: ModuleType, answer_s: float = 0.3) -> None:
    """Let nobody wait: an answer is given up after so long, and look-ups follow at once."""
    monkeypatch.setattr(adapter, "PAY_S", answer_s)
    monkeypatch.setattr(adapter, "ASK_S", answer_s)
    monkeypatch.setattr(journey, "LOOK_UP_AFTER_S", (0.01,) * 6)
    monkeypatch.setattr(journey, "LOOK_UP_EVERY_S", 0.02)


def hurry_where_nothing_comes(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, adapter: ModuleType, waiting: Collection[str]
) -> str:
    """Impatience under the lies in ``waiting``, and those that hang; elsewhere a busy machine has its time.

    The lie of this test is returned.
    """
    lie: str = getattr(getattr(request.node, "callspec", None), "params", {}).get("lie", "")
    hurry(monkeypatch, adapter, answer_s=0.5 if lie in waiting or "hang" in lie else 5.0)
    return lie


async def paid_once_never_called_failed_and_delivered(market: Market, lie: str) -> None:
    """For every lie that lets money leave, and for the truth."""
    server = market.server
    market.tell(lie)
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
        market.tell("")
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
    market.tell(lie)
    async with market.desk() as services:
        await market.buy(services)
        assert await states(services) == ["failed"]
        assert server.debits == []
        market.tell("")
        buyer = await market.buy(services)
        assert buyer.view.outcome is Outcome.DELIVERED
        assert await states(services) == ["failed", "settled"]
    assert len(server.debits) == 1
    assert server.counts["elsewhere"] == 0


async def kept_open_and_blocking_the_next(market: Market, lie: str) -> None:
    """For every lie under which nothing was paid, and nobody says so: only time can tell."""
    server = market.server
    market.tell(lie)
    async with market.desk() as services:
        buyer = await market.buy(services)
        assert buyer.view.phase is Phase.UNKNOWN
        market.tell("")
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


class Promises:
    """The three promises under every lie: derive, share the lies out, and give a fixture ``market``."""

    pytestmark = pytest.mark.anyio
    paid: ClassVar[Collection[str]]
    """Money leaves; the truth, which is the empty lie, is one of them."""
    failed: ClassVar[Collection[str]]
    """It is certain that no money left."""
    unknown: ClassVar[Collection[str]]
    """Nothing was paid, and nobody says so: only time can tell."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        lies = {
            "test_what_was_paid_is_paid_once_never_called_failed_and_delivered": self.paid,
            "test_what_surely_failed_is_told_and_can_be_tried_again": self.failed,
            "test_what_nobody_knows_stays_open_and_blocks_the_next": self.unknown,
        }
        if metafunc.function.__name__ in lies:
            metafunc.parametrize("lie", lies[metafunc.function.__name__])

    async def test_what_was_paid_is_paid_once_never_called_failed_and_delivered(self, market: Market, lie: str) -> None:
        await paid_once_never_called_failed_and_delivered(market, lie)

    async def test_what_surely_failed_is_told_and_can_be_tried_again(self, market: Market, lie: str) -> None:
        await told_and_tried_again(market, lie)

    async def test_what_nobody_knows_stays_open_and_blocks_the_next(self, market: Market, lie: str) -> None:
        await kept_open_and_blocking_the_next(market, lie)
