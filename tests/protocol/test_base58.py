from __future__ import annotations

import base58 as second_opinion
import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.base58 import base58check


@pytest.mark.parametrize(
    ("payload", "text"),
    [
        ("0062e907b15cbf27d5425399ebf6f0fb50ebb88f18", "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa"),
        ("0004b61f7dc1ea0dc99424464cc4064dc564d91e89", "1RustyRX2oai4EYYDpQGWvEL62BBGqN9T"),
        ("058f55563b9a19f321c211e9b9f38cdf686ea07845", "3EktnHQD7RiAE6uzMj2ZifT9YgRrkSgzQX"),
    ],
)
def test_well_known_addresses_are_written_as_everyone_writes_them(payload: str, text: str) -> None:
    assert base58check(bytes.fromhex(payload)) == text


def test_zero_bytes_in_front_are_not_lost() -> None:
    assert base58check(b"\0" * 21) == "1111111111111111111114oLvT2"


@given(st.binary(max_size=60))
def test_any_payload_agrees_with_another_library(payload: bytes) -> None:
    assert base58check(payload) == second_opinion.b58encode_check(payload).decode()
