"""Every family of identifier is recognised, and commits to the payment hash it holds or to none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.identifiers import Identifier, read_identifier
from l402desk.protocol.proof import PaymentHash
from tests.fakes.macaroons import IDENTIFIERS, PAYMENT_HASH, TOKEN_ID, V0, gob

COMMITTED = PaymentHash(PAYMENT_HASH)


@pytest.mark.parametrize("family", IDENTIFIERS)
def test_each_family_is_recognised(family: str) -> None:
    found = read_identifier(IDENTIFIERS[family])
    assert found.family == family
    assert found.raw == IDENTIFIERS[family]
    assert found.payment_hash == (None if family in {"text", "unknown"} else COMMITTED)


@pytest.mark.parametrize("family", ["v0", "v0-hex", "gob"])
def test_versioned_identifiers_have_version_and_token_id(family: str) -> None:
    found = read_identifier(IDENTIFIERS[family])
    assert (found.version, found.token_id) == (0, TOKEN_ID)


def test_hexadecimal_in_capitals_is_the_same_hash() -> None:
    assert read_identifier(V0.hex().upper().encode()).payment_hash == COMMITTED
    assert read_identifier(PAYMENT_HASH.hex().upper().encode()).payment_hash == COMMITTED


def test_an_unknown_version_commits_to_nothing() -> None:
    found = read_identifier(b"\0\x07" + V0[2:])
    assert (found.family, found.version, found.payment_hash) == ("unknown", 7, None)


def test_a_charge_number_padded_to_66_bytes_is_no_payment_hash() -> None:
    found = read_identifier(b"\0\0id644188id".ljust(66, b"\0"))
    assert (found.family, found.payment_hash, found.token_id) == ("text", None, b"id644188id")


def test_a_hash_of_zeros_is_still_a_commitment_so_that_no_payment_matches_it() -> None:
    found = read_identifier(bytes(66))
    assert (found.family, found.payment_hash) == ("v0", PaymentHash(bytes(32)))


def test_a_gob_with_small_and_large_bytes_and_a_version_is_read() -> None:
    found = read_identifier(gob(300, bytes(range(112, 144)), TOKEN_ID))
    assert (found.family, found.version) == ("gob", 300)
    assert found.payment_hash == PaymentHash(bytes(range(112, 144)))


def test_33_bytes_are_a_tagged_hash_only_behind_the_tag() -> None:
    assert read_identifier(b"\xfe" + PAYMENT_HASH) == Identifier(b"\xfe" + PAYMENT_HASH, "unknown")


@pytest.mark.parametrize("version", [2**16, 2**100])
def test_a_gob_with_an_absurd_version_says_nothing(version: int) -> None:
    found = read_identifier(gob(version, PAYMENT_HASH, TOKEN_ID))
    assert (found.family, found.version, found.payment_hash) == ("gob", None, None)


def test_a_gob_whose_value_is_cut_off_keeps_its_family_and_says_nothing() -> None:
    raw = IDENTIFIERS["gob"]
    for end in range(60, len(raw)):
        found = read_identifier(raw[:end])
        assert found.family == "gob"
        assert found.payment_hash in {None, COMMITTED}


def test_a_gob_of_another_struct_says_nothing() -> None:
    # The example of Go's own documentation: type Point struct { X, Y int } with the value {22, 33}.
    point = bytes.fromhex("1fff8103010105506f696e7401ff8200010201015801040001015901040000000" + "7ff82012c014200")
    assert read_identifier(point) == Identifier(point, "gob")


@given(st.binary(max_size=200))
def test_any_bytes_have_a_family(raw: bytes) -> None:
    found = read_identifier(raw)
    assert found.raw == raw
    assert found.family in {*IDENTIFIERS}


@given(st.integers(0, 400), st.integers(0, 255))
def test_a_damaged_gob_never_raises(at: int, byte: int) -> None:
    raw = bytearray(IDENTIFIERS["gob"])
    raw[at % len(raw)] = byte
    read_identifier(bytes(raw))
