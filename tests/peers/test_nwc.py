"""NWC as a wallet: Alby's own wallet service behind two real relays, paying from Electrum over real channels."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from l402desk.client.trust import os_trust
from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network as Chain
from l402desk.protocol.payment import Failed, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets import nwc as module
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import NoAnswer, NotReached
from l402desk.wallets.nostr.keys import fresh_secret, public_key
from l402desk.wallets.nwc import NwcWallet
from l402desk.wallets.nwc_offer import Speech
from l402desk.wallets.pairing import Pairing, Wish
from tests.fakes.certificates import certificate_file, trusting
from tests.peers.electrum.nodes import Network, RpcError, lightning
from tests.peers.killing import App, killed_mid_payment, until
from tests.peers.matrix import case, versions
from tests.peers.nostr.prepare import alby_version
from tests.peers.nostr.relays import RELAYS, RealRelay
from tests.peers.nostr.service import AlbyService, alby_service
from tests.peers.over_channels import CAPACITY, ChannelBench, ChannelCases, ContractOverChannels
from tests.peers.selling import selling
from tests.peers.valve import Valve
from tests.wallets.contract import FEE_LIMIT, PRICE, hash_of, proves

pytestmark = [pytest.mark.anyio, pytest.mark.peers]
NAME = "NWC (Alby SDK)"


@dataclass(slots=True)
class NwcBench(ChannelBench):
    """Alby's service pays for us as alice."""

    relay: RealRelay
    service: AlbyService

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.service.client.hex(), self.service.secret.hex())

    @property
    def connection(self) -> str:
        return self.service.connection()

    def connected(self, text: str = "") -> NwcWallet:
        return NwcWallet("Real", read_connection(text or self.connection), os_trust)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with lightning(tmp_path_factory.mktemp("electrum")) as network:
        yield network


@pytest.fixture(scope="module")
def benches(network: Network, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, NwcBench]]:
    """One for each relay."""
    folder = tmp_path_factory.mktemp("nostr")
    with ExitStack() as stack:
        made = {}
        for name, relay in RELAYS.items():
            there = stack.enter_context(relay(folder))
            service = stack.enter_context(alby_service(folder, there.url, network.alice.rpc))
            made[name] = NwcBench(network, there, service)
        relays = " and ".join(bench.relay.version for bench in made.values())
        versions(NAME, f"{alby_version()} over {relays}, paying from Electrum {network.version}")
        yield made


@pytest.fixture(params=list(RELAYS))
def either(request: pytest.FixtureRequest, benches: dict[str, NwcBench]) -> NwcBench:
    return benches[request.param]


