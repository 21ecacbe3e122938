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
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets import lnd
from l402desk.wallets.errors import Distrust, NoAnswer, NotReached, NotTrusted
from l402desk.wallets.lnd import LndWallet
from l402desk.wallets.pinning import SeenCertificate
from tests.fakes.invoices import mint_invoice
from tests.peers.killing import App, killed_mid_payment, until
from tests.peers.lightning.conftest import Connect
from tests.peers.lightning.node import Held, Node
from tests.peers.lightning.payees import Holding
from tests.peers.lightning.topology import Lightning, wait_until_routable
from tests.peers.matrix import case
from tests.peers.selling import selling

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

PRICE = 21_000
FEE = Msat.of_sats(10)


def hash_of(invoice: str) -> PaymentHash:
    return read_invoice(invoice).payment_hash


def proves(result: PaymentResult | None, invoice: str) -> bool:
    return isinstance(result, Paid) and result.preimage.proves(hash_of(invoice))


def paid_by(node: Node, invoice: str) -> list[str]:
    """How each payment of this invoice stands at the node that paid."""
    return [p["status"] for p in node.payments() if p["payment_hash"] == hash_of(invoice).hex]


async def found_paid(wallet: LndWallet, held: Held) -> None:
    """Wait until the wallet finds the payment made, with its proof."""

    async def is_paid() -> bool:
        return proves(await wallet.look_up(hash_of(held.invoice)), held.invoice)

    await until(is_paid)


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


class TestCredentials:
    async def test_the_least_macaroon_is_told_from_the_admins(
        self, network: Lightning, wallet: LndWallet, connect: Connect
    ) -> None:
        least = await wallet.examine()
        assert least.may_pay
        assert least.warnings == ()
        assert least.powers[-2:] == ("pay", "do nothing else")
        assert least.calls_itself == "alice"
        assert least.network is Network.REGTEST
        assert least.balance == Msat(network.alice.spendable())
        admins = await connect(network.alice.connection()).examine()
        assert admins.may_pay
        assert any("everything" in warning for warning in admins.warnings)

    @pytest.mark.parametrize("name", ["readonly", "invoice"])
    @case("LND", "wrong credential")
    async def test_one_that_cannot_pay_pays_nothing(self, network: Lightning, connect: Connect, name: str) -> None:
        invoice = network.bob.invoice(PRICE)
        wallet = connect(network.alice.connection(network.alice.macaroon(name)))
        assert not wallet.capabilities.pays
        assert not (await wallet.examine()).may_pay
        result = await wallet.pay(invoice, fee_limit=FEE)
        assert isinstance(result, Failed)
        assert hash_of(invoice).hex not in network.bob.settled()

    @case("LND", "wrong credential")
    async def test_one_of_another_node_pays_nothing_and_is_said_to_be_none_of_this_ones(
        self, network: Lightning, connect: Connect
    ) -> None:
        invoice = network.bob.invoice(PRICE)
        wallet = connect(network.alice.connection(network.bob.macaroon()))
        with pytest.raises(NoAnswer, match="does not accept this macaroon"):
            await wallet.examine()
        result = await wallet.pay(invoice, fee_limit=FEE)
        assert isinstance(result, Failed)
        assert "does not accept this macaroon" in result.reason
        assert paid_by(network.alice, invoice) == []

    @case("LND", "wrong credential")
    async def test_one_that_was_revoked_pays_nothing(self, network: Lightning, connect: Connect) -> None:
        words = ("bakemacaroon", "--root_key_id=7", "offchain:write", "offchain:read", "info:read")
        macaroon = bytes.fromhex(network.lncli_at(network.alice, *words).strip())
        wallet = connect(network.alice.connection(macaroon))
        assert proves(await wallet.pay(first := network.bob.invoice(PRICE), fee_limit=FEE), first)
        network.lncli_at(network.alice, "deletemacaroonid", "7")
        result = await wallet.pay(network.bob.invoice(PRICE), fee_limit=FEE)
        assert isinstance(result, Failed)
        with pytest.raises(NoAnswer, match="does not accept this macaroon"):
            await wallet.balance()

    async def test_a_pay_only_macaroon_pays_and_says_that_it_looks_nothing_up(
        self, network: Lightning, connect: Connect
    ) -> None:
        macaroon = network.lncli_at(network.alice, "bakemacaroon", "uri:/routerrpc.Router/SendPaymentV2")
        wallet = connect(network.alice.connection(bytes.fromhex(macaroon.strip())))
        assert not wallet.capabilities.looks_up
        found = await wallet.examine()
        assert any("cannot look payments up" in warning for warning in found.warnings)
        assert proves(await wallet.pay(invoice := network.bob.invoice(PRICE), fee_limit=FEE), invoice)


class TestTrust:
    async def test_a_certificate_that_nobody_pinned_is_shown_to_be_compared(
        self, network: Lightning, least: bytes, connect: Connect
    ) -> None:
        wallet = connect(network.alice.connection(least, pin=False))
        with pytest.raises(NotTrusted) as raised:
            await wallet.examine()
        assert raised.value.reason is Distrust.UNKNOWN_AUTHORITY
        assert raised.value.seen is not None
        assert raised.value.seen.fingerprint == shown_by(network.alice)
        invoice = network.bob.invoice(PRICE)
        result = await wallet.pay(invoice, fee_limit=FEE)
        assert isinstance(result, Failed)
        assert "Nothing was sent" in result.reason or "not asked to pay" in result.reason

    @case("LND", "TLS changed")
    async def test_a_node_with_a_new_certificate_is_asked_nothing_until_that_is_pinned(
        self, network: Lightning, least: bytes, connect: Connect
    ) -> None:
        before = shown_by(network.alice)
        wallet = connect(network.alice.connection(least))
        assert await wallet.balance() is not None
        network.alice.start_again(new_certificate=True)
        now = shown_by(network.alice)
        assert now != before
        with pytest.raises(NotTrusted) as raised:
            await wallet.balance()
        assert raised.value.reason is Distrust.PIN_MISMATCH
        assert before in raised.value.sentence
        assert now in raised.value.sentence
        wait_until_routable(network)
        invoice = network.bob.invoice(PRICE)
        assert isinstance(await wallet.pay(invoice, fee_limit=FEE), Failed)
        assert paid_by(network.alice, invoice) == []
        assert proves(await connect(network.alice.connection(least)).pay(invoice, fee_limit=FEE), invoice)


def shown_by(node: Node) -> str:
    """The SHA-256 of the certificate in the node's own file."""
    import ssl

    seen = SeenCertificate.read(ssl.PEM_cert_to_DER_cert(node.tls.read_text()))
    assert seen is not None
    return seen.fingerprint


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


def back(network: Lightning) -> None:
    """Alice runs again, and can pay."""
    network.alice.start_again()
    wait_until_routable(network)
