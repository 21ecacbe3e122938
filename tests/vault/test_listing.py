"""A list by its numbers: the shelves, the search and every order, the same as a plain sort would give."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator

import pytest

from l402desk.store.schema import migrate
from l402desk.vault.listing import count, numbers, rows, rows_of, tally
from l402desk.vault.rows import SCHEMA, Rows
from l402desk.vault.tokens import TokenState
from l402desk.vault.wanted import Order, OrderBy, Shelf, Wanted
from tests.fakes.purchased import NOW, new_seal, new_token

ROWS = Rows(new_seal())
HOSTS = ("https://b.example", "http://127.0.0.1:8402", "https://a.example", "https://B.example")


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    """Six tokens: 4 is expired, 5 is owed, 6 is in the trash."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.row_factory = sqlite3.Row
    migrate(made, (SCHEMA,))
    for number, (title, path, price, end) in enumerate(
        [
            ("weather", "/z", 5_000, NOW + 900),
            ("Oracle", "/a", None, None),
            ("apples", "/m", 21_000, NOW + 60),
            ("weather", "/z", 1_000, NOW - 1),
            ("maps_100%", "/b", 900, None),
            ("old", "/c", 1, None),
        ],
        1,
    ):
        caveats = () if end is None else (f"expires_at={end}",)
        new = new_token(
            number,
            HOSTS[number % 4] + path,
            title=title,
            price=price,
            caveats=caveats,
            bought_at=NOW - (number * 7) % 5,
        )
        ROWS.insert(made, str(number), new, NOW)
        made.execute("UPDATE tokens SET uses = ? WHERE id = ?", ((number * 5) % 4, str(number)))
        made.execute(
            "UPDATE tokens SET last_status = ? WHERE id = ?", (None if number == 1 else 200 + number % 2, number)
        )
    made.execute("UPDATE tokens SET state = 'undelivered' WHERE id = '5'")
    made.execute("UPDATE tokens SET state = 'trashed' WHERE id = '6'")
    made.execute("UPDATE tokens SET note = 'for the Lisbon trip' WHERE id = '3'")
    yield made
    made.close()


def ids(connection: sqlite3.Connection, wanted: Wanted) -> list[int]:
    return list(numbers(connection, wanted, NOW))


@pytest.mark.parametrize(
    ("shelf", "there"),
    [
        (Shelf.ALL, {1, 2, 3, 4, 5}),
        (Shelf.USABLE, {1, 2, 3}),
        (Shelf.EXPIRED, {4}),
        (Shelf.OWED, {5}),
        (Shelf.TRASH, {6}),
    ],
)
def test_each_shelf_holds_its_own(connection: sqlite3.Connection, shelf: Shelf, there: set[int]) -> None:
    assert set(ids(connection, Wanted(shelf=shelf))) == there
    assert count(connection, Wanted(shelf=shelf), NOW) == len(there)
    assert tally(connection, NOW)[shelf] == len(there)


def test_a_token_is_expired_when_its_time_has_come(connection: sqlite3.Connection) -> None:
    assert set(numbers(connection, Wanted(shelf=Shelf.EXPIRED), NOW + 60)) == {3, 4}
    assert set(numbers(connection, Wanted(shelf=Shelf.USABLE), NOW + 60)) == {1, 2}


def _host(row: sqlite3.Row) -> str:
    return str(row["origin"]).partition("://")[2]


PLAIN: dict[OrderBy, Callable[[sqlite3.Row], object]] = {
    OrderBy.SERVICE: lambda row: row["title"].lower(),
    OrderBy.HOST: _host,
    OrderBy.SCOPE: lambda row: row["path"],
    OrderBy.PRICE: lambda row: -1 if row["price_msat"] is None else row["price_msat"],
    OrderBy.BOUGHT: lambda row: row["bought_at"],
    OrderBy.EXPIRY: lambda row: 2**63 if row["expires_at"] is None else row["expires_at"],
    OrderBy.USES: lambda row: row["uses"],
    OrderBy.RESULT: lambda row: (row["state"], -1 if row["last_status"] is None else row["last_status"]),
}


@pytest.mark.parametrize("by", OrderBy)
@pytest.mark.parametrize("search", ["", "e"])
@pytest.mark.parametrize("descending", [False, True])
def test_an_order_is_what_a_plain_sort_gives(
    connection: sqlite3.Connection, by: OrderBy, search: str, descending: bool
) -> None:
    wanted = Wanted(search, Shelf.ALL, Order(by, descending))
    found = rows_of(connection, ids(connection, wanted))
    plain = sorted(found, key=lambda row: (PLAIN[by](row), row["number"]), reverse=descending)
    assert ids(connection, wanted) == [row["number"] for row in plain]
    assert len(plain) == (4 if search else 5)


@pytest.mark.parametrize(
    ("search", "there"),
    [
        ("WEATHER", {1, 4}),
        ("lisbon", {3}),
        ("127.0.0.1", {1, 5}),
        ("/m", {3}),
        ("100%", {5}),
        ("s_1", {5}),
        ("a_p", set()),
        ("nothing of the kind", set()),
    ],
)
def test_a_search_looks_into_titles_hosts_paths_and_notes(
    connection: sqlite3.Connection, search: str, there: set[int]
) -> None:
    assert set(ids(connection, Wanted(search))) == there
    assert count(connection, Wanted(search), NOW) == len(there)


def test_the_trash_is_searched_by_itself(connection: sqlite3.Connection) -> None:
    assert ids(connection, Wanted("old")) == []
    assert ids(connection, Wanted("old", Shelf.TRASH)) == [6]


def test_a_stretch_of_rows_comes_in_order(connection: sqlite3.Connection) -> None:
    wanted = Wanted(order=Order(OrderBy.PRICE, descending=True))
    whole = [row["number"] for row in rows(connection, wanted, NOW, 100, 0)]
    assert whole == ids(connection, wanted)
    assert [row["number"] for row in rows(connection, wanted, NOW, 2, 1)] == whole[1:3]


def test_rows_that_are_gone_are_left_out(connection: sqlite3.Connection) -> None:
    assert {row["number"] for row in rows_of(connection, [3, 99, 1])} == {1, 3}
    assert rows_of(connection, []) == []


def test_every_state_is_on_a_shelf(connection: sqlite3.Connection) -> None:
    for state in TokenState:
        connection.execute("UPDATE tokens SET state = ? WHERE id = '1'", (state,))
        assert [shelf for shelf in (Shelf.ALL, Shelf.TRASH) if 1 in ids(connection, Wanted(shelf=shelf))] == [
            Shelf.TRASH if state is TokenState.TRASHED else Shelf.ALL
        ]
