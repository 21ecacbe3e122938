from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, Unknown
from l402desk.protocol.proof import Preimage
from l402desk.wallets.nwc_words import (
    FAILED,
    ON_ITS_WAY,
    UNSAID,
    WITHOUT_PROOF,
    Said,
    begun_at,
    is_of,
    ordered,
    standing,
)
from l402desk.wallets.orders import Refused

PREIMAGE = Preimage(bytes(range(32)))
HASH = PREIMAGE.payment_hash()
PROVEN = {"preimage": PREIMAGE.hex}


def said(**told: Any) -> Said:
    read = Said.read(json.dumps({"result_type": "pay_invoice", **told}), "pay_invoice")
    assert read is not None
    return read


def error(code: object, message: object = "") -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "pong",
        "null",
        "[]",
        "7",
        '"x"',
        "{",
        "[" * 50_000,
        "9" * 5_000,
        '{"result_type": "get_balance", "result": {}}',
    ],
)
def test_what_is_no_answer_to_the_question_is_none(text: str) -> None:
    assert Said.read(text, "pay_invoice") is None


def test_an_error_is_an_answer_whatever_it_says_it_is_to() -> None:
    told = Said.read('{"result_type": "", "error": {"code": "UNAUTHORIZED", "message": "no"}}', "pay_invoice")
    assert told == Said(None, "UNAUTHORIZED", "no")
    assert Said.read('{"error": "no"}', "pay_invoice") == Said(None, "OTHER", "no")
    assert Said.read('{"error": {"code": 7, "message": []}}', "pay_invoice") == Said(None, "OTHER", "")
    assert Said.read(f'{{"error": {{"code": "{"X" * 99}"}}}}', "pay_invoice") == Said(None, "OTHER", "")


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (said(result=PROVEN), Paid(PREIMAGE)),
        (said(result=PROVEN | {"fees_paid": 1_005}), Paid(PREIMAGE, Msat(1_005))),
        (said(result=PROVEN | {"fees_paid": -1}), Paid(PREIMAGE)),
        (said(result=PROVEN | {"fees_paid": 10**40}), Paid(PREIMAGE)),
        (said(result=PROVEN, **error("OTHER")), Paid(PREIMAGE)),
        (said(result={}), WITHOUT_PROOF),
        (said(result={"preimage": "00" * 32}), WITHOUT_PROOF),
        (said(result={"preimage": "ab" * 32}), WITHOUT_PROOF),
        (said(result=None), UNSAID),
        (said(result=[], error=None), UNSAID),
        (said(**error("INSUFFICIENT_BALANCE")), Refused),
        (said(result={}, **error("INSUFFICIENT_BALANCE")), Unknown),
        (said(**error("PAYMENT_FAILED", "no route")), Unknown("The wallet answered: no route.")),
        (said(**error("INTERNAL", "this invoice has already been paid")), Unknown),
        (said(**error("OTHER")), Unknown("The wallet answered: OTHER.")),
        (said(**error("WEATHER", "it\u202erains\n")), Unknown("The wallet answered: it‹U+202E›rains.")),
    ],
)
def test_what_an_answer_to_an_order_is_worth(answer: Said, result: object) -> None:
    told = ordered(answer, HASH)
    assert told == result or (isinstance(result, type) and isinstance(told, result))


@pytest.mark.parametrize("code", ["UNAUTHORIZED", "RESTRICTED", "NOT_IMPLEMENTED", "UNSUPPORTED_ENCRYPTION"])
def test_who_may_not_pay_at_all_did_not_pay(code: str) -> None:
    told = ordered(said(**error(code, "no")), HASH)
    assert isinstance(told, Refused)
    assert told.certain


@pytest.mark.parametrize("code", ["INSUFFICIENT_BALANCE", "QUOTA_EXCEEDED", "RATE_LIMITED", "BAD_REQUEST", "EXPIRED"])
def test_another_refusal_may_be_of_a_second_copy(code: str) -> None:
    told = ordered(said(**error(code, "no")), HASH)
    assert isinstance(told, Refused)
    assert not told.certain


@pytest.mark.parametrize(
    ("code", "message", "ended"),
    [
        ("PAYMENT_FAILED", "", True),
        ("QUOTA_EXCEEDED", "", True),
        ("INTERNAL", "payment failed: FAILURE_REASON_NO_ROUTE", True),
        ("INTERNAL", "no_route", True),
        ("INTERNAL", "payment failed: RetriesExhausted", True),
        ("INTERNAL", "rpc error: code = Unavailable desc = error reading from server: EOF", False),
        ("INTERNAL", "Timeout", False),
        ("INTERNAL", "there is already a payment pending for this invoice", False),
        ("WEATHER", "", False),
        ("", "", False),
    ],
)
def test_when_a_wallet_has_stopped_trying(code: str, message: str, ended: bool) -> None:
    assert Said(None, code, message).ended is ended


