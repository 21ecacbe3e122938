from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from l402desk.ledger.errors import AlreadyClaimed, HashSpent, NotSettled, OpenPurchase, Refused, StepRefused
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.ledger.rows import SCHEMA, Rows, purchase_of
from l402desk.store.schema import migrate
from tests.fakes.purchased import NOW, new_intent, new_seal


@pytest.fixture(scope="module")
def purchase() -> Purchase:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    migrate(connection, (SCHEMA,))
    Rows(new_seal()).insert(connection, "1", new_intent(), NOW, despite=False)
    made = purchase_of(connection.execute("SELECT * FROM purchases").fetchone())
    connection.close()
    return replace(made, state=PurchaseState.SUBMITTED, rail="Fake wallet")


def test_each_refusal_is_a_sentence_and_names_the_purchase_in_the_way(purchase: Purchase) -> None:
    for refusal in (
        HashSpent(purchase),
        OpenPurchase(purchase),
        AlreadyClaimed(purchase),
        StepRefused(purchase, PurchaseState.FAILED),
        NotSettled(purchase),
    ):
        assert isinstance(refusal, Refused)
        assert refusal.purchase is purchase
        assert str(refusal).endswith(".")


def test_the_words_say_how_much_to_whom_and_how_far_it_got(purchase: Purchase) -> None:
    for refusal in (HashSpent(purchase), OpenPurchase(purchase)):
        assert "21 sats to api.example" in str(refusal)
        assert "on its way" in str(refusal)


def test_a_claim_names_the_rail_that_has_the_invoice_or_why_none_needs_it(purchase: Purchase) -> None:
    assert "given to Fake wallet" in str(AlreadyClaimed(purchase))
    given_up = replace(purchase, rail=None, state=PurchaseState.FAILED)
    assert "not paid" in str(AlreadyClaimed(given_up))
