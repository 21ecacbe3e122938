"""Electrum as a wallet: its row of the matrix and the contract, over real channels from alice over bob to carol."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from l402desk.client.trust import os_trust
from l402desk.protocol.amount import Msat
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.network import Network as Chain
from l402desk.protocol.payment import Failed, Unknown
from l402desk.wallets import electrum_finding, electrum_rpc
from l402desk.wallets.connection import read_connection
from l402desk.wallets.electrum import ElectrumWallet
from l402desk.wallets.electrum_words import FORGOTTEN, ON_ITS_WAY
from l402desk.wallets.errors import Distrust, NoAnswer, NotReached, NotTrusted
from l402desk.wallets.pinning import Pin
from tests.fakes.certificates import certificate_file
from tests.peers.electrum.nodes import IN_FLIGHT, lightning
from tests.peers.killing import App, killed_mid_payment, until
from tests.peers.matrix import case, versions
from tests.peers.over_channels import CAPACITY, ChannelBench, ChannelCases, ContractOverChannels, StoppingPayee
from tests.peers.selling import selling
from tests.peers.valve import Valve
from tests.wallets.contract import FEE_LIMIT, PRICE, hash_of, proves

pytestmark = [pytest.mark.anyio, pytest.mark.peers]
NAME = "Electrum"


@dataclass(slots=True)
class ElectrumBench(ChannelBench):
    """Alice is asked herself."""

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.network.alice.rpc.password,)

    @property
    def connection(self) -> str:
        return self.network.alice.connection

    def connected(self, text: str = "") -> ElectrumWallet:
        return ElectrumWallet("Real", read_connection(text or self.connection), os_trust)

    async def stands(self, invoice: str) -> int:
        told = await self.network.alice.rpc.ask("get_invoice", invoice_id=hash_of(invoice).hex)
        return int(told["status"])


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ElectrumBench]:
    with lightning(tmp_path_factory.mktemp("electrum")) as network:
        versions(NAME, f"{network.version}, three nodes; channels open after {network.seconds:.1f} s")
        yield ElectrumBench(network)


@pytest.fixture
def either(bench: ElectrumBench) -> ElectrumBench:
    """There is but one way to it."""
    return bench


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for the answer of a payment that is stuck."""
    monkeypatch.setattr(electrum_rpc, "PAY_S", 2.0)


@case(NAME, "paid")
class TestContract(ContractOverChannels):
    pass


class TestCases(ChannelCases):
    subject = NAME
    no_way = "found no way to the payee"
    not_enough = "which is not enough"
    given_up = (electrum_finding, "QUEUED_S")
    stuck_wait_s = 1


async def test_examined_it_says_what_the_password_can_do(bench: ElectrumBench) -> None:
    wallet = bench.connected()
    found = await wallet.examine()
    assert found.calls_itself == f"Electrum {bench.network.version}"
    assert found.network is Chain.REGTEST
    assert found.balance is not None
    assert Msat(0) < found.balance <= CAPACITY
    told = " ".join(found.warnings)
    assert "can do everything with the wallet" in told
    assert ("takes no fee limit" in told) is not wallet.capabilities.fee_limit
    assert "without a password" not in told


