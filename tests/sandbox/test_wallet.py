"""The play wallet pays the sandbox's own invoices once, and misbehaves on demand."""

from __future__ import annotations

import pytest

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.sandbox.minting import EXPIRY_S, MAINNET, Mint, Minted, Order
from l402desk.sandbox.quirks import QUIRKS, WALLET_PREFIX
from l402desk.sandbox.wallet import START, PlayWallet
from tests.sandbox.buyer import Clock

PRICE = Msat.of_sats(21)
pytestmark = pytest.mark.anyio


class Bench:
    """A wallet with one invoice to pay."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.mint = Mint(self.clock)
        self.wallet = PlayWallet(self.mint, self.clock)
        self.invoice = self.order()

    def order(self, amount: Msat | None = PRICE, **more: object) -> Minted:
        return self.mint.mint(Order(amount, "x", **more))  # type: ignore[arg-type]  # by the caller's word

    async def pay(self, invoice: Minted | None = None) -> PaymentResult:
        return await self.wallet.pay((invoice or self.invoice).text, fee_limit=ZERO)

    async def look_up(self) -> PaymentResult | None:
        return await self.wallet.look_up(self.invoice.payment_hash)

    async def spent(self) -> Msat:
        return START - await self.wallet.balance()

    @property
    def settled(self) -> bool:
        return self.mint.is_settled(self.invoice.payment_hash)


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_it_begins_with_play_money_on_regtest(bench: Bench) -> None:
    assert await bench.wallet.balance() == Msat.of_sats(100_000)
    assert bench.wallet.network is Network.REGTEST
    assert bench.wallet.name == "Play wallet"


async def test_paying_settles_and_hands_out_the_preimage_for_no_fee(bench: Bench) -> None:
    assert await bench.look_up() is None
    assert await bench.pay() == Paid(bench.invoice.preimage, ZERO)
    assert bench.settled
    assert await bench.spent() == PRICE
    assert await bench.look_up() == Paid(bench.invoice.preimage, ZERO)


async def test_paying_again_gives_the_same_preimage_and_costs_nothing(bench: Bench) -> None:
    first = await bench.pay()
    bench.clock.now += 2 * EXPIRY_S  # not even expiry makes a paid invoice unpaid
    assert await bench.pay() == first
    assert await bench.spent() == PRICE


async def test_a_foreign_invoice_is_not_paid(bench: Bench) -> None:
    foreign = Mint(bench.clock).mint(Order(PRICE, "x"))
    for text in (foreign.text, "lnbc1nonsense", ""):
        result = await bench.wallet.pay(text, fee_limit=ZERO)
        assert isinstance(result, Failed)
        assert "only pays the sandbox's own invoices" in result.reason
    assert await bench.spent() == ZERO


@pytest.mark.parametrize(
    ("invoice", "reason"),
    [
        ({"network": MAINNET}, "only pays the sandbox's own invoices"),
        ({"amount": None}, "names no amount"),
        ({"forged": True}, "signature"),
        ({"age": EXPIRY_S}, "expired"),
        ({"amount": START + Msat(1)}, "100\u202f000 sats left"),
    ],
)
async def test_a_bad_invoice_fails_and_costs_nothing(bench: Bench, invoice: dict[str, object], reason: str) -> None:
    bench.invoice = bench.order(**invoice)  # type: ignore[arg-type]  # the table above holds what order takes
    result = await bench.pay()
    assert isinstance(result, Failed)
    assert reason in result.reason
    assert not bench.settled
    assert await bench.spent() == ZERO


async def test_the_last_sat_can_be_spent(bench: Bench) -> None:
    assert isinstance(await bench.pay(bench.order(START)), Paid)
    assert await bench.wallet.balance() == ZERO
    assert isinstance(await bench.pay(), Failed)


async def test_a_failed_payment_can_be_tried_again(bench: Bench) -> None:
    bench.wallet.quirk = "fails"
    failed = await bench.pay()
    assert isinstance(failed, Failed)
    assert await bench.look_up() == failed
    assert (bench.settled, await bench.spent()) == (False, ZERO)
    bench.wallet.quirk = None
    assert isinstance(await bench.pay(), Paid)


async def test_pending_arrives_after_some_look_ups(bench: Bench) -> None:
    bench.wallet.quirk = "pending-then-paid"
    assert isinstance(await bench.pay(), Unknown)
    assert await bench.spent() == PRICE
    results = [await bench.look_up() for _ in range(3)]
    assert [type(result) for result in results] == [Unknown, Unknown, Paid]
    assert bench.settled
    assert await bench.pay() == Paid(bench.invoice.preimage, ZERO)
    assert await bench.spent() == PRICE


async def test_pending_arrives_after_two_seconds(bench: Bench) -> None:
    bench.wallet.quirk = "pending-then-paid"
    await bench.pay()
    bench.clock.now += 1.9
    assert isinstance(await bench.look_up(), Unknown)
    assert not bench.settled
    bench.clock.now += 0.2
    assert isinstance(await bench.look_up(), Paid)


async def test_pending_forever_is_never_known_and_never_paid_twice(bench: Bench) -> None:
    bench.wallet.quirk = "pending-forever"
    assert isinstance(await bench.pay(), Unknown)
    bench.clock.now += 10_000
    for _ in range(5):
        assert isinstance(await bench.look_up(), Unknown)
        assert isinstance(await bench.pay(), Unknown)
    assert (bench.settled, await bench.spent()) == (False, PRICE)


async def test_paid_without_preimage_costs_and_proves_nothing(bench: Bench) -> None:
    bench.wallet.quirk = "paid-without-preimage"
    assert isinstance(await bench.pay(), PaidWithoutProof)
    assert isinstance(await bench.look_up(), PaidWithoutProof)
    assert (bench.settled, await bench.spent()) == (True, PRICE)


async def test_a_wrong_preimage_proves_nothing(bench: Bench) -> None:
    bench.wallet.quirk = "wrong-preimage"
    result = await bench.pay()
    assert isinstance(result, Paid)
    assert not result.preimage.proves(bench.invoice.payment_hash)
    assert await bench.look_up() == result


async def test_an_unknown_hash_was_never_paid(bench: Bench) -> None:
    assert await bench.wallet.look_up(PaymentHash(b"\x05" * 32)) is None


async def test_every_registered_wallet_quirk_is_taken_and_no_other(bench: Bench) -> None:
    for name in QUIRKS:
        if name.startswith(WALLET_PREFIX):
            bench.wallet.quirk = name.removeprefix(WALLET_PREFIX)
    with pytest.raises(ValueError, match="no quirk"):
        bench.wallet.quirk = "explodes"
