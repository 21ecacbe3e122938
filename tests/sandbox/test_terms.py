"""Terms become caveats, and quirks bend invoices."""

from __future__ import annotations

import unicodedata

import pytest

from l402desk.protocol.amount import Msat
from l402desk.sandbox.minting import MAINNET, Order
from l402desk.sandbox.terms import TABLE_BOMB_DESCRIPTION, Terms, order_for

TERMS = Terms("weather", Msat.of_sats(21), "Weather", tier=1, valid_for=60, uses=3, order_id="ord_1")
PRICE = Msat.of_sats(42)


def test_every_limit_becomes_a_caveat() -> None:
    assert TERMS.caveats(1000) == (
        "services=weather:1",
        "weather_valid_until=1060",
        "weather_max_uses=3",
        "order_id=ord_1",
    )


def test_no_limit_leaves_the_service_alone() -> None:
    assert Terms("echo", PRICE, "Echo").caveats(1000) == ("services=echo:0",)


def test_without_quirks_the_invoice_is_what_the_terms_say() -> None:
    assert order_for(TERMS, PRICE, frozenset()) == Order(PRICE, "Weather")


@pytest.mark.parametrize(
    ("quirk", "order"),
    [
        ("amountless", Order(None, "Weather")),
        ("expired", Order(PRICE, "Weather", age=7200)),
        ("mainnet-invoice", Order(PRICE, "Weather", network=MAINNET)),
        ("bad-signature", Order(PRICE, "Weather", forged=True)),
        ("table-bomb-description", Order(PRICE, TABLE_BOMB_DESCRIPTION)),
    ],
)
def test_a_quirk_bends_one_thing(quirk: str, order: Order) -> None:
    assert order_for(TERMS, PRICE, frozenset({quirk})) == order


def test_the_bidi_description_turns_text_around() -> None:
    description = order_for(TERMS, PRICE, frozenset({"bidi-description"})).description
    assert {"RLO", "PDF", "LRI", "PDI"} <= {unicodedata.bidirectional(letter) for letter in description}


def test_the_table_bomb_is_short_enough_for_an_invoice() -> None:
    assert TABLE_BOMB_DESCRIPTION.count("<table>") == 18
    assert len(TABLE_BOMB_DESCRIPTION) == 273


def test_quirks_add_up() -> None:
    order = order_for(TERMS, PRICE, frozenset({"amountless", "expired"}))
    assert (order.amount, order.age) == (None, 7200)
