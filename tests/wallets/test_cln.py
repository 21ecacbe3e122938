"""The Core Lightning adapter against the mock node: the contract, then every lie of the failure table."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid
from l402desk.wallets import asking
from l402desk.wallets import cln as module
from l402desk.wallets.cln import TRIES_S, ClnWallet
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import NoAnswer, NotReached, WalletError
from l402desk.wallets.quiet import STILL_TRYING
from tests.fakes.invoices import mint_invoice
from tests.fakes.raw_server import RawServer, response
from tests.harness.cln import LEAST, Cln, make_rune
from tests.harness.cln_lies import LIES, UNPAID
from tests.harness.mint import Mint
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
PAY, XPAY, LISTPAYS = "POST /v1/pay", "POST /v1/xpay", "POST /v1/listpays"


class ClnBench(LyingBench[Cln]):
    def __init__(self, server: Cln) -> None:
        super().__init__(server, server.rune)

    def connected(self, more: str = "") -> ClnWallet:
        connection = read_connection(f"clnrest+{self.server.url}?rune={self.server.rune}{more}")
        return ClnWallet("Home", connection, nobody, clock=self.clock)


@pytest.fixture(autouse=True)
def short(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_as_the_lie_needs(request, monkeypatch, module, "PAY_S", "ASK_S", long_s=8.0)


@asynccontextmanager
async def a_bench(folder: Path, rune: str = "", **more: Any) -> AsyncIterator[ClnBench]:
    async with Cln(Mint(folder), folder / "ledger", balance=BALANCE, rune=rune, **more).serving() as server:
        yield ClnBench(server)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[ClnBench]:
    async with a_bench(tmp_path) as bench:
        yield bench


class TestCln(WalletContract):
    """Held to the same law as every wallet."""


# What is known when the payment was ordered, and what is known after three look-ups more.
TABLE = {
    "": (PROVEN, PROVEN),
    "pending-then-paid": (OPEN, PROVEN),
    "pending-forever": (OPEN, OPEN),
    "refused-by-one-part": (OPEN, PROVEN),
    "no-route-for-the-rest": (OPEN, PROVEN),
    "trying-again": (OPEN, PROVEN),
    "some-attempts-failed": (PROVEN, PROVEN),
    "already-paid": (PROVEN, PROVEN),
    "already-paid-218": (PROVEN, PROVEN),
    "begun-and-unknown": (PROVEN, PROVEN),
    "pay-pending": (OPEN, PROVEN),
    "proxy-while-trying": (OPEN, PROVEN),
    "gave-up-and-unlisted": (OPEN, OPEN),
    "not-found": (OPEN, OPEN),
    "look-up-500": (OPEN, OPEN),
    "look-up-hang": (OPEN, OPEN),
    "look-up-vague": (OPEN, OPEN),
    "look-up-other": (OPEN, OPEN),
    "look-up-refused": (OPEN, OPEN),
    "null-preimage": (UNPROVEN, UNPROVEN),
    "zero-preimage": (UNPROVEN, UNPROVEN),
    "wrong-preimage": (UNPROVEN, UNPROVEN),
    "short-preimage": (UNPROVEN, UNPROVEN),
    "upper-preimage": (PROVEN, PROVEN),
    "base64-preimage": (PROVEN, PROVEN),
    "late-preimage": (PROVEN, PROVEN),
    "other-payment": (PROVEN, PROVEN),
    "odd-fields": (OPEN, OPEN),
    "old-texts": (PROVEN, PROVEN),
    "html": (PROVEN, PROVEN),
    "html-201": (PROVEN, PROVEN),
    "empty-201": (PROVEN, PROVEN),
    "500": (PROVEN, PROVEN),
    "no-code": (PROVEN, PROVEN),
    "unknown-code": (PROVEN, PROVEN),
    "502": (PROVEN, PROVEN),
    "drop-after": (PROVEN, PROVEN),
    "truncated": (PROVEN, PROVEN),
    "hang": (PROVEN, PROVEN),
    "huge": (PROVEN, PROVEN),
    "deep": (PROVEN, PROVEN),
    "pending-then-failed": (OPEN, FAILED),
    "no-route": (FAILED, OPEN),
    "refused-by-payee": (FAILED, FAILED),
    "attempts-failed": (FAILED, FAILED),
    "too-expensive": (FAILED, OPEN),
    "out-of-time": (FAILED, OPEN),
    "expired": (FAILED, OPEN),
    "bad-invoice": (FAILED, OPEN),
    "failed-silently": (OPEN, OPEN),
    "drop-before": (OPEN, OPEN),
    "hang-before": (OPEN, OPEN),
    "wrong-rune": (FAILED, FAILED),
    "forbidden": (FAILED, OPEN),
    "no-rest": (FAILED, FAILED),
    "no-payer": (FAILED, OPEN),
    "redirect": (FAILED, FAILED),
}


def test_every_lie_is_in_the_table() -> None:
    assert set(TABLE) == {"", *LIES}


@pytest.mark.parametrize(("lie", "known"), TABLE.items())
async def test_a_lie_is_taken_for_no_more_than_it_proves(bench: ClnBench, lie: str, known: tuple[str, str]) -> None:
    server = bench.server
    assert await known_under(lie, server, bench.wallet, is_paid=lie not in UNPAID) == known
    assert len(server.orders) <= 1
    assert server.counts["elsewhere"] == 0


@pytest.mark.parametrize("lie", sorted(set(LIES) - UNPAID))
async def test_money_that_left_is_found_when_the_lying_ends_and_never_leaves_twice(bench: ClnBench, lie: str) -> None:
    await found_when_the_lying_ends_and_paid_once(lie, bench.server, bench.wallet, bench.connected())


async def test_it_asks_xpay_with_the_fee_limit_and_holds_the_money_no_longer_than_a_week(bench: ClnBench) -> None:
    invoice, preimage, payment_hash = bench.server.mint.new()
    assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == Paid(preimage, Msat(1_000))
    assert await bench.wallet.look_up(payment_hash) == Paid(preimage, Msat(1_000))
    assert bench.server.orders == [
        {"method": "xpay", "invstring": invoice, "maxfee": 10_000, "retry_for": 45, "maxdelay": 1_008}
    ]


async def test_a_fee_above_the_limit_is_not_paid(bench: ClnBench) -> None:
    result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=Msat(999))
    assert isinstance(result, Failed)
    assert "fee limit" in result.reason
    assert bench.server.debits == []


@pytest.mark.parametrize("before_25_02", [True, False])
async def test_a_node_without_xpay_or_with_its_first_one_is_asked_to_pay(tmp_path: Path, before_25_02: bool) -> None:
    """24.11's xpay knows no maxdelay."""
    async with a_bench(tmp_path, without=() if before_25_02 else ("xpay",)) as bench:
        server = bench.server
        server.unknown_parameters = ("maxdelay",) if before_25_02 else ()
        first, second = await bench.payable(PRICE), await bench.payable(PRICE)
        if not before_25_02:
            assert proves(await bench.wallet.pay(first, fee_limit=FEE_LIMIT), first)
            assert proves(await bench.wallet.pay(second, fee_limit=FEE_LIMIT), second)
            assert (server.counts[XPAY], server.counts[PAY]) == (1, 2)  # it is not asked for xpay again
            assert server.orders[1] == {
                "method": "pay", "bolt11": second, "maxfee": 10_000, "retry_for": 45, "maxdelay": 1_008
            }  # fmt: skip
        else:
            await bench.wallet.pay(first, fee_limit=FEE_LIMIT)
            assert (server.counts[XPAY], server.counts[PAY]) == (1, 1)


