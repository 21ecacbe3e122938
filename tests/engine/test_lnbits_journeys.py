"""Whole journeys over the LNbits adapter, a restart in their middle, and every lie of the failure table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.wallets import lnbits as adapter
from l402desk.wallets.connection import read_connection
from l402desk.wallets.lnbits import LnbitsWallet
from tests.engine import lying
from tests.engine.lying import HOME, Market, Promises, nobody
from tests.harness.lnbits import LIES, UNPAID, Lnbits
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
NEVER_BEGUN = {"drop-before", "hang-before", "redirect"}
"""Nothing was paid, and nobody says so: only time can tell."""


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "CONFIRM_AFTER_S", (0.0, 0.0))
    lying.hurry(monkeypatch, adapter)


def opened(url: str, key: str) -> LnbitsWallet:
    return LnbitsWallet(HOME, read_connection(f"lnbits+{url}?key={key}"), nobody)


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Market]:
    async with Lnbits(Mint(tmp_path / "mint"), tmp_path / "ledger").serving() as server:
        yield Market(tmp_path, server, lambda: opened(server.url, server.key), "POST /api/v1/payments")


class TestPromises(Promises):
    paid = ("", *sorted(set(LIES) - UNPAID))
    failed = sorted(UNPAID - NEVER_BEGUN)
    unknown = sorted(NEVER_BEGUN)


async def test_a_wallet_server_that_is_not_there_costs_nothing_and_blocks_nothing(
    market: Market, tmp_path: Path
) -> None:
    await lying.costs_nothing_and_blocks_nothing(tmp_path / "other", market.shop, opened("http://127.0.0.1:1", "a"))
