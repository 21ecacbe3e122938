"""A short walk of the money machine, and proof that it sees a ledger that breaks a law."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from l402desk.ledger import allowing, purchases
from l402desk.ledger import ledger as module
from l402desk.ledger.budgets import Allowance
from l402desk.ledger.purchases import PurchaseState
from l402desk.protocol.amount import ZERO
from tests.money import machine
from tests.money.machine import MoneyMachine
from tests.money.run import walk

STEPS = int(os.environ.get("L402DESK_MONEY_STEPS", "3000"))


def test_no_law_of_payment_is_broken_and_every_outcome_is_met() -> None:
    machine.outcomes.clear()
    walk(STEPS, 0)
    assert {
        "AlreadyClaimed", "OpenPurchase", "OverBudget", "NotAutomatic", "HashSpent", "begun", "begun by itself",
        "begun over budget", "given to a wallet", "token kept", "died, committed", "died, nothing done",
        "settled, was offered", "settled, was submitted", "settled, was failed",
    } <= set(machine.outcomes)  # fmt: skip


def is_seen() -> bool:
    """Does a walk end with a broken law? What it meets depends on names that are made at random: so there are three."""
    return any(_is_seen(number) for number in (1, 2, 3))


def _is_seen(number: int) -> bool:
    how = settings(
        max_examples=200,
        stateful_step_count=60,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(number)(MoneyMachine), settings=how)
    except AssertionError:
        return True
    return False


def test_a_ledger_that_forgets_what_is_in_flight_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    real = allowing.allowance

    def forgetful(*arguments: Any, **named: Any) -> Allowance:
        return replace(real(*arguments, **named), spent_day=ZERO, spent_host=ZERO)

    monkeypatch.setattr(module, "allowance", forgetful)
    assert is_seen()


def test_a_ledger_that_lets_an_invoice_go_to_a_second_wallet_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {**purchases.STEPS, PurchaseState.UNKNOWN: frozenset(PurchaseState)}
    monkeypatch.setattr(purchases, "STEPS", steps)
    assert is_seen()


def test_a_ledger_that_begins_the_same_thing_twice_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_away(connection: sqlite3.Connection, *_: Any) -> None:
        return None

    monkeypatch.setattr(module, "_refuse_if_open", look_away)
    assert is_seen()


def test_a_ledger_that_pays_by_itself_without_being_allowed_to_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_refuse_unless_automatic", lambda *_: None)
    assert is_seen()


def test_a_settled_purchase_that_is_called_failed_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    steps = {**purchases.STEPS, PurchaseState.SETTLED: frozenset({PurchaseState.FAILED})}
    monkeypatch.setattr(purchases, "STEPS", steps)
    with pytest.raises((AssertionError, sqlite3.IntegrityError)):
        settings_ = settings(
            max_examples=200, stateful_step_count=60, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        run_state_machine_as_test(seed(1)(MoneyMachine), settings=settings_)
