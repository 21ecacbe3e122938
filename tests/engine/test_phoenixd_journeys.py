"""Whole journeys over the phoenixd adapter, a restart in their middle, and every lie of the failure table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.wallets import phoenixd as adapter
from l402desk.wallets.connection import read_connection
from l402desk.wallets.phoenixd import PhoenixdWallet
from tests.engine import lying
from tests.engine.lying import HOME, Market, Promises, nobody
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
    lie = lying.hurry_where_nothing_comes(request, monkeypatch, adapter, PENDING)
    if lie in IN_TIME:
        monkeypatch.setattr(adapter, "QUIET_S", 0.2)


def opened(server: Phoenixd) -> PhoenixdWallet:
    start = server.url.replace("://", f"://:{server.password}@")
    return PhoenixdWallet(HOME, read_connection(f"phoenixd+{start}"), nobody)


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Market]:
    async with Phoenixd(Mint(tmp_path / "mint"), tmp_path / "ledger").serving() as server:
        yield Market(tmp_path, server, lambda: opened(server), ORDER)


class TestPromises(Promises):
    paid = ("", *sorted(set(LIES) - UNPAID))
    failed = sorted(UNPAID - NEVER_BEGUN)
    unknown = sorted(NEVER_BEGUN)


async def test_a_server_that_is_not_there_costs_nothing_and_blocks_nothing(market: Market, tmp_path: Path) -> None:
    gone = Phoenixd(market.server.mint, tmp_path / "none")
    gone.url = "http://127.0.0.1:1"
    await lying.costs_nothing_and_blocks_nothing(tmp_path / "other", market.shop, opened(gone))
