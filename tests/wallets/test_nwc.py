"""The NWC adapter against the mock service over a relay: the contract, then every lie of the failure table."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets import nwc as module
from l402desk.wallets import nwc_talk as talk_module
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import NoAnswer, NotReached, WalletError
from l402desk.wallets.examining import WalletBudget
from l402desk.wallets.nwc import NwcWallet
from l402desk.wallets.nwc_offer import Info
from l402desk.wallets.nwc_talk import Talk
from l402desk.wallets.nwc_words import Said
from tests.fakes.invoices import mint_invoice
from tests.harness.mint import Mint
from tests.harness.nwc import NIP04, NIP44, NwcService
from tests.harness.nwc_lies import LIES, UNHEARD, UNPAID, UNTOLD
from tests.harness.relay import LyingRelay
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of, proves
from tests.wallets.lying import (
    FAILED,
    OPEN,
    PROVEN,
    UNPROVEN,
    Clock,
    LyingBench,
    known_under,
    nobody,
    nothing_is_sent_where_nothing_listens,
)

pytestmark = pytest.mark.anyio
BALANCE = 10_000_000


class NwcBench(LyingBench[NwcService]):
    """And the relay between the two."""

    wallet: NwcWallet

    def __init__(self, service: NwcService, relay: LyingRelay) -> None:
        super().__init__(service, service.client.hex(), service.secret.hex())
        self.relay = relay
        self.pauses: list[float] = []

    def connected(self, more: str = "") -> NwcWallet:
        connection = read_connection(self.server.connection(more))
        return NwcWallet("Hub", connection, nobody, sleep=self._pause, clock=self.clock)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


SHORT_S, LONG_S = 0.4, 10.0


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for("", monkeypatch)
    monkeypatch.setattr(talk_module, "PROBE_S", LONG_S)
    monkeypatch.setattr(talk_module, "HINT_S", 0.05)


def wait_for(lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait long where there is something to wait for, however busy the machine is, and not at all where nothing is."""
    monkeypatch.setattr(module, "PAY_S", SHORT_S if lie in UNHEARD else LONG_S)
    monkeypatch.setattr(module, "ASK_S", SHORT_S if lie in UNTOLD else LONG_S)


@asynccontextmanager
async def a_bench(folder: Path, **more: Any) -> AsyncIterator[NwcBench]:
    async with LyingRelay() as relay:
        service = NwcService(Mint(folder), folder / "ledger", [relay.url], balance=BALANCE, **more)
        async with service.serving():
            yield NwcBench(service, relay)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[NwcBench]:
    async with a_bench(tmp_path) as bench:
        yield bench


class TestNwc(WalletContract):
    """Held to the same law as every wallet."""


class TestNwcInNip04(WalletContract):
    """With a service that knows the older encryption alone."""

    @pytest.fixture
    async def bench(self, tmp_path: Path) -> AsyncIterator[NwcBench]:
        async with a_bench(tmp_path, speaks=(NIP04,)) as bench:
            yield bench


class TestNwcWithoutInfo(WalletContract):
    """With a service that shows no info event and knows NIP-44 alone."""

    @pytest.fixture
    async def bench(self, tmp_path: Path) -> AsyncIterator[NwcBench]:
        async with a_bench(tmp_path, speaks=(NIP44,), shows_info=False) as bench:
            yield bench


