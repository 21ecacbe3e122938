"""Keys of Nostr, held against BIP-340 and an independent implementation."""

from __future__ import annotations

from typing import Any

import pytest

from l402desk.wallets.nostr.errors import Undecipherable
from l402desk.wallets.nostr.keys import fresh_secret, public_key, shared_x

THREE = bytes(31) + b"\x03"
ORDER = bytes.fromhex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")


def test_a_public_key_is_the_x_coordinate_as_in_the_first_vectors_of_bip_340() -> None:
    assert public_key(THREE) == "f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"
    one = bytes.fromhex("b7e151628aed2a6abf7158809cf4f3c762e7160f38b4da56a784d9045190cfef")
    assert public_key(one) == "dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659"


def test_both_sides_share_one_x_whichever_y_their_points_have() -> None:
    for _ in range(20):
        ours, theirs = fresh_secret(), fresh_secret()
        assert len(ours) == 32
        assert shared_x(ours, public_key(theirs)) == shared_x(theirs, public_key(ours))


def test_fresh_secrets_differ() -> None:
    assert len({fresh_secret() for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "secret", [b"", b"\x01", bytes(32), ORDER, b"\xff" * 32, bytes(31), bytes(33), THREE + b"\x00"]
)
def test_what_is_no_secret_key_is_refused(secret: bytes) -> None:
    with pytest.raises(Undecipherable):
        public_key(secret)
    with pytest.raises(Undecipherable):
        shared_x(secret, public_key(THREE))


@pytest.mark.parametrize(
    "peer",
    [
        "", "f9", "F9308A019258C31049344F85F89D5229B531C845836F99B08601F113BCE036F9", "0" * 64, "f" * 64, "é" * 64,
        "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9", "5".rjust(64, "0"),
    ],
)  # fmt: skip
def test_what_is_no_public_key_is_refused(peer: str) -> None:
    with pytest.raises(Undecipherable):
        shared_x(THREE, peer)


def test_an_independent_implementation_derives_the_same_key() -> None:
    other: Any = pytest.importorskip("nostr_sdk")
    secret = fresh_secret()
    assert other.Keys.parse(secret.hex()).public_key().to_hex() == public_key(secret)