async def test_an_invoice_that_xpay_cannot_read_is_not_given_to_pay(bench: ClnBench) -> None:
    bench.server.tell("bad-invoice")
    result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "unknown feature bit 42" in result.reason
    assert bench.server.counts[PAY] == 0


@pytest.mark.parametrize("lie", ["look-up-500", "look-up-hang", "look-up-vague"])
async def test_pay_is_not_tried_where_nobody_can_tell_that_xpay_was_not_begun(tmp_path: Path, lie: str) -> None:
    async with a_bench(tmp_path, without=("xpay",)) as bench:
        bench.server.tell(lie)
        await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
        assert (bench.server.counts[PAY], bench.server.debits) == (0, [])


async def test_a_rune_that_allows_pay_alone_is_used_for_that(tmp_path: Path) -> None:
    async with a_bench(tmp_path, make_rune(("method=pay", "method=listpays"))) as bench:
        invoice = await bench.payable(PRICE)
        assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
        assert (bench.server.counts[XPAY], bench.server.counts[PAY]) == (0, 1)
        assert bench.wallet.network is None  # it may not ask
        assert bench.server.counts["POST /v1/getinfo"] == 0


async def test_a_payment_above_the_runes_limit_surely_failed(tmp_path: Path) -> None:
    rune = make_rune(("method=xpay", "method=pay", "method=listpays"), ("method/xpay", "pinvinvstring_amount<21000"))
    async with a_bench(tmp_path, rune) as bench:
        result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        assert "pinvinvstring_amount<21000" in result.reason
        assert bench.server.counts[PAY] == 0  # which the rune would let pass: its owner set a limit
        smaller = await bench.payable(Msat(20_999))
        assert proves(await bench.wallet.pay(smaller, fee_limit=FEE_LIMIT), smaller)