@pytest.fixture
def bench(benches: dict[str, NwcBench]) -> NwcBench:
    return benches["rust"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits long for the answer of a payment that is stuck."""
    monkeypatch.setattr(module, "PAY_S", 2.0)


@pytest.fixture(autouse=True)
def going(network: Network, benches: dict[str, NwcBench]) -> Iterator[None]:
    """Whatever a test stopped, the next one finds it going."""
    yield
    network.carol.process.resume()
    for bench in benches.values():
        bench.service.process.resume()


@case(NAME, "paid")
class TestContract(ContractOverChannels):
    """Over a relay that keeps no requests and over one that keeps all."""


class TestCases(ChannelCases):
    subject = NAME
    not_enough = "does not hold enough"
    given_up = (module, "TRIES_S")
    stuck_wait_s = 2


@case(NAME, "paid")
async def test_the_older_encryption_is_alby_s_as_well(bench: NwcBench) -> None:
    wallet = bench.connected()
    wallet._talk.speech = Speech.NIP04
    invoice = await bench.payable(PRICE)
    assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert wallet._talk.speech is Speech.NIP04


@case(NAME, "paid")
async def test_a_relay_that_is_not_there_is_made_up_for_by_another(bench: NwcBench) -> None:
    invoice = await bench.payable(PRICE)
    text = f"{bench.service.connection()}&relay=ws://127.0.0.1:1"
    assert proves(await bench.connected(text).pay(invoice, fee_limit=FEE_LIMIT), invoice)


async def test_examined_it_says_what_the_connection_may_do(either: NwcBench) -> None:
    found = await either.connected().examine()
    assert (found.may_pay, found.calls_itself, found.network) == (True, "Alice of Electrum", Chain.REGTEST)
    assert found.balance is not None
    assert Msat(0) < found.balance <= CAPACITY
    assert found.powers == ("look payments up", "tell its balance", "list its payments", "pay")
    assert found.budget is None


@case(NAME, "expired")
async def test_an_invoice_that_ran_out_is_not_paid_and_called_nothing_that_is_not_known(bench: NwcBench) -> None:
    """The service says INTERNAL, and “expired” when asked: as Alby Hub does of what is still under way."""
    invoice = await bench.network.payee.invoice(PRICE.value, 1)
    await asyncio.sleep(2.1)
    had = await bench.wallet.balance()
    assert isinstance(await bench.connected().pay(invoice, fee_limit=FEE_LIMIT), Unknown)
    assert await bench.wallet.balance() == had
    assert not await bench.network.carol.paid(hash_of(invoice).hex)


# Stuck


@case(NAME, "stuck then settled")
@pytest.mark.usefixtures("impatient")
async def test_what_is_stuck_is_open_and_settles_when_it_moves(either: NwcBench) -> None:
    invoice = await either.payable(PRICE)
    with either.network.stopped(either.network.carol):
        wallet = either.connected()
        assert isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), Unknown)
        await until(either.network.alice.unsettled_sats)
        assert isinstance(await either.connected().look_up(hash_of(invoice)), Unknown)
        assert isinstance(await either.connected().pay(invoice, fee_limit=FEE_LIMIT), Unknown)  # “did not clear”
    await until(lambda: either.is_settled(invoice))
    assert proves(await wallet.look_up(hash_of(invoice)), invoice)
    assert await either.network.carol.paid(hash_of(invoice).hex)


@case(NAME, "stuck then settled")
async def test_an_answer_that_comes_late_is_still_the_answer(bench: NwcBench) -> None:
    invoice = await bench.payable(PRICE)
    with bench.network.stopped(bench.network.carol):
        paying = asyncio.ensure_future(bench.connected().pay(invoice, fee_limit=FEE_LIMIT))
        await until(bench.network.alice.unsettled_sats)
    assert proves(await paying, invoice)


# Killed


@case(NAME, "killed mid-payment")
@pytest.mark.parametrize("heard", [False, True])
async def test_killed_before_an_answer_could_come(tmp_path: Path, bench: NwcBench, heard: bool) -> None:
    """The relay's words are held back: before the wallet can have been asked to pay, or once it is paying."""
    with Valve(bench.relay.port) as valve:

        async def go_on() -> None:
            valve.release()

        async def is_held() -> bool:
            if heard and not any([await is_ordered(bench, bill.payment_hash) for bill in stall.billed]):
                return False
            valve.hold()
            return True

        async with selling(bench.network.payee) as stall:
            await killed_mid_payment(
                App(tmp_path),
                stall,
                bench.service.connection(relay=valve.url.replace("http", "ws")),
                is_paid=bench.network.carol.paid,
                is_asked=is_held,
                before_restart=go_on,
            )


async def is_ordered(bench: NwcBench, payment_hash: PaymentHash) -> bool:
    """Was alice told to pay this?"""
    try:
        await bench.network.alice.rpc.ask("get_invoice", invoice_id=payment_hash.hex)
    except RpcError:
        return False
    return True


# Credentials, and what is not there


@case(NAME, "wrong credential")
async def test_a_key_that_the_service_does_not_know_surely_paid_nothing(bench: NwcBench) -> None:
    invoice = await bench.payable(PRICE)
    text = bench.service.connection(client=fresh_secret())
    result = await bench.connected(text).pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "was not asked to pay" in result.reason
    with pytest.raises(NoAnswer, match="did not answer"):
        await bench.connected(text).examine()
    assert not await bench.network.carol.paid(hash_of(invoice).hex)


@case(NAME, "wrong credential")
async def test_a_wallet_that_there_is_not_surely_paid_nothing(bench: NwcBench) -> None:
    text = bench.service.connection().replace(bench.service.key, public_key(fresh_secret()))
    result = await bench.connected(text).pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "does not answer" in result.reason


@case(NAME, "backend down")
async def test_where_no_relay_is_nothing_was_sent(bench: NwcBench) -> None:
    invoice = await bench.payable(PRICE)
    with Valve(bench.relay.port) as valve:
        wallet = bench.connected(bench.service.connection(relay=valve.url.replace("http", "ws")))
        await wallet.examine()
        valve.close()
        result = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        assert "Nothing was sent" in result.reason
        with pytest.raises(NotReached):
            await wallet.balance()
        valve.open()
        assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)


