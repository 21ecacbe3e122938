"""What an adapter may believe of a server that lies: how a payment stands, in one word, at once and later."""

from __future__ import annotations

import ssl
from abc import ABC, abstractmethod
from collections.abc import Container, Mapping
from types import ModuleType
from typing import Any, Generic, Protocol, TypeVar

import pytest

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.wallets.errors import NotReached, WalletError
from l402desk.wallets.quiet import STILL_TRYING
from l402desk.wallets.wallet import Wallet
from tests.harness.liar import Liar
from tests.wallets.contract import FEE_LIMIT, PRICE, hash_of, proves

PROVEN, FAILED, UNPROVEN, OPEN = "proven", "failed", "unproven", "open"
LOOK_UPS = 3
S = TypeVar("S", bound=Liar)


def nobody() -> ssl.SSLContext:
    raise AssertionError("nothing here is asked over TLS")


class Clock:
    def __init__(self) -> None:
        self.seconds = 5.0

    def __call__(self) -> float:
        return self.seconds


class LyingBench(ABC, Generic[S]):
    """The adapter, and the mock of the harness with the mint that it pays."""

    def __init__(self, server: S, *held_back: str) -> None:
        self.server = server
        self.clock = Clock()
        self.secrets = held_back
        self.wallet: Wallet = self.connected()

    @abstractmethod
    def connected(self) -> Wallet:
        """An adapter that remembers nothing."""

    async def payable(self, amount: Msat) -> str:
        return self.server.mint.new(amount.value)[0]


def wait_as_the_lie_needs(
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    module: ModuleType,
    *names: str,
    long_s: float = 5.0,
    waiting: Container[str] = (),
) -> None:
    """Impatience where nothing comes; elsewhere a busy machine has its time."""
    lie = getattr(getattr(request.node, "callspec", None), "params", {}).get("lie", "")
    for name in names:
        monkeypatch.setattr(module, name, 0.5 if lie in waiting or "hang" in lie else long_s)


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


async def known_under(
    lie: str, server: Liar, wallet: Wallet, *, is_paid: bool, msat: int = PRICE.value
) -> tuple[str, str]:
    """What is known when a payment is ordered, and after three look-ups more. What ``is_paid`` is never "failed"."""
    invoice, _, payment_hash = server.mint.new(msat)
    server.tell(lie)
    at_once = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    later: PaymentResult | None = None
    for _ in range(LOOK_UPS):
        later = await looked_up(wallet, payment_hash)
    known = word(at_once, invoice), word(later, invoice)
    assert not (is_paid and FAILED in known)
    return known


async def found_when_the_lying_ends_and_paid_once(lie: str, server: Liar, wallet: Wallet, fresh: Wallet) -> None:
    """For every lie that lets money leave. ``fresh`` is an adapter that remembers nothing."""
    invoice, _, payment_hash = server.mint.new(PRICE.value)
    server.tell(lie)
    await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert not isinstance(await wallet.pay(invoice, fee_limit=FEE_LIMIT), Failed)
    server.tell("")
    assert proves(await wallet.look_up(payment_hash), invoice)
    assert proves(await fresh.look_up(payment_hash), invoice)
    assert proves(await wallet.pay(invoice, fee_limit=FEE_LIMIT), invoice)
    assert server.debits == [payment_hash]


async def refused(lie: str, server: Liar, wallet: Wallet) -> str:
    """Why an order failed."""
    server.tell(lie)
    result = await wallet.pay(server.mint.new(PRICE.value)[0], fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    return result.reason


async def nothing_is_sent_where_nothing_listens(wallet: Wallet, invoice: str, begun: str) -> Failed:
    """``begun`` was ordered while something still listened, and nobody knows what became of it."""
    result = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert "Nothing was sent" in result.reason
    assert isinstance(await wallet.pay(begun, fee_limit=FEE_LIMIT), Unknown)  # it may have got the first one
    assert await wallet.look_up(hash_of(invoice)) == result  # nobody can be asked, and this run knows
    for question in (wallet.balance(), wallet.look_up(hash_of(begun))):
        with pytest.raises(NotReached, match="nothing listens there"):
            await question
    return result


class Holder(Liar, Protocol):
    """One whose payments can be made older; ``url`` is where it served last."""

    url: str

    @property
    def payments(self) -> Mapping[PaymentHash, Any]: ...


H = TypeVar("H", bound=Holder)


async def failure_is_believed_after(seconds: float, bench: LyingBench[H]) -> None:
    """One that nobody answered the order with, after so long as the order may still be on its way."""
    bench.server.tell("failed-silently")
    invoice, _, payment_hash = bench.server.mint.new()
    assert await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT) == STILL_TRYING
    bench.clock.seconds += seconds - 1
    assert await bench.wallet.look_up(payment_hash) == STILL_TRYING
    bench.clock.seconds += 1
    assert isinstance(await bench.wallet.look_up(payment_hash), Failed)


async def failure_is_watched_first_after_a_restart(seconds: float, bench: LyingBench[H]) -> None:
    """By an adapter that knows of no order, for as long, unless the payment is old."""
    bench.server.tell("failed-silently")
    invoice, _, payment_hash = bench.server.mint.new()
    await bench.wallet.pay(invoice, fee_limit=FEE_LIMIT)
    again = bench.connected()
    assert await again.look_up(payment_hash) == STILL_TRYING
    bench.server.payments[payment_hash].at -= 3_600
    assert isinstance(await bench.connected().look_up(payment_hash), Failed)
    bench.clock.seconds += seconds
    assert isinstance(await again.look_up(payment_hash), Failed)


async def nobody_waits_for_what_never_left(wallet: Wallet, invoice: str) -> None:
    """Where nothing listens."""
    result = await wallet.pay(invoice, fee_limit=FEE_LIMIT)
    assert isinstance(result, Failed)
    assert await wallet.look_up(hash_of(invoice)) == result  # nobody can be asked, and this run knows
    with pytest.raises(WalletError, match="nothing listens there"):
        await wallet.balance()
