from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from l402desk.protocol.amount import ZERO, Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, Unknown
from l402desk.protocol.proof import Preimage
from l402desk.wallets.asking import Reply
from l402desk.wallets.lnd_words import (
    ON_ITS_WAY,
    UNSAID,
    WITHOUT_PROOF,
    Told,
    Trouble,
    failure_words,
    is_a_line,
    is_final,
    lines_of,
    standing,
)
from tests.wallets.any_answer import JUNK

PREIMAGE = Preimage(bytes(range(32)))
HASH = PREIMAGE.payment_hash()
NAMES = ("result", "error", "code", "grpc_code", "message", "status", "payment_hash", "payment_preimage", "fee_msat")


def payment(status: str = "SUCCEEDED", **more: Any) -> dict[str, Any]:
    told = {"payment_hash": HASH.hex, "payment_preimage": "0" * 64, "status": status, "fee_msat": "0"}
    return {"result": told | more}


def reply(*lines: object, status: int = 200) -> Reply:
    return Reply(status, b"".join(json.dumps(line).encode() + b"\n" for line in lines))


ERROR = {"error": {"code": 2, "message": "router shutting down"}}


def test_a_preimage_that_fits_is_proof_wherever_it_stands() -> None:
    paid = payment(payment_preimage=PREIMAGE.hex, fee_msat="1234")
    for answer in (reply(paid), reply(paid, ERROR), reply(payment("FAILED"), paid), reply(paid, status=500)):
        found = standing(answer, HASH)
        assert isinstance(found, Paid)
        assert found.preimage == PREIMAGE
        assert found.fee == Msat(1234)
    assert standing(reply(payment("IN_FLIGHT", payment_preimage=PREIMAGE.hex)), HASH) == Paid(PREIMAGE, ZERO)


def test_success_without_a_preimage_that_fits_is_no_proof() -> None:
    for preimage in ("0" * 64, "ab" * 32, None, 7, PREIMAGE.hex[:32]):
        assert standing(reply(payment(payment_preimage=preimage)), HASH) == WITHOUT_PROOF
    assert isinstance(WITHOUT_PROOF, PaidWithoutProof)
    assert standing(reply(payment(payment_hash="ab" * 32)), HASH) == UNSAID


def test_failed_is_believed_of_this_payment_as_the_last_word_and_under_200_alone() -> None:
    failed = payment("FAILED", failure_reason="FAILURE_REASON_TIMEOUT")
    assert isinstance(standing(reply(failed), HASH), Failed)
    assert isinstance(standing(reply(payment("IN_FLIGHT"), failed), HASH), Failed)
    for answer in (
        reply(failed, status=500),
        reply(failed, ERROR),
        reply(failed | ERROR),
        reply(payment("FAILED", payment_hash="ab" * 32)),
        reply(payment("FAILED", payment_hash=None)),
        reply(failed, payment("UNKNOWN")),
    ):
        assert standing(answer, HASH) == UNSAID
    assert standing(reply(failed, payment("IN_FLIGHT")), HASH) == ON_ITS_WAY


def test_what_is_on_its_way_is_not_known() -> None:
    for status in ("IN_FLIGHT", "INITIATED"):
        assert standing(reply(payment(status)), HASH) == ON_ITS_WAY
    assert standing(reply(payment("IN_FLIGHT", payment_hash="ab" * 32)), HASH) == UNSAID
    assert isinstance(ON_ITS_WAY, Unknown)


def test_an_answer_that_tells_of_no_payment_is_none() -> None:
    for answer in (reply(), reply(ERROR), reply({"result": []}), Reply(200, b"<html>"), Reply(200, b"null\n[]\n")):
        assert standing(answer, HASH) is None


def test_one_object_over_several_lines_is_read_as_well() -> None:
    whole = json.dumps(payment(payment_preimage=PREIMAGE.hex), indent=2).encode()
    assert isinstance(standing(Reply(200, whole), HASH), Paid)
    assert len(lines_of(reply(ERROR, ERROR))) == 2


@pytest.mark.parametrize("fee", ["", "-1", "1.5", "x", "9" * 30, "\u0663", None, True, [], -1, 10**30])
def test_a_fee_that_is_none_is_left_out(fee: object) -> None:
    assert standing(reply(payment(payment_preimage=PREIMAGE.hex, fee_msat=fee)), HASH) == Paid(PREIMAGE, None)


def test_a_stream_is_read_until_its_last_word() -> None:
    assert is_final(reply(payment("FAILED")).body)
    assert is_final(reply(payment("IN_FLIGHT"), payment()).body)
    assert is_final(reply(payment("IN_FLIGHT"), ERROR).body)
    for unfinished in (b"", b"\n", b"\n\n", b"null\n", b"{\n", b"[" * 50_000 + b"\n", b'{"result": 7}\n'):
        assert not is_final(unfinished)
    assert not is_final(reply(payment("IN_FLIGHT")).body)
    assert not is_final(reply(payment()).body[:-1])
    assert is_a_line(reply(payment()).body)
    assert not any(map(is_a_line, (b"", b"\n", b" \n", b"{")))


