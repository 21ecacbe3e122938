"""The LNbits adapter against the mock server: the contract, then every lie of the failure table."""

from __future__ import annotations

import json
import secrets
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets import asking
from l402desk.wallets import lnbits as module
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import NotReached, WalletError
from l402desk.wallets.lnbits import LnbitsWallet
from l402desk.wallets.lnbits_words import NOT_KNOWN
from tests.fakes.certificates import certificate_file, server_context, trusting
from tests.fakes.invoices import mint_invoice
from tests.fakes.raw_server import RawServer, response
from tests.harness.lnbits import LIES, UNPAID, Lnbits
from tests.harness.mint import Mint
from tests.wallets.any_answer import NO_REPLIES, PREIMAGE, PREIMAGES, Said, answer_with, bodies, is_proven_if_paid
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of
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
    refused,
)

pytestmark = pytest.mark.anyio
BALANCE = 10_000_000


class LnbitsBench(LyingBench[Lnbits]):
    def __init__(self, server: Lnbits) -> None:
        super().__init__(server, server.key, server.inkey)
        self.pauses: list[float] = []

    def connected(self, query: str | None = None) -> LnbitsWallet:
        more = f"key={self.server.key}" if query is None else query
        connection = read_connection(f"lnbits+{self.server.url}?{more}")
        return LnbitsWallet("Home", connection, nobody, sleep=self._pause)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAY_S", 0.4)
    monkeypatch.setattr(module, "ASK_S", 0.4)


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[LnbitsBench]:
    async with Lnbits(Mint(tmp_path), tmp_path / "ledger", balance=BALANCE).serving() as server:
        yield LnbitsBench(server)


class TestLnbits(WalletContract):
    """Held to the same law as every wallet."""


# What is known when the payment was ordered, and what is known after three look-ups more.
TABLE = {
    "": (PROVEN, PROVEN),
    "pending-then-paid": (OPEN, PROVEN),
    "pending-forever": (OPEN, OPEN),
    "already-paid": (PROVEN, PROVEN),
    "internal-already-paid": (PROVEN, PROVEN),
    "failed-then-paid": (PROVEN, PROVEN),
    "not-found": (OPEN, OPEN),
    "look-up-500": (OPEN, OPEN),
    "look-up-hang": (OPEN, OPEN),
    "look-up-vague": (OPEN, OPEN),
    "old-api": (PROVEN, PROVEN),
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
    "html-201": (PROVEN, PROVEN),
    "500": (PROVEN, PROVEN),
    "drop-after": (PROVEN, PROVEN),
    "truncated": (PROVEN, PROVEN),
    "hang": (PROVEN, PROVEN),
    "huge": (PROVEN, PROVEN),
    "deep": (PROVEN, PROVEN),
    "pending-then-failed": (OPEN, FAILED),
    "no-route": (FAILED, FAILED),
    "drop-before": (OPEN, OPEN),
    "hang-before": (OPEN, OPEN),
    "wrong-key": (FAILED, OPEN),
    "invoice-key": (FAILED, OPEN),
    "insufficient": (FAILED, OPEN),
    "reserve": (FAILED, OPEN),
    "redirect": (OPEN, OPEN),
}


def test_every_lie_is_in_the_table() -> None:
    assert set(TABLE) == {"", *LIES}


@pytest.mark.parametrize(("lie", "known"), TABLE.items())
async def test_a_lie_is_taken_for_no_more_than_it_proves(bench: LnbitsBench, lie: str, known: tuple[str, str]) -> None:
    server = bench.server
    assert await known_under(lie, server, bench.wallet, is_paid=lie not in UNPAID) == known
    assert server.counts["POST /api/v1/payments"] == 1
    assert server.counts["elsewhere"] == 0


@pytest.mark.parametrize("lie", sorted(set(LIES) - UNPAID))
async def test_money_that_left_is_found_when_the_lying_ends_and_never_leaves_twice(
    bench: LnbitsBench, lie: str
) -> None:
    await found_when_the_lying_ends_and_paid_once(lie, bench.server, bench.wallet, bench.connected())


async def test_the_fee_is_told_in_msat(bench: LnbitsBench) -> None:
    invoice, preimage, payment_hash = bench.server.mint.new()
    assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == Paid(preimage, Msat(1_000))
    assert await bench.wallet.look_up(payment_hash) == Paid(preimage, Msat(1_000))


