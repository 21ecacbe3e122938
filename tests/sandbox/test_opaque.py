"""Tokens that are no macaroons."""

from __future__ import annotations

import base64
import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.proof import Preimage
from l402desk.sandbox.minting import Mint, Order
from l402desk.sandbox.opaque import PlainJson, SignedJson, read_json
from l402desk.sandbox.refusal import Refused
from tests.sandbox.buyer import Clock

ORDER = Order(Msat(1000), "x")


def test_a_signed_token_opens_its_path_after_payment() -> None:
    mint = Mint(Clock())
    tokens, invoice = SignedJson(mint), mint.mint(ORDER)
    token = tokens.issue(invoice.payment_hash, "/x", 10)
    assert read_json(token.partition(".")[0]) == {
        "path": "/x",
        "amountSat": 10,
        "paymentHash": invoice.payment_hash.hex,
    }
    with pytest.raises(Refused, match="Invalid preimage"):
        tokens.check(token, invoice.preimage, "/x")  # not settled
    mint.settle(invoice.payment_hash)
    tokens.check(token, invoice.preimage, "/x")
    with pytest.raises(Refused, match="another path"):
        tokens.check(token, invoice.preimage, "/y")
    with pytest.raises(Refused, match="Invalid preimage"):
        tokens.check(token, Preimage(b"\x01" * 32), "/x")


def test_a_signed_token_that_was_changed_is_refused() -> None:
    mint = Mint(Clock())
    tokens, invoice = SignedJson(mint), mint.mint(ORDER)
    text, _, signature = tokens.issue(invoice.payment_hash, "/x", 10).partition(".")
    other = base64.urlsafe_b64encode(json.dumps({"path": "/y"}).encode()).decode().rstrip("=")
    for token in (f"{other}.{signature}", f"{text}.{'0' * 64}", text, f"{text}.é"):
        with pytest.raises(Refused) as refused:
            tokens.check(token, invoice.preimage, "/x")
        assert refused.value.code == "bad-signature"


def test_a_plain_token_is_for_one_use_and_ends() -> None:
    clock = Clock()
    tokens, invoice = PlainJson(clock), Mint(clock).mint(ORDER)
    token = tokens.issue(invoice.payment_hash)
    with pytest.raises(Refused, match="Invalid preimage"):
        tokens.check(token, Preimage(b"\x01" * 32))
    tokens.check(token, invoice.preimage)
    with pytest.raises(Refused, match="already used") as refused:
        tokens.check(token, invoice.preimage)
    assert refused.value.status == 401
    clock.now += 3601
    with pytest.raises(Refused, match="expired"):
        tokens.check(token, invoice.preimage)


def test_a_plain_token_can_be_made_up_as_at_the_real_one() -> None:
    preimage = Preimage(b"\x09" * 32)
    made_up = {"hash": preimage.payment_hash().hex, "exp": 9_999_999_999_999}
    token = base64.b64encode(json.dumps(made_up).encode()).decode()
    assert PlainJson(Clock()).check(token, preimage) == preimage.payment_hash()


@given(st.one_of(st.text(max_size=60), st.binary(max_size=60).map(lambda raw: base64.b64encode(raw).decode())))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    with suppress(Refused):
        assert isinstance(read_json(text), dict)


@pytest.mark.parametrize("value", [{"hash": 1, "exp": 9e99}, {"exp": 9_999_999_999_999}, {"hash": "zz"}])
def test_a_plain_token_without_its_fields_is_refused(value: dict[str, object]) -> None:
    token = base64.b64encode(json.dumps(value).encode()).decode()
    with pytest.raises(Refused):
        PlainJson(Clock()).check(token, Preimage(b"\x01" * 32))
