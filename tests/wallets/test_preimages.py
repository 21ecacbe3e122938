from __future__ import annotations

import base64

import pytest

from l402desk.protocol.proof import Preimage
from l402desk.wallets.preimages import read_any_preimage, read_proof

PREIMAGE = Preimage(b"\xfb\xff" * 16)  # has all of base64's odd letters


@pytest.mark.parametrize(
    "written",
    [
        PREIMAGE.hex,
        PREIMAGE.hex.upper(),
        f" {PREIMAGE.hex}\n",
        base64.b64encode(PREIMAGE.raw).decode(),
        base64.urlsafe_b64encode(PREIMAGE.raw).decode().rstrip("="),
    ],
)
def test_a_preimage_is_read_however_it_is_written(written: str) -> None:
    assert read_any_preimage(written) == PREIMAGE


@pytest.mark.parametrize(
    "written", [None, 7, [], "", "0" * 64, "A" * 43 + "=", "ab" * 16, "zz" * 32, "é" * 43, "a" * 999]
)
def test_what_is_no_preimage_is_none(written: object) -> None:
    assert read_any_preimage(written) is None


def test_only_the_preimage_of_this_payment_is_its_proof() -> None:
    assert read_proof(PREIMAGE.hex, PREIMAGE.payment_hash()) == PREIMAGE
    assert read_proof(PREIMAGE.hex, Preimage(b"\x01" * 32).payment_hash()) is None
    assert read_proof(None, PREIMAGE.payment_hash()) is None
