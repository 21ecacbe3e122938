"""The second step on a vault of the first: nothing is lost, and every order has an index of its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from l402desk.store.schema import Schema, migrate
from l402desk.vault import finding
from l402desk.vault.listing import _query
from l402desk.vault.schema import NEVER, SCHEMA
from l402desk.vault.wanted import Order, OrderBy, Shelf, Wanted

OLD = Schema("vault", SCHEMA.steps[:1])


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    migrate(connection, (OLD,))
    yield connection
    connection.close()


def plan(connection: sqlite3.Connection, wanted: Wanted) -> str:
    sql, values = _query("number", wanted, 0)
    return "\n".join(row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values))


def test_a_vault_of_the_first_version_keeps_its_tokens(connection: sqlite3.Connection) -> None:
    connection.execute(
        "INSERT INTO tokens"
        " (id, payment_hash, title, origin, reach, path, rank, scheme, bought_at, state, caveats, secret)"
        " VALUES ('1', x'00', 'Demo', 'https://a.example', 'exact', '/', 4, 'L402', 9, 'usable', x'00', x'00')"
    )
    migrate(connection, (SCHEMA,))
    row = connection.execute("SELECT * FROM tokens").fetchone()
    assert (row["title"], row["note"], row["source"]) == ("Demo", None, "bought")


@pytest.mark.parametrize("by", OrderBy)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("shelf", [Shelf.ALL, Shelf.USABLE])
def test_a_list_is_read_in_order_from_an_index_alone(
    connection: sqlite3.Connection, by: OrderBy, descending: bool, shelf: Shelf
) -> None:
    migrate(connection, (SCHEMA,))
    told = plan(connection, Wanted(shelf=shelf, order=Order(by, descending)))
    assert "USING COVERING INDEX" in told
    assert "TEMP B-TREE" not in told


def test_a_search_reads_the_words_from_their_index(connection: sqlite3.Connection) -> None:
    migrate(connection, (SCHEMA,))
    assert "SCAN tokens USING COVERING INDEX tokens_by_words" in plan(connection, Wanted("weather"))


def test_a_token_for_an_address_is_looked_up_by_its_place_however_many_there_are(
    connection: sqlite3.Connection,
) -> None:
    """One that was refused with 402 is looked for too, so an index of the sendable ones alone would not be used."""
    migrate(connection, (SCHEMA,))
    values = {"origin": "https://a.example", "path": "/", "method": "GET", "now": 0, "most": 9}
    told = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {finding._FIND}", values)]
    assert told == ["SEARCH tokens USING INDEX tokens_by_place (origin=? AND path=?)"]
    others = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {finding._OTHERS}", values)]
    assert others[0] == "SEARCH tokens USING INDEX tokens_by_place (origin=?)"


def test_what_never_ends_comes_after_every_end() -> None:
    assert str(NEVER) in SCHEMA.steps[1]
    assert NEVER == 2**63 - 1
