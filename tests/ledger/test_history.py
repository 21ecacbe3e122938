"""The history of purchases: what a filter lets through, in which order, and the same whatever is asked about it."""

from __future__ import annotations

import pytest

from l402desk.ledger.history import (
    AMOUNT,
    FEE,
    HOST,
    RAIL,
    REQUEST,
    STATE,
    TIME,
    History,
    Order,
    PurchaseFilter,
)
from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.store.database import Database
from tests.fakes.bought import Bought, put
from tests.fakes.purchased import NOW

pytestmark = pytest.mark.anyio
State = PurchaseState
SEVERAL = (
    Bought(1, NOW, title="Weather", path="/weather", msat=21_000, fee=5, rail="alice"),
    Bought(2, NOW + 10, "https://shop.example:8443", "/v1/100%", "POST", "Oracle", 5_000, state=State.UNKNOWN),
    Bought(3, NOW + 10, "http://127.0.0.1:8402", "/a_b", msat=1, fee=1_000, delivery=Delivery.REFUSED, rail="Bob"),
    Bought(4, NOW - 500, "https://shop.example:8443", "/old", state=State.FAILED, rail="phone"),
    Bought(5, NOW + 20, state=State.OFFERED, title=""),
)


@pytest.fixture
async def history(database: Database) -> History:
    await put(database, *SEVERAL)
    return History(database)


async def found(history: History, **parts: object) -> set[int]:
    wanted = PurchaseFilter(**parts)  # type: ignore[arg-type]
    numbers = set(await history.numbers(wanted))
    assert await history.count(wanted) == len(numbers)
    return numbers


async def test_without_a_filter_everything_comes_the_newest_first(history: History) -> None:
    assert list(await history.numbers()) == [5, 3, 2, 1, 4]
    assert await history.count() == 5
    assert PurchaseFilter().is_empty


async def test_a_text_is_looked_for_in_title_host_path_and_method(history: History) -> None:
    assert await found(history, text="weath") == {1}
    assert await found(history, text="SHOP.example") == {2, 4}
    assert await found(history, text="post") == {2}
    assert await found(history, text="nothing of the kind") == set()


async def test_what_sql_takes_for_a_pattern_is_looked_for_as_it_stands(history: History) -> None:
    assert await found(history, text="100%") == {2}
    assert await found(history, text="a_b") == {3}
    assert await found(history, text="%") == {2}
    assert await found(history, text="_") == {3}
    assert await found(history, text="\\") == set()


async def test_the_beginning_of_a_payment_hash_finds_its_purchase(history: History) -> None:
    digits = SEVERAL[2].payment_hash.hex()
    for text in (digits, digits[:8], digits[:20].upper()):
        assert await found(history, text=text) == {3}
    assert await found(history, text=digits[:9]) == set()
    assert await found(history, text=digits[2:12]) == set()


async def test_states_delivery_host_and_rail_narrow_it(history: History) -> None:
    assert await found(history, states=frozenset({State.UNKNOWN, State.FAILED})) == {2, 4}
    assert await found(history, delivery=Delivery.REFUSED) == {3}
    assert await found(history, host="shop.example:8443") == {2, 4}
    assert await found(history, host="127.0.0.1:8402") == {3}
    assert await found(history, host="shop.example") == set()
    assert await found(history, rail="alice") == {1}
    assert await found(history, host="shop.example:8443", states=frozenset({State.FAILED}), text="old") == {4}


async def test_a_period_includes_its_first_second_and_not_its_last(history: History) -> None:
    assert await found(history, since=NOW, until=NOW + 10) == {1}
    assert await found(history, since=NOW + 10) == {2, 3, 5}
    assert await found(history, until=NOW) == {4}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (TIME, [4, 1, 2, 3, 5]),
        (HOST, [3, 1, 5, 2, 4]),
        (REQUEST, [3, 4, 5, 1, 2]),
        (AMOUNT, [3, 2, 1, 4, 5]),
        (FEE, [1, 3, 2, 4, 5]),
        (STATE, [4, 5, 1, 3, 2]),
        (RAIL, [1, 3, 2, 4, 5]),
    ],
)
async def test_every_column_can_be_sorted_by_and_what_has_no_value_comes_last(
    history: History, order: Order, expected: list[int]
) -> None:
    assert list(await history.numbers(order=order, descending=False)) == expected
    values = list(await history.numbers(order=order))
    assert sorted(values) == [1, 2, 3, 4, 5]
    if order is FEE:
        assert values[:2] == [3, 1]
    if order is RAIL:
        assert values[-1] == 5


async def test_purchases_come_by_their_numbers_also_more_than_one_question_can_hold(
    database: Database, history: History
) -> None:
    await put(database, *(Bought(number, NOW + number) for number in range(10, 1_300)))
    numbers = await history.numbers()
    purchases = await history.at(numbers)
    assert len(purchases) == len(numbers) == 1_295
    assert purchases[2].title == "Oracle"
    assert purchases[1_299].created_at == NOW + 1_299
    assert await history.at([999_999]) == {}
    assert list(await history.numbers(limit=2)) == [1_299, 1_298]


async def test_a_purchase_has_a_number_and_a_stranger_none(history: History) -> None:
    assert await history.number_of("purchase-3") == 3
    assert await history.number_of("no such purchase") is None


async def test_a_purchase_is_named_by_the_beginning_of_its_id_or_hash(history: History) -> None:
    assert await history.named("purchase-3") == ("purchase-3",)
    assert len(await history.named("purch")) == 2
    for purchase in SEVERAL:
        digits = purchase.payment_hash.hex()
        for text in (digits, digits[:9], digits[:12].upper()):
            assert await history.named(text) == (purchase.id,)
    for text in ("", "pu", "no such", "%%%%%", "0" * 8, "f" * 64, "x" * 99):
        assert await history.named(text) == ()


async def test_the_hosts_are_named_once_each(history: History) -> None:
    assert await history.hosts() == ("http://127.0.0.1:8402", "https://api.example", "https://shop.example:8443")


async def test_the_newest_come_from_an_index(database: Database, history: History) -> None:
    sql = "EXPLAIN QUERY PLAN SELECT number FROM purchases ORDER BY created_at DESC, number DESC"
    plan = await database.read(lambda connection: [str(row["detail"]) for row in connection.execute(sql)])
    assert plan == ["SCAN purchases USING COVERING INDEX purchases_by_time"]