async def test_failed_is_believed_when_it_is_said_three_times(bench: LnbitsBench) -> None:
    bench.server.tell("no-route")
    invoice = await bench.payable(PRICE)
    assert isinstance(await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    assert bench.pauses == [0.5, 1.5]


async def test_where_nothing_listens_nothing_was_sent(tmp_path: Path) -> None:
    async with Lnbits(Mint(tmp_path), tmp_path / "ledger").serving() as server:
        bench = LnbitsBench(server)
        invoice = await bench.payable(PRICE)
        server.tell("drop-before")
        begun = await bench.payable(PRICE)
        assert isinstance(await bench.wallet.pay(begun, fee_limit=FEE_LIMIT), Unknown)
    await nothing_is_sent_where_nothing_listens(bench.wallet, invoice, begun)


async def test_a_refusal_says_why(bench: LnbitsBench) -> None:
    async def refusal(lie: str) -> str:
        return await refused(lie, bench.server, bench.wallet)

    assert await refusal("insufficient") == "Insufficient balance."
    assert "reserve at least (2  sat)" in await refusal("reserve")
    assert await refusal("invoice-key") == "This key may look, not pay."
    assert "does not know this key" in await refusal("wrong-key")


async def test_a_failure_is_told_with_its_reason_also_later(bench: LnbitsBench) -> None:
    bench.server.tell("no-route")
    invoice = await bench.payable(PRICE)
    failed = await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert failed == Failed("Payment failed: no route")
    assert await bench.wallet.look_up(hash_of(invoice)) == failed


async def test_a_wrong_key_is_told_where_the_payee_has_a_wallet_of_the_same_lnbits() -> None:
    """LNbits then knows the invoice, and tells those without a valid key no more than that it is not paid."""
    refused = response(b'{"detail": "Wallet not found."}', status="404 Not Found")
    vague = response(b'{"paid": false, "preimage": null}')
    async with RawServer([refused], [vague]) as server:
        wallet = LnbitsWallet("Home", read_connection(f"lnbits+{server.url}?key=a"), nobody)
        result = await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT)
        assert isinstance(result, Failed)
        assert "does not know this key" in result.reason
        assert await wallet.look_up(hash_of(mint_invoice())) == result


@pytest.mark.parametrize("query", ["key={key}&watch=1", "watch=1", ""])
async def test_a_watching_one_looks_up_and_is_never_asked_to_pay(bench: LnbitsBench, query: str) -> None:
    invoice, preimage, payment_hash = bench.server.mint.new()
    watching = bench.connected(query.format(key=bench.server.key))
    assert not watching.capabilities.pays
    assert watching.capabilities.looks_up
    assert isinstance(await watching.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    assert bench.server.counts == {}
    await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    found = await watching.look_up(payment_hash)
    assert isinstance(found, Paid)
    assert found.preimage == preimage
    assert (await watching.balance() is None) is (not watching.capabilities.tells_balance) is ("key" not in query)


async def test_an_invoice_without_an_amount_is_not_sent(bench: LnbitsBench) -> None:
    assert isinstance(await bench.wallet.pay(mint_invoice(None), fee_limit=FEE_LIMIT), Failed)
    assert bench.server.counts == {}


async def test_examined_an_admin_key_may_pay_and_strangers_fetch_preimages(bench: LnbitsBench) -> None:
    found = await bench.connected(f"key={bench.server.key}").examine()
    assert (found.may_pay, found.balance, found.calls_itself) == (True, Msat(BALANCE), "Harness")
    told = " ".join(found.warnings)
    for warning in ("without a key", "admin key", "routing fee"):
        assert warning in told
    assert bench.server.key not in told
    watching = await bench.connected(f"key={bench.server.key}&watch=1").examine()
    assert "invoice key is enough" in " ".join(watching.warnings)


async def test_examined_an_invoice_key_may_not_pay(bench: LnbitsBench) -> None:
    found = await bench.connected(f"key={bench.server.inkey}").examine()
    assert (found.may_pay, found.balance) == (False, Msat(BALANCE))
    assert "routing fee" not in " ".join(found.warnings)
    without = await bench.connected("watch=1").examine()
    assert (without.may_pay, without.balance) == (False, None)


async def test_examined_a_wrong_key_is_told(bench: LnbitsBench) -> None:
    with pytest.raises(WalletError, match="does not know this key"):
        await bench.connected(f"key={secrets.token_hex(16)}").examine()
    bench.server.tell("redirect")
    with pytest.raises(WalletError, match="status 307"):
        await bench.connected(f"key={bench.server.key}").examine()
    assert bench.server.counts["elsewhere"] == 0


@asynccontextmanager
async def answering(answer: bytes, **more: Any) -> AsyncIterator[tuple[LnbitsWallet, RawServer]]:
    async with RawServer([answer]) as server:
        yield LnbitsWallet("Home", read_connection(f"lnbits+{server.url}?key=a"), nobody, **more), server


@pytest.mark.parametrize("balance", [b'"1"', b"null", b"1.5", b"true", b"9" + b"0" * 30])
async def test_a_balance_that_is_none_is_an_error(balance: bytes) -> None:
    async with answering(response(b'{"name": 7, "balance": ' + balance + b"}")) as (wallet, _):
        with pytest.raises(WalletError, match="does not tell"):
            await wallet.balance()


async def test_a_debt_is_nothing_to_spend() -> None:
    async with answering(response(b'{"balance": -5}')) as (wallet, _):
        assert await wallet.balance() == Msat(0)


async def test_a_404_of_something_else_is_no_word_about_a_payment() -> None:
    async with answering(response(b"<h1>Not Found</h1>", status="404 Not Found")) as (wallet, _):
        with pytest.raises(WalletError, match="at this address"):
            await wallet.look_up(PaymentHash(b"\x01" * 32))


@pytest.mark.parametrize("trusts", [True, False])
async def test_a_server_that_cannot_prove_who_it_is_gets_no_key(tmp_path: Path, trusts: bool) -> None:
    pem = certificate_file(tmp_path)
    other = certificate_file(tmp_path, host="localhost")
    trust: Callable[[], ssl.SSLContext] = lambda: trusting(pem if trusts else other)  # noqa: E731
    async with RawServer([response(b'{"balance": 5}')], tls=server_context(pem)) as server:
        wallet = LnbitsWallet("Home", read_connection(f"lnbits+https://127.0.0.1:{server.port}?key=a"), trust)
        if trusts:
            assert await wallet.balance() == Msat(5)
        else:
            result = await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT)
            assert isinstance(result, Failed)
            assert "nobody vouches" in result.reason
            assert server.requests == []


