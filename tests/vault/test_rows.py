from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from l402desk.store.errors import SealBroken
from l402desk.store.schema import migrate
from l402desk.vault.rows import SCHEMA, Rows, rank_of
from l402desk.vault.scope import Reach, Scope
from tests.fakes.purchased import NOW, credential_of, new_seal, new_token, preimage_of

ROWS = Rows(new_seal())


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    migrate(connection, (SCHEMA,))
    for number in (1, 2):
        ROWS.insert(connection, str(number), new_token(number), NOW)
    yield connection
    connection.close()


def row(connection: sqlite3.Connection, token_id: str) -> sqlite3.Row:
    found = connection.execute("SELECT * FROM tokens WHERE id = ?", (token_id,)).fetchone()
    assert isinstance(found, sqlite3.Row)
    return found


def test_a_row_opens_to_what_was_sealed(connection: sqlite3.Connection) -> None:
    assert ROWS.token(row(connection, "1")) == new_token(1).token
    assert ROWS.summary(row(connection, "2")).payment_hash == preimage_of(2).payment_hash().hex


def test_no_clear_column_holds_a_secret(connection: sqlite3.Connection) -> None:
    clear = repr([tuple(row(connection, "1"))])
    for secret in (credential_of(1, "services=demo:0"), preimage_of(1).hex, "services=demo", "signature"):
        assert secret not in clear
    assert preimage_of(1).raw not in b"".join(v for v in row(connection, "1") if isinstance(v, bytes))


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE tokens SET secret = (SELECT secret FROM tokens WHERE id = '2') WHERE id = '1'",
        "UPDATE tokens SET secret = caveats WHERE id = '1'",
        "UPDATE tokens SET id = 'x' WHERE id = '2'; UPDATE tokens SET id = '2' WHERE id = '1'",
        "UPDATE tokens SET origin = 'https://thief.example' WHERE id = '1'",
        "UPDATE tokens SET secret = x'00' WHERE id = '1'",
    ],
)
def test_a_row_that_was_edited_does_not_open_and_says_so(connection: sqlite3.Connection, tampering: str) -> None:
    connection.executescript(tampering)
    victim = connection.execute("SELECT * FROM tokens ORDER BY number").fetchone()
    with pytest.raises(SealBroken):
        ROWS.token(victim)
    assert not ROWS.summary(victim).is_intact


def test_another_vaults_key_opens_no_row(connection: sqlite3.Connection) -> None:
    with pytest.raises(SealBroken):
        Rows(new_seal(bytes(32))).held(row(connection, "1"))


def test_within_a_path_the_more_specific_row_ranks_higher() -> None:
    order = [
        rank_of(Scope.of(reach, "/"), method)
        for reach in (Reach.HOST, Reach.PREFIX, Reach.EXACT)
        for method in (None, "GET")
    ]
    assert order == sorted(order)
    assert len(set(order)) == 6