@case(NAME, "no route")
async def test_a_payee_who_refuses_is_surely_not_paid(bench: ElectrumBench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Carol has forgotten what she asked for: the money comes back, over bob. 4.3 calls that in flight for good."""
    carol = bench.network.carol
    invoice = await bench.network.payee.invoice(PRICE.value, 5)
    requests = await carol.rpc.ask("list_requests")
    (asked,) = (one["request_id"] for one in requests if one.get("lightning_invoice") == invoice)
    await carol.rpc.ask("delete_request", request_id=asked)
    had = await bench.wallet.balance()
    wallet = bench.connected()
    result = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed) or result == ON_ITS_WAY
    assert await bench.wallet.balance() == had
    if isinstance(result, Failed):
        assert await wallet.look_up(hash_of(invoice)) == result
        return
    monkeypatch.setattr(electrum_finding, "STUCK_S", 0.0)
    assert await bench.connected().look_up(hash_of(invoice)) == FORGOTTEN  # which tells to restart Electrum
    bench.network.alice.restart()

    async def has_run_out() -> bool:
        return isinstance(await bench.connected().look_up(hash_of(invoice)), Failed)

    await until(has_run_out)
    assert await bench.wallet.balance() == had


@case(NAME, "stuck then settled")
@pytest.mark.usefixtures("impatient")
async def test_what_the_next_node_did_not_confirm_is_not_called_failed(bench: ElectrumBench) -> None:
    """Alice's channel shows nothing of what bob has not confirmed."""
    invoice = await bench.payable(PRICE)
    with bench.network.stopped(bench.network.bob):
        assert await bench.connected().pay(invoice, fee_limit=FEE_LIMIT) == ON_ITS_WAY
        assert await bench.network.alice.unsettled_sats() == 0
        assert await bench.connected().look_up(hash_of(invoice)) == ON_ITS_WAY
        assert isinstance(await bench.connected().pay(invoice, fee_limit=FEE_LIMIT), Unknown)
    await until(lambda: bench.is_settled(invoice))


@case(NAME, "stuck then settled")
@pytest.mark.usefixtures("impatient")
async def test_what_was_not_confirmed_is_not_called_failed_after_a_crash_either(bench: ElectrumBench) -> None:
    """The invoice runs out, Electrum was killed, and alice's channel still shows nothing."""
    invoice = await bench.network.payee.invoice(PRICE.value, 3)
    with bench.network.stopped(bench.network.bob):
        assert await bench.connected().pay(invoice, fee_limit=FEE_LIMIT) == ON_ITS_WAY
        bench.network.alice.restart()
        await until(lambda: read_invoice(invoice).is_expired(int(time.time())))
        assert await bench.network.alice.unsettled_sats() == 0
        assert await bench.connected().look_up(hash_of(invoice)) == ON_ITS_WAY
    await until(lambda: bench.is_settled(invoice))
    assert await bench.network.carol.paid(hash_of(invoice).hex)


@case(NAME, "expired")
async def test_an_invoice_that_ran_out_is_refused_by_electrum(bench: ElectrumBench) -> None:
    invoice = await bench.network.payee.invoice(PRICE.value, 1)
    await asyncio.sleep(2.1)
    had = await bench.wallet.balance()
    result = await bench.connected().pay(invoice, fee_limit=FEE_LIMIT)
    assert result == Failed("Electrum answered: This invoice has expired.")
    assert await bench.wallet.balance() == had


# Stuck


@case(NAME, "stuck then settled")
@pytest.mark.usefixtures("impatient")
async def test_what_is_stuck_is_open_and_settles_when_it_moves(bench: ElectrumBench) -> None:
    invoice = await bench.payable(PRICE)
    with bench.network.stopped(bench.network.carol):
        wallet = bench.connected()
        assert await wallet.pay(invoice, fee_limit=FEE_LIMIT) == ON_ITS_WAY
        await until(bench.network.alice.unsettled_sats)
        assert await bench.stands(invoice) == IN_FLIGHT
        assert await bench.connected().look_up(hash_of(invoice)) == ON_ITS_WAY
        again = await bench.connected().pay(invoice, fee_limit=FEE_LIMIT)  # “did not clear”
        assert again == ON_ITS_WAY
    await until(lambda: bench.is_settled(invoice))
    assert proves(await wallet.look_up(hash_of(invoice)), invoice)
    assert await bench.network.carol.paid(hash_of(invoice).hex)


@case(NAME, "stuck then settled")
@pytest.mark.usefixtures("impatient")
async def test_what_is_stuck_over_a_crash_of_electrum_is_never_called_failed(bench: ElectrumBench) -> None:
    """The invoice runs out meanwhile."""
    invoice = await bench.network.payee.invoice(PRICE.value, 6)
    with bench.network.stopped(bench.network.carol):
        assert await bench.connected().pay(invoice, fee_limit=FEE_LIMIT) == ON_ITS_WAY
        await until(bench.network.alice.unsettled_sats)
        bench.network.alice.restart()
        assert isinstance(await bench.connected().look_up(hash_of(invoice)), Unknown)
        await until(lambda: read_invoice(invoice).is_expired(int(time.time())))
        assert isinstance(await bench.connected().look_up(hash_of(invoice)), Unknown)
        assert isinstance(await bench.connected().pay(invoice, fee_limit=FEE_LIMIT), Unknown)
    await until(lambda: bench.is_settled(invoice), 60)
    assert await bench.network.carol.paid(hash_of(invoice).hex)


@pytest.fixture(autouse=True)
def going(bench: ElectrumBench) -> Iterator[None]:
    """Whatever a test stopped, the next one finds it going."""
    yield
    for node in (bench.network.bob, bench.network.carol):
        node.process.resume()


@case(NAME, "killed mid-payment")
@pytest.mark.parametrize("after_s", [0.0, 0.1])
async def test_killed_before_electrum_could_answer(tmp_path: Path, bench: ElectrumBench, after_s: float) -> None:
    """And Electrum never learns that nobody waits for its answer."""
    with Valve(bench.network.alice.port) as valve:

        async def go_on() -> None:
            valve.release()

        def is_held() -> bool:
            if not valve.has_asked(b'"lnpay"'):
                return False
            valve.hold()
            return True

        async with selling(bench.network.payee) as stall:
            await killed_mid_payment(
                App(tmp_path),
                stall,
                bench.network.alice.connection_at(valve.url),
                is_paid=bench.network.carol.paid,
                is_asked=is_held,
                before_restart=go_on,
                after_s=after_s,
            )


@case(NAME, "killed mid-payment")
async def test_a_purchase_that_electrum_crashed_over_is_recovered(tmp_path: Path, bench: ElectrumBench) -> None:
    """The app and Electrum both die while the money is on its way; both come back, carol last."""
    app = App(tmp_path)
    async with selling(StoppingPayee(bench.network)) as stall:
        stuck = await app.send(f"{stall.url}/both", bench.network.alice.connection, wait_s=1)
        assert stuck.status == 4, stuck.err
        await until(bench.network.alice.unsettled_sats)
        bench.network.alice.restart()
        still = await app.send(f"{stall.url}/both", bench.network.alice.connection, wait_s=1)
        assert still.status == 4, still.err
        bench.network.carol.process.resume()
        moved = await app.send(f"{stall.url}/both", bench.network.alice.connection, wait_s=60)
        assert moved.status == 0, moved.err
    assert app.states("/both") == ["settled"]


# Who does not let us in, or is not who it was


@case(NAME, "wrong credential")
async def test_a_wrong_password_surely_paid_nothing(bench: ElectrumBench) -> None:
    alice = bench.network.alice
    wallet = bench.connected(alice.connection.replace(alice.rpc.password, "wrong"))
    invoice = await bench.payable(PRICE)
    result = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "does not accept this user and password" in result.reason
    assert not await bench.network.carol.paid(hash_of(invoice).hex)
    for question in (wallet.examine(), wallet.balance()):
        with pytest.raises(NoAnswer, match="does not accept this user and password"):
            await question


@case(NAME, "wrong credential")
async def test_a_wallet_that_is_closed_surely_paid_nothing(bench: ElectrumBench) -> None:
    alice = bench.network.alice
    invoice = await bench.payable(PRICE)
    await alice.rpc.ask("close_wallet")
    try:
        wallet = bench.connected()
        result = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        assert "no wallet open" in result.reason
        with pytest.raises(NoAnswer, match="load_wallet"):
            await wallet.examine()
    finally:
        await alice.rpc.ask("load_wallet")
    assert not await bench.network.carol.paid(hash_of(invoice).hex)

    async def has_peers() -> bool:
        return all(one["peer_state"] == "GOOD" for one in await alice.rpc.ask("list_channels"))

    await until(has_peers)
    assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)


