"""Tokens that are no macaroons: what can be told about them, and what must not be guessed."""

from __future__ import annotations

import base64
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.opaque_token import read_opaque
from l402desk.protocol.proof import PaymentHash

HASH = "ab" * 32
OTHER = "cd" * 32


def coded(content: Any) -> str:
    return base64.b64encode(json.dumps(content).encode()).decode()


def test_an_unsigned_json_token_tells_hash_and_expiry() -> None:
    found = read_opaque(coded({"hash": HASH, "exp": 1_795_221_073_749}))
    assert found.format == "json"
    assert found.fields == (("hash", HASH), ("exp", "1795221073749"))
    assert found.payment_hash == PaymentHash.from_hex(HASH)
    assert found.expires_at == 1_795_221_073
    assert found.signature_hex is None


def test_a_signed_json_token_is_taken_apart_at_its_dot() -> None:
    inner = base64.urlsafe_b64encode(json.dumps({"path": "/x", "amountSat": 10, "paymentHash": HASH}).encode()).decode()
    found = read_opaque(f"{inner.rstrip('=')}.{OTHER.upper()}")
    assert found.format == "json.hmac"
    assert found.fields == (("path", "/x"), ("amountSat", "10"), ("paymentHash", HASH))
    assert found.payment_hash == PaymentHash.from_hex(HASH)
    assert found.signature_hex == OTHER
    assert OTHER not in repr(found)


def test_the_captured_gateway_token_is_read(vectors: Any) -> None:
    header = vectors("402index/l402space-402.json")["wwwAuthenticate"]
    token = header.split('token="')[1].split('"')[0]
    found = read_opaque(token)
    assert found.format == "json.hmac"
    assert dict(found.fields)["method"] == "GET"
    assert found.payment_hash is not None
    assert found.payment_hash.hex.startswith("0be008c1f11f897e")


def test_two_different_hashes_commit_to_none() -> None:
    assert read_opaque(coded({"hash": HASH, "payment_hash": OTHER})).payment_hash is None
    assert read_opaque(coded({"hash": HASH, "payment_hash": HASH.upper()})).payment_hash is not None
    twice = base64.b64encode(f'{{"hash":"{HASH}","hash":"{OTHER}"}}'.encode()).decode()
    assert read_opaque(twice).payment_hash is None


def test_an_identifier_in_json_is_not_taken_for_a_payment_hash() -> None:
    # lightningfaucet's identifier is 64 digits of something else; refusing its invoices would be wrong.
    content = {"identifier": HASH, "location": "x", "caveats": [], "signature": OTHER}
    assert read_opaque(coded(content)).payment_hash is None


@pytest.mark.parametrize("expiry", [True, None, "never", [], 1e300, "9" * 30])
def test_an_expiry_that_is_no_time_is_none(expiry: object) -> None:
    assert read_opaque(coded({"expires_at": expiry})).expires_at is None


def test_the_earliest_of_several_expiries_counts() -> None:
    found = read_opaque(coded({"exp": 2_000_000_000, "expires_at": "2026-11-21T12:00:00Z"}))
    assert found.expires_at == 1_795_262_400


def test_fields_are_cleaned_and_counted() -> None:
    found = read_opaque(coded({"a\u202e": "x\x00" + "y" * 600, **{f"f{n}": n for n in range(200)}}))
    assert len(found.fields) == 100
    name, value = found.fields[0]
    assert name == "a‹U+202E›"
    assert value.startswith("x␀y")
    assert value.endswith("… (+102 characters)")


@pytest.mark.parametrize("text", ["deposit_0af3", "x", HASH, "a.b.c", "bm90IGpzb24=", f"bm90IGpzb24.{HASH}"])
def test_anything_else_is_opaque(text: str) -> None:
    found = read_opaque(text, "because")
    assert (found.format, found.size, found.fields, found.payment_hash) == ("opaque", len(text), (), None)
    assert found.reason == "because"


plain = st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20)


@given(st.dictionaries(st.text(max_size=12), plain | st.lists(plain, max_size=3), max_size=6))
def test_any_json_object_is_shown_without_anything_hidden(content: dict[str, Any]) -> None:
    found = read_opaque(coded(content))
    assert found.format == "json"
    assert len(found.fields) == len(content)
    for ch in "".join(name + value for name, value in found.fields):
        assert unicodedata.category(ch) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=80))
def test_any_text_is_a_token(text: str) -> None:
    assert read_opaque(text).size >= 0
