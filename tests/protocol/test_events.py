"""Every event has its place in the journey."""

from __future__ import annotations

from typing import get_args

from l402desk.protocol import events
from l402desk.protocol.exchange import Exchange, Phase


def test_every_event_can_happen_in_some_phase() -> None:
    exchange = Exchange()
    placed = set()
    for phase in Phase:
        exchange.phase = phase
        placed |= {kind for kind in get_args(events.Event) if exchange.can_receive(kind)}
    assert placed == set(get_args(events.Event))


def test_a_proof_does_not_show_in_the_repr_of_its_event() -> None:
    from tests.fakes.challenges import PROOF

    assert PROOF.hex not in repr(events.Proved(PROOF))
