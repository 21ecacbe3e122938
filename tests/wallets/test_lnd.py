"""The LND adapter against the mock node: the contract, then every lie of the failure table."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets import asking
from l402desk.wallets import lnd as module
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import Distrust, NotReached, NotTrusted, WalletError
from l402desk.wallets.lnd import LndWallet
from l402desk.wallets.lnd_words import ON_ITS_WAY
from l402desk.wallets.pinning import Pin
from tests.fakes.baked import ADMIN, INVOICE, LEAST, READ_ONLY, bake
from tests.fakes.certificates import certificate_file, server_context, trusting
from tests.fakes.invoices import mint_invoice
from tests.fakes.raw_server import Pause, RawServer, response
from tests.harness.lnd import Lnd
from tests.harness.lnd_lies import FOR_ALL, IN_FLIGHT, LIES, UNPAID
from tests.harness.mint import Mint
from tests.wallets.any_answer import NO_REPLIES, PREIMAGE, PREIMAGES, Said, answer_with, bodies, is_proven_if_paid
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
SEND, TRACK, INFO = "POST /v2/router/send", "GET /v2/router/track", "GET /v1/getinfo"


class LndBench(LyingBench[Lnd]):
    def __init__(self, node: Lnd) -> None:
        super().__init__(node, node.macaroon, base64.b64encode(bytes.fromhex(node.macaroon)).decode())

    def connected(self, macaroon: str = "", more: str = "", clock: Callable[[], float] = time.monotonic) -> LndWallet:
        connection = read_connection(f"lndconnect+{self.server.url}?macaroon={macaroon or self.server.macaroon}{more}")
        return LndWallet("Node", connection, nobody, clock=clock)


@pytest.fixture(autouse=True)
def short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_as_the_lie_needs(request, monkeypatch, module, "PAY_S", "ASK_S", waiting=IN_FLIGHT)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[LndBench]:
    async with Lnd(Mint(tmp_path), tmp_path / "ledger", balance=BALANCE).serving() as node:
        yield LndBench(node)


class TestLnd(WalletContract):
    """Held to the same law as every wallet."""


# What is known when the payment was ordered, and what is known after three look-ups more.
TABLE = {
    "": (PROVEN, PROVEN),
    "in-flight-then-settled": (OPEN, PROVEN),
    "in-flight-forever": (OPEN, OPEN),
    "already-paid": (PROVEN, PROVEN),
    "in-transition": (OPEN, PROVEN),
    "not-found": (OPEN, OPEN),
    "track-500": (OPEN, OPEN),
    "track-hang": (OPEN, OPEN),
    "track-404": (OPEN, OPEN),
    "track-no-method": (OPEN, OPEN),
    "track-vague": (OPEN, OPEN),
    "failed-of-another": (PROVEN, PROVEN),
    "failed-of-nobody": (PROVEN, PROVEN),
    "result-and-error": (PROVEN, PROVEN),
    "failed-under-500": (PROVEN, PROVEN),
    "denied-midway": (PROVEN, PROVEN),
    "not-initiated-after": (PROVEN, PROVEN),
    "expired-after": (PROVEN, PROVEN),
    "error-at-the-top": (PROVEN, PROVEN),
    "error-below": (PROVEN, PROVEN),
    "error-as-text": (PROVEN, PROVEN),
    "no-preimage": (UNPROVEN, UNPROVEN),
    "null-preimage": (UNPROVEN, UNPROVEN),
    "zero-preimage": (UNPROVEN, UNPROVEN),
    "wrong-preimage": (UNPROVEN, UNPROVEN),
    "short-preimage": (UNPROVEN, UNPROVEN),
    "upper-preimage": (PROVEN, PROVEN),
    "base64-preimage": (PROVEN, PROVEN),
    "late-preimage": (PROVEN, PROVEN),
    "other-payment": (PROVEN, PROVEN),
    "odd-fields": (OPEN, OPEN),
    "then-error": (PROVEN, PROVEN),
    "html": (PROVEN, PROVEN),
    "500": (PROVEN, PROVEN),
    "empty": (PROVEN, PROVEN),
    "junk-lines": (PROVEN, PROVEN),
    "drop-after": (PROVEN, PROVEN),
    "truncated": (PROVEN, PROVEN),
    "hang": (PROVEN, PROVEN),
    "huge": (PROVEN, PROVEN),
    "deep": (PROVEN, PROVEN),
    "in-flight-then-failed": (OPEN, FAILED),
    "no-route": (FAILED, FAILED),
    "insufficient": (FAILED, FAILED),
    "timeout-failed": (FAILED, FAILED),
    "incorrect-details": (FAILED, FAILED),
    "error-failed": (FAILED, FAILED),
    "cancelled": (FAILED, FAILED),
    "no-reason": (FAILED, FAILED),
    "invoice-expired": (FAILED, OPEN),
    "permission-denied": (FAILED, OPEN),
    "permission-denied-7": (FAILED, OPEN),
    "no-method": (FAILED, OPEN),
    "restarting": (FAILED, FAILED),
    "wrong-macaroon": (FAILED, FAILED),
    "wallet-locked": (FAILED, FAILED),
    "no-lnd": (FAILED, FAILED),
    "redirect": (FAILED, FAILED),
    "drop-before": (OPEN, OPEN),
    "hang-before": (OPEN, OPEN),
}


def test_every_lie_is_in_the_table() -> None:
    assert set(TABLE) == {"", *LIES}


@pytest.mark.parametrize(("lie", "known"), TABLE.items())
async def test_a_lie_is_taken_for_no_more_than_it_proves(bench: LndBench, lie: str, known: tuple[str, str]) -> None:
    node = bench.server
    assert await known_under(lie, node, bench.wallet, is_paid=lie not in UNPAID) == known
    assert node.counts[SEND] == (0 if lie in FOR_ALL else 1)
    assert node.counts["elsewhere"] == 0


@pytest.mark.parametrize("lie", sorted(set(LIES) - UNPAID))
async def test_money_that_left_is_found_when_the_lying_ends_and_never_leaves_twice(bench: LndBench, lie: str) -> None:
    await found_when_the_lying_ends_and_paid_once(lie, bench.server, bench.wallet, bench.connected())


@pytest.mark.parametrize("lie", ["drop-before", "hang-before"])
async def test_an_earlier_attempt_that_failed_says_nothing_of_an_order_that_may_lie_unread(
    bench: LndBench, lie: str
) -> None:
    invoice = await bench.payable(PRICE)
    bench.server.tell("no-route")
    assert isinstance(await bench.connected().pay(invoice, fee_limit=FEE_LIMIT), Failed)
    bench.server.tell(lie)
    now = 1_000.0
    wallet = bench.connected(clock=lambda: now)
    assert isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), Unknown)
    now += module.UNREAD_S - 1
    assert isinstance(await wallet.look_up(hash_of(invoice)), Unknown)
    now += 1
    assert isinstance(await wallet.look_up(hash_of(invoice)), Failed)
    assert isinstance(await bench.connected().look_up(hash_of(invoice)), Failed)  # long after


async def test_it_is_asked_for_no_more_than_the_limits_say(bench: LndBench) -> None:
    invoice = await bench.payable(PRICE)
    await bench.wallet.pay(invoice, fee_limit=Msat(1_234))
    assert bench.server.orders == [
        {
            "payment_request": invoice,
            "fee_limit_msat": "1234",
            "timeout_seconds": module.TRY_S,
            "no_inflight_updates": True,
            "cltv_limit": 1_008,
        }
    ]


async def test_the_fee_is_told_in_msat(bench: LndBench) -> None:
    invoice, preimage, payment_hash = bench.server.mint.new()
    assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == Paid(preimage, Msat(1_000))
    assert await bench.wallet.look_up(payment_hash) == Paid(preimage, Msat(1_000))


async def test_a_fee_limit_that_is_too_low_is_told_with_what_to_do(bench: LndBench) -> None:
    for limit, said in ((ZERO, "the fee limit is 0"), (Msat(999), "a fee of at most 0.999 sats")):
        result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=limit)
        assert isinstance(result, Failed)
        assert said in result.reason
        assert "try again" in result.reason
    assert bench.server.debits == []


async def test_what_failed_once_can_be_paid_later(bench: LndBench) -> None:
    invoice = await bench.payable(PRICE)
    assert isinstance(await bench.wallet.pay(invoice, fee_limit=ZERO), Failed)
    assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ("insufficient", "do not hold enough"),
        ("timeout-failed", "none worked in time"),
        ("incorrect-details", "The payee refused"),
        ("error-failed", "the node's log"),
        ("cancelled", "cancelled at the node"),
        ("no-reason", "no money left"),
        ("invoice-expired", "invoice expired"),
        ("permission-denied", "does not let this macaroon"),
        ("permission-denied-7", "does not let this macaroon"),
        ("wrong-macaroon", "does not accept this macaroon"),
        ("wallet-locked", "wallet is locked"),
        ("restarting", "still starting"),
        ("no-method", "not as LND does"),
        ("no-lnd", "not as LND does"),
        ("redirect", "status 307"),
    ],
)
async def test_a_refusal_says_why_also_later(bench: LndBench, lie: str, said: str) -> None:
    bench.server.tell(lie)
    invoice = await bench.payable(PRICE)
    result = await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert said in result.reason
    if TABLE[lie] == (FAILED, FAILED):
        assert await bench.wallet.look_up(hash_of(invoice)) == result


async def test_where_nothing_listens_nothing_was_sent(tmp_path: Path) -> None:
    async with Lnd(Mint(tmp_path), tmp_path / "ledger").serving() as node:
        bench = LndBench(node)
        invoice = await bench.payable(PRICE)
        node.tell("drop-before")
        begun = await bench.payable(PRICE)
        assert isinstance(await bench.wallet.pay(begun, fee_limit=FEE_LIMIT), Unknown)
    await nothing_is_sent_where_nothing_listens(bench.wallet, invoice, begun)


async def test_an_invoice_of_another_network_is_not_sent(bench: LndBench) -> None:
    result = await bench.wallet.pay(mint_invoice(prefix="lnbc"), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "mainnet" in result.reason
    assert "regtest" in result.reason
    assert bench.wallet.network is Network.REGTEST
    assert bench.server.counts == {INFO: 1}


async def test_a_macaroon_that_does_not_tell_the_network_pays_all_the_same(tmp_path: Path) -> None:
    node = Lnd(Mint(tmp_path), tmp_path / "ledger", operations=LEAST[:2])
    async with node.serving():
        bench = LndBench(node)
        invoice = await bench.payable(PRICE)
        assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
        assert await bench.wallet.balance() is None
        assert not bench.wallet.capabilities.tells_balance
        assert bench.wallet.network is None
        assert node.counts == {SEND: 1}


@pytest.mark.parametrize(("operations", "more"), [(READ_ONLY, ""), (LEAST, "&watch=1"), (INVOICE, "")])
async def test_a_watching_one_looks_up_and_is_never_asked_to_pay(
    tmp_path: Path, operations: tuple[str, ...], more: str
) -> None:
    async with Lnd(Mint(tmp_path), tmp_path / "ledger", operations=operations).serving() as node:
        watching = LndBench(node).connected(more=more)
        assert not watching.capabilities.pays
        assert watching.capabilities.looks_up is (operations is not INVOICE)
        assert isinstance(await watching.pay(node.mint.new()[0], fee_limit=FEE_LIMIT), Failed)
        assert node.counts == {}


async def test_a_payment_hash_of_every_byte_finds_its_path(bench: LndBench) -> None:
    """With the other alphabet of base64, "/" would end the path (lnd issue 5090)."""
    for raw in (b"\xff" * 32, b"\xfb\xef\xbe" * 10 + b"\xff\xff"):
        assert await bench.wallet.look_up(PaymentHash(raw)) is None
    assert bench.server.counts == {TRACK: 2}


@pytest.mark.parametrize("lie", ["in-flight-forever"])
async def test_a_look_up_takes_the_first_line_and_waits_for_no_other(bench: LndBench, lie: str) -> None:
    bench.server.tell(lie)
    invoice = await bench.payable(PRICE)
    assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == ON_ITS_WAY
    assert await bench.wallet.look_up(hash_of(invoice)) == ON_ITS_WAY


async def test_an_order_takes_the_last_word_though_the_stream_stays_open() -> None:
    paid = {"payment_hash": OURS, "status": "SUCCEEDED", "payment_preimage": PREIMAGE, "fee_msat": "0"}
    line = json.dumps({"result": paid}).encode() + b"\n"
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with RawServer([response(INFO_TOLD.body)], [head + b"%x\r\n%s\r\n" % (len(line), line), Pause(60)]) as server:
        wallet = LndWallet("Node", read_connection(f"lndconnect+{server.url}?macaroon={bake(*LEAST)}"), nobody)
        assert proves(await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT), mint_invoice())
        assert len(server.requests) == 2  # nothing was looked up


# What the node and the macaroon are


async def test_examined_the_least_macaroon_pays_and_there_is_nothing_to_warn_of(bench: LndBench) -> None:
    found = await bench.connected().examine()
    assert (found.may_pay, found.balance, found.calls_itself) == (True, Msat(BALANCE), "mock")
    assert found.network is Network.REGTEST
    assert found.powers[-2:] == ("pay", "do nothing else")
    assert found.warnings == ()


async def test_examined_an_admin_macaroon_is_warned_of(tmp_path: Path) -> None:
    async with Lnd(Mint(tmp_path), tmp_path / "ledger", macaroon=ADMIN).serving() as node:
        bench = LndBench(node)
        found = await bench.connected().examine()
        assert found.may_pay
        assert found.powers[-1] == "do everything else that this node can"
        assert "can do everything with the node" in found.warnings[0]
        assert ADMIN not in repr(found)
        watching = await bench.connected(more="&watch=1").examine()
        assert "This macaroon could pay." in " ".join(watching.warnings)


async def test_examined_what_a_macaroon_may_beyond_our_need_is_told(tmp_path: Path) -> None:
    operations = ("offchain:write", "offchain:read", "info:read", "invoices:write")
    async with Lnd(Mint(tmp_path), tmp_path / "ledger", operations=operations).serving() as node:
        found = await LndBench(node).connected().examine()
        assert "more than this app needs" in found.warnings[0]
        assert "make invoices" in found.warnings[0]


async def test_examined_a_macaroon_with_conditions_says_so(tmp_path: Path) -> None:
    macaroon = bake(*LEAST, caveats=["time-before 2027-03-01T10:00:00Z", "ipaddr 10.0.0.7\u202e"])
    async with Lnd(Mint(tmp_path), tmp_path / "ledger", macaroon=macaroon).serving() as node:
        told = " ".join((await LndBench(node).connected().examine()).warnings)
        assert "good until 2027-03-01 10:00 UTC" in told
        assert "10.0.0.7‹U+202E›" in told


@pytest.mark.parametrize("operations", [READ_ONLY, INVOICE, ("uri:/lnrpc.Lightning/AddInvoice",)])
async def test_examined_a_macaroon_that_cannot_pay_is_told(tmp_path: Path, operations: tuple[str, ...]) -> None:
    async with Lnd(Mint(tmp_path), tmp_path / "ledger", operations=operations).serving() as node:
        found = await LndBench(node).connected().examine()
        assert not found.may_pay
        assert ("cannot look payments up" in " ".join(found.warnings)) is (operations is not READ_ONLY)


async def test_examined_a_macaroon_that_pays_and_cannot_look_up_is_warned_of(tmp_path: Path) -> None:
    async with Lnd(Mint(tmp_path), tmp_path / "ledger", operations=(LEAST[0], LEAST[2])).serving() as node:
        wallet = LndBench(node).connected()
        assert "nobody can tell" in " ".join((await wallet.examine()).warnings)
        assert not wallet.capabilities.looks_up


async def test_examined_a_macaroon_that_opens_something_else_is_known_to_the_node() -> None:
    """lnd checks the signature first: “permission denied” is said of its own macaroons alone."""
    denied = response(b'{"code": 2, "message": "permission denied", "details": []}', status="500 Told")
    async with answering(denied, macaroon=bake("uri:/lnrpc.Lightning/AddInvoice")) as (wallet, server):
        assert not (await wallet.examine()).may_pay
        assert len(server.requests) == 1
    mismatch = response(b'{"code": 2, "message": "verification failed: signature mismatch"}', status="500 Told")
    async with answering(mismatch, macaroon=bake("uri:/lnrpc.Lightning/AddInvoice")) as (wallet, _):
        with pytest.raises(WalletError, match="does not accept this macaroon"):
            await wallet.examine()


@pytest.mark.parametrize(
    ("info", "said"),
    [
        ({"synced_to_chain": False}, "catching up with the chain"),
        ({"synced_to_graph": False}, "learning the network's routes"),
        ({"num_active_channels": 0}, "no active channel"),
    ],
)
async def test_examined_a_node_that_is_not_ready_says_so(bench: LndBench, info: dict[str, object], said: str) -> None:
    bench.server.info |= info
    (warning,) = (await bench.connected().examine()).warnings
    assert said in warning


async def test_examined_a_hostile_node_shows_nothing_hidden(bench: LndBench) -> None:
    bench.server.info |= {"alias": "a\u202eb" * 50, "chains": [{"network": ["mainnet"]}], "synced_to_chain": "no"}
    found = await bench.connected().examine()
    assert "\u202e" not in found.calls_itself
    assert len(found.calls_itself) < 600
    assert found.network is None
    odd: tuple[object, ...] = (None, {}, [], [7], "regtest", [{"network": "moon"}])
    for chains in odd:
        bench.server.info["chains"] = chains
        assert (await bench.connected().examine()).network is None
    bench.server.info["chains"] = [{"network": "testnet4"}]
    assert (await bench.connected().examine()).network is Network.TESTNET


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ("wrong-macaroon", "does not accept this macaroon"),
        ("wallet-locked", "wallet is locked"),
        ("no-lnd", "not as LND does"),
        ("redirect", "status 307"),
    ],
)
async def test_examined_a_node_that_does_not_answer_is_told(bench: LndBench, lie: str, said: str) -> None:
    bench.server.tell(lie)
    with pytest.raises(WalletError, match=said):
        await bench.connected().examine()
    assert bench.server.counts["elsewhere"] == 0


@asynccontextmanager
async def answering(*answers: bytes, macaroon: str = "") -> AsyncIterator[tuple[LndWallet, RawServer]]:
    """A server of our words; each script is one answer, the last one for ever."""
    async with RawServer(*([answer] for answer in answers)) as server:
        connection = read_connection(f"lndconnect+{server.url}?macaroon={macaroon or bake(*LEAST)}")
        yield LndWallet("Node", connection, nobody), server


@pytest.mark.parametrize("value", ['"-1"', '"1.5"', "7", "null", "true", '"x"', '"\u0663"', '"' + "9" * 30 + '"', "[]"])
@pytest.mark.parametrize("form", ['{"local_balance": {"msat": %s}}', '{"balance": %s}'])
async def test_a_balance_that_is_none_is_an_error(form: str, value: str) -> None:
    async with answering(response((form % value).encode())) as (wallet, _):
        with pytest.raises(WalletError, match="does not tell"):
            await wallet.balance()


async def test_an_old_node_tells_its_balance_in_satoshi() -> None:
    async with answering(response(b'{"balance": "21", "pending_open_balance": "0"}')) as (wallet, _):
        assert await wallet.balance() == Msat(21_000)


async def test_a_404_of_something_else_is_no_word_about_a_payment() -> None:
    for body in (b"<h1>Not Found</h1>", b'{"code": 5, "message": "Not Found", "details": []}', b'{"detail": "x"}'):
        async with answering(response(body, status="404 Not Found")) as (wallet, _):
            with pytest.raises(WalletError, match="not as LND does"):
                await wallet.look_up(PaymentHash(b"\x01" * 32))


# TLS, as lnd has it: a certificate that the node signed itself


def pin_of(pem: Path) -> Pin:
    return Pin.read(pem.read_bytes().partition(b"-----BEGIN PRIVATE KEY-----")[0])


@asynccontextmanager
async def node_with(
    pem: Path, folder: Path, pinned: Path | None, trust: Path | None = None
) -> AsyncIterator[tuple[Lnd, LndWallet]]:
    node = Lnd(Mint(folder), folder / "ledger")
    async with node.serving(tls=server_context(pem)) as served:
        cert = "" if pinned is None else f"&cert={pin_of(pinned).as_parameter()}"
        place = served.url.removeprefix("https://")
        connection = read_connection(f"lndconnect://{place}?macaroon={node.macaroon}{cert}")
        trusted = trust or certificate_file(folder, host="elsewhere.example")
        yield node, LndWallet("Node", connection, lambda: trusting(trusted))


@pytest.mark.parametrize("host", ["127.0.0.1", "umbrel.local"])
async def test_the_pinned_certificate_is_believed_by_whatever_name_the_node_is_reached(
    tmp_path: Path, host: str
) -> None:
    pem = certificate_file(tmp_path, host=host)
    async with node_with(pem, tmp_path, pem) as (node, wallet):
        invoice = node.mint.new()[0]
        assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
        assert (await wallet.examine()).warnings == ()


async def test_another_certificate_than_the_pinned_one_gets_nothing_and_both_are_named(tmp_path: Path) -> None:
    pinned, shown = certificate_file(tmp_path), certificate_file(tmp_path, host="localhost")
    async with node_with(shown, tmp_path, pinned) as (node, wallet):
        result = await wallet.pay(node.mint.new()[0], fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        for file in (pinned, shown):
            assert pin_of(file).fingerprint in result.reason
        with pytest.raises(NotTrusted) as refused:
            await wallet.examine()
        assert refused.value.reason is Distrust.PIN_MISMATCH
        assert node.counts == {}


async def test_an_expired_certificate_is_told_with_what_to_do_though_it_is_pinned(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path, from_days=-430, to_days=-1)
    async with node_with(pem, tmp_path, pem) as (node, wallet):
        with pytest.raises(NotTrusted, match="has expired") as refused:
            await wallet.examine()
        assert refused.value.reason is Distrust.EXPIRED
        assert "connect the wallet again" in refused.value.remedy
        assert isinstance(await wallet.pay(node.mint.new()[0], fee_limit=FEE_LIMIT), Failed)
        assert node.counts == {}


async def test_a_self_signed_certificate_that_is_not_pinned_is_shown_and_not_believed(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    async with node_with(pem, tmp_path, None) as (node, wallet):
        with pytest.raises(NotTrusted) as refused:
            await wallet.examine()
        assert refused.value.reason is Distrust.UNKNOWN_AUTHORITY
        assert refused.value.seen is not None
        assert refused.value.seen.fingerprint == pin_of(pem).fingerprint
        assert node.counts == {}


async def test_without_a_pin_the_system_vouches_and_that_is_said(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    async with node_with(pem, tmp_path, None, trust=pem) as (_, wallet):
        (warning,) = (await wallet.examine()).warnings
        assert "No certificate of the node is pinned" in warning


# Whatever it answers

OURS = hash_of(mint_invoice()).hex
STATUSES = st.sampled_from([200, 201, 204, 302, 307, 400, 401, 403, 404, 405, 409, 429, 500, 502, 503, 504])
PAYMENTS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["SUCCEEDED", "FAILED", "IN_FLIGHT", "INITIATED", "UNKNOWN", 2, None]),
        "payment_preimage": PREIMAGES,
        "payment_hash": st.sampled_from([OURS, OURS.upper(), "ab" * 32, "", None, 7]),
        "failure_reason": st.sampled_from(["FAILURE_REASON_NO_ROUTE", "FAILURE_REASON_NONE", "x", 1]),
        "fee_msat": st.sampled_from(["0", "1000", "-1", "9" * 30, 7, None]),
    },
)
ERRORS = st.fixed_dictionaries(
    {},
    optional={
        "code": st.sampled_from([2, 5, 6, 7, 12, 14, 16, "5", None]),
        "message": st.sampled_from(
            ["permission denied", "wallet locked", "payment isn't initiated", "Not Found", "invoice expired", "x", 7]
        ),
    },
)
OBJECTS = st.one_of(
    st.builds(lambda payment: {"result": payment}, PAYMENTS),
    st.builds(lambda error: {"error": error}, ERRORS),
    st.builds(lambda payment, error: {"result": payment, "error": error}, PAYMENTS, ERRORS),
    ERRORS,
    st.sampled_from([{}, {"result": []}, {"error": "text", "message": "text", "code": 2}, {"error": []}]),
)
LINES = st.lists(OBJECTS, min_size=1, max_size=3).map(
    lambda lines: b"".join(json.dumps(line).encode() + b"\n" for line in lines)
)
BODIES = st.one_of(LINES, LINES, LINES.map(lambda body: body[:-5]), bodies(more=(b"\n\n",)))
ANSWERS = st.one_of(
    st.builds(asking.Reply, st.sampled_from([200, 200, 404, 500]), LINES),
    st.builds(asking.Reply, STATUSES, BODIES),
    NO_REPLIES,
)
INFO_TOLD = asking.Reply(200, b'{"chains": [{"chain": "bitcoin", "network": "regtest"}]}')


@given(info=st.one_of(st.just(INFO_TOLD), st.just(INFO_TOLD), ANSWERS), ordered=ANSWERS, looked_up=ANSWERS)
async def test_whatever_it_answers_paid_is_proven_and_failed_has_its_reason(
    info: Said, ordered: Said, looked_up: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = {"/v1/getinfo": info, "/v2/router/send": ordered}

    answer_with(lambda _, path, __: answers.get(path, looked_up), monkeypatch)
    wallet = LndWallet("Node", read_connection(f"lndconnect://node.example?macaroon={bake(*LEAST)}"), nobody)
    result = await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT)
    assert is_proven_if_paid(result, mint_invoice())
    if isinstance(result, Failed):
        assert not_asked(info) or never_sent(ordered) or says_failed(ordered) or not_begun(ordered, looked_up)
        assert not_asked(info) or not claims_success(ordered)
    with contextlib.suppress(WalletError):
        await wallet.examine()


def objects(said: Said) -> list[dict[str, Any]]:
    return [dict(line) for line in said.lines()] if isinstance(said, asking.Reply) else []


def not_asked(info: Said) -> bool:
    """Nothing is ordered of a node that does not tell its network."""
    return isinstance(info, WalletError) or info.status != 200 or not isinstance(_loaded(info.body), dict)


def _loaded(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def never_sent(ordered: Said) -> bool:
    """Nobody was there, or somebody before LND, or LND without looking at the payment, said no."""
    if isinstance(ordered, WalletError):
        return isinstance(ordered, NotReached)
    if any(isinstance(line.get("result"), dict) for line in objects(ordered)):
        return False
    error = last_error(ordered)
    if error is None:
        return ordered.status in (401, 403, 404, 405)
    code, message = error
    no_method = code == 12 or (code == 5 and message in ("", "Not Found"))
    return no_method or code in (7, 16) or (code, message) == (2, "permission denied") or message == "wallet locked"


def last_error(said: Said) -> tuple[object, str] | None:
    """Code and message of the error that an answer ends with."""
    last = (objects(said) or [{}])[-1]
    inner = last.get("error")
    told = inner if isinstance(inner, dict) else last
    code, message = told.get("code"), told.get("message")
    if inner is None and not isinstance(code, int) and not isinstance(message, str):
        return None
    return code, message if isinstance(message, str) else ""


def says_failed(ordered: Said) -> bool:
    """In so many words, of this very payment, as the last thing, and nothing else with it."""
    told = objects(ordered)
    last = told[-1] if told else {}
    payment = last.get("result")
    return (
        isinstance(ordered, asking.Reply)
        and ordered.status == 200
        and isinstance(payment, dict)
        and payment.get("status") == "FAILED"
        and str(payment.get("payment_hash")).lower() == OURS
        and last.get("error") is None
    )


def not_begun(ordered: Said, looked_up: Said) -> bool:
    """The order's answer leaves it open, and the look-up says that it failed or never was."""
    refuses = last_error(ordered) == (2, "invoice expired")
    return says_failed(looked_up) or (refuses and last_error(looked_up) == (5, "payment isn't initiated"))


def claims_success(ordered: Said) -> bool:
    payments = (line.get("result") for line in objects(ordered))
    return any(
        isinstance(payment, dict)
        and payment.get("status") == "SUCCEEDED"
        and str(payment.get("payment_hash")).lower() == OURS
        for payment in payments
    )


async def test_a_connection_holds_its_macaroon_back(bench: LndBench) -> None:
    wallet = bench.connected()
    shown = repr(wallet) + str(wallet) + repr(dataclasses.asdict(wallet.capabilities))
    assert bench.server.macaroon not in shown
    assert "macaroon=…" in shown


async def test_a_node_that_repeats_the_macaroon_does_not_get_it_shown() -> None:
    macaroon = bake(*LEAST)
    body = json.dumps({"code": 2, "message": f"verification failed: {macaroon}"}).encode()
    async with answering(response(body, status="500 Internal Server Error"), macaroon=macaroon) as (wallet, _):
        with pytest.raises(WalletError) as told:
            await wallet.look_up(PaymentHash(b"\x01" * 32))
    assert "verification failed: …" in str(told.value)
    assert macaroon[:40] not in str(told.value)
