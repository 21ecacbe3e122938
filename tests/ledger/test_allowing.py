"""Budgets are counted in the transaction of the intent, whatever the clock, the process or the crowd does."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from l402desk.ledger.allowing import COUNTED
from l402desk.ledger.budgets import DAY_S, Budget, Caps
from l402desk.ledger.errors import NotAutomatic, OverBudget
from l402desk.ledger.ledger import Ledger
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.ledger.rate import Rate
from l402desk.ledger.rows import SCHEMA
from l402desk.ledger.uptime import Uptime
from l402desk.protocol.amount import MOST, ZERO, Msat
from l402desk.protocol.origin import Origin
from l402desk.store.database import Database
from tests.fakes.purchased import URL, Clock, new_intent, new_seal, preimage_of

pytestmark = pytest.mark.anyio
HOST = Origin.of(URL)
OTHER = "https://other.example/v1/data"
WALLET = "Fake wallet"
EACH = Msat(22_000)
"""What one intent counts: 21 sats, and one for routing."""


class Machine:
    """A wall clock that anybody sets, and an uptime that nobody does."""

    def __init__(self) -> None:
        self.wall = Clock()
        self.boot = "first boot"
        self.seconds = 1_000

    def uptime(self) -> Uptime:
        return Uptime(self.boot, self.seconds)

    def pass_time(self, seconds: int) -> None:
        self.wall.now += seconds
        self.seconds += seconds


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def ledger(database: Database, machine: Machine) -> Ledger:
    return Ledger(database, new_seal(), machine.wall, machine.uptime)


async def offered(ledger: Ledger, number: int, host: str = "https://api.example") -> Purchase:
    return await ledger.offer(new_intent(number, f"{host}/v1/{number}"))


async def reserved(ledger: Ledger, number: int, host: str = "https://api.example") -> Purchase:
    return await ledger.reserve((await offered(ledger, number, host)).id, WALLET)


async def test_what_is_set_is_read_again_and_can_be_taken_back(ledger: Ledger) -> None:
    assert await ledger.caps() == Caps()
    await ledger.set_caps(Caps(Msat(1), Msat(2), Msat(3)))
    assert await ledger.caps() == Caps(Msat(1), Msat(2), Msat(3))
    await ledger.set_caps(Caps(day=ZERO))
    assert await ledger.caps() == Caps(day=ZERO)


async def test_a_payment_over_the_cap_reserves_nothing(ledger: Ledger) -> None:
    await ledger.set_caps(Caps(payment=Msat(21_999)))
    purchase = await offered(ledger, 1)
    with pytest.raises(OverBudget) as told:
        await ledger.reserve(purchase.id, WALLET)
    assert told.value.excess.budget is Budget.PAYMENT
    assert (await ledger.get(purchase.id)).state is PurchaseState.OFFERED
    assert await ledger.spent_day() == ZERO
    broken = await ledger.reserve(purchase.id, WALLET, over_budget=True)
    assert broken.state is PurchaseState.INTENT
    assert await ledger.spent_day() == EACH


async def test_amount_and_fee_limit_count_from_the_intent_on(ledger: Ledger) -> None:
    await offered(ledger, 1)
    assert await ledger.spent_day() == ZERO
    await reserved(ledger, 2)
    allowance = await ledger.allowance(HOST)
    assert (allowance.spent_host, allowance.spent_day) == (EACH, EACH)
    elsewhere = await ledger.allowance(Origin.of(OTHER))
    assert (elsewhere.spent_host, elsewhere.spent_day) == (ZERO, EACH)


@pytest.mark.parametrize(
    ("end", "counted"),
    [
        ("settle with fee", Msat(21_003)),
        ("settle", EACH),
        ("fail", ZERO),
        ("unknown", EACH),
        ("without proof", EACH),
    ],
)
async def test_the_result_corrects_what_counts(ledger: Ledger, database: Database, end: str, counted: Msat) -> None:
    purchase = await ledger.submit((await reserved(ledger, 1)).id)
    match end:
        case "settle with fee":
            await ledger.settle(purchase.id, preimage_of(1), Msat(3))
        case "settle":
            await ledger.settle(purchase.id, preimage_of(1))
        case "fail":
            await ledger.fail(purchase.id, "no route")
        case "unknown":
            await ledger.unknown(purchase.id, "no answer")
        case "without proof":
            await ledger.without_proof(purchase.id, "no preimage")
    assert await ledger.spent_day() == counted
    assert (await ledger.get(purchase.id)).counted == counted
    sums = await database.read(lambda c: c.execute(f"SELECT {COUNTED} FROM purchases").fetchall())
    assert [row[0] for row in sums] == [counted.value]


async def test_what_a_phone_paid_counts_without_a_routing_fee(ledger: Ledger) -> None:
    purchase = await offered(ledger, 1)
    await ledger.settle(purchase.id, preimage_of(1))
    assert await ledger.spent_day() == Msat(21_000)
    assert (await ledger.get(purchase.id)).counted == Msat(21_000)


async def test_a_payment_that_settles_after_it_was_called_failed_counts_again(ledger: Ledger) -> None:
    purchase = await ledger.submit((await reserved(ledger, 1)).id)
    await ledger.fail(purchase.id, "no route")
    await ledger.settle(purchase.id, preimage_of(1), ZERO)
    assert await ledger.spent_day() == Msat(21_000)


async def test_a_day_is_over_after_twenty_four_hours(ledger: Ledger, machine: Machine) -> None:
    await ledger.set_caps(Caps(day=EACH))
    await reserved(ledger, 1)
    machine.pass_time(DAY_S - 1)
    second = await offered(ledger, 2)
    with pytest.raises(OverBudget):
        await ledger.reserve(second.id, WALLET)
    machine.pass_time(2)
    await ledger.reserve(second.id, WALLET)


@pytest.mark.parametrize("jump", [-400 * DAY_S, -DAY_S, -3_600, 3_600, 2 * DAY_S, 400 * DAY_S])
async def test_a_clock_that_jumps_frees_no_budget(ledger: Ledger, machine: Machine, jump: int) -> None:
    await ledger.set_caps(Caps(day=EACH))
    await reserved(ledger, 1)
    machine.wall.now += jump
    second = await offered(ledger, 2)
    with pytest.raises(OverBudget):
        await ledger.reserve(second.id, WALLET)


async def test_after_a_restart_of_the_machine_the_wall_clock_counts(ledger: Ledger, machine: Machine) -> None:
    await reserved(ledger, 1)
    machine.boot, machine.seconds = "second boot", 10
    machine.wall.now += 3_600
    assert await ledger.spent_day() == EACH
    machine.wall.now += DAY_S
    assert await ledger.spent_day() == ZERO


async def test_of_a_hundred_payments_at_once_only_what_the_budget_holds_goes_through(
    ledger: Ledger, database: Database, machine: Machine
) -> None:
    other = await Database.open(database.path, (SCHEMA,))
    ledgers = (ledger, Ledger(other, new_seal(), machine.wall, machine.uptime))
    await ledger.set_caps(Caps(day=Msat(7 * EACH.value + 1)))
    purchases = [await offered(ledger, number) for number in range(100)]
    outcomes = await asyncio.gather(
        *(ledgers[n % 2].reserve(p.id, WALLET) for n, p in enumerate(purchases)), return_exceptions=True
    )
    await other.close()
    assert sum(isinstance(outcome, Purchase) for outcome in outcomes) == 7
    assert sum(isinstance(outcome, OverBudget) for outcome in outcomes) == 93
    assert await ledger.spent_day() == Msat(7 * EACH.value)


async def test_nothing_is_paid_without_a_question_before_all_three_caps_are_set(ledger: Ledger) -> None:
    await ledger.arm(WALLET, True)
    purchase = await offered(ledger, 1)
    for caps in (Caps(), Caps(payment=EACH), Caps(EACH, EACH)):
        await ledger.set_caps(caps)
        with pytest.raises(NotAutomatic, match="all three"):
            await ledger.reserve(purchase.id, WALLET, automatic=True)
    await ledger.set_caps(Caps(EACH, EACH, EACH))
    assert (await ledger.reserve(purchase.id, WALLET, automatic=True)).automatic


async def test_only_an_armed_wallet_or_play_money_pays_without_a_question(ledger: Ledger) -> None:
    await ledger.set_caps(Caps(EACH, Msat(10**6), Msat(10**6)))
    purchase = await offered(ledger, 1)
    with pytest.raises(NotAutomatic, match="may not pay by itself"):
        await ledger.reserve(purchase.id, WALLET, automatic=True)
    await ledger.arm(WALLET, True)
    assert await ledger.armed() == {WALLET}
    await ledger.reserve(purchase.id, WALLET, automatic=True)
    await ledger.arm(WALLET, False)
    assert await ledger.armed() == frozenset()
    another = await offered(ledger, 2)
    await ledger.reserve(another.id, "Play wallet", automatic=True, is_play=True)


async def test_without_a_question_no_word_breaks_a_cap(ledger: Ledger) -> None:
    await ledger.arm(WALLET, True)
    await ledger.set_caps(Caps(ZERO, EACH, EACH))
    purchase = await offered(ledger, 1)
    with pytest.raises(OverBudget):
        await ledger.reserve(purchase.id, WALLET, automatic=True, over_budget=True)


async def test_a_purchase_keeps_the_rate_of_its_day(ledger: Ledger) -> None:
    euro = Rate("EUR", Decimal("85000.50"))
    before = await offered(ledger, 1)
    await ledger.set_rate(euro)
    assert await ledger.rate() == euro
    noted = await offered(ledger, 2)
    await ledger.set_rate(Rate("USD", Decimal(1)))
    assert ((await ledger.get(before.id)).rate, (await ledger.get(noted.id)).rate) == (None, euro)
    await ledger.set_rate(None)
    assert await ledger.rate() is None


@pytest.mark.parametrize(("fee", "known"), [(MOST, False), (MOST - 21_000, True)])
async def test_a_wallet_that_lies_about_its_fees_does_not_keep_others_from_being_paid(
    ledger: Ledger, fee: int, known: bool
) -> None:
    for number in range(1, 7):
        purchase = await ledger.submit((await reserved(ledger, number)).id)
        settled = await ledger.settle(purchase.id, preimage_of(number), Msat(fee))
        assert settled.fee == (Msat(fee) if known else None)
        assert settled.counted == (Msat(MOST) if known else EACH)
    assert await ledger.spent_day() == Msat(MOST if known else 6 * EACH.value)
    assert (await reserved(ledger, 7)).state is PurchaseState.INTENT


async def test_a_fee_that_cannot_be_is_not_learned_later_either(ledger: Ledger) -> None:
    purchase = await ledger.submit((await reserved(ledger, 1)).id)
    await ledger.settle(purchase.id, preimage_of(1))
    assert (await ledger.settle(purchase.id, preimage_of(1), Msat(MOST))).fee is None
    assert (await ledger.settle(purchase.id, preimage_of(1), Msat(3))).fee == Msat(3)
