"""The phoenixd adapter against the mock server: the contract, then every lie of the failure table."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets import asking
from l402desk.wallets import phoenixd as module
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import NoAnswer, NotReached, WalletError
from l402desk.wallets.phoenixd import QUIET_S, PhoenixdWallet
from l402desk.wallets.quiet import STILL_TRYING
from tests.fakes.invoices import mint_invoice
from tests.fakes.raw_server import RawServer, response
from tests.harness.mint import Mint
from tests.harness.phoenixd import Phoenixd
from tests.harness.phoenixd_lies import LIES, REASONS, UNPAID
from tests.wallets.any_answer import NO_REPLIES, PREIMAGE, PREIMAGES, Said, answer_with, bodies, is_proven_if_paid
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of, proves
from tests.wallets.lying import (
    FAILED,
    OPEN,
    PROVEN,
    UNPROVEN,
    LyingBench,
    failure_is_believed_after,
    failure_is_watched_first_after_a_restart,
    found_when_the_lying_ends_and_paid_once,
    known_under,
    nobody,
    nobody_waits_for_what_never_left,
    refused,
    wait_as_the_lie_needs,
)

pytestmark = pytest.mark.anyio
BALANCE = 10_000_000


class PhoenixdBench(LyingBench[Phoenixd]):
    def __init__(self, server: Phoenixd) -> None:
        super().__init__(server, server.password)

    def connected(self, password: str = "", more: str = "") -> PhoenixdWallet:
        start = self.server.url.replace("://", f"://:{password or self.server.password}@")
        return PhoenixdWallet("Home", read_connection(f"phoenixd+{start}{more}"), nobody, clock=self.clock)


@pytest.fixture(autouse=True)
def short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_as_the_lie_needs(request, monkeypatch, module, "PAY_S", "ASK_S", long_s=8.0)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[PhoenixdBench]:
    async with Phoenixd(Mint(tmp_path), tmp_path / "ledger", balance=BALANCE).serving() as server:
        yield PhoenixdBench(server)


class TestPhoenixd(WalletContract):
    """Held to the same law as every wallet."""


# What is known when the payment was ordered, and what is known after three look-ups more.
TABLE = {
    "": (PROVEN, PROVEN),
    "pending-then-paid": (OPEN, PROVEN),
    "pending-forever": (OPEN, OPEN),
    "already-paid": (PROVEN, PROVEN),
    "in-progress": (OPEN, PROVEN),
    "restarted-then-paid": (OPEN, PROVEN),
    "restarted-and-paid": (PROVEN, PROVEN),
    "earlier-failure": (OPEN, PROVEN),
    "failure-of-another": (OPEN, OPEN),
    "unknown-reason": (PROVEN, PROVEN),
    "400-and-unknown": (OPEN, OPEN),
    "not-found": (OPEN, OPEN),
    "look-up-too-old": (OPEN, OPEN),
    "look-up-500": (OPEN, OPEN),
    "look-up-hang": (OPEN, OPEN),
    "look-up-vague": (OPEN, OPEN),
    "look-up-other": (OPEN, OPEN),
    "null-preimage": (UNPROVEN, UNPROVEN),
    "zero-preimage": (UNPROVEN, UNPROVEN),
    "wrong-preimage": (UNPROVEN, UNPROVEN),
    "short-preimage": (UNPROVEN, UNPROVEN),
    "upper-preimage": (PROVEN, PROVEN),
    "base64-preimage": (PROVEN, PROVEN),
    "late-preimage": (PROVEN, PROVEN),
    "other-payment": (PROVEN, PROVEN),
    "odd-fields": (OPEN, OPEN),
    "html": (PROVEN, PROVEN),
    "empty": (PROVEN, PROVEN),
    "201": (PROVEN, PROVEN),
    "400-after": (PROVEN, PROVEN),
    "500": (PROVEN, PROVEN),
    "502": (PROVEN, PROVEN),
    "drop-after": (PROVEN, PROVEN),
    "truncated": (PROVEN, PROVEN),
    "hang": (PROVEN, PROVEN),
    "huge": (PROVEN, PROVEN),
    "deep": (PROVEN, PROVEN),
    "pending-then-failed": (OPEN, FAILED),
    "failed-silently": (OPEN, OPEN),
    "insufficient": (FAILED, OPEN),
    "no-channels": (FAILED, OPEN),
    "not-sent": (FAILED, FAILED),
    "offline": (FAILED, FAILED),
    "exhausted": (FAILED, FAILED),
    "restarted": (FAILED, FAILED),
    "unheard-of": (FAILED, FAILED),
    "bad-invoice": (FAILED, OPEN),
    "drop-before": (OPEN, OPEN),
    "hang-before": (OPEN, OPEN),
    "wrong-password": (FAILED, FAILED),
    "limited-password": (FAILED, OPEN),
    "no-phoenixd": (FAILED, FAILED),
    "redirect": (FAILED, FAILED),
}


def test_every_lie_is_in_the_table() -> None:
    assert set(TABLE) == {"", *LIES}


@pytest.mark.parametrize(("lie", "known"), TABLE.items())
async def test_a_lie_is_taken_for_no_more_than_it_proves(
    bench: PhoenixdBench, lie: str, known: tuple[str, str]
) -> None:
    server = bench.server
    assert await known_under(lie, server, bench.wallet, is_paid=lie not in UNPAID) == known
    assert server.counts["POST /payinvoice"] <= 1
    assert server.counts["elsewhere"] == 0


@pytest.mark.parametrize("lie", sorted(set(LIES) - UNPAID))
async def test_money_that_left_is_found_when_the_lying_ends_and_never_leaves_twice(
    bench: PhoenixdBench, lie: str
) -> None:
    await found_when_the_lying_ends_and_paid_once(lie, bench.server, bench.wallet, bench.connected())


async def test_it_sends_the_invoice_alone_and_reads_the_fee(bench: PhoenixdBench) -> None:
    invoice, preimage, payment_hash = bench.server.mint.new()
    assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == Paid(preimage, Msat(4_000))  # in whole sats
    assert bench.server.orders == [{"invoice": invoice}]
    assert await bench.wallet.look_up(payment_hash) == Paid(preimage, Msat(4_084))


async def test_a_failure_without_an_answer_is_believed_when_the_order_surely_arrived(bench: PhoenixdBench) -> None:
    """Until then what failed may be an earlier order, and the one of now still to come."""
    await failure_is_believed_after(QUIET_S, bench)


async def test_after_a_restart_a_failure_is_watched_first(bench: PhoenixdBench) -> None:
    await failure_is_watched_first_after_a_restart(QUIET_S, bench)


async def test_what_failed_can_be_ordered_again(bench: PhoenixdBench) -> None:
    bench.server.tell("exhausted")
    invoice = await bench.payable(PRICE)
    assert isinstance(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    bench.server.tell("earlier-failure")
    bench.server.payments[hash_of(invoice)].look_ups = -5
    assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == STILL_TRYING
    bench.server.tell("")
    assert proves(await bench.wallet.look_up(hash_of(invoice)), invoice)


async def test_what_never_left_is_no_order_to_wait_for(tmp_path: Path) -> None:
    async with Phoenixd(Mint(tmp_path), tmp_path / "ledger").serving() as server:
        bench = PhoenixdBench(server)
        invoice = await bench.payable(PRICE)
    await nobody_waits_for_what_never_left(bench.wallet, invoice)


async def test_an_order_that_never_left_is_none_to_wait_for_after_one_that_failed(tmp_path: Path) -> None:
    phoenixd = Phoenixd(Mint(tmp_path), tmp_path / "ledger", lie="exhausted")
    async with phoenixd.serving():
        bench = PhoenixdBench(phoenixd)
        invoice = await bench.payable(PRICE)
        assert isinstance(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    assert isinstance(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    async with phoenixd.serving(port=int(phoenixd.url.rpartition(":")[2])):
        assert isinstance(await bench.wallet.look_up(hash_of(invoice)), Failed)


async def test_a_phoenixd_that_repeats_the_password_does_not_get_it_shown() -> None:
    password = "0c7b3f1e5a9d8c7b"
    reason = json.dumps({"paymentHash": HASH.hex, "reason": f"not enough funds in wallet of {password}"}).encode()
    info, none = response(b"{}"), response(b"Not found", status="404 Not Found")
    async with RawServer([info], [response(reason)], [none], [response(password.encode(), status="500 No")]) as server:
        start = f"phoenixd+http://:{password}@127.0.0.1:{server.port}"
        wallet = PhoenixdWallet("Home", read_connection(start), nobody)
        failed = await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT)
        assert failed == Failed("phoenixd did not pay: not enough funds in wallet of ….")
        with pytest.raises(WalletError, match="status 500: “…”") as told:
            await wallet.balance()
    assert password not in str(told.value)


async def test_a_refusal_says_why(bench: PhoenixdBench) -> None:
    async def refusal(lie: str) -> str:
        return await refused(lie, bench.server, bench.connected())

    for lie in ("insufficient", "no-channels", "not-sent", "offline", "exhausted", "restarted"):
        assert REASONS[lie] in await refusal(lie)
    assert "not accept this password" in await refusal("wrong-password")
    assert "limited access" in await refusal("limited-password")
    assert "no phoenixd at this address" not in await refusal("bad-invoice")


async def test_nothing_is_ordered_on_another_network(bench: PhoenixdBench) -> None:
    bench.server.info["chain"] = "mainnet"
    result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert ("regtest" in result.reason, "mainnet" in result.reason) == (True, True)
    assert bench.wallet.network is Network.MAINNET
    for chain in ("liquid", 7):
        bench.server.info["chain"] = chain
        assert isinstance(await bench.connected().pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT), Failed)
    assert bench.server.orders == []
    del bench.server.info["chain"]  # before 0.3
    invoice = await bench.payable(PRICE)
    assert proves(await bench.connected().pay(invoice, fee_limit=FEE_LIMIT), invoice)


async def test_a_watching_one_looks_up_and_is_never_asked_to_pay(bench: PhoenixdBench) -> None:
    watching = bench.connected(bench.server.limited, "?watch=1")
    assert not watching.capabilities.pays
    invoice = await bench.payable(PRICE)
    assert isinstance(await watching.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    assert bench.server.counts == {}
    assert await watching.look_up(hash_of(invoice)) is None
    await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert proves(await watching.look_up(hash_of(invoice)), invoice)


async def test_a_fee_credit_is_no_balance(bench: PhoenixdBench) -> None:
    assert await bench.wallet.balance() == Msat(BALANCE)


async def test_examined_the_password_of_all_powers_pays_and_nothing_is_paid(bench: PhoenixdBench) -> None:
    found = await bench.connected().examine()
    assert (found.may_pay, found.balance, found.network) == (True, Msat(BALANCE), Network.REGTEST)
    assert found.calls_itself == "phoenixd 0.8.0"
    assert found.powers.index("look payments up") < found.powers.index("pay")
    told = " ".join(found.warnings)
    for warning in ("0.4 % and 4 sats", "everything"):
        assert warning in told
    assert (bench.server.orders, bench.server.debits) == ([], [])
    watching = await bench.connected(more="?watch=1").examine()
    assert "could pay" in " ".join(watching.warnings)


async def test_examined_the_limited_password_does_not_pay(bench: PhoenixdBench) -> None:
    found = await bench.connected(bench.server.limited).examine()
    assert (found.may_pay, found.balance) == (False, Msat(BALANCE))
    assert "pay" not in found.powers
    assert "limited access" in found.warnings[0]
    assert (await bench.connected(bench.server.limited, "?watch=1").examine()).warnings == ()


async def test_examined_a_wrong_password_is_told(bench: PhoenixdBench) -> None:
    with pytest.raises(WalletError, match="not accept this password"):
        await bench.connected(secrets.token_hex(16)).examine()
    for lie, words in (("redirect", "status 307"), ("no-phoenixd", "status 404")):
        bench.server.tell(lie)
        with pytest.raises(WalletError, match=words):
            await bench.connected().examine()
    assert bench.server.counts["elsewhere"] == 0


async def test_examined_what_answers_oddly_about_paying_is_told() -> None:
    info, balance, odd = response(b'{"chain": "regtest"}'), response(b'{"balanceSat": 5}'), response(b"{}")
    async with RawServer([info], [balance], [odd]) as server:
        with pytest.raises(WalletError, match="status 200"):
            await a_wallet(server).examine()
        assert b"invoice=" in server.requests[-1]


@asynccontextmanager
async def answering(answer: bytes) -> AsyncIterator[PhoenixdWallet]:
    async with RawServer([answer]) as server:
        yield a_wallet(server)


def a_wallet(server: RawServer) -> PhoenixdWallet:
    return PhoenixdWallet("Home", read_connection(f"phoenixd+http://:a@127.0.0.1:{server.port}"), nobody)


@pytest.mark.parametrize("balance", [b'"1"', b"null", b"1.5", b"true", b"-1", b"9" + b"0" * 30])
async def test_a_balance_that_is_none_is_an_error(balance: bytes) -> None:
    async with answering(response(b'{"balanceSat": ' + balance + b"}")) as wallet:
        with pytest.raises(WalletError, match="does not tell"):
            await wallet.balance()


async def test_a_phoenixd_without_look_ups_by_hash_is_too_old() -> None:
    async with answering(response(b"Unknown endpoint (check api doc)", status="404 Not Found")) as wallet:
        with pytest.raises(WalletError, match="too old"):
            await wallet.look_up(PaymentHash(b"\x01" * 32))


async def test_the_password_goes_with_an_empty_user() -> None:
    async with RawServer([response(b'{"balanceSat": 1}')]) as server:
        text = f"phoenixd+http://:p%40ss%3Aw%C3%B6rd@127.0.0.1:{server.port}"
        await PhoenixdWallet("Home", read_connection(text), nobody).balance()
        assert b"Authorization: Basic OnBAc3M6d8O2cmQ=\r\n" in server.requests[0]  # of ":p@ss:wörd"


HASH = hash_of(mint_invoice())
STATUSES = st.sampled_from([200, 201, 202, 204, 302, 307, 400, 401, 403, 404, 405, 409, 415, 429, 500, 502, 503])
HASHES = st.sampled_from([HASH.hex, HASH.hex, HASH.hex.upper(), "ab" * 32, None])
GIVEN_UP = ("not enough funds in wallet to afford payment", "payment attempts exhausted without success")
BODIES = bodies(
    st.fixed_dictionaries(
        {"paymentHash": HASHES},
        optional={
            "isPaid": st.sampled_from([True, False, None, "yes"]),
            "completedAt": st.sampled_from([1, 10**14, None, -5, "now", True]),
            "preimage": PREIMAGES,
            "fees": st.sampled_from([4_084, "x", 10**30]),
        },
    ),
    st.fixed_dictionaries(
        {"paymentHash": HASHES},
        optional={
            "paymentPreimage": PREIMAGES,
            "reason": st.sampled_from([*GIVEN_UP, REASONS["already-paid"], REASONS["in-progress"], "?", None, 5]),
            "routingFeeSat": st.sampled_from([4, "x", 10**30]),
        },
    ),
    more=(b"Not found", b"Unknown endpoint (check api doc)", b"Request parameter invoice is missing"),
)
ANSWERS = st.one_of(
    st.builds(asking.Reply, st.sampled_from([200, 200, 200, 400, 404]), BODIES),
    st.builds(asking.Reply, STATUSES, BODIES),
    NO_REPLIES,
)

PAID = asking.Reply(200, json.dumps({"paymentHash": HASH.hex, "paymentPreimage": PREIMAGE}).encode())


@example(ordered=PAID, looked_up=NoAnswer("Gone.", "-"))
@given(ordered=ANSWERS, looked_up=ANSWERS)
async def test_whatever_it_answers_paid_is_proven_and_failed_has_its_reason(
    ordered: Said, looked_up: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([asking.Reply(200, b'{"chain": "mainnet"}'), ordered, looked_up])

    answer_with(lambda *_: next(answers), monkeypatch)
    wallet = PhoenixdWallet("Home", read_connection("phoenixd+https://:a@pay.example"), nobody)
    invoice = mint_invoice(prefix="lnbc")
    result = await wallet.pay(invoice, fee_limit=ZERO)
    assert is_proven_if_paid(result, invoice)
    if isinstance(result, Failed):
        assert never_taken(ordered) or says_failed(looked_up) or (gave_up(ordered) and knows_none(looked_up))


def never_taken(ordered: Said) -> bool:
    return isinstance(ordered, NotReached) or getattr(ordered, "status", 0) in (401, 403, 404, 405)


def gave_up(ordered: Said) -> bool:
    assert isinstance(ordered, asking.Reply)
    told = ordered.json_or_empty()
    is_ours = str(told.get("paymentHash")).lower() == HASH.hex
    return (ordered.status == 200 and is_ours and told.get("reason") in GIVEN_UP) or (
        ordered.status == 400 and ordered.body.startswith(b"Request parameter")
    )


def knows_none(looked_up: Said) -> bool:
    return isinstance(looked_up, asking.Reply) and looked_up.status == 404 and looked_up.body == b"Not found"


def says_failed(looked_up: Said) -> bool:
    if not isinstance(looked_up, asking.Reply) or looked_up.status != 200:
        return False
    told = looked_up.json_or_empty()
    return told.get("isPaid") is False and isinstance(told.get("completedAt"), int)
