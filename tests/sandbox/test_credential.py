"""The Authorization header, as strict as the servers that are out there."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.sandbox.credential import Manners, read_credential
from l402desk.sandbox.refusal import Refused

HEX = "ab" * 32


def refusal(*values: str, manners: Manners | None = None) -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        read_credential(values, manners or Manners())
    return refused.value.status, refused.value.code


@pytest.mark.parametrize("scheme", ["L402", "LSAT", "l402", "Lsat"])
def test_both_schemes_are_read_in_any_case(scheme: str) -> None:
    credential = read_credential([f"{scheme} AgE+/w==:{HEX}"])
    assert (credential.scheme, credential.token, credential.preimage.hex) == (scheme, "AgE+/w==", HEX)


def test_nothing_and_another_scheme_ask_for_payment() -> None:
    assert refusal() == (402, "payment-required")
    assert refusal("Bearer abc") == (402, "payment-required")
    assert refusal("") == (402, "payment-required")


def test_two_headers_are_one_too_many() -> None:
    assert refusal(f"L402 a:{HEX}", f"L402 a:{HEX}") == (401, "two-credentials")


@pytest.mark.parametrize("text", ["L402", "L402 abc", f"L402 a b:{HEX}", f"L402 :{HEX}", f"L402 a:{HEX}, L402 b:{HEX}"])
def test_what_has_another_shape_is_unreadable(text: str) -> None:
    assert refusal(text) == (401, "credential-unreadable")


@pytest.mark.parametrize("preimage", ["", "ab", HEX + "ab", HEX.upper()])
def test_a_preimage_is_64_lower_case_digits(preimage: str) -> None:
    assert refusal(f"L402 a:{preimage}") == (401, "preimage-unreadable")


def test_zeros_prove_nothing() -> None:
    assert refusal(f"L402 a:{'0' * 64}") == (401, "wrong-preimage")


def test_manners_can_ask_for_one_spelling_of_one_scheme() -> None:
    lsat_only = Manners(schemes=("LSAT",), exact_case=True)
    assert read_credential([f"LSAT a:{HEX}"], lsat_only).scheme == "LSAT"
    assert refusal(f"L402 a:{HEX}", manners=lsat_only) == (402, "payment-required")
    assert refusal(f"lsat a:{HEX}", manners=lsat_only) == (402, "payment-required")


def test_manners_can_allow_upper_case_digits() -> None:
    assert read_credential([f"L402 a:{HEX.upper()}"], Manners(upper_hex=True)).preimage.hex == HEX


@given(st.lists(st.text(max_size=90), max_size=3))
def test_whatever_comes_is_read_or_refused(values: list[str]) -> None:
    for written in (values, [f"L402 {value}" for value in values]):
        with suppress(Refused):
            read_credential(written)
