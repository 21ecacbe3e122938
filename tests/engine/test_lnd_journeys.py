"""Whole journeys over the LND adapter, a restart in their middle, and every lie of the failure table."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from l402desk.wallets import lnd as adapter
from l402desk.wallets.connection import read_connection
from l402desk.wallets.lnd import LndWallet
from l402desk.wallets.pinning import Pin
from tests.engine import lying
from tests.engine.lying import HOME, Market, Promises
from tests.fakes.certificates import certificate_file, server_context
from tests.harness.lnd import Lnd
from tests.harness.lnd_lies import IN_FLIGHT, LIES, UNPAID
from tests.harness.mint import Mint

pytestmark = pytest.mark.anyio
NEVER_BEGUN = {"drop-before", "hang-before"}
"""Nothing was paid, and nobody says so: only time can tell."""
ORDER = "POST /v2/router/send"


@pytest.fixture(autouse=True)
def short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    lying.hurry_where_nothing_comes(request, monkeypatch, adapter, IN_FLIGHT)


def nobody() -> ssl.SSLContext:
    raise AssertionError("nobody but the pinned certificate is believed here")


def opened(node: Lnd, more: str = "") -> LndWallet:
    scheme, place = ("", node.url.removeprefix("https://")) if more else ("+http", node.url.removeprefix("http://"))
    return LndWallet(HOME, read_connection(f"lndconnect{scheme}://{place}?macaroon={node.macaroon}{more}"), nobody)


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Market]:
    async with Lnd(Mint(tmp_path / "mint"), tmp_path / "ledger").serving() as node:
        yield Market(tmp_path, node, lambda: opened(node), ORDER)


class TestPromises(Promises):
    paid = ("", *sorted(set(LIES) - UNPAID))
    failed = sorted(UNPAID - NEVER_BEGUN)
    unknown = sorted(NEVER_BEGUN)


async def test_a_node_that_is_not_there_costs_nothing_and_blocks_nothing(market: Market, tmp_path: Path) -> None:
    gone = Lnd(market.server.mint, tmp_path / "none")
    gone.url = "http://127.0.0.1:1"
    await lying.costs_nothing_and_blocks_nothing(tmp_path / "other", market.shop, opened(gone))


async def test_a_purchase_over_a_pinned_certificate_is_delivered(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path, host="node.example")
    pin = Pin.read(pem.read_bytes())
    node = Lnd(Mint(tmp_path / "mint"), tmp_path / "ledger")
    async with node.serving(tls=server_context(pem)):
        market = Market(tmp_path, node, lambda: opened(node, f"&cert={pin.as_parameter()}"), ORDER)
        await lying.paid_once_never_called_failed_and_delivered(market, "")


async def test_a_changed_certificate_costs_nothing_and_blocks_nothing(market: Market, tmp_path: Path) -> None:
    pinned, shown = certificate_file(tmp_path, host="node.example"), certificate_file(tmp_path)
    node = Lnd(market.server.mint, tmp_path / "other-ledger")
    async with node.serving(tls=server_context(shown)):
        wallet = opened(node, f"&cert={Pin.read(pinned.read_bytes()).as_parameter()}")
        await lying.costs_nothing_and_blocks_nothing(tmp_path / "other", market.shop, wallet)
    assert node.counts == {}
