"""Budgets count the worst case and speak in one sentence."""

from __future__ import annotations

import pytest

from l402desk.ledger.budgets import Allowance, Budget, Caps
from l402desk.protocol.amount import ZERO, Msat


def sats(count: int) -> Msat:
    return Msat.of_sats(count)


def test_without_caps_nothing_is_over_and_nothing_is_said() -> None:
    allowance = Allowance()
    assert allowance.over(sats(10**6), sats(10)) is None
    assert allowance.sentence(sats(21), ZERO) == ""
    assert not Caps(sats(1), sats(1)).is_complete
    assert Caps(sats(1), sats(1), ZERO).is_complete


def test_over_budget_names_what_was_set_and_what_it_costs() -> None:
    allowance = Allowance(Caps(payment=sats(100)))
    assert allowance.sentence(sats(500), ZERO) == "You set 100 sats per payment; this costs 500 sats."
    said = allowance.sentence(sats(95), sats(10))
    assert said == "You set 100 sats per payment; this costs 95 sats and up to 10 sats for routing."


def test_what_is_spent_or_on_its_way_counts() -> None:
    allowance = Allowance(Caps(host_day=sats(100), day=sats(1_000)), spent_host=sats(90), spent_day=sats(90))
    excess = allowance.over(sats(5), sats(6))
    assert excess is not None
    assert (excess.budget, excess.cap, excess.spent) == (Budget.HOST_DAY, sats(100), sats(90))
    assert "90 sats of it are spent or on their way" in excess.sentence
    assert allowance.over(sats(5), sats(5)) is None


def test_one_sentence_says_what_is_left_of_each_budget() -> None:
    allowance = Allowance(Caps(sats(50), sats(100), sats(1_000)), sats(10), sats(210))
    assert allowance.sentence(sats(21), sats(9)) == (
        "Leaves 60 sats for this host in 24 hours and 760 sats over all in 24 hours."
    )
    assert Allowance(Caps(payment=sats(50))).sentence(sats(21), ZERO) == "Within your budget per payment."


@pytest.mark.parametrize("budget", Budget)
def test_a_cap_of_nothing_lets_nothing_pass(budget: Budget) -> None:
    caps = {Budget.PAYMENT: Caps(payment=ZERO), Budget.HOST_DAY: Caps(host_day=ZERO), Budget.DAY: Caps(day=ZERO)}
    excess = Allowance(caps[budget]).over(Msat(1), ZERO)
    assert excess is not None
    assert excess.budget is budget
    assert budget.words in excess.sentence
