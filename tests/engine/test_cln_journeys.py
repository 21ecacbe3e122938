"""Whole journeys over the Core Lightning adapter, a restart in their middle, and every lie of the failure table."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.wallets import cln as adapter
from l402desk.wallets.cln import ClnWallet
from l402desk.wallets.connection import read_connection
from tests.engine import lying
from tests.engine.lying import HOME, Market, Promises, nobody
from tests.harness.cln import Cln, make_rune
from tests.harness.cln_lies import LIES, PENDING, UNPAID
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
NEVER_BEGUN = {"drop-before", "hang-before"}
"""Nothing was paid, and nobody says so: only time can tell."""
IN_TIME = {"failed-silently"}
"""What failed is told when the node has surely stopped trying."""
ORDER = "POST /v1/xpay"


@pytest.fixture(autouse=True)
def short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    lie = lying.hurry_where_nothing_comes(request, monkeypatch, adapter, PENDING)
    if lie in IN_TIME:
        monkeypatch.setattr(adapter, "TRIES_S", 0.2)


def opened(node: Cln) -> ClnWallet:
    return ClnWallet(HOME, read_connection(f"clnrest+{node.url}?rune={node.rune}"), nobody)


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Market]:
    async with Cln(Mint(tmp_path / "mint"), tmp_path / "ledger").serving() as node:
        yield Market(tmp_path, node, lambda: opened(node), ORDER)


class TestPromises(Promises):
    paid = ("", *sorted(set(LIES) - UNPAID))
    failed = sorted(UNPAID - NEVER_BEGUN)
    unknown = sorted(NEVER_BEGUN)


async def test_a_node_that_is_not_there_costs_nothing_and_blocks_nothing(market: Market, tmp_path: Path) -> None:
    gone = Cln(market.server.mint, tmp_path / "none")
    gone.url = "http://127.0.0.1:1"
    await lying.costs_nothing_and_blocks_nothing(tmp_path / "other", market.shop, opened(gone))


async def test_a_purchase_above_the_runes_limit_blocks_nothing(market: Market, tmp_path: Path) -> None:
    rune = make_rune(("method=xpay", "method=listpays"), ("method/xpay", "pinvinvstring_amount<21000"))
    node = Cln(market.server.mint, tmp_path / "other-ledger", rune=rune)
    async with node.serving():
        await lying.costs_nothing_and_blocks_nothing(tmp_path / "other", market.shop, opened(node))
    assert node.debits == []


@pytest.mark.parametrize("lie", ["", "drop-after", "pending-then-paid", "null-preimage"])
async def test_a_node_without_xpay_is_asked_once_to_pay(tmp_path: Path, lie: str) -> None:
    node = Cln(Mint(tmp_path / "mint"), tmp_path / "ledger", without=("xpay",))
    async with node.serving():
        market = Market(tmp_path, node, lambda: opened(node), "POST /v1/pay")
        await lying.paid_once_never_called_failed_and_delivered(market, lie)