OURS = {"payment_hash": HASH.hex, "type": "outgoing"}


@pytest.mark.parametrize(
    ("transaction", "result"),
    [
        (OURS | PROVEN | {"state": "settled", "fees_paid": 3}, Paid(PREIMAGE, Msat(3))),
        (PROVEN | {"state": "settled"}, Paid(PREIMAGE)),
        (OURS | PROVEN | {"settled_at": 1_700_000_000}, Paid(PREIMAGE)),
        (OURS | PROVEN, Paid(PREIMAGE)),
        (OURS | PROVEN | {"state": "pending"}, Paid(PREIMAGE)),
        (OURS | {"state": "settled"}, WITHOUT_PROOF),
        (OURS | {"state": "settled", "preimage": "00" * 32}, WITHOUT_PROOF),
        (OURS | {"settled_at": 1_700_000_000}, WITHOUT_PROOF),
        (OURS | {"settled_at": 0}, UNSAID),
        (OURS | {"state": "pending"}, ON_ITS_WAY),
        (OURS | {"state": "accepted"}, ON_ITS_WAY),
        (OURS | {"state": "failed"}, FAILED),
        (OURS | {"state": "failed", "settled_at": 1_700_000_000}, FAILED),
        (OURS | {"state": "expired"}, UNSAID),
        (OURS | {"state": "odd"}, UNSAID),
        (OURS, UNSAID),
        ({}, UNSAID),
        ({"payment_hash": "ab" * 32, "type": "outgoing", "state": "failed"}, UNSAID),
        ({"payment_hash": "ab" * 32, "type": "outgoing", "state": "settled"}, UNSAID),
        (OURS | {"type": "incoming", "state": "settled"} | PROVEN, Paid(PREIMAGE)),
        (OURS | {"type": "incoming", "state": "pending"} | PROVEN, None),
        (OURS | {"type": "incoming", "state": "expired"}, None),
        (OURS | {"type": "incoming", "state": "settled"}, None),
    ],
)
def test_what_a_transaction_is_worth(transaction: dict[str, Any], result: object) -> None:
    assert standing(transaction, HASH) == result


NAMES = st.sampled_from(
    ["result", "error", "result_type", "preimage", "state", "type", "code", "message", "settled_at", "payment_hash"]
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(PREIMAGE.hex),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, JSON, max_size=8))
def test_whatever_it_says_nothing_is_raised_and_nothing_believed_without_proof(told: dict[str, Any]) -> None:
    answer = Said.read(json.dumps(told), "pay_invoice")
    results: list[object] = [standing(told, HASH)]
    if answer is not None:
        assert answer.shown
        assert answer.refusal.endswith(".")
        results.append(ordered(answer, HASH))
    for result in results:
        if isinstance(result, Paid):
            assert result.preimage == PREIMAGE
        if isinstance(result, Failed):
            assert told["state"] == "failed"
        assert result is None or isinstance(result, (Paid, Failed, Unknown, PaidWithoutProof, Refused))
    is_of(told, HASH)
    begun_at(told)


def test_the_answer_shows_no_preimage() -> None:
    assert PREIMAGE.hex not in repr(said(result=PROVEN))


def test_ours_in_a_list_is_the_outgoing_one() -> None:
    assert is_of(OURS, HASH)
    assert is_of({"payment_hash": HASH.hex.upper()}, HASH)
    assert not is_of(OURS | {"type": "incoming"}, HASH)
    assert not is_of({"payment_hash": "ab" * 32}, HASH)
    assert not is_of(7, HASH)


def test_when_it_began_is_told_where_it_can_be_a_time() -> None:
    assert begun_at({"created_at": 1_700_000_000}) == 1_700_000_000.0
    for value in (None, 0, -1, True, "x", 10**30):
        assert begun_at({"created_at": value}) is None


@pytest.mark.parametrize(
    ("code", "message", "says_so"),
    [
        ("NOT_FOUND", "", True),
        ("INTERNAL", "The transaction requested was not found", True),
        ("OTHER", "Payment not found.", True),
        ("INTERNAL", "wallet not found", False),
        ("OTHER", "User not found: ask about this payment again", False),
        ("INTERNAL", "connection not found", False),
        ("OTHER", "to look up this payment, the node is needed: not found", False),
        ("UNAUTHORIZED", "payment not found", False),
        ("", "payment not found", False),
    ],
)
def test_only_a_wallet_that_says_so_of_the_payment_knows_none(code: str, message: str, says_so: bool) -> None:
    assert Said(None, code, message).is_of_no_payment is says_so


def test_an_endless_message_is_cut() -> None:
    said = Said.read(json.dumps({"error": {"code": "OTHER", "message": "payment " * 100_000}}), "lookup_invoice")
    assert said is not None
    assert len(said.message) <= 1_000
    assert not said.is_of_no_payment
