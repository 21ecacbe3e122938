"""The command line buys with a real lnd whose payments cost a fee, or are held back by the payee."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.peers.killing import UNRESOLVED, App
from tests.peers.lightning.payees import Holding, Taking
from tests.peers.lightning.topology import Lightning
from tests.peers.matrix import case
from tests.peers.selling import PRICE_MSAT, selling

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

PAYMENT_REQUIRED = 3


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(tmp_path / "app")


@pytest.fixture
def alice(network: Lightning, least: bytes) -> str:
    return network.alice.connection(least)


@case("LND", "paid")
async def test_the_routing_fee_is_written_down(network: Lightning, app: App, alice: str) -> None:
    async with selling(Taking(network.carol)) as stall:
        ran = await app.send(f"{stall.url}/far", alice)
    assert ran.status == 0, ran.err
    assert (ran.json["paid"]["amount_msat"], ran.json["paid"]["fee_msat"]) == (PRICE_MSAT, 1_000)
    assert stall.delivered == ["/far"]


@case("LND", "stuck then settled")
async def test_what_is_held_back_is_waited_for_and_never_paid_a_second_time(
    network: Lightning, app: App, alice: str
) -> None:
    holding = Holding(network.carol)
    async with selling(holding) as stall:
        url = f"{stall.url}/held"
        first = await app.send(url, alice, wait_s=2)
        assert first.status == UNRESOLVED, first.out
        assert await holding.is_any_held()
        again = await app.send(url, alice, wait_s=2)
        assert again.status == UNRESOLVED
        assert len(stall.bills("/held")) == 1  # it did not even ask for another price
        await holding.settle_all()
        at_last = await app.send(url, alice, wait_s=20)
        assert at_last.status == 0, at_last.err
    assert stall.delivered == ["/held"]
    assert app.states("/held") == ["settled"]


@case("LND", "stuck then settled")
async def test_what_the_payee_sends_back_can_be_bought_again(network: Lightning, app: App, alice: str) -> None:
    holding = Holding(network.bob)
    async with selling(holding) as stall:
        url = f"{stall.url}/returned"
        assert (await app.send(url, alice, wait_s=2)).status == UNRESOLVED
        await holding.cancel_all()
        stall.payee = Taking(network.bob)
        told = await app.send(url, alice, wait_s=20)
        bought = told if told.status != PAYMENT_REQUIRED else await app.send(url, alice, wait_s=20)
        assert bought.status == 0, bought.err
    assert app.states("/returned") == ["failed", "settled"]
    assert stall.delivered == ["/returned"]
