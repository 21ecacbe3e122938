"""What the app's credential may do at a real lnd, and whose certificate it believes."""

from __future__ import annotations

import ssl

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed
from l402desk.wallets.errors import Distrust, NoAnswer, NotTrusted
from l402desk.wallets.lnd import LndWallet
from l402desk.wallets.pinning import SeenCertificate
from tests.peers.lightning.conftest import Connect
from tests.peers.lightning.looking import paid_by
from tests.peers.lightning.node import Node
from tests.peers.lightning.topology import Lightning, wait_until_routable
from tests.peers.matrix import case
from tests.wallets.contract import hash_of, proves

pytestmark = [pytest.mark.peers, pytest.mark.anyio]

PRICE = 21_000
FEE = Msat.of_sats(10)


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
    seen = SeenCertificate.read(ssl.PEM_cert_to_DER_cert(node.tls.read_text()))
    assert seen is not None
    return seen.fingerprint