@case(NAME, "backend down")
@pytest.mark.usefixtures("impatient")
async def test_a_service_that_sleeps_after_it_was_asked_leaves_the_payment_open(either: NwcBench) -> None:
    """And pays when it wakes up: what was asked is not asked again."""
    wallet = either.connected()
    await wallet.examine()
    invoice = await either.payable(PRICE)
    either.service.process.pause()
    assert isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), Unknown)
    assert isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), Unknown)
    either.service.process.resume()
    await until(lambda: either.is_settled(invoice))
    assert await either.network.carol.paid(hash_of(invoice).hex)


@case(NAME, "TLS changed")
async def test_a_relay_that_shows_another_certificate_is_told_nothing(tmp_path: Path, bench: NwcBench) -> None:
    known, other = (certificate_file(tmp_path, to_days=days) for days in (5, 6))
    trust: Callable[[], ssl.SSLContext] = lambda: trusting(known)  # noqa: E731
    with Valve(bench.relay.port, known) as valve:
        connection = read_connection(bench.service.connection(relay=valve.url.replace("https", "wss")))
        wallet = NwcWallet("Real", connection, trust)
        invoice = await bench.payable(PRICE)
        assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)

        valve.show(other)
        told = len(b"".join(valve.asked))
        second = await bench.payable(PRICE)
        for refusing in (wallet, NwcWallet("Real", connection, trust)):
            result = await refusing.pay(second, fee_limit=FEE_LIMIT)
            assert isinstance(result, Failed)
        with pytest.raises(NotReached):
            await wallet.examine()
        assert len(b"".join(valve.asked)) == told
        assert not await bench.network.carol.paid(hash_of(second).hex)

        valve.show(known)
        assert proves(await wallet.pay(second, fee_limit=FEE_LIMIT), second)


# Pairing


async def test_alby_reads_our_wish_and_its_answer_is_a_wallet(tmp_path: Path, either: NwcBench) -> None:
    wish = Wish(budget=Msat.of_sats(10_000), renews="weekly", expires_at=2_000_000_000)
    pairing = Pairing(os_trust, wish, (either.relay.url,))
    waiting = asyncio.ensure_future(pairing.wait())
    with alby_service(tmp_path, either.relay.url, either.network.alice.rpc, wish=pairing.uri) as service:
        assert service.wish == {
            "name": "L402 Desk",
            "relayUrls": [either.relay.url],
            "appPubkey": pairing.key,
            "requestMethods": list(wish.methods),
            "notificationTypes": ["payment_sent"],
            "maxAmount": 10_000_000,
            "budgetRenewal": "weekly",
            "expiresAt": 2_000_000_000,
            "isolated": False,
        }
        async with asyncio.timeout(10):
            connection = await waiting
        assert read_connection(connection).peer == service.key
        invoice = await either.payable(PRICE)
        assert proves(await either.connected(connection).pay(invoice, fee_limit=FEE_LIMIT), invoice)
