from __future__ import annotations

import dataclasses

import pytest

from l402desk.engine.view import IDLE, JourneyView
from l402desk.protocol.exchange import Phase
from l402desk.protocol.proof import Preimage

BUSY = {Phase.SENDING, Phase.RECORDING, Phase.PAYING, Phase.KEEPING, Phase.DELIVERING}


@pytest.mark.parametrize("phase", list(Phase))
def test_a_view_is_busy_while_the_app_works_and_not_while_it_waits_for_somebody(phase: Phase) -> None:
    assert JourneyView(phase=phase).is_busy is (phase in BUSY)


def test_an_idle_view_offers_nothing() -> None:
    assert [IDLE.can_pay, IDLE.can_prove, IDLE.can_retry] == [False, False, False]


def test_a_view_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        IDLE.can_pay = True  # type: ignore[misc]


def test_a_proof_in_a_view_does_not_show_in_its_repr() -> None:
    secret = Preimage(b"\xab" * 32)
    assert "ab" * 32 not in repr(JourneyView(unkept_proof=secret))
    assert repr(secret.raw) not in repr(JourneyView(unkept_proof=secret))
