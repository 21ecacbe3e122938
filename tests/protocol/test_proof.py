"""A preimage is believed only when it hashes to the payment hash."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.errors import ProofError
from l402desk.protocol.proof import PaymentHash, Preimage, read_preimage

PREIMAGE = bytes(range(32))
HASH = PaymentHash(hashlib.sha256(PREIMAGE).digest())


@pytest.mark.parametrize(
    "text",
    [
        PREIMAGE.hex(),
        PREIMAGE.hex().upper(),
        f"  0x{PREIMAGE.hex()}\n",
        " ".join([PREIMAGE.hex()[:32], PREIMAGE.hex()[32:]]),
    ],
)
def test_a_preimage_is_read_in_any_dress(text: str) -> None:
    assert read_preimage(text, HASH).hex == PREIMAGE.hex()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HASH.hex, "That is the payment hash"),
        (HASH.hex.upper(), "That is the payment hash"),
        ("lnbc210n1p4sph", "That is the invoice"),
        (PREIMAGE.hex()[:-2], "64 characters, this has 62"),
        ("ff" * 32, "belongs to another payment"),
        ("00" * 32, "all zeros"),
        ("hello", "0-9"),
        ("", "0-9"),
    ],
)
def test_what_is_not_the_preimage_is_named(text: str, says: str) -> None:
    with pytest.raises(ProofError, match=says):
        read_preimage(text, HASH)


@given(st.binary(min_size=32, max_size=32).filter(any), st.binary(min_size=32, max_size=32))
def test_only_the_hash_of_the_preimage_is_proven(raw: bytes, other: bytes) -> None:
    preimage = Preimage(raw)
    assert preimage.proves(PaymentHash(hashlib.sha256(raw).digest()))
    assert not preimage.proves(PaymentHash(other))


@given(st.text(max_size=200))
def test_any_text_gives_a_preimage_or_a_proof_error(text: str) -> None:
    try:
        preimage = read_preimage(text, HASH)
    except ProofError:
        return
    assert preimage.proves(HASH)


def test_a_preimage_never_shows_in_its_repr() -> None:
    assert PREIMAGE.hex() not in f"{Preimage(PREIMAGE)!r}{Preimage(PREIMAGE)}"


@pytest.mark.parametrize("size", [0, 31, 33])
def test_wrong_sizes_cannot_be_built(size: int) -> None:
    with pytest.raises(ProofError):
        Preimage(b"x" * size)
    with pytest.raises(ProofError):
        PaymentHash(b"x" * size)
