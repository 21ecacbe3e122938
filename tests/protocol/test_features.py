from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.features import Feature, features_of


def test_no_bits_are_no_features() -> None:
    assert features_of(0) == ()


def test_bits_get_their_names_lowest_first() -> None:
    assert features_of(1 << 8 | 1 << 14 | 1 << 17) == (
        Feature(8, "var_onion_optin", required=True, known=True),
        Feature(14, "payment_secret", required=True, known=True),
        Feature(17, "basic_mpp", required=False, known=True),
    )


@pytest.mark.parametrize(
    ("bit", "name", "required", "known"),
    [
        (48, "option_payment_metadata", True, True),
        (49, "option_payment_metadata", False, True),
        (24, "option_route_blinding", True, True),
        (30, "amp", True, False),
        (149, "trampoline_payment_experimental", False, False),
        (100, "feature 100/101", True, False),
        (101, "feature 100/101", False, False),
    ],
)
def test_an_even_bit_demands_and_an_odd_one_offers(bit: int, name: str, required: bool, known: bool) -> None:
    assert features_of(1 << bit) == (Feature(bit, name, required=required, known=known),)


@given(st.sets(st.integers(0, 5_200), max_size=40))
def test_every_set_bit_is_found_once(bits: set[int]) -> None:
    assert [feature.bit for feature in features_of(sum(1 << bit for bit in bits))] == sorted(bits)
