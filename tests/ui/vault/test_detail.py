"""One token in detail: its name, what can be done with it, and how a trial of it went."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.engine.trial import Trial
from l402desk.engine.view import Notice, Tone
from l402desk.session.token_jobs import TokenAccount
from l402desk.ui.style import Appearance
from l402desk.ui.vault.detail import LOW, TokenDetail
from l402desk.ui.vault.token_actions import TokenActions
from l402desk.vault.anatomy import Anatomy
from l402desk.vault.tokens import TokenState, TokenSummary
from tests.fakes.invoices import NOW
from tests.fakes.journeys import BIDI, HOSTILE, summary


@pytest.fixture
def actions(qapp: object) -> Iterator[TokenActions]:
    owner = QObject()
    yield TokenActions(owner)
    del owner  # until here it is what keeps them


@pytest.fixture
def detail(qtbot: QtBot, dressed: Appearance, actions: TokenActions) -> TokenDetail:
    made = TokenDetail(actions, lambda: NOW + 60.0)
    qtbot.addWidget(made)
    made.resize(340, 560)
    show(made, actions, summary(1))
    made.show()
    return made


def show(detail: TokenDetail, actions: TokenActions, token: TokenSummary) -> None:
    actions.allow(token)
    detail.show_token(token)


def said(detail: TokenDetail, name: str) -> str:
    found = detail.findChild(QLabel, name)
    assert found is not None
    return found.text()


def test_name_and_place_are_there(detail: TokenDetail, actions: TokenActions) -> None:
    assert said(detail, "tokenTitle") == "service 1"
    assert said(detail, "tokenPlace") == "host1.example · bought for 21 sats"
    show(detail, actions, summary(2, title="", price=None, source="imported from lnget"))
    assert said(detail, "tokenTitle") == "token"
    assert said(detail, "tokenPlace") == "host2.example · imported from lnget"


@pytest.mark.parametrize("word", ["use", "test", "copy", "restrict"])
def test_each_button_does_its_action(detail: TokenDetail, actions: TokenActions, qtbot: QtBot, word: str) -> None:
    with qtbot.waitSignal(actions.wanted) as told:
        QTest.mouseClick(detail._buttons[word], Qt.MouseButton.LeftButton)
    assert told.args == [word]


def test_everything_that_can_be_done_is_in_the_menu(detail: TokenDetail, actions: TokenActions) -> None:
    menu = detail.more.menu()
    assert menu.actions() == actions.all
    assert [action.data() for action in menu.actions() if action.isEnabled()] == [
        "use", "test", "copy", "restrict", "scope", "rename", "note", "spent", "trash",
    ]  # fmt: skip


def test_in_the_trash_it_can_be_taken_out_or_deleted(detail: TokenDetail, actions: TokenActions, qtbot: QtBot) -> None:
    show(detail, actions, summary(1, state=TokenState.TRASHED))
    visible = {word for word, made in detail._buttons.items() if made.isVisibleTo(detail)}
    assert visible == {"restore", "forget"}
    with qtbot.waitSignal(actions.wanted) as told:
        detail.restore.click()
    assert told.args == ["restore"]


def test_why_a_token_cannot_be_restricted_is_said(detail: TokenDetail) -> None:
    reason = "Only its server can read this token, so only its server could add a condition to it."
    detail.show_account(TokenAccount(summary(1), Anatomy("opaque", 9, reason=reason)))
    assert not detail.restrict.isEnabled()
    assert "Only its server" in detail.restrict.toolTip()


def test_an_account_of_another_token_is_not_shown(detail: TokenDetail) -> None:
    detail.show_account(TokenAccount(summary(2), Anatomy("opaque", 9, reason="no")))
    assert said(detail, "tokenTitle") == "service 1"
    assert detail.restrict.isEnabled()


def test_what_keeps_it_from_being_sent_is_said(detail: TokenDetail, actions: TokenActions) -> None:
    assert not detail._hindrance.isVisible()
    show(detail, actions, summary(1, state=TokenState.SPENT))
    assert "used up" in said(detail, "tokenHindrance")
    assert detail._hindrance.isVisible()


def test_how_a_trial_went_stands_beside_its_token_alone(detail: TokenDetail, actions: TokenActions) -> None:
    trial = Trial(summary(1), Notice(Tone.WARNING, "Refused: 402", "The server did not take it.", "Nothing was paid."))
    detail.show_trial(trial)
    assert said(detail, "tokenNoticeTitle") == "Refused: 402"
    assert said(detail, "tokenNoticeText") == "The server did not take it. Nothing was paid."
    show(detail, actions, summary(1, uses=4))
    assert detail.notice.isVisible()
    show(detail, actions, summary(2))
    assert not detail.notice.isVisible()
    detail.show_trial(trial)
    assert not detail.notice.isVisible()


def test_what_the_user_writes_goes_with_its_token(detail: TokenDetail, qtbot: QtBot) -> None:
    with qtbot.waitSignal(detail.renamed) as told:
        detail.title.written.emit("Lisbon")
    assert told.args == [summary(1), "Lisbon"]
    with qtbot.waitSignal(detail.noted) as told:
        detail.note.written.emit("a note")
    assert told.args == [summary(1), "a note"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_do_not_widen_it_or_hide_the_buttons(
    detail: TokenDetail, actions: TokenActions, text: str
) -> None:
    show(detail, actions, summary(2, title=text, note=text, caveats=(text, BIDI), scope=summary(1).scope))
    detail.resize(340, 440)
    assert (detail.width(), detail.height()) == (340, 440)
    assert detail.rect().contains(detail.use.geometry())
    assert all(part.textFormat() is Qt.TextFormat.PlainText for part in detail.findChildren(QLabel))


def test_where_there_is_little_room_the_facts_have_it(detail: TokenDetail) -> None:
    assert detail.copy.isVisible()
    detail.resize(340, LOW - 10)
    assert not detail.copy.isVisible()
    assert detail.use.isVisible()
    detail.resize(340, LOW + 10)
    assert detail.copy.isVisible()


def test_copied_is_said_when_the_header_came_and_taken_back_later(detail: TokenDetail, qtbot: QtBot) -> None:
    copied = detail.findChild(QLabel, "tokenCopied")
    assert copied is not None
    assert copied.isHidden()
    detail._gone.setInterval(10)
    detail.tell_copied("the header itself is not shown")
    assert copied.text() == "Copied. It leaves the clipboard in 30 s."
    assert copied.isVisible()
    qtbot.waitUntil(copied.isHidden)


def test_before_a_token_is_shown_the_buttons_do_nothing(
    qtbot: QtBot, dressed: Appearance, actions: TokenActions
) -> None:
    empty = TokenDetail(actions)
    qtbot.addWidget(empty)
    with qtbot.assertNotEmitted(actions.wanted), qtbot.assertNotEmitted(empty.renamed):
        for made in empty._buttons.values():
            made.click()
        empty.title.written.emit("x")
        empty.note.written.emit("x")
