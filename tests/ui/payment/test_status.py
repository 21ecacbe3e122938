"""Each phase of a payment has its words, and the code is covered wherever a second payment would be a loss."""

from __future__ import annotations

import pytest

from l402desk.protocol.exchange import Phase
from l402desk.ui.payment.status import STAYS_OPEN, status_of
from tests.fakes.journeys import in_phase

COVERED = (Phase.PAYING, Phase.UNKNOWN, Phase.NO_PROOF, Phase.KEEPING)


@pytest.mark.parametrize("phase", STAYS_OPEN)
def test_every_phase_of_a_payment_is_told_in_words_of_its_own(phase: Phase) -> None:
    words = [status_of(in_phase(other), "Play wallet").words for other in STAYS_OPEN]
    assert status_of(in_phase(phase), "Play wallet").words
    assert len(set(words)) == len(STAYS_OPEN)


@pytest.mark.parametrize("phase", list(Phase))
def test_the_code_is_covered_exactly_where_money_may_be_under_way(phase: Phase) -> None:
    assert bool(status_of(in_phase(phase), "").cover) == (phase in COVERED)


def test_it_is_covered_from_the_moment_a_wallet_is_chosen() -> None:
    assert status_of(in_phase(Phase.OFFERED), "Play wallet").cover == "The Play wallet is paying this invoice."


def test_an_expired_invoice_is_covered_but_may_still_be_proven() -> None:
    status = status_of(in_phase(Phase.OFFERED), "", is_expired=True)
    assert "expired" in status.cover
    assert "proof" in status.words


def test_outside_a_payment_there_is_nothing_to_say() -> None:
    for phase in set(Phase) - set(STAYS_OPEN):
        assert status_of(in_phase(phase), "").words == ""


def test_time_is_counted_while_nobody_can_do_anything_but_wait() -> None:
    counted = {phase for phase in Phase if status_of(in_phase(phase), "").counts_time}
    assert counted == {Phase.PAYING, Phase.UNKNOWN}
