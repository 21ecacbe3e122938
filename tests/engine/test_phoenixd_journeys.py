"""Whole journeys over the phoenixd adapter, a restart in their middle, and every lie of the failure table."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.wallets import phoenixd as adapter
from l402desk.wallets.connection import read_connection
from l402desk.wallets.phoenixd import PhoenixdWallet
from tests.engine import lying
from tests.engine.lying import HOME, Market
from tests.harness.mint import Mint
from tests.harness.phoenixd import Phoenixd
from tests.harness.phoenixd_lies import LIES, PENDING, UNPAID

pytestmark = pytest.mark.anyio
NEVER_BEGUN = {"drop-before", "hang-before"}
"""Nothing was paid, and nobody says so: only time can tell."""
IN_TIME = {"failed-silently"}
"""What failed is told when the order has surely arrived."""
ORDER = "POST /payinvoice"


@pytest.fixture(autouse=True)
def short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Impatience where nothing comes; elsewhere a busy machine has its time."""
    lie = getattr(getattr(request.node, "callspec", None), "params", {}).get("lie", "")
    lying.hurry(monkeypatch, adapter, answer_s=0.5 if lie in PENDING or "hang" in lie else 5.0)
    if lie in IN_TIME:
        monkeypatch.setattr(adapter, "QUIET_S", 0.2)


def nobody() -> ssl.SSLContext:
    raise AssertionError("nothing here is asked over TLS")


def opened(server: Phoenixd) -> PhoenixdWallet:
    start = server.url.replace("://", f"://:{server.password}@")
    return PhoenixdWallet(HOME, read_connection(f"phoenixd+{start}"), nobody)


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Market]:
    async with Phoenixd(Mint(tmp_path / "mint"), tmp_path / "ledger").serving() as server:
        yield Market(tmp_path, server, lambda: opened(server), ORDER)


@pytest.mark.parametrize("lie", ["", *sorted(set(LIES) - UNPAID)])
async def test_what_was_paid_is_paid_once_never_called_failed_and_delivered(market: Market, lie: str) -> None:
    await lying.paid_once_never_called_failed_and_delivered(market, lie)


@pytest.mark.parametrize("lie", sorted(UNPAID - NEVER_BEGUN))
async def test_what_surely_failed_is_told_and_can_be_tried_again(market: Market, lie: str) -> None:
    await lying.told_and_tried_again(market, lie)


@pytest.mark.parametrize("lie", sorted(NEVER_BEGUN))
async def test_what_nobody_knows_stays_open_and_blocks_the_next(market: Market, lie: str) -> None:
    await lying.kept_open_and_blocking_the_next(market, lie)


async def test_a_server_that_is_not_there_costs_nothing_and_blocks_nothing(market: Market, tmp_path: Path) -> None:
    gone = Phoenixd(market.server.mint, tmp_path / "none")
    gone.url = "http://127.0.0.1:1"
    await lying.costs_nothing_and_blocks_nothing(tmp_path / "other", market.shop, opened(gone))
