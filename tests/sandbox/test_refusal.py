"""Refusals say whether paying would help."""

from __future__ import annotations

from l402desk.sandbox.refusal import Refused, payment_required


def test_nothing_brought_asks_for_payment() -> None:
    refused = payment_required()
    assert (refused.status, refused.code) == (402, "payment-required")
    assert str(refused) == refused.message


def test_a_broken_credential_is_401_unless_said_otherwise() -> None:
    assert Refused("bad-signature", "No.").status == 401