@pytest.mark.parametrize(
    ("answer", "code", "message"),
    [
        ({"code": 5, "message": "payment isn't initiated", "details": []}, 5, "payment isn't initiated"),
        ({"error": {"code": 6, "message": "invoice is already paid"}}, 6, "invoice is already paid"),
        ({"error": {"grpc_code": 5, "http_code": 404, "message": "x", "http_status": "Not Found"}}, 5, "x"),
        ({"error": "wallet locked", "message": "wallet locked", "code": 2}, 2, "wallet locked"),
        ({"error": "unauthorized"}, -1, "unauthorized"),
        ({"error": []}, -1, ""),
        ({"error": {}}, -1, ""),
        ({"code": True, "message": "x"}, -1, "x"),
        ({"result": None, "error": {"code": 14, "message": 7}}, 14, ""),
    ],
)
def test_an_error_is_read_in_each_of_its_shapes(answer: dict[str, Any], code: int, message: str) -> None:
    assert Trouble.read(answer) == Trouble(code, message)


def test_what_tells_no_error_is_none() -> None:
    answers: tuple[dict[str, Any], ...] = ({}, {"result": {}}, {"error": None}, {"message": 7}, {"code": "5"})
    for answer in answers:
        assert Trouble.read(answer) is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (2, "permission denied"),
        (7, "permission denied"),
        (16, ""),
        (2, "verification failed: signature mismatch after caveat verification"),
        (2, "cannot get macaroon: root key with id 7 doesn't exist"),
        (2, "expected 1 macaroon, got 0"),
        (2, 'caveat "time-before 2026-01-01T00:00:00Z" not satisfied: macaroon has expired'),
        (2, "encoding/hex: odd length hex string"),
        (2, "cannot determine data format of binary-encoded macaroon"),
    ],
)
def test_what_is_said_of_a_macaroon_is_known(code: int, message: str) -> None:
    assert Trouble(code, message).is_about_macaroon


def test_each_kind_of_error_is_told_from_the_others() -> None:
    locked = Trouble(2, "wallet locked, unlock it to enable full RPC access").not_ready
    assert locked is not None
    assert "lncli unlock" in locked[1]
    assert Trouble(2, "the RPC server is in the process of starting up, but not yet ready to accept calls").not_ready
    assert Trouble(2, "waiting to start, RPC services not available").not_ready
    assert Trouble(2, "router shutting down").not_ready is None
    assert Trouble(5, "payment isn't initiated").is_no_such_payment
    assert not Trouble(5, "Not Found").is_no_such_payment
    assert not Trouble(2, "payment isn't initiated").is_no_such_payment
    assert Trouble(5, "Not Found").is_no_such_method
    assert Trouble(12, "Method Not Allowed").is_no_such_method
    assert not Trouble(5, "payment isn't initiated").is_no_such_method
    for message in ("invoice expired. Valid until 2026", "self-payments not allowed", "invoice not for current active"):
        assert Trouble(2, f"{message} network 'regtest'").is_not_begun
    assert Trouble(3, "anything").is_not_begun
    for trouble in (Trouble(6, "invoice is already paid"), Trouble(14, "transport is closing"), Trouble(2, "x")):
        assert not any((trouble.is_not_begun, trouble.is_about_macaroon, trouble.is_no_such_method))
    assert not Trouble(-1, "permission denied").is_about_macaroon  # said by no lnd


def test_an_error_is_shown_with_nothing_hidden_in_it() -> None:
    assert Trouble(2, "no \u202eroute\n").shown == "LND answered: no ‹U+202E›route."
    assert Trouble(2, "done.").shown == "LND answered: done."
    assert Trouble(2, "").shown == "LND answered with an error."
    assert len(Trouble(2, "x" * 100_000).shown) < 300


def test_each_reason_says_what_to_do() -> None:
    reasons = ("NO_ROUTE", "TIMEOUT", "INSUFFICIENT_BALANCE", "INCORRECT_PAYMENT_DETAILS", "ERROR", "CANCELED", "NONE")
    told = {failure_words(f"FAILURE_REASON_{reason}", Msat(1000)) for reason in reasons}
    assert len(told) == len(reasons)
    assert all(words.endswith(".") for words in told)
    assert failure_words("what") == failure_words("")
    assert "the fee limit is 0" in failure_words("FAILURE_REASON_NO_ROUTE", ZERO)
    assert "at most 1 sat" in failure_words("FAILURE_REASON_NO_ROUTE", Msat(1000))
    assert "within the fee limit" in failure_words("FAILURE_REASON_NO_ROUTE")


@given(st.dictionaries(st.sampled_from(NAMES), JUNK | st.dictionaries(st.sampled_from(NAMES), JUNK)))
def test_whatever_is_told_it_is_read_and_proves_nothing(answer: dict[str, Any]) -> None:
    told, trouble = Told.read(answer, HASH), Trouble.read(answer)
    assert told is None or told.preimage is None
    assert trouble is None or trouble.shown.startswith("LND answered")
    assert not isinstance(standing(reply(answer), HASH), (Paid, Failed))


def test_no_repr_shows_a_preimage() -> None:
    assert PREIMAGE.hex not in repr(Told.read(payment(payment_preimage=PREIMAGE.hex), HASH))


def test_an_endless_message_takes_no_endless_time() -> None:
    trouble = Trouble.read({"code": 2, "message": "payment amount caveat " * 40_000})
    assert trouble is not None
    began = time.perf_counter()
    assert not trouble.is_not_begun
    assert not trouble.is_about_macaroon
    assert time.perf_counter() - began < 1
