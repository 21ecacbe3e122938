from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, Unknown
from l402desk.protocol.proof import Preimage
from l402desk.wallets.cln_words import UNSAID, Pays, Problem, Told, fee_of, msat, spendable, without_proof

PREIMAGE = Preimage(b"\xfb\xff" * 16)  # has all of base64's odd letters
HASH = PREIMAGE.payment_hash()
OURS = {"payment_hash": HASH.hex, "created_at": 7}
COMPLETE = {**OURS, "status": "complete", "preimage": PREIMAGE.hex, "amount_msat": 1_000, "amount_sent_msat": 1_005}
FAILED, PENDING = {**OURS, "status": "failed"}, {**OURS, "status": "pending"}


def listed(*entries: Any) -> object:
    return Pays.read({"pays": list(entries)}, HASH).result


def test_a_success_goes_before_what_is_on_its_way_and_that_before_failures() -> None:
    assert listed(FAILED, PENDING, COMPLETE, FAILED) == Paid(PREIMAGE, Msat(5))
    assert isinstance(listed(FAILED, PENDING, FAILED), Unknown)
    assert isinstance(listed(FAILED, FAILED), Failed)
    assert listed() is None


def test_a_success_without_its_preimage_is_no_proof_and_no_failure() -> None:
    for preimage in (None, "0" * 64, "ab" * 32, 5):
        assert listed(FAILED, {**COMPLETE, "preimage": preimage}) == without_proof()
    assert listed({**COMPLETE, "status": "pending"}) != Paid(PREIMAGE)


def test_failed_is_said_of_all_that_is_listed_or_not_at_all() -> None:
    another = {**FAILED, "payment_hash": "ab" * 32}
    for other in (another, {"status": "failed"}, "failed", {**OURS, "status": 7}, {**OURS}):
        assert listed(FAILED, other) == UNSAID
    assert listed(another) == UNSAID
    assert Pays.read({}, HASH).result == Pays.read({"pays": "x"}, HASH).result == UNSAID


def test_the_hash_may_be_written_in_capitals() -> None:
    assert isinstance(listed({**FAILED, "payment_hash": HASH.hex.upper()}), Failed)


def test_the_latest_attempt_is_the_last_one() -> None:
    entries = [{**FAILED, "created_at": at} for at in (5, 9.5, "x", True, -1, 10**13)]
    assert Pays.read({"pays": [*entries, {**FAILED, "completed_at": 12}]}, HASH).last == 12
    assert Pays.read({"pays": entries}, HASH).last == 9.5
    assert Pays.read({"pays": [{**FAILED, "created_at": None}]}, HASH).last is None


def test_what_xpay_and_pay_answer_is_read() -> None:
    answer = {"payment_preimage": PREIMAGE.hex, "amount_msat": "1000msat", "amount_sent_msat": "1005msat"}
    assert Told.read(answer, HASH).result() == Paid(PREIMAGE, Msat(5))
    named = {**answer, "payment_hash": HASH.hex, "status": "complete"}
    assert Told.read(named, HASH).result() == Paid(PREIMAGE, Msat(5))
    assert isinstance(Told.read({**named, "status": "pending"}, HASH).result(), Unknown)
    assert Told.read({**named, "payment_hash": "ab" * 32}, HASH).result() == UNSAID
    assert Told.read({}, HASH).result() == UNSAID
    assert Told.read({"payment_preimage": None}, HASH).result() == without_proof()


def test_an_error_stands_at_the_top_or_below() -> None:
    assert Problem.read({"code": 205, "message": "no"}) == Problem(205, "no")
    assert Problem.read({"error": {"code": 1501, "message": "no"}}) == Problem(1501, "no")
    assert Problem.read({"code": "205", "message": 5}) == Problem(None, "")
    assert Problem.read({"code": True, "message": "a\u202eb"}) == Problem(None, "a‹U+202E›b")


def test_a_reason_has_our_words_and_the_nodes() -> None:
    assert Problem(206, "").reason == "Every route costs more than the fee limit allows."
    assert Problem(207, "12 seconds ago").reason == "The invoice has expired. It says: “12 seconds ago”."
    assert Problem(None, "").reason == "Core Lightning did not pay."


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (21_000, 21_000),
        ("21000msat", 21_000),
        ("21000", 21_000),
        (0, 0),
        (True, None),
        (-1, None),
        (10**30, None),
        ("9" * 30, None),
        ("21000sat", None),
        (21.0, None),
        (None, None),
    ],
)
def test_msat_is_a_number_or_a_text(value: object, read: int | None) -> None:
    assert msat(value) == (None if read is None else Msat(read))


def test_a_fee_that_is_none_is_not_told() -> None:
    assert fee_of({"amount_msat": 1_000, "amount_sent_msat": 1_000}) == Msat(0)
    assert fee_of({"amount_msat": 1_000, "amount_sent_msat": 999}) is None
    assert fee_of({"amount_sent_msat": 999}) is None


def test_only_open_channels_can_send() -> None:
    channels: list[dict[str, object]] = [
        {"state": "CHANNELD_NORMAL", "spendable_msat": "5msat"},
        {"state": "CHANNELD_AWAITING_SPLICE", "spendable_msat": 6},
        {"state": "ONCHAIN", "spendable_msat": 700},
        {"state": "CHANNELD_AWAITING_LOCKIN"},
    ]
    assert spendable({"channels": channels}, "spendable_msat") == Msat(11)
    assert spendable({"channels": []}, "spendable_msat") == Msat(0)
    for broken in (None, "x", ["x"], [{"state": "CHANNELD_NORMAL"}], [channels[0] | {"spendable_msat": 10**18}] * 3):
        assert spendable({"channels": broken}, "spendable_msat") is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ("pays", "status", "preimage", "payment_preimage", "payment_hash", "code", "message", "error", "channels")
WORDS = st.sampled_from(["failed", "complete", "pending", HASH.hex])


@given(
    st.dictionaries(
        st.sampled_from(FIELDS), ANYTHING | WORDS | st.lists(st.dictionaries(st.sampled_from(FIELDS), WORDS))
    )
)
def test_whatever_it_answers_is_never_paid_without_the_preimage(answer: dict[str, Any]) -> None:
    assert not isinstance(Told.read(answer, HASH).result(), Paid)
    assert not isinstance(Pays.read(answer, HASH).result, Paid)
    Problem.read(answer)
    spendable(answer, "spendable_msat")
    assert PREIMAGE.hex not in repr(Told.read({"payment_preimage": PREIMAGE.hex}, HASH))


def test_a_complete_one_that_is_not_ours_is_nothing() -> None:
    assert not isinstance(listed({**COMPLETE, "payment_hash": "ab" * 32}), (Paid, PaidWithoutProof))
