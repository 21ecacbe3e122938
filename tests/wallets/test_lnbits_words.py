from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, Unknown
from l402desk.protocol.proof import Preimage
from l402desk.wallets.lnbits_words import Told, without_proof

PREIMAGE = Preimage(b"\xfb\xff" * 16)  # has all of base64's odd letters
HASH = PREIMAGE.payment_hash()


def told(**answer: Any) -> Told:
    return Told.read(answer, HASH)


def test_only_a_preimage_that_fits_is_a_proof() -> None:
    assert told(paid=True, preimage=PREIMAGE.hex).as_look_up() == Paid(PREIMAGE)
    assert told(paid=True, preimage=PREIMAGE.hex, details={"fee": -1_005}).as_look_up() == Paid(PREIMAGE, Msat(1_005))
    assert told(paid=True, details={"preimage": PREIMAGE.hex}).as_look_up() == Paid(PREIMAGE)
    for other in (None, "0" * 64, "ab" * 32, 5):
        assert told(paid=True, preimage=other).as_look_up() == without_proof()
    # LNbits knows the preimages of its own invoices before anybody paid them.
    assert told(paid=False, status="pending", preimage=PREIMAGE.hex).as_look_up() != Paid(PREIMAGE)


def test_failed_pending_and_silence_are_told_apart() -> None:
    assert isinstance(told(paid=False, status="failed").as_look_up(), Failed)
    assert isinstance(told(paid=False, status="pending").as_look_up(), Unknown)
    assert isinstance(told(paid=False).as_look_up(), Unknown)
    assert isinstance(told().as_look_up(), Unknown)
    assert isinstance(told(paid="no", status="failed").as_look_up(), Unknown)
    another = told(paid=False, status="failed", details={"payment_hash": "ab" * 32})
    assert isinstance(another.as_look_up(), Unknown)


def test_an_invoice_of_this_wallets_own_that_nobody_paid_is_no_payment_of_it() -> None:
    assert told(paid=False, status="failed", details={"amount": 21_000}).as_look_up() is None
    assert told(paid=True, preimage=None, details={"amount": 21_000}).as_look_up() is None
    assert isinstance(told(paid=True, preimage=None, details={"amount": -21_000}).as_look_up(), PaidWithoutProof)


def test_only_what_lnbits_says_before_it_begins_is_a_refusal() -> None:
    for detail in ("Insufficient balance.", "You must reserve at least (2  sat) to cover potential routing fees."):
        assert told(detail=detail, status="failed").refuses
    for detail in ("Internal invoice already paid.", "Payment failed: no route", "Insufficient", ""):
        assert not told(detail=detail, status="failed").refuses
    assert not told(detail="Insufficient balance.", status="success").refuses


def test_success_of_another_payment_is_none_of_this_one() -> None:
    assert told(status="success", payment_hash="ab" * 32).claims_success is False
    assert told(status="success", payment_hash=HASH.hex.upper()).claims_success


def test_a_fee_that_is_none_is_not_told() -> None:
    for fee in ("much", True, 10**30, None, 1.5):
        assert told(paid=True, preimage=PREIMAGE.hex, details={"fee": fee}).as_look_up() == Paid(PREIMAGE, None)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ("paid", "status", "preimage", "details", "detail", "fee", "amount", "payment_hash")


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING | st.sampled_from(["failed", "success", "pending"])))
def test_whatever_it_answers_is_never_paid_without_the_preimage(answer: dict[str, Any]) -> None:
    read = Told.read(answer, HASH)
    assert read.proof() is None
    assert not isinstance(read.as_look_up(), Paid)
    assert PREIMAGE.hex not in repr(Told.read({"preimage": PREIMAGE.hex}, HASH))
