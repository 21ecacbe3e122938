"""A real lnd in its odder hours: starting, without a wallet, asked at the wrong port, asked twice at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.payment import Failed, Paid, PaymentResult, Unknown
from l402desk.wallets.errors import NoAnswer, WalletError
from l402desk.wallets.lnd import LndWallet
from tests.peers.killing import App, until
from tests.peers.lightning.conftest import Connect
from tests.peers.lightning.looking import found_paid, paid_by
from tests.peers.lightning.node import Node
from tests.peers.lightning.topology import Lightning, tools, wait_until_routable
from tests.wallets.contract import hash_of, proves

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

PRICE = 21_000
FEE = Msat.of_sats(10)


async def test_asked_again_and_again_while_it_starts_it_pays_once_at_most(
    network: Lightning, least: bytes, connect: Connect
) -> None:
    invoice = network.bob.invoice(PRICE)
    network.alice.stop()
    network.alice.start()
    told: list[PaymentResult] = []

    async def decided() -> bool:  # a new adapter each time, so that lnd alone can know what it was asked before
        told.append(await connect(network.alice.connection(least)).pay(invoice, fee_limit=FEE))
        return isinstance(told[-1], Paid)

    try:
        await until(decided, 60)
    finally:
        network.alice.wait_until_up()
        wait_until_routable(network)
    assert proves(told[-1], invoice)
    assert paid_by(network.alice, invoice) == ["SUCCEEDED"]
    assert not any(isinstance(result, Unknown) for result in told)  # nothing of it was ever begun before
    assert any(
        "starting" in result.reason or "listens" in result.reason for result in told if isinstance(result, Failed)
    )


async def test_two_adapters_that_ask_at_once_pay_once(network: Lightning, least: bytes, connect: Connect) -> None:
    invoice = network.carol.invoice(PRICE)
    had = network.alice.spendable()
    wallets = [connect(network.alice.connection(least)) for _ in range(4)]
    results = await asyncio.gather(*(wallet.pay(invoice, fee_limit=FEE) for wallet in wallets))
    assert any(proves(result, invoice) for result in results)
    assert not any(isinstance(result, Failed) for result in results)
    assert had - network.alice.spendable() == PRICE + 1_000
    for wallet in wallets:
        assert proves(await wallet.look_up(hash_of(invoice)), invoice)


async def test_one_who_stops_waiting_does_not_stop_the_payment(network: Lightning, wallet: LndWallet) -> None:
    held = network.bob.hold_invoice(PRICE)
    paying = asyncio.create_task(wallet.pay(held.invoice, fee_limit=FEE))
    await asyncio.to_thread(held.wait_until_held)
    paying.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await paying
    held.settle()
    await found_paid(wallet, held)


async def test_the_nodes_own_invoice_is_not_paid_by_it(network: Lightning, wallet: LndWallet) -> None:
    result = await wallet.pay(network.alice.invoice(PRICE), fee_limit=FEE)
    assert isinstance(result, Failed)
    assert "self-payments not allowed" in result.reason


async def test_an_invoice_without_an_amount_is_not_given_to_it(network: Lightning, wallet: LndWallet) -> None:
    invoice = network.bob.invoice(0)
    assert read_invoice(invoice).amount is None
    assert isinstance(await wallet.pay(invoice, fee_limit=FEE), Failed)
    assert paid_by(network.alice, invoice) == []


async def test_an_invoice_that_the_payee_cancelled_is_not_paid(network: Lightning, wallet: LndWallet) -> None:
    held = network.bob.hold_invoice(PRICE)
    held.cancel()
    result = await wallet.pay(held.invoice, fee_limit=FEE)
    assert isinstance(result, Failed)
    assert "payee refused" in result.reason


async def test_the_port_of_grpc_is_not_taken_for_rest(network: Lightning, least: bytes, connect: Connect) -> None:
    invoice = network.bob.invoice(PRICE)
    wallet = connect(network.alice.connection(least).replace(network.alice.rest, network.alice.grpc))
    with pytest.raises(WalletError):
        await wallet.examine()
    assert isinstance(await wallet.pay(invoice, fee_limit=FEE), Failed)
    assert paid_by(network.alice, invoice) == []


@pytest.fixture
def fresh(network: Lightning, tmp_path: Path) -> Iterator[Node]:
    """A node that has no wallet yet, as after an installation."""
    node = Node(tools()["lnd"], "fresh", tmp_path / "fresh", network.chain, has_wallet=False)
    node.folder.mkdir()
    node.start()
    try:
        yield node
    finally:
        node.stop()


async def test_a_node_without_a_wallet_says_what_to_do(fresh: Node, least: bytes, connect: Connect) -> None:
    await until(lambda: fresh.tls.exists() and "Waiting for wallet encryption password" in fresh.process.said(), 60)
    wallet = connect(fresh.connection(least))
    with pytest.raises(NoAnswer, match="no wallet yet"):
        await wallet.examine()


async def test_the_command_line_keeps_tries_and_names_it(network: Lightning, least: bytes, tmp_path: Path) -> None:
    app = App(tmp_path / "app")
    added = await app.run("wallets", "add", "Node", network.alice.connection(least))
    assert added.status == 0, added.err
    tried = await app.run("wallets", "test", "Node", "--json")
    assert tried.status == 0, tried.err
    assert tried.json["calls_itself"] == "alice"
    assert tried.json["may_pay"] is True
    assert least.hex() not in added.out + added.err + tried.out + tried.err