# What is known when the payment was ordered, and what is known after three look-ups more.
TABLE = {
    "": (PROVEN, PROVEN),
    "no-answer": (PROVEN, PROVEN),
    "late": (PROVEN, PROVEN),
    "in-flight-then-paid": (OPEN, PROVEN),
    "in-flight-forever": (OPEN, OPEN),
    "accepted-forever": (OPEN, OPEN),
    "expired": (OPEN, OPEN),
    "failed-forever": (OPEN, OPEN),
    "payment-failed-then-paid": (PROVEN, PROVEN),
    "payment-failed-but-paid": (PROVEN, PROVEN),
    "already-paid": (PROVEN, PROVEN),
    "already-pending": (OPEN, PROVEN),
    "insufficient-but-paid": (PROVEN, PROVEN),
    "unknown-code": (PROVEN, PROVEN),
    "error-as-text": (PROVEN, PROVEN),
    "not-found": (OPEN, OPEN),
    "look-up-internal": (OPEN, OPEN),
    "look-up-silent": (OPEN, OPEN),
    "look-up-vague": (OPEN, OPEN),
    "look-up-empty": (OPEN, OPEN),
    "no-state": (PROVEN, PROVEN),
    "no-look-up": (PROVEN, PROVEN),
    "no-look-up-no-list": (OPEN, OPEN),
    "same-page": (OPEN, OPEN),
    "hinted": (PROVEN, PROVEN),
    "hinted-of-another": (PROVEN, PROVEN),
    "null-preimage": (UNPROVEN, UNPROVEN),
    "no-fields": (UNPROVEN, UNPROVEN),
    "zero-preimage": (UNPROVEN, UNPROVEN),
    "wrong-preimage": (UNPROVEN, UNPROVEN),
    "short-preimage": (UNPROVEN, UNPROVEN),
    "upper-preimage": (PROVEN, PROVEN),
    "late-preimage": (PROVEN, PROVEN),
    "other-payment": (UNPROVEN, OPEN),
    "odd-fields": (OPEN, OPEN),
    "error-and-result": (PROVEN, PROVEN),
    "error-and-wrong-result": (PROVEN, PROVEN),
    "doubled": (PROVEN, PROVEN),
    "wrong-signature": (PROVEN, PROVEN),
    "wrong-author": (PROVEN, PROVEN),
    "lie-by-another": (PROVEN, PROVEN),
    "other-request": (PROVEN, PROVEN),
    "no-request": (PROVEN, PROVEN),
    "other-method": (PROVEN, PROVEN),
    "garbage": (PROVEN, PROVEN),
    "not-json": (PROVEN, PROVEN),
    "oversized": (PROVEN, PROVEN),
    "deep": (PROVEN, PROVEN),
    "other-key": (PROVEN, PROVEN),
    "payment-failed": (FAILED, FAILED),
    "payment-failed-unheard-of": (OPEN, OPEN),
    "internal-no-route": (FAILED, FAILED),
    "internal-failed": (OPEN, OPEN),
    "in-flight-then-failed": (OPEN, OPEN),
    "no-answer-before": (OPEN, OPEN),
    "insufficient": (FAILED, OPEN),
    "quota": (FAILED, OPEN),
    "rate-limited": (FAILED, OPEN),
    "bad-request": (FAILED, OPEN),
    "too-late": (FAILED, OPEN),
    "restricted": (FAILED, OPEN),
    "not-implemented": (FAILED, OPEN),
    "unsupported": (FAILED, OPEN),
    "unauthorized": (FAILED, FAILED),  # nobody can be asked, and this run knows that nothing was ordered
    "deaf": (FAILED, FAILED),
}
NEVER_ORDERED = {"unauthorized", "deaf"}


def test_every_lie_is_in_the_table() -> None:
    assert set(TABLE) == {"", *LIES}


