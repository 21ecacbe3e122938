from __future__ import annotations

import hashlib

import pytest
from coincurve import PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.invoice_signature import Signatory, read_signatory
from tests.fakes.invoices import KEY, NODE, ORDER

DIGEST = hashlib.sha256(b"an invoice").digest()
SIGNED = PrivateKey(KEY).sign_recoverable(DIGEST, hasher=None)
LOW, RECOVERY = SIGNED[:64], SIGNED[64]
HIGH = LOW[:32] + (ORDER - int.from_bytes(LOW[32:], "big")).to_bytes(32, "big")
OTHER = PrivateKey(b"\x07" * 32).public_key.format().hex()


def test_the_payee_is_recovered_from_the_signature() -> None:
    assert read_signatory(DIGEST, LOW, RECOVERY, None) == Signatory(NODE, "")


def test_a_high_s_is_fine_when_the_payee_is_recovered() -> None:
    assert read_signatory(DIGEST, HIGH, RECOVERY ^ 1, None) == Signatory(NODE, "")


def test_a_signature_by_the_named_payee_is_valid() -> None:
    assert read_signatory(DIGEST, LOW, RECOVERY, NODE) == Signatory(NODE, "")


def test_the_recovery_id_says_nothing_when_the_payee_is_named() -> None:
    for recovery_id in range(4):
        assert read_signatory(DIGEST, LOW, recovery_id, NODE) == Signatory(NODE, "")


def test_a_high_s_is_refused_when_the_payee_is_named() -> None:
    found = read_signatory(DIGEST, HIGH, RECOVERY ^ 1, NODE)
    assert found.payee == NODE
    assert "high S" in found.fault


def test_a_signature_by_another_than_the_named_payee_is_refused() -> None:
    found = read_signatory(DIGEST, LOW, RECOVERY, OTHER)
    assert found == Signatory(OTHER, "The signature is not by the payee that the invoice names")


def test_a_named_payee_that_is_no_key_is_refused() -> None:
    assert read_signatory(DIGEST, LOW, RECOVERY, "02" + "ff" * 32).fault


@pytest.mark.parametrize("recovery_id", [4, 31, 255])
@pytest.mark.parametrize("named", [None, NODE])
def test_a_recovery_id_above_three_is_refused(recovery_id: int, named: str | None) -> None:
    found = read_signatory(DIGEST, LOW, recovery_id, named)
    assert found.payee == named
    assert "recovery number" in found.fault


@pytest.mark.parametrize("signature", [bytes(64), LOW[:32] + bytes(32), bytes(32) + LOW[32:], b"\xff" * 64])
def test_numbers_that_are_no_signature_have_no_payee(signature: bytes) -> None:
    assert read_signatory(DIGEST, signature, 0, None) == Signatory(
        None, "The signature is broken: no key can have made it"
    )


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=64, max_size=64), st.integers(0, 255))
def test_any_bytes_get_an_answer(digest: bytes, signature: bytes, recovery_id: int) -> None:
    found = read_signatory(digest, signature, recovery_id, None)
    assert (found.payee is None) == bool(found.fault)
    assert read_signatory(digest, signature, recovery_id, NODE).fault


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_checking_a_named_payee_agrees_with_plain_verification(digest: bytes, secret: bytes) -> None:
    key = PrivateKey(secret if any(secret) and secret < ORDER.to_bytes(32, "big") else KEY)
    signed = key.sign_recoverable(digest, hasher=None)
    assert key.public_key.verify(key.sign(digest, hasher=None), digest, hasher=None)
    named = key.public_key.format().hex()
    assert not read_signatory(digest, signed[:64], signed[64] ^ 1, named).fault
    assert read_signatory(digest[:-1] + bytes([digest[-1] ^ 1]), signed[:64], signed[64], named).fault
