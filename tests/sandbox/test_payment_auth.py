"""The Payment scheme: the id vouches for the challenge, the preimage for the payment."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest

from l402desk.protocol.amount import Msat
from l402desk.sandbox.minting import Mint, Minted, Order
from l402desk.sandbox.opaque import read_json
from l402desk.sandbox.payment_auth import PaymentAuth
from l402desk.sandbox.refusal import Refused
from tests.sandbox.buyer import Clock


class Bench:
    def __init__(self) -> None:
        self.clock = Clock()
        self.mint = Mint(self.clock)
        self.auth = PaymentAuth(self.mint, self.clock)
        self.invoice: Minted = self.mint.mint(Order(Msat.of_sats(2), "x"))
        self.said = dict(re.findall(r'(\w+)="([^"]*)"', self.auth.challenge(self.invoice)))
        self.payload: dict[str, Any] = {"preimage": self.invoice.preimage.hex}

    def credential(self) -> str:
        text = json.dumps({"challenge": self.said, "payload": self.payload})
        return "Payment " + base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    def refusal(self) -> str:
        with pytest.raises(Refused) as refused:
            self.auth.check(self.credential())
        return refused.value.code


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_the_challenge_carries_the_invoice(bench: Bench) -> None:
    request = read_json(bench.said["request"])
    assert (request["amount"], request["currency"]) == ("2", "sat")
    assert request["methodDetails"]["invoice"] == bench.invoice.text
    assert (bench.said["method"], bench.said["intent"]) == ("lightning", "charge")


def test_a_paid_challenge_is_good_once(bench: Bench) -> None:
    assert bench.refusal() == "not-settled"
    bench.mint.settle(bench.invoice.payment_hash)
    bench.auth.check(bench.credential())
    assert bench.refusal() == "token-used-up"


def test_a_changed_challenge_is_refused(bench: Bench) -> None:
    bench.mint.settle(bench.invoice.payment_hash)
    bench.said["expires"] = "2999-01-01T00:00:00Z"
    assert bench.refusal() == "bad-signature"


def test_an_expired_challenge_is_refused(bench: Bench) -> None:
    bench.mint.settle(bench.invoice.payment_hash)
    bench.clock.now += 3600
    assert bench.refusal() == "token-expired"


@pytest.mark.parametrize(("preimage", "code"), [("11" * 32, "wrong-preimage"), (None, "preimage-unreadable")])
def test_another_preimage_is_refused(bench: Bench, preimage: str | None, code: str) -> None:
    bench.mint.settle(bench.invoice.payment_hash)
    bench.payload["preimage"] = preimage
    assert bench.refusal() == code


@pytest.mark.parametrize("text", ["Payment ", "Payment e30", "Payment !!", "Payment W10"])
def test_what_is_no_credential_is_refused(bench: Bench, text: str) -> None:
    with pytest.raises(Refused):
        bench.auth.check(text)


def test_ids_are_those_of_the_published_vectors(bench: Bench, vectors: Any) -> None:
    published = vectors("payment-auth.vectors.json")
    bench.auth._secret = bytes.fromhex(published["hmacSecretHex"])
    for vector in published["challengeIds"]:
        assert bench.auth._id(vector["params"]) == vector["params"]["id"], vector["name"]