@case(NAME, "backend down")
async def test_an_electrum_that_is_not_there_surely_paid_nothing(bench: ElectrumBench) -> None:
    invoice = await bench.payable(PRICE)
    with Valve(bench.network.alice.port) as valve:
        wallet = bench.connected(bench.network.alice.connection_at(valve.url))
        valve.close()
        result = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        assert "nothing listens there" in result.reason
        with pytest.raises(NotReached):
            await bench.connected(bench.network.alice.connection_at(valve.url)).look_up(hash_of(invoice))
        assert not await bench.network.carol.paid(hash_of(invoice).hex)
        valve.open()
        assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)


@case(NAME, "backend down")
async def test_one_that_went_away_while_it_was_asked_leaves_the_payment_open(bench: ElectrumBench) -> None:
    invoice = await bench.payable(PRICE)
    with Valve(bench.network.alice.port) as valve:
        wallet = bench.connected(bench.network.alice.connection_at(valve.url))
        paying = asyncio.ensure_future(wallet.pay(invoice, fee_limit=FEE_LIMIT))
        await until(lambda: valve.has_asked(b'"lnpay"'))
        valve.hold()
        await until(lambda: bench.network.carol.paid(hash_of(invoice).hex))
        valve.close()
        result = await paying
        assert isinstance(result, Unknown)
        valve.open()
        valve.release()
        await until(lambda: bench.is_settled(invoice))
        assert proves(await wallet.look_up(hash_of(invoice)), invoice)


@case(NAME, "TLS changed")
async def test_another_certificate_is_told_nothing(tmp_path: Path, bench: ElectrumBench) -> None:
    """Electrum's RPC speaks no TLS itself; somebody before it does."""
    known, other = (certificate_file(tmp_path, to_days=days) for days in (5, 6))
    pin, seen = Pin.read(known.read_bytes()), Pin.read(other.read_bytes())
    with Valve(bench.network.alice.port, known) as valve:
        text = f"{bench.network.alice.connection_at(valve.url)}?cert={pin.as_parameter()}"
        invoice = await bench.payable(PRICE)
        assert proves(await bench.connected(text).pay(invoice, fee_limit=FEE_LIMIT), invoice)

        valve.show(other)
        told = len(b"".join(valve.asked))
        second = await bench.payable(PRICE)
        assert isinstance(await bench.connected(text).pay(second, fee_limit=FEE_LIMIT), Failed)
        with pytest.raises(NotTrusted) as refused:
            await bench.connected(text).examine()
        assert refused.value.reason is Distrust.PIN_MISMATCH
        assert refused.value.seen is not None
        assert refused.value.seen.fingerprint == seen.fingerprint
        assert len(b"".join(valve.asked)) == told
        assert not await bench.network.carol.paid(hash_of(second).hex)

        valve.show(known)
        assert proves(await bench.connected(text).pay(second, fee_limit=FEE_LIMIT), second)
