"""What can be done with a token in each state, and by which keys."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from l402desk.ui.vault.token_actions import ENTRIES, TokenActions, possible
from l402desk.vault.tokens import RESTRICTED, TokenState
from tests.fakes.journeys import summary


@pytest.fixture
def actions(qapp: object) -> Iterator[TokenActions]:
    owner = QObject()
    yield TokenActions(owner)
    del owner  # until here it is what keeps them


def test_without_a_token_nothing_can_be_done(actions: TokenActions) -> None:
    assert possible(None) == frozenset()
    assert not any(action.isEnabled() for action in actions.all)


@pytest.mark.parametrize("state", TokenState)
def test_each_state_allows_its_own(state: TokenState) -> None:
    words = possible(summary(1, state=state, purchase_id="p1"))
    if state is TokenState.TRASHED:
        assert words == {"restore", "forget", "payment"}
        return
    always = {"use", "test", "copy", "restrict", "scope", "rename", "note", "payment", "trash"}
    assert words == always | {"again" if state in (TokenState.SPENT, TokenState.REFUSED) else "spent"}


def test_a_damaged_token_is_not_opened() -> None:
    assert not possible(summary(1, is_intact=False)) & {"use", "test", "copy", "restrict"}


def test_what_was_not_bought_has_no_payment_to_show() -> None:
    assert "payment" not in possible(summary(1))
    assert "payment" not in possible(summary(1, purchase_id="p1", source=RESTRICTED))


def test_an_action_tells_its_word(actions: TokenActions, qtbot: QtBot) -> None:
    actions.allow(summary(1))
    with qtbot.waitSignal(actions.wanted) as told:
        actions.of("trash").trigger()
    assert told.args == ["trash"]


def test_what_cannot_be_done_is_shown_only_where_one_would_look_for_it(actions: TokenActions) -> None:
    actions.allow(summary(1), "Only its server can read this token.")
    assert actions.of("restrict").isVisible()
    assert not actions.of("restrict").isEnabled()
    assert actions.of("payment").isVisible()
    assert not actions.of("restore").isVisible()
    actions.allow(summary(1, state=TokenState.TRASHED))
    assert not actions.of("restrict").isVisible()


def test_of_two_actions_with_the_same_keys_one_at_most_is_allowed(actions: TokenActions) -> None:
    for state in TokenState:
        actions.allow(summary(1, state=state))
        keys = [action.shortcut().toString() for action in actions.all if action.isEnabled()]
        keys = [key for key in keys if key]
        assert len(keys) == len(set(keys))


def test_every_action_has_a_name_and_the_texts_are_different() -> None:
    assert len({entry.text for entry in ENTRIES}) == len({entry.word for entry in ENTRIES}) == len(ENTRIES)
