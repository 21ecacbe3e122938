"""A short walk of the engine's machine, and proof that it sees an engine that breaks a law."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from l402desk.ledger import ledger as module
from l402desk.protocol.proof import Preimage
from tests.money import engine
from tests.money.engine import EngineMachine
from tests.money.run import walk

STEPS = int(os.environ.get("L402DESK_ENGINE_STEPS", "700"))


def test_no_law_of_payment_is_broken() -> None:
    engine.outcomes.clear()
    walk(STEPS, 0, engine=True)
    assert engine.outcomes["given to a wallet"] > 0
    assert engine.outcomes["died"] > 0


def is_seen() -> bool:
    how = settings(
        max_examples=60,
        stateful_step_count=40,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(3)(EngineMachine), settings=how)
    except AssertionError:
        return True
    return False


def test_an_engine_that_takes_any_proof_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Preimage, "proves", lambda *_: True)
    assert is_seen()


def test_an_engine_without_budgets_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_away(*_: Any) -> None:
        return None

    monkeypatch.setattr(module, "_refuse_over_budget", look_away)
    assert is_seen()
