"""An exchange rate is typed by a person, exact, and never invented."""

from __future__ import annotations

from decimal import Decimal

import pytest

from l402desk.ledger.rate import Rate
from l402desk.protocol.amount import ZERO, Msat


@pytest.mark.parametrize("typed", ["85000", "85,000", "85 000.00", "85\u202f000"])
def test_a_rate_is_read_as_people_type_it(typed: str) -> None:
    assert Rate.read(" eur ", typed) == Rate("EUR", Decimal("85000"))


@pytest.mark.parametrize(
    ("currency", "figure"),
    [("EURO", "1"), ("E1R", "1"), ("", "1"), ("ÄÖÜ", "1"), ("EUR", ""), ("EUR", "x"), ("EUR", "0"), ("EUR", "-1"),
     ("EUR", "NaN"), ("EUR", "Infinity"), ("EUR", "1e99"), ("EUR", "9" * 40)],
)  # fmt: skip
def test_what_is_no_rate_is_refused(currency: str, figure: str) -> None:
    with pytest.raises(ValueError, match=r"rate|currency"):
        Rate.read(currency, figure)


def test_an_amount_is_worth_its_part_of_a_bitcoin() -> None:
    rate = Rate("EUR", Decimal("85000"))
    assert rate.of(Msat.of_sats(100_000_000)) == Decimal("85000")
    assert rate.of(Msat.of_sats(21)) == Decimal("0.01785")
    assert rate.words(Msat.of_sats(21)) == "≈ 0.02 EUR"
    assert rate.words(Msat.of_sats(1)) == "< 0.01 EUR"
    assert rate.words(ZERO) == "≈ 0.00 EUR"
    assert rate.words(Msat.of_sats(2_000_000)) == "≈ 1,700.00 EUR"
