"""The statement: each purchase with its token, what a use has cost, and every order the table can be put in."""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from l402desk.engine.statement import EACH, USES, every_line, line, lines, numbers
from l402desk.ledger.errors import NoSuchPurchase
from l402desk.ledger.history import EVERYTHING, PurchaseFilter
from l402desk.ledger.purchases import PurchaseState
from l402desk.protocol.amount import ZERO, Msat
from l402desk.services import SCHEMAS
from l402desk.store.database import Database
from l402desk.vault.tokens import TokenState
from tests.fakes.bought import Bought, put
from tests.fakes.purchased import NOW

State = PurchaseState


@pytest.fixture
async def services(tmp_path: Path) -> AsyncIterator[Any]:
    database = await Database.open(tmp_path / "app" / "desk.sqlite", SCHEMAS)
    yield SimpleNamespace(database=database)
    await database.close()


@pytest.mark.anyio
async def test_a_line_has_its_purchase_its_token_and_what_a_use_costs(services: Any) -> None:
    await put(services.database, Bought(1, msat=21_000, fee=300, uses=4), Bought(2, uses=0), Bought(3))
    bought = await line(services, "purchase-1")
    assert bought.purchase.amount == Msat(21_000)
    assert bought.token is not None
    assert (bought.token.id, bought.token.uses, bought.token.state) == ("token-1", 4, TokenState.USABLE)
    assert bought.cost == Msat(21_300)
    assert bought.each == Msat(5_325)
    assert (await line(services, "purchase-2")).each is None
    without = await line(services, "purchase-3")
    assert without.token is None
    assert without.each is None


@pytest.mark.anyio
async def test_what_was_not_paid_for_certain_has_no_cost(services: Any) -> None:
    unsettled = [state for state in State if state is not State.SETTLED]
    await put(services.database, *(Bought(n, state=state) for n, state in enumerate(unsettled, 1)))
    found = await lines(services, await numbers(services))
    assert len(found) == len(unsettled)
    assert all(some.cost == ZERO and some.each is None for some in found.values())


@pytest.mark.anyio
async def test_the_table_is_sorted_by_uses_and_by_what_one_costs(services: Any) -> None:
    await put(
        services.database,
        Bought(1, msat=10_000, uses=10),
        Bought(2, msat=10_000, fee=1, uses=10),
        Bought(3, msat=9_000, uses=1),
        Bought(4, msat=5, uses=0),
        Bought(5, msat=1),
    )
    assert list(await numbers(services, order=USES)) == [2, 1, 3, 4, 5]
    assert list(await numbers(services, order=EACH)) == [3, 2, 1, 5, 4]
    assert list(await numbers(services, order=EACH, descending=False))[:3] == [1, 2, 3]
    only = PurchaseFilter(text="demo", states=frozenset({State.SETTLED}), since=NOW, host="api.example")
    assert list(await numbers(services, only, USES)) == [2, 1, 3, 4, 5]


@pytest.mark.anyio
async def test_all_lines_come_in_order_and_some_at_a_time(services: Any) -> None:
    await put(services.database, *(Bought(n, NOW + n) for n in range(1, 1_203)))
    parts = [part async for part in every_line(services, EVERYTHING)]
    assert [len(part) for part in parts] == [500, 500, 202]
    ids = [some.purchase.id for part in parts for some in part]
    assert ids == [f"purchase-{n}" for n in range(1_202, 0, -1)]


@pytest.mark.anyio
async def test_a_purchase_that_is_not_there_is_none(services: Any) -> None:
    with pytest.raises(NoSuchPurchase):
        await line(services, "nobody")
    assert await lines(services, [7]) == {}


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.integers(1, 10**15), st.none() | st.integers(0, 10**9), st.none() | st.integers(0, 10**6)),
        min_size=1,
        max_size=12,
    )
)
def test_a_use_costs_price_and_fee_over_uses_to_the_nearest_msat(
    purchases: list[tuple[int, int | None, int | None]],
) -> None:
    async def ask() -> None:
        with tempfile.TemporaryDirectory() as folder:
            database = await Database.open(Path(folder) / "app" / "desk.sqlite", SCHEMAS)
            try:
                some = [Bought(n, msat=m, fee=f, uses=u) for n, (m, f, u) in enumerate(purchases, 1)]
                await put(database, *random.Random(1).sample(some, len(some)))
                services: Any = SimpleNamespace(database=database)
                found = await lines(services, await numbers(services))
                for number, (msat, fee, uses) in enumerate(purchases, 1):
                    each = found[number].each
                    if not uses:
                        assert each is None
                        continue
                    assert each is not None
                    exact = Fraction(msat + (fee or 0), uses)
                    assert abs(exact - each.value) <= Fraction(1, 2)
            finally:
                await database.close()

    asyncio.run(ask())
