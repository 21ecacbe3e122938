"""Wherever nothing is listed, it is said why."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from l402desk.ui.vault.empty_states import empty_states
from l402desk.vault.wanted import Shelf


def test_every_way_to_be_empty_has_its_words(qtbot: QtBot) -> None:
    states = empty_states()
    for state in states.values():
        qtbot.addWidget(state)
    assert {shelf.value for shelf in Shelf} | {"none", "locked"} == set(states)
    assert len({state.accessibleName() for state in states.values()}) == len(states)
    assert len({state.objectName() for state in states.values()}) == len(states)
    assert states["locked"].button is not None