@pytest.mark.parametrize(("lie", "known"), TABLE.items())
async def test_a_lie_is_taken_for_no_more_than_it_proves(
    bench: NwcBench, lie: str, known: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(lie, monkeypatch)
    service = bench.server
    assert await known_under(lie, service, bench.wallet, is_paid=lie not in UNPAID) == known
    assert service.counts["pay_invoice"] == (lie not in NEVER_ORDERED)


@pytest.mark.parametrize("lie", sorted(set(LIES) - UNPAID))
async def test_money_that_left_is_found_when_the_lying_ends_and_never_leaves_twice(
    bench: NwcBench, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(lie, monkeypatch)
    service, wallet = bench.server, bench.wallet
    invoice, _, payment_hash = service.mint.new()
    service.tell(lie)
    await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert not isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    service.tell("")
    wait_for("", monkeypatch)
    assert proves(await bench.connected().look_up(payment_hash), invoice)
    assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert service.debits == [payment_hash]
    assert service.counts["pay_invoice"] == 1


async def test_the_fee_is_told_in_msat_and_parts_of_satoshis_are_paid(bench: NwcBench) -> None:
    invoice, preimage, payment_hash = bench.server.mint.new(1_500)
    assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == Paid(preimage, Msat(1_000))
    assert await bench.wallet.look_up(payment_hash) == Paid(preimage, Msat(1_000))
    assert await bench.wallet.balance() == Msat(BALANCE - 2_500)


@pytest.mark.parametrize(
    ("lie", "words"),
    [
        ("insufficient", "does not hold enough"),
        ("quota", "budget"),
        ("rate-limited", "too often"),
        ("restricted", "does not let this connection pay"),
        ("not-implemented", "does not pay over Nostr Wallet Connect"),
        ("unauthorized", "does not know this connection any more. Connect it again"),
        ("deaf", "did not answer in time. It was not asked to pay"),
        ("payment-failed", "no money left"),
    ],
)
async def test_a_refusal_says_why(bench: NwcBench, lie: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for(lie, monkeypatch)
    bench.server.tell(lie)
    result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert words in result.reason


@pytest.mark.parametrize("lie", ["internal-failed", "in-flight-then-failed"])
async def test_failed_is_believed_of_a_payment_that_nobody_can_still_be_trying(
    bench: NwcBench, lie: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_for(lie, monkeypatch)
    bench.server.tell(lie)
    invoice = await bench.payable(PRICE)
    await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    for _ in range(3):
        assert isinstance(await bench.wallet.look_up(hash_of(invoice)), Unknown)
    assert bench.pauses == []
    bench.clock.seconds += module.TRIES_S
    assert isinstance(await bench.wallet.look_up(hash_of(invoice)), Failed)
    assert bench.pauses == [0.5, 1.5]


async def test_failed_is_believed_after_a_restart_when_the_payment_is_old_or_was_waited_for(bench: NwcBench) -> None:
    bench.server.tell("internal-failed")
    old, young = await bench.payable(PRICE), await bench.payable(PRICE)
    for invoice in (old, young):
        await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    bench.server.account.payments[hash_of(old)].at -= 1_000
    restarted = bench.connected()
    assert isinstance(await restarted.look_up(hash_of(old)), Failed)
    assert isinstance(await restarted.look_up(hash_of(young)), Unknown)
    bench.clock.seconds += module.TRIES_S
    assert isinstance(await restarted.look_up(hash_of(young)), Failed)


async def test_a_notification_has_it_looked_up_at_once(bench: NwcBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAY_S", 30.0)
    bench.server.tell("hinted")
    invoice = await bench.payable(PRICE)
    began = time.monotonic()
    assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert time.monotonic() - began < 10
    assert bench.server.counts["lookup_invoice"] == 1


async def test_a_notification_is_no_proof(bench: NwcBench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.server.tell("hinted")
    monkeypatch.setattr(bench.server.account, "_look_up", lambda _: {"error": {"code": "NOT_FOUND", "message": ""}})
    assert isinstance(await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT), Unknown)


async def test_where_no_relay_is_nothing_was_sent(bench: NwcBench, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for("no-answer-before", monkeypatch)
    begun, invoice = await bench.payable(PRICE), await bench.payable(PRICE)
    bench.server.tell("no-answer-before")
    assert isinstance(await bench.wallet.pay(begun, fee_limit=FEE_LIMIT), Unknown)
    await bench.relay.stop()
    try:
        result = await nothing_is_sent_where_nothing_listens(bench.wallet, invoice, begun)
        assert "nothing listens there. Nothing was sent" in result.reason
        with pytest.raises(NotReached, match="nothing listens there"):
            await bench.wallet.examine()
    finally:
        await bench.relay.start()


async def test_a_watching_one_looks_up_and_is_never_asked_to_pay(bench: NwcBench) -> None:
    invoice, preimage, payment_hash = bench.server.mint.new()
    watching = bench.connected("&watch=1")
    assert not watching.capabilities.pays
    assert isinstance(await watching.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    assert bench.relay.published == [bench.relay.published[0]]  # the info event alone
    await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert await watching.look_up(payment_hash) == Paid(preimage, Msat(1_000))
    assert "is enough" in " ".join((await watching.examine()).warnings)


async def test_an_invoice_without_an_amount_is_not_sent(bench: NwcBench) -> None:
    assert isinstance(await bench.wallet.pay(mint_invoice(None), fee_limit=FEE_LIMIT), Failed)
    assert bench.server.requests == []


async def test_an_invoice_of_another_network_is_not_sent(bench: NwcBench) -> None:
    bench.server.account.info["network"] = "mainnet"
    result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "regtest" in result.reason
    assert bench.server.counts["pay_invoice"] == 0
    assert bench.wallet.network is Network.MAINNET


async def test_one_connection_carries_a_whole_payment(bench: NwcBench) -> None:
    before = bench.relay.connections
    bench.server.tell("late-preimage")
    invoice = await bench.payable(PRICE)
    assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert bench.server.counts == {"get_info": 1, "pay_invoice": 1, "lookup_invoice": 1}
    assert bench.relay.connections - before == 1
    async with asyncio.timeout(5):
        while len(bench.relay.clients) > 1:  # noqa: ASYNC110 - the relay notices the end a moment later
            await asyncio.sleep(0.01)


async def test_broken_off_it_is_not_ordered_again(bench: NwcBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAY_S", 30.0)
    bench.server.tell("no-answer")
    invoice = await bench.payable(PRICE)
    paying = asyncio.ensure_future(bench.wallet.pay(invoice, fee_limit=FEE_LIMIT))
    async with asyncio.timeout(5):
        while not bench.server.counts["pay_invoice"]:  # noqa: ASYNC110 - the service has no event for it
            await asyncio.sleep(0.01)
    paying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await paying
    assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert bench.server.counts["pay_invoice"] == 1


async def test_the_list_of_payments_is_read_page_by_page(bench: NwcBench, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_for("no-look-up", monkeypatch)
    bench.server.tell("no-look-up")
    invoice = await bench.payable(PRICE)
    others = [{"type": "outgoing", "payment_hash": f"{number:064x}", "state": "settled"} for number in range(45)]
    bench.server.account.extra = [{"type": "incoming", "payment_hash": hash_of(invoice).hex}, 7, *others]  # type: ignore[list-item]
    assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert bench.server.counts["list_transactions"] == 3
    assert bench.server.counts["lookup_invoice"] == 1
    await bench.wallet.look_up(hash_of(invoice))
    assert bench.server.counts["lookup_invoice"] == 1  # it said that it knows no such question
    assert await bench.wallet.look_up(PaymentHash(b"\x07" * 32)) is None


async def test_examined_it_says_what_the_connection_may_do(bench: NwcBench) -> None:
    bench.server.account.budget = {
        "used_budget": 5_000, "total_budget": 1_000_000, "renewal_period": "daily", "renews_at": 1_800_000_000,
    }  # fmt: skip
    found = await bench.wallet.examine()
    assert (found.may_pay, found.balance, found.calls_itself) == (True, Msat(BALANCE), "Harness")
    assert found.network is Network.REGTEST
    assert found.powers == ("look payments up", "tell its balance", "list its payments", "pay")
    assert found.budget == WalletBudget(Msat(5_000), Msat(1_000_000), "daily", 1_800_000_000)
    assert len(found.warnings) == 1
    assert "decides the routing fee" in found.warnings[0]


async def test_examined_without_a_budget_it_warns(bench: NwcBench) -> None:
    found = await bench.wallet.examine()
    assert found.budget is None
    assert "no budget" in " ".join(found.warnings)


async def test_a_connection_without_pay_invoice_only_looks(tmp_path: Path) -> None:
    async with a_bench(tmp_path, methods=("lookup_invoice", "get_info")) as bench:
        assert bench.wallet.capabilities.pays  # as far as anybody knows
        found = await bench.wallet.examine()
        assert (found.may_pay, found.balance, found.powers) == (False, None, ("look payments up",))
        assert not bench.wallet.capabilities.pays
        assert not bench.wallet.capabilities.tells_balance
        assert await bench.wallet.balance() is None
        result = await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        assert "does not let this connection pay" in result.reason
        assert bench.server.counts["pay_invoice"] == bench.server.counts["get_balance"] == 0


async def test_examined_with_powers_beyond_need_and_old_encryption_it_warns(tmp_path: Path) -> None:
    more = ("pay_invoice", "get_info", "pay_keysend", "create_connection", "do_what_i_say")
    async with a_bench(tmp_path, methods=more, speaks=(NIP04,)) as bench:
        found = await bench.wallet.examine()
        told = " ".join(found.warnings)
        for words in (
            "cannot look payments up",
            "pay without an invoice, make further connections, use “do_what_i_say”",
            "NIP-04",
        ):
            assert words in told
        assert not bench.wallet.capabilities.looks_up


async def test_where_nothing_is_told_of_methods_all_is_tried(tmp_path: Path) -> None:
    async with a_bench(tmp_path, shows_info=False) as bench:
        del bench.server.account.info["methods"]
        assert await bench.wallet.balance() == Msat(BALANCE)
        found = await bench.wallet.examine()
        assert found.may_pay
        assert found.powers == ("look payments up", "tell its balance", "pay")
        invoice = await bench.payable(PRICE)
        assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)


async def test_examined_where_a_question_is_closed_the_others_are_asked(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.server.account.methods = ("pay_invoice", "lookup_invoice")
        found = await bench.wallet.examine()
        assert (found.may_pay, found.balance, found.network, found.calls_itself) == (True, None, None, "")
        invoice = await bench.payable(PRICE)
        assert proves(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)


async def test_examined_a_key_that_is_not_known_is_told(bench: NwcBench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.server.tell("unauthorized")
    with pytest.raises(WalletError, match="does not know this connection"):
        await bench.wallet.examine()
    bench.server.tell("deaf")
    wait_for("deaf", monkeypatch)
    with pytest.raises(WalletError, match="did not answer"):
        await bench.wallet.examine()


@pytest.mark.parametrize("balance", ["1", None, 1.5, True, -1, 10**30, {}])
async def test_a_balance_that_is_none_is_an_error(bench: NwcBench, balance: Any) -> None:
    bench.server.account.balance = balance
    with pytest.raises(WalletError, match="does not tell its balance"):
        await bench.wallet.balance()


PREIMAGE = bytes(range(32)).hex()  # of `mint_invoice`
HASH = hash_of(mint_invoice())
CODES = ["", "INTERNAL", "PAYMENT_FAILED", "NOT_FOUND", "INSUFFICIENT_BALANCE", "UNAUTHORIZED", "RESTRICTED", "X"]
FIELDS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "preimage": st.sampled_from([PREIMAGE, PREIMAGE.upper(), "0" * 64, "ab" * 32, None, 5, []]),
        "payment_hash": st.sampled_from([HASH.hex, HASH.hex.upper(), "ab" * 32, None, 7]),
        "state": st.sampled_from(["settled", "pending", "accepted", "failed", "expired", "odd", None, 3]),
        "type": st.sampled_from(["outgoing", "incoming", None, 9]),
        "settled_at": st.sampled_from([0, 1_700_000_000, None, "x", True]),
        "created_at": st.sampled_from([0, 1_700_000_000, int(time.time()), None, -5, 10**30]),
        "fees_paid": st.sampled_from([0, 1_000, -1, 10**40, "x", None]),
        "transactions": st.sampled_from([[], None, [{"payment_hash": HASH.hex, "state": "failed"}], [7]]),
    },
)
ANSWERS = st.one_of(
    st.builds(
        Said, st.none() | FIELDS, st.sampled_from(CODES), st.sampled_from(["", "not found", "already been paid"])
    ),
    st.sampled_from([NotReached("No way.", "-"), NoAnswer("Gone.", "-")]),
)


@given(
    ordered=ANSWERS, found=st.lists(ANSWERS, min_size=3, max_size=3), listed=ANSWERS, waited=st.sampled_from([0, 1_000])
)
async def test_whatever_it_answers_paid_is_proven_and_failed_has_its_reason(
    ordered: Said | WalletError, found: list[Said | WalletError], listed: Said | WalletError, waited: float
) -> None:
    clock, answers = Clock(), iter(found)

    async def ask(self: Talk, method: str, params: object, **_: object) -> Said:
        if method == "get_info":
            self.info = Info()
            return Said({})
        clock.seconds += waited if method == "pay_invoice" else 0
        answer = {"pay_invoice": ordered, "list_transactions": listed}.get(method) or next(answers)
        if isinstance(answer, WalletError):
            raise answer
        return answer

    async def at_once(_: float) -> None: ...

    connection = read_connection(f"nostr+walletconnect://{'ab' * 32}?relay=wss://relay.example&secret={'02' * 32}")
    wallet = NwcWallet("Hub", connection, nobody, sleep=at_once, clock=clock)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Talk, "ask", ask)
        result = await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT)
    if isinstance(result, Paid):
        assert proves(result, mint_invoice())
    if isinstance(result, Failed):
        assert isinstance(ordered, NotReached) or refuses(ordered) or all(map(says_failed, found))


def refuses(ordered: Said | WalletError) -> bool:
    codes = ("INSUFFICIENT_BALANCE", "UNAUTHORIZED", "RESTRICTED")
    return isinstance(ordered, Said) and ordered.code in codes and ordered.result is None


def says_failed(found: Said | WalletError) -> bool:
    if not isinstance(found, Said):
        return False
    return found.code == "RESTRICTED" or (not found.code and (found.result or {}).get("state") == "failed")


async def test_over_several_relays_a_refusal_may_be_of_the_second_copy_and_is_looked_up_later(tmp_path: Path) -> None:
    async with LyingRelay() as first, LyingRelay() as second:
        relays = [first.url, second.url]
        service = NwcService(Mint(tmp_path), tmp_path / "ledger", relays, balance=BALANCE, lie="insufficient")
        async with service.serving():
            over_two = NwcBench(service, first)
            assert isinstance(await over_two.wallet.pay(await over_two.payable(PRICE), fee_limit=FEE_LIMIT), Failed)
    assert over_two.pauses[:1] == [module.DOUBLED_S]


async def test_over_one_relay_a_refusal_is_looked_up_at_once(tmp_path: Path) -> None:
    async with a_bench(tmp_path, lie="insufficient") as bench:
        assert isinstance(await bench.wallet.pay(await bench.payable(PRICE), fee_limit=FEE_LIMIT), Failed)
    assert module.DOUBLED_S not in bench.pauses
