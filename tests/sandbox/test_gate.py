"""The sandbox's own door."""

from __future__ import annotations

import pytest

from l402desk.protocol.amount import Msat
from l402desk.sandbox.gate import MOST_DOUBLINGS, Challenge, Gate
from l402desk.sandbox.macaroons import Bakery
from l402desk.sandbox.minting import Mint
from l402desk.sandbox.refusal import Refused
from l402desk.sandbox.terms import Terms
from tests.sandbox.buyer import Clock

WEATHER = Terms("weather", Msat.of_sats(21), "Weather", uses=2)
BASE, PREMIUM = (Terms("premium", Msat.of_sats(10), "Fees", tier=tier) for tier in (0, 1))


class Bench:
    def __init__(self, *quirks: str) -> None:
        clock = Clock()
        self.mint = Mint(clock)
        self.gate = Gate(self.mint, Bakery(self.mint, clock), clock, frozenset(quirks))

    def bought(self, terms: Terms) -> list[str]:
        challenge = self.gate.challenge(terms)
        self.mint.settle(challenge.invoice.payment_hash)
        return [f"L402 {token_in(challenge)}:{challenge.invoice.preimage.hex}"]

    def refusal(self, authorization: list[str], terms: Terms) -> tuple[int, str]:
        with pytest.raises(Refused) as refused:
            self.gate.admit(authorization, terms)
        return refused.value.status, refused.value.code


def token_in(challenge: Challenge) -> str:
    return challenge.headers[0].split('"')[1]


def test_the_challenge_is_one_header_with_macaroon_and_invoice() -> None:
    challenge = Bench().gate.challenge(WEATHER)
    token = token_in(challenge)
    assert challenge.headers == (f'L402 macaroon="{token}", invoice="{challenge.invoice.text}"',)
    assert challenge.status == 402
    assert challenge.invoice.order.amount == WEATHER.price


def test_what_is_paid_gets_in_as_often_as_it_may() -> None:
    bench = Bench()
    authorization = bench.bought(WEATHER)
    bench.gate.admit(authorization, WEATHER)
    grant = bench.gate.admit(authorization, WEATHER)
    assert bench.refusal(authorization, WEATHER) == (402, "token-used-up")
    bench.gate.give_back(grant)
    bench.gate.admit(authorization, WEATHER)


def test_a_token_for_something_else_does_not_get_in() -> None:
    bench = Bench()
    assert bench.refusal(bench.bought(WEATHER), BASE) == (401, "other-service")


def test_the_base_tier_is_not_enough_for_premium_but_premium_is_for_base() -> None:
    bench = Bench()
    assert bench.refusal(bench.bought(BASE), PREMIUM) == (402, "tier-too-low")
    assert bench.gate.admit(bench.bought(PREMIUM), BASE).allowance.tier == 1


def test_price_doubles_from_challenge_to_challenge_up_to_a_bound() -> None:
    bench = Bench("price-doubles")
    sats = [bench.gate.challenge(WEATHER).invoice.sats for _ in range(MOST_DOUBLINGS + 2)]
    assert sats[:4] == [21, 42, 84, 168]
    assert sats[-1] == sats[-2] == 21 << MOST_DOUBLINGS
    assert bench.gate.challenge(BASE).invoice.sats == 10


def test_wrong_hash_commits_the_token_to_another_payment() -> None:
    bench = Bench("wrong-hash")
    assert bench.refusal(bench.bought(WEATHER), WEATHER) == (401, "wrong-preimage")
