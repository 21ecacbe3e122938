"""What a real lnd does with the app's payments: the wallet's row of the matrix."""

from __future__ import annotations

import asyncio
import secrets
import time
from pathlib import Path

import pytest

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaymentResult, Unknown
from l402desk.wallets import lnd
from l402desk.wallets.errors import NotReached
from l402desk.wallets.lnd import LndWallet
from tests.fakes.invoices import mint_invoice
from tests.peers.killing import App, killed_mid_payment, until
from tests.peers.lightning.conftest import Connect
from tests.peers.lightning.looking import back, found_paid, paid_by
from tests.peers.lightning.payees import Holding
from tests.peers.lightning.topology import Lightning
from tests.peers.matrix import case
from tests.peers.selling import selling
from tests.wallets.contract import hash_of, proves

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

PRICE = 21_000
FEE = Msat.of_sats(10)


class TestPaying:
    @case("LND", "paid")
    async def test_an_invoice_is_paid_with_the_money_at_the_payee(self, network: Lightning, wallet: LndWallet) -> None:
        invoice = network.bob.invoice(PRICE)
        result = await wallet.pay(invoice, fee_limit=FEE)
        assert proves(result, invoice)
        assert hash_of(invoice).hex in network.bob.settled()
        assert wallet.network is Network.REGTEST

    @case("LND", "paid")
    async def test_a_route_costs_what_it_costs_and_no_more_than_the_limit(
        self, network: Lightning, wallet: LndWallet
    ) -> None:
        dear = network.carol.invoice(PRICE)
        refused = await wallet.pay(dear, fee_limit=ZERO)
        assert isinstance(refused, Failed)
        assert "fee limit is 0" in refused.reason
        result = await wallet.pay(network.carol.invoice(PRICE), fee_limit=Msat(2_000))
        assert isinstance(result, Paid)
        assert result.fee == Msat(1_000)  # what bob asks for by default: 1 sat, and a millionth
        assert hash_of(dear).hex not in network.carol.settled()

    @case("LND", "already paid")
    async def test_an_invoice_that_was_paid_is_paid_no_second_time(
        self, network: Lightning, least: bytes, connect: Connect
    ) -> None:
        invoice = network.bob.invoice(PRICE)
        first = await connect(network.alice.connection(least)).pay(invoice, fee_limit=FEE)
        had = network.alice.spendable()
        again = await connect(network.alice.connection(least)).pay(invoice, fee_limit=FEE)
        assert proves(first, invoice)
        assert proves(again, invoice)
        assert network.alice.spendable() == had
        assert paid_by(network.alice, invoice) == ["SUCCEEDED"]


class TestNotPaying:
    @case("LND", "no route")
    async def test_nobody_on_the_map_is_not_paid(self, network: Lightning, wallet: LndWallet) -> None:
        key, preimage = secrets.token_bytes(32), secrets.token_bytes(32)
        invoice = mint_invoice(PRICE, key=key, preimage=preimage, timestamp=int(time.time()))
        result = await wallet.pay(invoice, fee_limit=FEE)
        assert isinstance(result, Failed)
        assert "no route" in result.reason
        assert isinstance(await wallet.look_up(hash_of(invoice)), Failed)
        assert paid_by(network.alice, invoice) == ["FAILED"]

    @case("LND", "insufficient")
    async def test_more_than_the_channels_hold_is_not_paid(self, network: Lightning, wallet: LndWallet) -> None:
        invoice = network.bob.invoice(network.alice.spendable() + PRICE)
        result = await wallet.pay(invoice, fee_limit=FEE)
        assert isinstance(result, Failed)
        assert "do not hold enough" in result.reason

    @case("LND", "expired")
    async def test_an_invoice_out_of_time_is_not_paid(self, network: Lightning, wallet: LndWallet) -> None:
        invoice = network.bob.invoice(PRICE, expiry_s=1)
        await until(lambda: read_invoice(invoice).is_expired(int(time.time()) - 1))
        result = await wallet.pay(invoice, fee_limit=FEE)
        assert isinstance(result, Failed)
        assert "invoice expired" in result.reason
        assert paid_by(network.alice, invoice) == []

    async def test_an_invoice_of_another_chain_is_not_even_shown_to_it(
        self, network: Lightning, wallet: LndWallet
    ) -> None:
        result = await wallet.pay(mint_invoice(PRICE, prefix="lntb"), fee_limit=FEE)
        assert isinstance(result, Failed)
        assert "regtest" in result.reason
        assert "testnet" in result.reason