async def test_failed_attempts_are_believed_when_the_node_has_surely_stopped_trying(bench: ClnBench) -> None:
    await failure_is_believed_after(TRIES_S, bench)


async def test_pay_is_waited_for_as_long_as_xpay(tmp_path: Path) -> None:
    async with a_bench(tmp_path, without=("xpay",)) as bench:
        bench.server.tell("trying-again")
        invoice = await bench.payable(PRICE)
        assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == STILL_TRYING
        assert bench.server.debits == [hash_of(invoice)]


async def test_after_a_restart_failed_attempts_are_watched_first(bench: ClnBench) -> None:
    await failure_is_watched_first_after_a_restart(TRIES_S, bench)


async def test_what_never_left_is_no_order_to_wait_for(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        invoice = await bench.payable(PRICE)
        await bench.wallet.balance()
    await nobody_waits_for_what_never_left(bench.wallet, invoice)


async def test_an_order_that_never_left_is_none_to_wait_for_after_one_that_failed(tmp_path: Path) -> None:
    node = Cln(Mint(tmp_path), tmp_path / "ledger", lie="attempts-failed")
    async with node.serving():
        bench = ClnBench(node)
        invoice = await bench.payable(PRICE)
        assert isinstance(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    assert isinstance(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    async with node.serving(port=int(node.url.rpartition(":")[2])):
        assert isinstance(await bench.wallet.look_up(hash_of(invoice)), Failed)


async def test_a_refusal_says_why(bench: ClnBench) -> None:
    async def refusal(lie: str) -> str:
        reason = await refused(lie, bench.server, bench.connected())
        assert bench.server.rune not in reason
        return reason

    assert "usable set of paths" in await refusal("no-route")
    assert await refusal("expired") == "The invoice has expired. It says: “Invoice expired 12 seconds ago”."
    assert "not accept this rune" in await refusal("wrong-rune")
    assert "This rune may not" in await refusal("forbidden")
    assert "knows no “pay”" in await refusal("no-payer")
    assert "no clnrest at this address" in await refusal("no-rest")


@pytest.mark.parametrize("restrictions", [(), LEAST])
async def test_a_node_that_repeats_the_rune_does_not_get_it_shown(restrictions: tuple[tuple[str, ...], ...]) -> None:
    rune = make_rune(*restrictions)
    body = json.dumps({"code": 1501, "message": f"Not authorized: {rune}"}).encode()
    async with RawServer([response(body, status="401 Unauthorized")]) as server:
        wallet = ClnWallet("Home", read_connection(f"clnrest+{server.url}?rune={rune}"), nobody)
        with pytest.raises(WalletError) as told:
            await wallet.balance()
    assert rune[:40] not in str(told.value)  # where the seal is
    assert "Not authorized: …" in str(told.value)


async def test_nothing_is_ordered_on_another_network(bench: ClnBench) -> None:
    bench.server.info["network"] = "bitcoin"
    result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert ("regtest" in result.reason, "mainnet" in result.reason) == (True, True)
    assert bench.wallet.network is Network.MAINNET
    bench.server.info["network"] = "litecoin"
    other = bench.connected()
    assert "litecoin" in str(await other.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT))
    assert bench.server.orders == []


@pytest.mark.parametrize("more", ["&watch=1", ""])
async def test_a_watching_one_looks_up_and_is_never_asked_to_pay(tmp_path: Path, more: str) -> None:
    rune = make_rune(*LEAST) if more else make_rune(("method^list", "method^get", "method=summary"))
    async with a_bench(tmp_path, rune) as bench:
        watching = bench.connected(more)
        assert not watching.capabilities.pays
        assert watching.capabilities.looks_up
        invoice = await bench.payable(PRICE)
        assert isinstance(await watching.pay(invoice, fee_limit=FEE_LIMIT), Failed)
        assert bench.server.counts == {}
        assert await watching.look_up(hash_of(invoice)) is None
        assert await watching.balance() == Msat(BALANCE)


async def test_the_balance_is_asked_where_the_rune_lets_it(tmp_path: Path) -> None:
    async with a_bench(tmp_path, make_rune(("method=xpay", "method=listfunds"))) as bench:
        assert await bench.wallet.balance() == Msat(BALANCE)
        assert bench.server.counts["POST /v1/listpeerchannels"] == 0
    async with a_bench(tmp_path, make_rune(("method=xpay",))) as bench:
        assert not bench.wallet.capabilities.tells_balance
        assert await bench.wallet.balance() is None
        assert bench.server.counts == {}


async def test_a_node_with_more_channels_than_fit_into_an_answer_tells_its_funds(tmp_path: Path) -> None:
    many = response(b'{"channels": [' + b" " * asking.MOST_BYTES + b"]}", status="201 Created")
    funds = response(b'{"channels": [{"state": "CHANNELD_NORMAL", "our_amount_msat": "5msat"}]}', status="201 Created")
    async with RawServer([many], [funds]) as server:
        wallet = ClnWallet("Home", read_connection(f"clnrest+{server.url}?rune={make_rune()}"), nobody)
        assert await wallet.balance() == Msat(5)


async def test_examined_the_least_rune_may_pay_within_its_limits(bench: ClnBench) -> None:
    found = await bench.connected().examine()
    assert (found.may_pay, found.balance, found.calls_itself) == (True, Msat(BALANCE), "mock")
    assert found.network is Network.REGTEST
    assert found.powers == ("look payments up", "tell the balance", "pay, 1\u202f000 sats at a time at most")
    assert found.warnings == (
        "The node answers this rune 600 questions a minute at most. A payment takes three questions or more.",
    )
    assert (bench.server.counts[XPAY], bench.server.counts[PAY]) == (0, 0)


async def test_examined_a_rune_without_restrictions_can_do_everything(tmp_path: Path) -> None:
    async with a_bench(tmp_path, make_rune()) as bench:
        found = await bench.connected().examine()
        assert found.powers[-1] == "do everything that this node can do"
        assert "everything with the node" in " ".join(found.warnings)


async def test_examined_a_rune_that_opens_nothing_else_is_shown_to_the_node(tmp_path: Path) -> None:
    async with a_bench(tmp_path, make_rune(("method=xpay",))) as bench:
        found = await bench.connected().examine()
        assert (found.may_pay, found.balance, found.network) == (True, None, None)
        assert bench.server.counts == {LISTPAYS: 1}
        bench.server.tell("wrong-rune")
        with pytest.raises(WalletError, match="not accept this rune"):
            await bench.connected().examine()


async def test_examined_a_wrong_rune_is_told(bench: ClnBench) -> None:
    for lie, words in (("wrong-rune", "not accept this rune"), ("redirect", "status 307"), ("no-rest", "no clnrest")):
        bench.server.tell(lie)
        with pytest.raises(WalletError, match=words):
            await bench.connected().examine()
    assert bench.server.counts["elsewhere"] == 0


async def test_what_a_rune_allows_that_cannot_be_read_the_node_decides(bench: ClnBench) -> None:
    bench.server.rune = "a"
    wallet = bench.connected()
    assert wallet.capabilities.pays
    with pytest.raises(WalletError):
        await wallet.examine()


HASH = hash_of(mint_invoice())
STATUSES = st.sampled_from([200, 201, 202, 204, 302, 307, 400, 401, 403, 404, 405, 406, 413, 429, 500, 502, 503])
CODES = st.sampled_from(
    [-1, -32600, -32601, -32602, 1501, 1502, 201, 203, 205, 206, 207, 209, 210, 218, 219, None, "x"]
)
HASHES = st.sampled_from([HASH.hex, HASH.hex.upper(), "ab" * 32, None])
ENTRIES = st.fixed_dictionaries(
    {},
    optional={
        "payment_hash": HASHES,
        "status": st.sampled_from(["pending", "failed", "complete", None, 7]),
        "preimage": PREIMAGES,
        "created_at": st.sampled_from([1, 10**11, -5, "now", True]),
        "amount_msat": st.sampled_from([21_000, "21000msat", "x"]),
        "amount_sent_msat": st.sampled_from([22_000, "22000msat", 1, 10**30]),
    },
)
BODIES = bodies(
    st.fixed_dictionaries({"pays": st.lists(ENTRIES, max_size=3)}),
    st.fixed_dictionaries(
        {},
        optional={
            "code": CODES,
            "message": st.sampled_from(["unknown parameter: maxdelay", "Already paid", 5]),
            "error": st.fixed_dictionaries({"code": CODES}),
            "status": st.sampled_from(["complete", "pending", "failed", None, 7]),
            "payment_preimage": PREIMAGES,
            "payment_hash": HASHES,
        },
    ),
)
ANSWERS = st.one_of(
    st.builds(asking.Reply, st.sampled_from([201, 201, 201, 404, 500]), BODIES),
    st.builds(asking.Reply, STATUSES, BODIES),
    NO_REPLIES,
)

PAID = asking.Reply(201, json.dumps({"payment_preimage": PREIMAGE}).encode())


@example(payers=[PAID, PAID], looks=[NoAnswer("Gone.", "-")] * 3)
@given(payers=st.lists(ANSWERS, min_size=2, max_size=2), looks=st.lists(ANSWERS, min_size=3, max_size=3))
async def test_whatever_it_answers_paid_is_proven_and_failed_has_its_reason(
    payers: list[Said], looks: list[Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    orders, look_ups = iter(payers), iter(looks)
    asked: list[tuple[str, Said]] = []

    def told(_: str, path: str, __: object) -> Said:
        answer = next(look_ups) if path == "/v1/listpays" else next(orders)
        asked.append((path, answer))
        return answer

    answer_with(told, monkeypatch)
    rune = make_rune(("method=xpay", "method=pay", "method=listpays"))
    wallet = ClnWallet("Home", read_connection(f"clnrest+https://node.example?rune={rune}"), nobody)
    result = await wallet.pay(mint_invoice(), fee_limit=ZERO)
    paths = [path for path, _ in asked]
    assert is_proven_if_paid(result, mint_invoice())
    if isinstance(result, Failed):
        assert never_sent(asked[-1]) or never_taken(asked) or says_failed(asked[-1]) or is_empty(asked[-1])
    if "/v1/pay" in paths:
        assert paths[0] == "/v1/xpay"
        assert is_empty(asked[1]) or says_failed(asked[1])
        assert code_of(asked[0]) in (-32601, -32602)


def never_sent(asked: tuple[str, Said]) -> bool:
    return isinstance(asked[1], NotReached) and asked[0] != "/v1/listpays"


def never_taken(asked: list[tuple[str, Said]]) -> bool:
    """The last order was turned away at the door, or no method of the node's."""
    last = [answer for path, answer in asked if path != "/v1/listpays"][-1]
    return isinstance(last, asking.Reply) and (last.status in (401, 403, 404, 405) or code_of(("", last)) == -32601)


def told_by(asked: tuple[str, Said]) -> dict[str, Any]:
    answer = asked[1]
    return dict(answer.json_or_empty()) if isinstance(answer, asking.Reply) else {}


def code_of(asked: tuple[str, Said]) -> object:
    told = told_by(asked)
    return told["error"].get("code") if isinstance(told.get("error"), dict) else told.get("code")


def says_failed(asked: tuple[str, Said]) -> bool:
    pays = told_by(asked).get("pays") or []
    return len(pays) > 0 and all(one.get("status") == "failed" for one in pays)


def is_empty(asked: tuple[str, Said]) -> bool:
    return told_by(asked).get("pays") == []