async def test_a_hidden_service_is_not_looked_up_in_the_dns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("httpx.AsyncHTTPTransport", nobody)
    wallet = LnbitsWallet("Home", read_connection(f"lnbits+http://{'a' * 56}.onion?key=a"), nobody)
    result = await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "Tor" in result.reason


STATUSES = st.sampled_from([200, 201, 202, 204, 302, 307, 400, 401, 403, 404, 405, 409, 429, 500, 502, 503, 520])
BODIES = bodies(
    st.fixed_dictionaries(
        {},
        optional={
            "status": st.sampled_from(["success", "pending", "failed", None, 7]),
            "paid": st.sampled_from([True, False, None, "yes"]),
            "preimage": PREIMAGES,
            "payment_hash": st.sampled_from([hash_of(mint_invoice()).hex, "ab" * 32, None]),
            "amount": st.sampled_from([-21_000, 21_000, "x"]),
            "detail": st.sampled_from(["Insufficient balance.", "Internal invoice already paid.", NOT_KNOWN, None]),
        },
    ),
)
PLAUSIBLE = st.sampled_from(
    [
        asking.Reply(status, json.dumps(told).encode())
        for status, told in (
            (201, {"status": "success", "preimage": PREIMAGE}),
            (201, {"status": "pending", "preimage": None}),
            (520, {"detail": "Insufficient balance.", "status": "failed"}),
            (520, {"detail": "Internal invoice already paid.", "status": "failed"}),
            (200, {"paid": True, "preimage": PREIMAGE}),
            (200, {"paid": True, "preimage": None}),
            (200, {"paid": False, "status": "failed"}),
            (200, {"paid": False, "status": "pending"}),
            (200, {"paid": False}),
            (404, {"detail": NOT_KNOWN}),
        )
    ]
)
ANSWERS = st.one_of(
    PLAUSIBLE,
    st.builds(asking.Reply, STATUSES, BODIES),
    NO_REPLIES,
)


@given(ordered=ANSWERS, looked_up=st.lists(ANSWERS, min_size=3, max_size=3))
async def test_whatever_it_answers_paid_is_proven_and_failed_has_its_reason(
    ordered: Said, looked_up: list[Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter([ordered, *looked_up])

    async def at_once(_: float) -> None: ...

    answer_with(lambda *_: next(answers), monkeypatch)
    wallet = LnbitsWallet("Home", read_connection("lnbits+https://pay.example?key=a"), nobody, sleep=at_once)
    result = await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT)
    assert is_proven_if_paid(result, mint_invoice())
    if isinstance(result, Failed):
        assert never_sent(ordered) or not_begun(ordered, looked_up[0]) or all(map(says_failed, looked_up))


def never_sent(ordered: Said) -> bool:
    return isinstance(ordered, NotReached) or getattr(ordered, "status", 0) in (401, 403, 404, 405)


def not_begun(ordered: Said, looked_up: Said) -> bool:
    return (
        isinstance(ordered, asking.Reply)
        and isinstance(looked_up, asking.Reply)
        and b"Insufficient balance." in ordered.body
        and (looked_up.status == 404 and NOT_KNOWN.encode() in looked_up.body)
    )


def says_failed(looked_up: Said) -> bool:
    return isinstance(looked_up, asking.Reply) and looked_up.status == 200 and b'"failed"' in looked_up.body


async def test_an_lnbits_that_repeats_the_key_does_not_get_it_shown() -> None:
    key = secrets.token_hex(16)
    refused = response(b'{"status": "failed", "detail": "Insufficient balance of %s"}' % key.encode(), status="520 No")
    none = response(b'{"detail": "Payment does not exist."}', status="404 Not Found")
    async with RawServer([refused], [none]) as server:
        wallet = LnbitsWallet("Home", read_connection(f"lnbits+{server.url}?key={key}"), nobody)
        assert await wallet.pay(mint_invoice(), fee_limit=FEE_LIMIT) == Failed("Insufficient balance of …")
