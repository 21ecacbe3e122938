"""Whole journeys over the Electrum adapter, a restart in their middle: the lies that only Electrum's RPC can tell."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.wallets import electrum_rpc as adapter
from l402desk.wallets.connection import read_connection
from l402desk.wallets.electrum import ElectrumWallet
from tests.engine import lying
from tests.engine.lying import HOME, Market, Promises, nobody
from tests.harness.electrum import Electrum
from tests.harness.electrum_lies import UNPAID, WAITING
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
PAID = (
    "", "in-flight-then-settled", "in-flight-forever", "parts-on-their-way", "did-not-clear", "restarted",
    "expired-on-its-way", "peer-away", "not-begun-after", "forbidden-after", "not-found", "incoming", "look-up-hang",
    "wallet-closed", "wrong-preimage", "odd-fields", "drop-after", "huge",
)  # fmt: skip
FAILED = ("no-route", "insufficient", "expired", "locked", "not-loaded", "wrong-password", "redirect", "offline")
NEVER_BEGUN = ("drop-before", "hang-before")
"""Nothing was paid, and nobody says so: only time can tell."""


@pytest.fixture(autouse=True)
def short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    lying.hurry_where_nothing_comes(request, monkeypatch, adapter, WAITING)


def opened(server: Electrum) -> ElectrumWallet:
    return ElectrumWallet(HOME, read_connection(server.connection), nobody)


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Market]:
    async with Electrum(Mint(tmp_path / "mint"), tmp_path / "ledger").serving() as server:
        yield Market(tmp_path, server, lambda: opened(server), "lnpay")


def test_the_lies_are_on_the_right_side() -> None:
    assert UNPAID.issuperset((*FAILED, *NEVER_BEGUN))
    assert UNPAID.isdisjoint(PAID)


class TestPromises(Promises):
    paid = PAID
    failed = FAILED
    unknown = NEVER_BEGUN


async def test_an_electrum_that_is_not_there_costs_nothing_and_blocks_nothing(market: Market, tmp_path: Path) -> None:
    gone = Electrum(market.server.mint, tmp_path / "none")
    gone.url = "http://127.0.0.1:1"
    await lying.costs_nothing_and_blocks_nothing(tmp_path / "other", market.shop, opened(gone))
