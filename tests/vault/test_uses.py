"""The history of a token: what was asked with it, the newest first, the oldest forgotten, never a query."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from l402desk.store.schema import migrate
from l402desk.vault import uses
from l402desk.vault.rows import SCHEMA, Rows
from l402desk.vault.tokens import TokenUse
from tests.fakes.purchased import NOW, new_seal, new_token


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.row_factory = sqlite3.Row
    made.execute("PRAGMA foreign_keys = ON")
    migrate(made, (SCHEMA,))
    for number in (1, 2):
        Rows(new_seal()).insert(made, str(number), new_token(number, purchase_id=f"p{number}"), NOW)
    yield made
    made.close()


def use(number: int, path: str = "/v1/data") -> TokenUse:
    return TokenUse(NOW + number, "GET", path, 200 + number % 2)


def counted(connection: sqlite3.Connection, token_id: str) -> int:
    found: int = connection.execute("SELECT uses FROM tokens WHERE id = ?", (token_id,)).fetchone()[0]
    return found


def test_a_use_is_counted_and_remembered_with_its_own_token(connection: sqlite3.Connection) -> None:
    for number in range(3):
        uses.record(connection, "1", use(number))
    uses.record(connection, "2", use(9))
    assert uses.newest(connection, 1, 2) == [use(2), use(1)]
    assert uses.newest(connection, 2, 9) == [use(9)]
    assert (counted(connection, "1"), counted(connection, "2")) == (3, 1)


def test_no_query_is_written_down(connection: sqlite3.Connection) -> None:
    uses.record(connection, "1", use(1, "/v1/data?api_key=canary#canary"))
    uses.record(connection, "1", use(1, "/" + "x" * 9_000))
    longest, first = uses.newest(connection, 1, 9)
    assert first.path == "/v1/data"
    assert len(longest.path) == uses.MOST_PATH


def test_the_oldest_are_forgotten_and_still_counted(
    connection: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uses, "MOST_USES", 3)
    uses.record(connection, "2", use(0))
    for number in range(7):
        uses.record(connection, "1", use(number))
    assert uses.newest(connection, 1, 99) == [use(6), use(5), use(4)]
    assert uses.newest(connection, 2, 99) == [use(0)]
    assert counted(connection, "1") == 7


def test_the_history_goes_with_its_token(connection: sqlite3.Connection) -> None:
    uses.record(connection, "1", use(1))
    connection.execute("DELETE FROM tokens WHERE id = '1'")
    assert connection.execute("SELECT count(*) FROM token_uses").fetchone()[0] == 0
