"""The object of --json has every key, whatever happened, and holds no proof of payment."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from l402desk.cli.send_result import Outcome, Result, headers_json, to_json
from l402desk.client.answer import Answer, Timings
from l402desk.client.spool import SpooledBody
from l402desk.ledger.purchases import PurchaseState
from tests.cli.purchases import a_purchase
from tests.fakes.challenges import PROOF, judged, mint_demand

URL = "https://api.example.com/data?q=1"
KEYS = {
    "outcome", "status", "final_url", "headers", "paid", "token_used", "purchase", "findings", "challenge", "timing_ms",
    "message", "body_file", "body", "body_base64",
}  # fmt: skip


def answer(body: bytes = b"hello", **more: object) -> Answer:
    headers = (("Content-Type", "text/plain"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2"))
    spooled = SpooledBody(body, None, len(body))
    return Answer(200, "OK", "HTTP/1.1", URL, headers, spooled, Timings(), **more)  # type: ignore[arg-type]


def test_the_exit_statuses_are_those_of_the_contract() -> None:
    assert {str(outcome): outcome.status for outcome in Outcome} == {
        "answered": 0, "payment-required": 3, "unresolved": 4, "network": 5, "refused": 6,
    }  # fmt: skip


@pytest.mark.parametrize("outcome", Outcome)
def test_every_key_is_there_whatever_happened(outcome: Outcome) -> None:
    found = to_json(Result(outcome, URL), None)
    assert set(found) == KEYS
    assert json.loads(json.dumps(found)) == found
    assert (found["status"], found["headers"], found["body"], found["findings"]) == (None, {}, None, [])


def test_an_answer_is_told_in_full() -> None:
    result = Result(Outcome.ANSWERED, URL, answer=answer(authorization_sent=True), took_ms=12.345)
    found = to_json(result, None)
    assert (found["status"], found["final_url"], found["token_used"], found["timing_ms"]) == (200, URL, True, 12.3)
    assert (found["body"], found["body_base64"], found["body_file"]) == ("hello", None, None)


def test_a_body_that_is_no_text_is_base64() -> None:
    found = to_json(Result(Outcome.ANSWERED, URL, answer=answer(b"\xff\0")), None)
    assert (found["body"], base64.b64decode(str(found["body_base64"]))) == (None, b"\xff\0")


def test_a_body_in_a_file_is_not_repeated() -> None:
    found = to_json(Result(Outcome.ANSWERED, URL, answer=answer()), Path("/tmp/out"))
    assert (found["body_file"], found["body"], found["body_base64"]) == ("/tmp/out", None, None)


def test_headers_are_an_object_in_lower_case() -> None:
    assert headers_json((("X-A", "1"), ("x-a", "2"), ("Set-Cookie", "a=1"), ("set-cookie", "b=2"))) == {
        "x-a": "1, 2",
        "set-cookie": "a=1\nb=2",
    }


def test_what_was_paid_is_told_once_it_is_proven() -> None:
    settled = a_purchase(PurchaseState.SETTLED, fee=1_000, rail="home")
    found = to_json(Result(Outcome.ANSWERED, URL, answer=answer(), purchase=settled), None)
    assert found["paid"] == {
        "amount_msat": 21_000,
        "fee_msat": 1_000,
        "payment_hash": settled.payment_hash.hex,
        "wallet": "home",
    }
    assert found["purchase"] == {"id": settled.id, "state": "settled", "delivery": "undelivered"}


def test_what_was_paid_before_is_not_told_as_paid() -> None:
    settled = a_purchase(PurchaseState.SETTLED)
    found = to_json(Result(Outcome.ANSWERED, URL, answer=answer(), purchase=settled, is_paid_now=False), None)
    assert found["paid"] is None
    assert isinstance(found["purchase"], dict)


@pytest.mark.parametrize("state", [PurchaseState.UNKNOWN, PurchaseState.SUBMITTED, PurchaseState.PAID_WITHOUT_PROOF])
def test_an_open_payment_is_no_payment_yet(state: PurchaseState) -> None:
    found = to_json(Result(Outcome.UNRESOLVED, URL, purchase=a_purchase(state)), None)
    assert found["paid"] is None
    assert found["purchase"] == {"id": "an-id", "state": str(state), "delivery": None}


def test_a_challenge_is_told_with_its_findings_and_price() -> None:
    inspections = judged(mint_demand())
    found = to_json(Result(Outcome.PAYMENT_REQUIRED, URL, answer=answer(), inspections=inspections), None)
    assert isinstance(found["challenge"], dict)
    assert found["challenge"]["amount_msat"] == 21_000
    assert found["challenge"]["verdict"] == str(inspections[0].verdict)
    assert isinstance(found["findings"], list)
    assert set(found["findings"][0]) == {"code", "severity", "message"}
    assert PROOF.hex not in json.dumps(found)


def test_the_body_of_a_bill_is_not_what_was_asked_for() -> None:
    assert Result(Outcome.ANSWERED, URL, answer=answer()).gives_body
    assert not Result(Outcome.PAYMENT_REQUIRED, URL, answer=answer()).gives_body
    assert not Result(Outcome.NETWORK, URL).gives_body
