from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from l402desk.ledger.purchases import Delivery, PurchaseState
from l402desk.ledger.rows import SCHEMA, Rows, purchase_of
from l402desk.protocol.invoice import read_invoice
from l402desk.store.errors import SealBroken
from l402desk.store.schema import migrate
from tests.fakes.invoices import mint_invoice
from tests.fakes.purchased import NOW, challenge_of, credential_of, new_intent, new_seal, preimage_of

ROWS = Rows(new_seal())
SETTLE = "UPDATE purchases SET state = 'settled', rail = 'phone', delivery = 'undelivered', preimage = ? WHERE id = '1'"


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    migrate(connection, (SCHEMA,))
    for number in (1, 2):
        intent = new_intent(number, "https://api.example/v1/data?key=canary", request=b"canary body")
        ROWS.insert(connection, str(number), intent, NOW, despite=False)
    yield connection
    connection.close()


def row(connection: sqlite3.Connection) -> sqlite3.Row:
    found = connection.execute("SELECT * FROM purchases ORDER BY number").fetchone()
    assert isinstance(found, sqlite3.Row)
    return found


def test_a_row_gives_back_what_was_written(connection: sqlite3.Connection) -> None:
    connection.execute(SETTLE, (ROWS.seal_preimage("1", preimage_of(1)),))
    purchase, secrets = purchase_of(row(connection)), ROWS.secrets(row(connection))
    assert (purchase.state, purchase.delivery) == (PurchaseState.SETTLED, Delivery.UNDELIVERED)
    assert (purchase.path, purchase.amount.value, purchase.created_at) == ("/v1/data", 21_000, NOW)
    assert secrets.url == "https://api.example/v1/data?key=canary"
    assert (secrets.credential, secrets.request) == (credential_of(1), b"canary body")
    assert secrets.preimage == preimage_of(1)


def test_no_clear_column_holds_a_secret(connection: sqlite3.Connection) -> None:
    connection.execute(SETTLE, (ROWS.seal_preimage("1", preimage_of(1)),))
    for value in tuple(row(connection)):
        raw = value if isinstance(value, bytes) else str(value).encode()
        for secret in (b"canary", credential_of(1).encode(), preimage_of(1).raw, preimage_of(1).hex.encode()):
            assert secret not in raw


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE purchases SET challenge = (SELECT challenge FROM purchases WHERE id = '2') WHERE id = '1'",
        "UPDATE purchases SET request = challenge WHERE id = '1'",
        "UPDATE purchases SET origin = 'https://thief.example' WHERE id = '1'",
        "UPDATE purchases SET payment_hash = zeroblob(32) WHERE id = '1'",
        "UPDATE purchases SET id = 'x' WHERE id = '2'; UPDATE purchases SET id = '2' WHERE id = '1'",
    ],
)
def test_a_row_that_was_edited_does_not_open(connection: sqlite3.Connection, tampering: str) -> None:
    connection.executescript(tampering)
    with pytest.raises(SealBroken):
        ROWS.secrets(row(connection))


def test_a_sealed_preimage_that_proves_something_else_is_no_proof(connection: sqlite3.Connection) -> None:
    connection.execute(SETTLE, (ROWS.seal_preimage("1", preimage_of(2)),))
    with pytest.raises(SealBroken):
        ROWS.preimage(row(connection))


# The laws, written down in the file itself: a mistake above them cannot break them.


@pytest.mark.parametrize(
    "breaking",
    [
        "UPDATE purchases SET state = 'failed' WHERE id = '1'",
        "UPDATE purchases SET preimage = x'00' WHERE id = '1'",
        "UPDATE purchases SET preimage = NULL WHERE id = '1'",
    ],
)
def test_settled_is_final_whoever_asks(connection: sqlite3.Connection, breaking: str) -> None:
    connection.execute(SETTLE, (ROWS.seal_preimage("1", preimage_of(1)),))
    with pytest.raises(sqlite3.IntegrityError, match="settled is final"):
        connection.execute(breaking)


def test_nothing_is_settled_without_a_preimage(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute("UPDATE purchases SET state = 'settled', rail = 'phone', delivery = 'undelivered'")


def test_a_rail_is_never_exchanged_for_another(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE purchases SET rail = 'one' WHERE id = '1'")
    for rail in ("'two'", "NULL"):
        with pytest.raises(sqlite3.IntegrityError, match="one rail"):
            connection.execute(f"UPDATE purchases SET rail = {rail} WHERE id = '1'")


def test_a_payment_hash_has_one_row(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        ROWS.insert(connection, "3", new_intent(1), NOW, despite=True)


def test_an_invoice_that_outlives_every_calendar_can_be_written_down(connection: sqlite3.Connection) -> None:
    text = mint_invoice(21_000, preimage=preimage_of(9).raw, expiry=2**62)
    intent = replace(new_intent(9), challenge=replace(challenge_of(9), invoice=text), invoice=read_invoice(text))
    ROWS.insert(connection, "9", intent, NOW, despite=False)
    stored = connection.execute("SELECT expires_at FROM purchases WHERE id = '9'").fetchone()
    assert stored["expires_at"] == intent.invoice.expires_at
