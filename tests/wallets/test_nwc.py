"""The NWC adapter against the mock service over a relay: the contract, then every lie of the failure table."""

from __future__ import annotations

import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
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
from l402desk.wallets.wallet import Wallet
from tests.fakes.invoices import mint_invoice
from tests.harness.mint import Mint
from tests.harness.nwc import NIP04, NIP44, NwcService
from tests.harness.nwc_account import METHODS
from tests.harness.nwc_lies import LIES, UNPAID
from tests.harness.relay import LyingRelay
from tests.wallets.contract import FEE_LIMIT, PRICE, WalletContract, hash_of, proves

pytestmark = pytest.mark.anyio
BALANCE = 10_000_000


def nobody() -> ssl.SSLContext:
    raise AssertionError("nothing here is asked over TLS")


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class NwcBench:
    """The adapter, and the mock service with the mint that it pays and the relay between them."""

    def __init__(self, service: NwcService, relay: LyingRelay) -> None:
        self.service = service
        self.relay = relay
        self.clock = Clock()
        self.pauses: list[float] = []
        self.secrets: tuple[str, ...] = (service.client.hex(), service.secret.hex())
        self.wallet: NwcWallet = self.connected()

    def connected(self, more: str = "") -> NwcWallet:
        connection = read_connection(self.service.connection(more))
        return NwcWallet("Hub", connection, nobody, sleep=self._pause, clock=self.clock)

    async def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def payable(self, amount: Msat) -> str:
        return self.service.mint.new(amount.value)[0]


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAY_S", 0.5)
    monkeypatch.setattr(module, "ASK_S", 0.5)
    monkeypatch.setattr(talk_module, "PROBE_S", 0.3)
    monkeypatch.setattr(talk_module, "HINT_S", 0.05)


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


PROVEN, FAILED, UNPROVEN, OPEN = "proven", "failed", "unproven", "open"
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


def word(result: PaymentResult | None, invoice: str) -> str:
    if isinstance(result, Paid):
        assert proves(result, invoice)
        return PROVEN
    return FAILED if isinstance(result, Failed) else UNPROVEN if isinstance(result, PaidWithoutProof) else OPEN


async def looked_up(wallet: Wallet, payment_hash: PaymentHash) -> PaymentResult | None:
    try:
        return await wallet.look_up(payment_hash)
    except WalletError as error:
        return Unknown(error.sentence)


def test_every_lie_is_in_the_table() -> None:
    assert set(TABLE) == {"", *LIES}


@pytest.mark.parametrize(("lie", "known"), TABLE.items())
async def test_a_lie_is_taken_for_no_more_than_it_proves(bench: NwcBench, lie: str, known: tuple[str, str]) -> None:
    service, wallet = bench.service, bench.wallet
    invoice, _, payment_hash = service.mint.new()
    service.tell(lie)
    at_once = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    later: PaymentResult | None = None
    for _ in range(3):
        later = await looked_up(wallet, payment_hash)
    assert (word(at_once, invoice), word(later, invoice)) == known
    if lie not in UNPAID:
        assert not isinstance(at_once, Failed)
        assert not isinstance(later, Failed)
    assert service.counts["pay_invoice"] == (lie not in NEVER_ORDERED)


@pytest.mark.parametrize("lie", sorted(set(LIES) - UNPAID))
async def test_money_that_left_is_found_when_the_lying_ends_and_never_leaves_twice(bench: NwcBench, lie: str) -> None:
    service, wallet = bench.service, bench.wallet
    invoice, _, payment_hash = service.mint.new()
    service.tell(lie)
    await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert not isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    service.tell("")
    assert proves(await bench.connected().look_up(payment_hash), invoice)
    assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert service.debits == [payment_hash]
    assert service.counts["pay_invoice"] == 1
