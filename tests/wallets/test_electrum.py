"""The Electrum adapter against the mock of the harness: the contract, then every lie of the failure table."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaymentResult, Unknown
from l402desk.wallets import asking, electrum_finding, electrum_rpc
from l402desk.wallets.connection import read_connection
from l402desk.wallets.electrum import ElectrumWallet
from l402desk.wallets.electrum_words import FORGOTTEN, NOT_CLEARED, ON_ITS_WAY, PEER_AWAY, SMALLEST_SPLIT, UNSAID
from l402desk.wallets.errors import Distrust, NoAnswer, NotReached, NotTrusted, WalletError
from l402desk.wallets.pinning import Pin
from tests.fakes.certificates import certificate_file, server_context
from tests.fakes.invoices import mint_invoice
from tests.harness.electrum import NEW, OLD, Electrum
from tests.harness.electrum_lies import FOR_ALL, LIES, UNPAID, WAITING
from tests.harness.electrum_lies import NEW as OF_NEW
from tests.harness.mint import Mint
from tests.wallets.any_answer import PREIMAGE, PREIMAGES, Said, answer_with, is_proven_if_paid
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of, proves
from tests.wallets.lying import (
    FAILED,
    OPEN,
    PROVEN,
    UNPROVEN,
    LyingBench,
    found_when_the_lying_ends_and_paid_once,
    known_under,
    nobody,
    nothing_is_sent_where_nothing_listens,
    wait_as_the_lie_needs,
)

pytestmark = pytest.mark.anyio
BALANCE = 10_000_000


class ElectrumBench(LyingBench[Electrum]):
    def __init__(self, server: Electrum) -> None:
        super().__init__(
            server, server.password, base64.b64encode(f"{server.user}:{server.password}".encode()).decode()
        )

    def connected(self, more: str = "", password: str = "") -> ElectrumWallet:
        text = self.server.connection.replace(self.server.password, password or self.server.password)
        return ElectrumWallet("Home", read_connection(text + more), nobody, clock=self.clock)


@pytest.fixture(autouse=True)
def short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_as_the_lie_needs(request, monkeypatch, electrum_rpc, "PAY_S", "ASK_S", "FEE_S", waiting=WAITING)


@pytest.fixture(params=[OLD, NEW])
def version(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def bench(tmp_path: Path, version: str) -> AsyncIterator[ElectrumBench]:
    async with Electrum(Mint(tmp_path), tmp_path / "ledger", balance=BALANCE, version=version).serving() as server:
        yield ElectrumBench(server)


class TestElectrum(WalletContract):
    """Held to the same law as every wallet."""


# What is known when the payment was ordered, and what is known after three look-ups more.
TABLE = {
    "": (PROVEN, PROVEN),
    "in-flight-then-settled": (OPEN, PROVEN),
    "in-flight-forever": (OPEN, OPEN),
    "parts-on-their-way": (OPEN, PROVEN),
    "did-not-clear": (OPEN, PROVEN),
    "restarted": (OPEN, PROVEN),
    "expired-on-its-way": (OPEN, PROVEN),
    "peer-away": (OPEN, PROVEN),
    "less-than-a-sat": (OPEN, PROVEN),
    "internal-error": (OPEN, PROVEN),
    "lost-track": (PROVEN, PROVEN),
    "already-paid": (PROVEN, PROVEN),
    "already-initiated": (PROVEN, PROVEN),
    "in-german": (PROVEN, PROVEN),
    "not-begun-after": (PROVEN, PROVEN),
    "forbidden-after": (PROVEN, PROVEN),
    "no-command-after": (PROVEN, PROVEN),
    "not-found": (OPEN, OPEN),
    "invoice-gone": (PROVEN, PROVEN),
    "incoming": (OPEN, OPEN),
    "failed-of-another": (OPEN, OPEN),
    "history-500": (OPEN, OPEN),
    "history-huge": (OPEN, OPEN),
    "look-up-500": (OPEN, OPEN),
    "look-up-hang": (OPEN, OPEN),
    "look-up-null": (OPEN, OPEN),
    "look-up-junk": (OPEN, OPEN),
    "wallet-closed": (OPEN, OPEN),
    "null-preimage": (UNPROVEN, UNPROVEN),
    "zero-preimage": (UNPROVEN, UNPROVEN),
    "wrong-preimage": (UNPROVEN, UNPROVEN),
    "short-preimage": (UNPROVEN, UNPROVEN),
    "upper-preimage": (PROVEN, PROVEN),
    "base64-preimage": (PROVEN, PROVEN),
    "late-preimage": (PROVEN, PROVEN),
    "history-lost": (UNPROVEN, UNPROVEN),
    "other-payment": (PROVEN, PROVEN),
    "odd-fields": (OPEN, OPEN),
    "html": (PROVEN, PROVEN),
    "500": (PROVEN, PROVEN),
    "502": (PROVEN, PROVEN),
    "empty": (PROVEN, PROVEN),
    "no-result": (PROVEN, PROVEN),
    "null-result": (PROVEN, PROVEN),
    "error-text": (PROVEN, PROVEN),
    "drop-after": (PROVEN, PROVEN),
    "truncated": (PROVEN, PROVEN),
    "hang": (PROVEN, PROVEN),
    "huge": (PROVEN, PROVEN),
    "deep": (PROVEN, PROVEN),
    "in-flight-then-failed": (OPEN, OPEN),
    "forgotten": (OPEN, OPEN),
    "no-route": (FAILED, FAILED),
    "failed-and-huge": (FAILED, FAILED),
    "insufficient": (FAILED, FAILED),
    "expired-unpaid": (FAILED, FAILED),
    "expired": (FAILED, OPEN),
    "wrong-network": (FAILED, OPEN),
    "locked": (FAILED, OPEN),
    "no-limit": (FAILED, OPEN),
    "no-lnpay": (FAILED, OPEN),
    "drop-before": (OPEN, OPEN),
    "hang-before": (OPEN, OPEN),
    "not-loaded": (FAILED, FAILED),
    "no-lightning": (FAILED, FAILED),
    "offline": (FAILED, OPEN),
    "wrong-password": (FAILED, FAILED),
    "no-password": (FAILED, FAILED),
    "no-electrum": (FAILED, FAILED),
    "redirect": (FAILED, FAILED),
}
EXPORTED = {"history-500", "history-huge", "history-lost"}
"""Where a newer Electrum has another way to tell the preimage."""


def test_every_lie_is_in_the_table() -> None:
    assert set(TABLE) == {"", *LIES}


@pytest.mark.parametrize(("lie", "known"), TABLE.items())
async def test_a_lie_is_taken_for_no_more_than_it_proves(
    bench: ElectrumBench, version: str, lie: str, known: tuple[str, str]
) -> None:
    if lie in OF_NEW and version == OLD:
        pytest.skip("an old Electrum takes no fee limit and is never given one")
    server = bench.server
    expected = (PROVEN, PROVEN) if lie in EXPORTED and version == NEW else known
    msat = 500 if lie == "less-than-a-sat" else PRICE.value
    assert await known_under(lie, server, bench.wallet, is_paid=lie not in UNPAID, msat=msat) == expected
    assert server.counts["lnpay"] == (0 if lie in FOR_ALL else 1)
    assert server.counts["elsewhere"] == 0


@pytest.mark.parametrize("lie", sorted(set(LIES) - UNPAID))
async def test_money_that_left_is_found_when_the_lying_ends_and_never_leaves_twice(
    bench: ElectrumBench, lie: str
) -> None:
    await found_when_the_lying_ends_and_paid_once(lie, bench.server, bench.wallet, bench.connected())


async def test_the_fee_is_told_in_msat(bench: ElectrumBench) -> None:
    invoice, preimage, payment_hash = bench.server.mint.new()
    assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == Paid(preimage, Msat(1_000))
    assert await bench.wallet.look_up(payment_hash) == Paid(preimage, Msat(1_000))


# What the version takes


async def test_before_4_6_it_is_given_no_limit_and_says_so(bench: ElectrumBench, version: str) -> None:
    assert not bench.wallet.capabilities.fee_limit  # nobody has asked it yet
    invoice = await bench.payable(PRICE)
    await bench.wallet.pay(invoice, fee_limit=Msat(1_234))
    limits = {} if version == OLD else {"max_fee_msat": 1_234, "max_cltv": 1_008}
    assert bench.server.orders == [{"invoice": invoice, **limits}]
    assert bench.wallet.capabilities.fee_limit is (version == NEW)


@pytest.mark.parametrize(
    ("told", "takes"),
    [("4.6.0", True), ("4.5.8", False), ("5.0", True), ("4.10.1b2", True), ("3.9", False), ("x", False), (7, False)],
)
async def test_the_version_says_whether_there_is_a_limit(tmp_path: Path, told: object, takes: bool) -> None:
    async with Electrum(Mint(tmp_path), tmp_path / "ledger").serving() as server:
        server.info["version"] = told
        wallet = ElectrumBench(server).connected()
        await wallet.examine()
        assert wallet.capabilities.fee_limit is takes


@pytest.fixture
async def new(tmp_path: Path) -> AsyncIterator[ElectrumBench]:
    server = Electrum(Mint(tmp_path), tmp_path / "ledger", balance=BALANCE * 1_000, version=NEW)
    async with server.serving():
        yield ElectrumBench(server)


@pytest.mark.parametrize(
    ("amount", "limit", "sent"),
    [
        (21_000, ZERO, 1),
        (21_000, Msat(999_999), 999_999),
        (21_000, Msat(5_000_000), 999_999),
        (9_000_000, Msat(5_000_000), 4_499_999),
    ],
)
async def test_a_limit_is_one_that_electrum_takes(new: ElectrumBench, amount: int, limit: Msat, sent: int) -> None:
    """It refuses half of the amount, or 1,000 sats, whichever is more; and 0 might mean none."""
    await new.wallet.pay(await new.payable(Msat(amount)), fee_limit=limit)
    assert new.server.orders[0]["max_fee_msat"] == sent


async def test_a_fee_limit_that_is_too_low_is_told(new: ElectrumBench) -> None:
    invoice = await new.payable(PRICE)
    result = await new.wallet.pay(invoice, fee_limit=Msat(999))
    assert isinstance(result, Failed)
    assert "within the fee limit" in result.reason
    assert proves(await new.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)  # and more can be allowed


async def test_one_that_takes_no_limit_though_it_should_is_asked_without_at_the_next_try(new: ElectrumBench) -> None:
    invoice = await new.payable(PRICE)
    new.server.tell("no-limit")
    result = await new.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "takes no fee limit" in result.reason
    assert not new.wallet.capabilities.fee_limit
    new.server.tell("")
    assert proves(await new.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert [set(order) for order in new.server.orders] == [{"invoice", "max_fee_msat", "max_cltv"}, {"invoice"}]


# What is failed


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ("no-route", "found no way to the payee"),
        ("insufficient", "hold 0 sats, which is not enough"),
        ("expired-unpaid", "expired"),
        ("expired", "Electrum answered: This invoice has expired."),
        ("wrong-network", "should be bcrt"),
        ("locked", "locked in Electrum"),
        ("no-lnpay", "lacks a command"),
        ("not-loaded", "no wallet open"),
        ("no-lightning", "has no Lightning"),
        ("offline", "It was not asked to pay"),
        ("wrong-password", "does not accept this user and password"),
        ("no-password", "does not accept this user and password"),
        ("no-electrum", "status 404, and not as Electrum does"),
        ("redirect", "status 307"),
    ],
)
async def test_a_refusal_says_why_also_later(bench: ElectrumBench, lie: str, said: str) -> None:
    bench.server.tell(lie)
    invoice = await bench.payable(PRICE)
    result = await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert said in result.reason
    if TABLE[lie] == (FAILED, FAILED):
        assert await bench.wallet.look_up(hash_of(invoice)) == result
    assert bench.server.debits == []


async def test_what_may_have_gone_in_parts_needs_a_history_or_a_word_about_the_preimage(
    tmp_path: Path, version: str
) -> None:
    server = Electrum(Mint(tmp_path), tmp_path / "ledger", version=version, lie="failed-and-huge")
    async with server.serving():
        bench = ElectrumBench(server)
        result = await bench.wallet.pay(await bench.payable(SMALLEST_SPLIT), fee_limit=FEE_LIMIT)
        assert isinstance(result, Unknown if version == OLD else Failed)


async def test_what_failed_once_can_be_paid_later(bench: ElectrumBench) -> None:
    bench.server.tell("no-route")
    invoice = await bench.payable(PRICE)
    assert isinstance(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    bench.server.tell("")
    assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)


async def test_failed_is_believed_when_a_lost_order_can_lie_unread_no_more(
    bench: ElectrumBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(electrum_rpc, "PAY_S", 0.5)
    bench.server.tell("in-flight-then-failed")
    invoice = await bench.payable(PRICE)
    assert isinstance(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), Unknown)
    for _ in range(4):
        assert isinstance(await bench.wallet.look_up(hash_of(invoice)), Unknown)
    bench.clock.seconds += electrum_finding.QUEUED_S
    assert isinstance(await bench.wallet.look_up(hash_of(invoice)), Failed)


@pytest.mark.parametrize(("lie", "then"), [("forgotten", FORGOTTEN), ("in-flight-forever", ON_ITS_WAY)])
async def test_in_flight_is_never_failed_and_what_electrum_forgot_is_told_in_time(
    bench: ElectrumBench, lie: str, then: PaymentResult
) -> None:
    bench.server.tell(lie)
    invoice = await bench.payable(PRICE)
    first, other = bench.connected(), bench.connected()
    assert isinstance(await first.pay(invoice, fee_limit=FEE_LIMIT), Unknown)
    bench.clock.seconds += electrum_finding.STUCK_S - 1
    for wallet in (first, other):
        assert await wallet.look_up(hash_of(invoice)) == ON_ITS_WAY
    bench.clock.seconds += 1
    assert await first.look_up(hash_of(invoice)) == then
    assert await other.look_up(hash_of(invoice)) == ON_ITS_WAY  # which counts from its first look
    bench.clock.seconds += electrum_finding.STUCK_S
    assert await other.look_up(hash_of(invoice)) == then


@pytest.mark.parametrize(
    ("lie", "known"), [("peer-away", PEER_AWAY), ("expired-on-its-way", NOT_CLEARED), ("restarted", UNSAID)]
)
async def test_why_nobody_can_tell_yet_is_told(bench: ElectrumBench, lie: str, known: PaymentResult) -> None:
    bench.server.tell(lie)
    assert await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT) == known


async def test_a_failure_that_an_adapter_did_not_see_is_believed_as_late(bench: ElectrumBench) -> None:
    bench.server.tell("no-route")
    invoice = await bench.payable(PRICE)
    await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    other = bench.connected()
    assert isinstance(await other.look_up(hash_of(invoice)), Unknown)
    bench.clock.seconds += electrum_finding.QUEUED_S
    assert isinstance(await other.look_up(hash_of(invoice)), Failed)


async def test_where_nothing_listens_nothing_was_sent(tmp_path: Path) -> None:
    async with Electrum(Mint(tmp_path), tmp_path / "ledger").serving() as server:
        bench = ElectrumBench(server)
        invoice = await bench.payable(PRICE)
        server.tell("drop-before")
        begun = await bench.payable(PRICE)
        assert isinstance(await bench.wallet.pay(begun, fee_limit=FEE_LIMIT), Unknown)
    await nothing_is_sent_where_nothing_listens(bench.wallet, invoice, begun)


async def test_an_invoice_of_another_network_is_not_sent(bench: ElectrumBench) -> None:
    result = await bench.wallet.pay(mint_invoice(prefix="lnbc"), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "mainnet" in result.reason
    assert bench.wallet.network is Network.REGTEST
    assert bench.server.counts == {"getinfo": 1}


async def test_a_watching_one_looks_up_and_is_never_asked_to_pay(bench: ElectrumBench) -> None:
    invoice, preimage, payment_hash = bench.server.mint.new()
    watching = bench.connected("?watch=1")
    assert not watching.capabilities.pays
    assert isinstance(await watching.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    assert bench.server.counts == {}
    await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert await watching.look_up(payment_hash) == Paid(preimage, Msat(1_000))
    assert "could pay" in " ".join((await watching.examine()).warnings)


# What this Electrum is


async def test_examined_the_password_can_do_everything_and_the_fee_is_electrums(
    bench: ElectrumBench, version: str
) -> None:
    found = await bench.connected().examine()
    assert (found.may_pay, found.balance, found.network) == (True, Msat(BALANCE), Network.REGTEST)
    assert found.calls_itself == f"Electrum {version}"
    assert found.powers[-1] == "do everything else that Electrum can"
    assert "can do everything with the wallet" in found.warnings[0]
    assert any("takes no fee limit" in warning for warning in found.warnings) is (version == OLD)
    assert len(found.warnings) == (2 if version == OLD else 1)
    assert bench.server.password not in repr(found)


async def test_examined_one_that_asks_nobody_for_a_password_is_warned_of(bench: ElectrumBench) -> None:
    bench.server.asks_for_password = False
    assert "without a password" in " ".join((await bench.connected().examine()).warnings)


async def test_examined_one_that_cannot_pay_right_now_says_so(
    bench: ElectrumBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.server.info["connected"] = False
    monkeypatch.setitem(bench.server._commands, "list_channels", list)
    told = " ".join((await bench.connected().examine()).warnings)
    assert "connected to no server" in told
    assert "no open channel" in told


async def test_examined_a_hostile_one_shows_nothing_hidden(bench: ElectrumBench) -> None:
    bench.server.info |= {"version": "4.3\u202e" * 50, "network": ["mainnet"]}
    found = await bench.connected().examine()
    assert "\u202e" not in found.calls_itself
    assert len(found.calls_itself) < 200
    for network, read in ((None, None), ("moon", None), ("testnet4", Network.TESTNET), ("mainnet", Network.MAINNET)):
        bench.server.info["network"] = network
        assert (await bench.connected().examine()).network is read


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ("wrong-password", "does not accept this user and password"),
        ("no-password", "does not accept this user and password"),
        ("no-electrum", "not as Electrum does"),
        ("redirect", "status 307"),
        ("not-loaded", "no wallet open"),
        ("no-lightning", "has no Lightning"),
        ("look-up-null", "not as Electrum does"),
        ("offline", "Electrum answered"),
    ],
)
async def test_examined_one_that_does_not_answer_is_told(bench: ElectrumBench, lie: str, said: str) -> None:
    bench.server.tell(lie)
    with pytest.raises(WalletError, match=said):
        await bench.connected().examine()
    assert bench.server.counts["elsewhere"] == 0


async def test_a_wrong_password_is_told_before_anything_is_ordered(bench: ElectrumBench) -> None:
    result = await bench.connected(password="wrong").pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "does not accept" in result.reason
    assert bench.server.counts == {}


@pytest.mark.parametrize(("balance", "msat"), [(0, 0), (1, 1), (14_899_994_900, 14_899_994_900)])
async def test_the_balance_is_that_of_the_channels_to_the_msat(tmp_path: Path, balance: int, msat: int) -> None:
    async with Electrum(Mint(tmp_path), tmp_path / "ledger", balance=balance).serving() as server:
        assert await ElectrumBench(server).wallet.balance() == Msat(msat)


async def test_another_certificate_than_the_pinned_one_gets_nothing_and_both_are_named(tmp_path: Path) -> None:
    """Electrum speaks no TLS; a proxy before it may."""
    pinned, shown = certificate_file(tmp_path), certificate_file(tmp_path, host="localhost")
    pins = {file: Pin.read(file.read_bytes()) for file in (pinned, shown)}
    server = Electrum(Mint(tmp_path), tmp_path / "ledger")
    opened: Callable[[Path], ElectrumWallet] = lambda file: ElectrumWallet(  # noqa: E731
        "Home", read_connection(f"{server.connection}?cert={pins[file].as_parameter()}"), nobody
    )
    async with server.serving(tls=server_context(shown)):
        invoice = server.mint.new()[0]
        result = await opened(pinned).pay(invoice, fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        assert all(pin.fingerprint in result.reason for pin in pins.values())
        with pytest.raises(NotTrusted) as refused:
            await opened(pinned).examine()
        assert refused.value.reason is Distrust.PIN_MISMATCH
        assert server.counts == {}
        assert proves(await opened(shown).pay(invoice, fee_limit=FEE_LIMIT), invoice)


async def test_a_hidden_service_is_not_looked_up_in_the_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httpx.AsyncHTTPTransport", nobody)
    wallet = ElectrumWallet("Home", read_connection(f"electrum+http://a:b@{'a' * 56}.onion"), nobody)
    result = await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "Tor" in result.reason


# Whatever it answers

INVOICE = mint_invoice()
HASH = hash_of(INVOICE)


def said(result: object) -> asking.Reply:
    return asking.Reply(200, json.dumps({"result": result}).encode())


def wrong(message: object) -> asking.Reply:
    return asking.Reply(200, json.dumps({"error": {"code": 1, "message": message}}).encode())


JUNK = st.sampled_from(
    [
        said(None),
        said([]),
        said({}),
        said([None, 7]),
        wrong("This invoice has expired"),
        wrong(7),
        asking.Reply(200, b"{"),
        asking.Reply(500, b"Invalid Request"),
        asking.Reply(403, b"Forbidden"),
        asking.Reply(404, b"<h1>Sorry</h1>"),
        NoAnswer("Gone.", "-"),
        NotReached("No way.", "-"),
    ]
)
ORDERED = JUNK | st.builds(
    lambda success, preimage: said({"success": success, "preimage": preimage}),
    st.sampled_from([True, False, None, "yes"]),
    PREIMAGES,
)
STANDINGS = st.sampled_from([0, 1, 2, 3, 4, 5, "5", None])
GIVEN = JUNK | st.builds(
    lambda status, msat: said({"status": status, "amount_msat": msat}), STANDINGS, st.sampled_from([1, 21_000, 10**9])
)
CHANNELS = JUNK | st.builds(
    lambda sats, peer: said([{"state": "OPEN", "peer_state": peer, "local_unsettled_sent": sats}]),
    st.sampled_from([0, 21, "0", None]),
    st.sampled_from(["GOOD", "DISCONNECTED"]),
)
HISTORY = JUNK | st.builds(
    lambda amount, preimage: said([{"payment_hash": HASH.hex, "amount_msat": amount, "preimage": preimage}]),
    st.sampled_from([-22_000, 21_000, None]),
    st.sampled_from([PREIMAGE, "ab" * 32, None]),
)


@given(
    answers=st.fixed_dictionaries(
        {
            "getinfo": st.just(said({"network": "regtest", "version": "4.3.4"})),
            "lnpay": ORDERED,
            "get_invoice": GIVEN | st.just(wrong("Request not found")),
            "list_channels": CHANNELS,
            "lightning_history": HISTORY,
            "getbalance": JUNK,
            "export_lightning_preimage": JUNK | st.just(said(PREIMAGE)),
        }
    )
)
async def test_whatever_it_answers_paid_is_proven_and_failed_has_its_reason(
    answers: dict[str, Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(method: str, path: str, body: object) -> Said:
        assert (method, path) == ("POST", "")
        assert isinstance(body, dict)
        return answers[body["method"]]

    answer_with(told, monkeypatch)
    wallet = ElectrumWallet("Home", read_connection("electrum+https://a:b@pay.example"), nobody)
    result = await wallet.pay(INVOICE, fee_limit=FEE_LIMIT)
    assert is_proven_if_paid(result, INVOICE)
    if isinstance(result, Failed):
        assert may_have_failed(answers)


def may_have_failed(answers: dict[str, Said]) -> bool:
    """It was not taken, or nothing that is told allows that money left."""
    ordered, given_ = answers["lnpay"], answers["get_invoice"]
    if isinstance(ordered, NotReached):
        return True
    if isinstance(ordered, asking.Reply) and ordered.status in (403, 404, 500):
        return not answered_in_flight(given_)
    if isinstance(ordered, asking.Reply) and b'"success": true' in ordered.body:
        return False
    history = answers["lightning_history"]
    if isinstance(history, asking.Reply) and b"-22000" in history.body:
        return False
    if isinstance(given_, asking.Reply) and b"Request not found" in given_.body:
        return isinstance(ordered, asking.Reply) and (b"expired" in ordered.body or b'"success": false' in ordered.body)
    if not (isinstance(given_, asking.Reply) and (b'"status": 5' in given_.body or b'"status": 1' in given_.body)):
        return False
    channels = answers["list_channels"]
    return isinstance(channels, asking.Reply) and b'"local_unsettled_sent": 21' not in channels.body


def answered_in_flight(given_: Said) -> bool:
    return isinstance(given_, asking.Reply) and b'"status": 4' in given_.body