class TestStuck:
    @case("LND", "stuck then settled")
    async def test_a_held_payment_is_on_its_way_until_the_payee_takes_it(
        self, network: Lightning, wallet: LndWallet
    ) -> None:
        held = network.bob.hold_invoice(PRICE)
        paying = asyncio.create_task(wallet.pay(held.invoice, fee_limit=FEE))
        await asyncio.to_thread(held.wait_until_held)
        assert isinstance(await wallet.look_up(hash_of(held.invoice)), Unknown)
        assert not paying.done()
        await asyncio.to_thread(held.settle)
        assert proves(await paying, held.invoice)

    @case("LND", "stuck then settled")
    async def test_one_that_is_held_for_longer_than_anybody_waits_is_found_later(
        self, network: Lightning, wallet: LndWallet, connect: Connect, least: bytes, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lnd, "PAY_S", 1.5)
        held = network.carol.hold_invoice(PRICE)
        assert isinstance(await wallet.pay(held.invoice, fee_limit=FEE), Unknown)
        held.wait_until_held()
        after_a_restart = connect(network.alice.connection(least))
        assert isinstance(await after_a_restart.pay(held.invoice, fee_limit=FEE), Unknown)
        assert isinstance(await after_a_restart.look_up(hash_of(held.invoice)), Unknown)
        held.settle()
        await found_paid(after_a_restart, held)
        assert paid_by(network.alice, held.invoice) == ["SUCCEEDED"]

    async def test_one_that_the_payee_sends_back_has_failed(
        self, network: Lightning, wallet: LndWallet, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(lnd, "PAY_S", 1.5)
        held = network.bob.hold_invoice(PRICE)
        assert isinstance(await wallet.pay(held.invoice, fee_limit=FEE), Unknown)
        held.wait_until_held()
        held.cancel()
        found: list[PaymentResult | None] = []

        async def is_over() -> bool:
            found.append(await wallet.look_up(hash_of(held.invoice)))
            return not isinstance(found[-1], Unknown)

        await until(is_over)
        assert isinstance(found[-1], Failed)
        assert "payee refused" in found[-1].reason

    @case("LND", "killed mid-payment")
    async def test_an_app_that_is_killed_while_lnd_pays_pays_once_and_keeps_its_token(
        self, network: Lightning, least: bytes, tmp_path: Path
    ) -> None:
        holding = Holding(network.bob)

        async def is_paid(payment_hash: str) -> bool:
            return payment_hash in await asyncio.to_thread(network.bob.settled)

        async with selling(holding) as stall:
            ran = await killed_mid_payment(
                App(tmp_path / "app"),
                stall,
                network.alice.connection(least),
                is_paid=is_paid,
                is_asked=holding.is_any_held,
                before_restart=holding.settle_all,
            )
        assert ran.json["status"] == 200
        assert stall.delivered == ["/killed"]
        assert paid_by(network.alice, stall.billed[0].invoice) == ["SUCCEEDED"]


class TestDown:
    @case("LND", "backend down")
    async def test_a_node_that_is_down_was_asked_nothing(self, network: Lightning, wallet: LndWallet) -> None:
        invoice = network.bob.invoice(PRICE)
        network.alice.stop()
        try:
            result = await wallet.pay(invoice, fee_limit=FEE)
            with pytest.raises(NotReached):
                await wallet.balance()
        finally:
            back(network)
        assert isinstance(result, Failed)
        assert "nothing listens there" in result.reason
        assert paid_by(network.alice, invoice) == []
        assert proves(await wallet.pay(invoice, fee_limit=FEE), invoice)

    @case("LND", "backend down")
    async def test_a_node_that_is_killed_while_it_pays_may_have_paid(
        self, network: Lightning, wallet: LndWallet
    ) -> None:
        held = network.bob.hold_invoice(PRICE)
        paying = asyncio.create_task(wallet.pay(held.invoice, fee_limit=FEE))
        await asyncio.to_thread(held.wait_until_held)
        try:
            network.alice.process.kill()
            result = await paying
        finally:
            back(network)
        assert isinstance(result, Unknown)
        assert isinstance(await wallet.look_up(hash_of(held.invoice)), Unknown)
        held.settle()
        await found_paid(wallet, held)
