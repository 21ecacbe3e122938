from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, Unknown
from l402desk.protocol.proof import Preimage
from l402desk.wallets.phoenixd_words import (
    ON_ITS_WAY,
    UNSAID,
    Outgoing,
    Told,
    knows_none,
    sats,
    text_of,
    without_proof,
)
from tests.harness.phoenixd_lies import REASONS

PREIMAGE = Preimage(b"\xfb\xff" * 16)  # has all of base64's odd letters
HASH = PREIMAGE.payment_hash()


def told(**answer: Any) -> Told:
    return Told.read({"paymentHash": HASH.hex, **answer}, HASH)


def outgoing(**answer: Any) -> object:
    return Outgoing.read({"paymentHash": HASH.hex, **answer}, HASH).result


def test_only_a_preimage_that_fits_is_a_proof() -> None:
    assert told(paymentPreimage=PREIMAGE.hex, routingFeeSat=4).result() == Paid(PREIMAGE, Msat(4_000))
    assert outgoing(isPaid=True, preimage=PREIMAGE.hex, fees=4_084) == Paid(PREIMAGE, Msat(4_084))
    for other in (None, "0" * 64, "ab" * 32, 5):
        assert told(paymentPreimage=other).result() == without_proof()
        assert outgoing(isPaid=True, preimage=other) == without_proof()
    assert not isinstance(outgoing(isPaid=False, preimage=PREIMAGE.hex), Paid)


def test_there_is_no_status_and_what_ended_unpaid_failed() -> None:
    assert outgoing(isPaid=False) == outgoing(isPaid=False, completedAt=None) == ON_ITS_WAY
    assert isinstance(outgoing(isPaid=False, completedAt=1_738_348_627_503), Failed)
    for ended in ("now", True, 0, -5, 10**16, 1.5):
        assert outgoing(isPaid=False, completedAt=ended) == UNSAID
    for paid in ("no", None, 0):
        assert outgoing(isPaid=paid, completedAt=1) == UNSAID
    assert Outgoing.read({"paymentHash": HASH.hex, "isPaid": False, "completedAt": 1_500}, HASH).last == 1.5


def test_what_is_said_of_another_payment_is_nothing() -> None:
    another = {"paymentHash": "ab" * 32, "isPaid": False, "completedAt": 1, "paymentPreimage": PREIMAGE.hex}
    assert Outgoing.read(another, HASH).result == UNSAID
    assert Told.read(another, HASH).result() == UNSAID
    assert not Told.read({**another, "reason": REASONS["insufficient"]}, HASH).gave_up
    assert isinstance(told(paymentHash=HASH.hex.upper(), paymentPreimage=PREIMAGE.hex).result(), Paid)


@pytest.mark.parametrize(
    ("lie", "gave_up"),
    [
        *((lie, True) for lie in ("insufficient", "no-channels", "not-sent", "offline", "exhausted", "restarted")),
        *((lie, False) for lie in ("already-paid", "in-progress", "unheard-of")),
    ],
)
def test_only_what_lightning_kmp_says_when_it_gives_up_is_a_refusal(lie: str, gave_up: bool) -> None:
    assert told(reason=REASONS[lie]).gave_up is gave_up
    assert isinstance(told(reason=REASONS[lie]).result(), Unknown)


def test_a_success_with_a_reason_against_it_is_neither() -> None:
    both = told(paymentPreimage=None, reason=REASONS["insufficient"])
    assert (both.claims_success, both.gave_up) == (False, True)
    odd = told(paymentPreimage=PREIMAGE.hex, reason={})
    assert odd.result() == UNSAID


def test_what_it_says_is_made_visible() -> None:
    assert told(reason="a\u202eb").reason == "a‹U+202E›b"
    assert text_of(b"  Unknown endpoint (check api doc)\n") == "Unknown endpoint (check api doc)"
    assert text_of(b"<html>") == text_of(b"{}") == text_of(b"a" * 400) == ""
    assert text_of(b"\xff") == "\ufffd"


def test_not_found_is_said_in_these_words_alone() -> None:
    assert knows_none(404, b"Not found")
    assert knows_none(404, b" not found\n")
    for status, body in ((404, b"Unknown endpoint (check api doc)"), (404, b""), (200, b"Not found"), (404, b"\xff")):
        assert not knows_none(status, body)


def test_sats_are_a_whole_number_that_can_be() -> None:
    assert sats(21) == Msat(21_000)
    for odd in (-1, True, 1.5, "1", None, 10**30):
        assert sats(odd) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ("paymentHash", "isPaid", "completedAt", "preimage", "paymentPreimage", "reason", "fees", "routingFeeSat")


@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING | st.sampled_from([HASH.hex, True, *REASONS.values()])))
def test_whatever_it_answers_is_never_paid_without_the_preimage(answer: dict[str, Any]) -> None:
    assert not isinstance(Told.read(answer, HASH).result(), Paid)
    assert not isinstance(Outgoing.read(answer, HASH).result, Paid)
    assert PREIMAGE.hex not in repr(told(paymentPreimage=PREIMAGE.hex))


@given(st.integers(), st.binary(max_size=80))
def test_whatever_text_it_answers_can_be_read(status: int, body: bytes) -> None:
    assert isinstance(knows_none(status, body), bool)
    assert text_of(body) == "" or text_of(body).isprintable() or "\ufffd" in text_of(body)


def test_paid_without_proof_says_who_said_so() -> None:
    assert isinstance(without_proof(), PaidWithoutProof)
    assert "phoenixd" in without_proof().reason
