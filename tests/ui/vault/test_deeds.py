"""What is asked before it is done, what is offered to be undone, and what is simply done."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.session.token_jobs import TokenAccount
from l402desk.ui.style import Appearance
from l402desk.ui.vault.deeds import TokenDeeds
from l402desk.ui.vault.restrict_dialog import RestrictDialog
from l402desk.ui.vault.scope_dialog import ScopeDialog
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import TokenState, TokenUse
from tests.fakes.journeys import summary

UNUSED = summary(1, uses=0, last_status=None)


class Session(QObject):
    """Writes down what it is asked for."""

    trashed = Signal(object)
    forgotten = Signal(object)
    copied = Signal(object)
    went_wrong = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[object, ...]] = []

    def __getattr__(self, name: str) -> object:
        if name.startswith("_"):
            raise AttributeError(name)

        def ask(*arguments: object) -> None:
            self.asked.append((name, *arguments))

        return ask


class Stage:
    """The deeds with what they need around them."""

    def __init__(self) -> None:
        self.window = QWidget()
        self.notice = NoticeBar(name="vaultNotice")
        self.session = Session()
        QVBoxLayout(self.window).addWidget(self.notice)
        self.deeds = TokenDeeds(self.session, self.notice, self.window)  # type: ignore[arg-type]
        self.window.show()

    @property
    def title(self) -> str:
        found = self.notice.findChild(QLabel, "vaultNoticeTitle")
        assert found is not None
        return found.text()

    def answer(self, word: str) -> None:
        self.notice.action_pressed.emit(word)


@pytest.fixture
def stage(qtbot: QtBot, dressed: Appearance) -> Iterator[Stage]:
    made = Stage()
    qtbot.addWidget(made.window)
    yield made
    made.window.close()


def test_what_was_used_or_cost_nothing_goes_to_the_trash_at_once(stage: Stage) -> None:
    for token in (summary(1), summary(2, uses=0, price=None), summary(3, uses=0, price=Msat(0))):
        stage.deeds.do("trash", token)
        assert stage.session.asked[-1] == ("trash", token)
    assert not stage.notice.isVisible()


def test_what_was_paid_and_never_used_is_asked_about_first(stage: Stage) -> None:
    stage.deeds.do("trash", UNUSED)
    assert stage.session.asked == []
    assert stage.title == "Put “service 1” in the trash?"
    stage.answer("no")
    assert stage.session.asked == []
    assert not stage.notice.isVisible()
    stage.deeds.do("trash", UNUSED)
    stage.answer("yes")
    assert stage.session.asked == [("trash", UNUSED)]


def test_a_question_that_was_dismissed_is_not_answered_later(stage: Stage) -> None:
    stage.deeds.do("trash", UNUSED)
    stage.notice.dismiss()
    stage.answer("yes")
    assert stage.session.asked == []


def test_an_answer_is_for_the_token_that_was_asked_about(stage: Stage) -> None:
    trashed = summary(2, state=TokenState.TRASHED)
    stage.deeds.do("trash", UNUSED)
    stage.deeds.do("forget", trashed)
    stage.answer("yes")
    stage.answer("yes")
    assert stage.session.asked == [("forget", trashed)]


def test_deleting_for_ever_is_always_asked(stage: Stage) -> None:
    stage.deeds.do("forget", summary(1, uses=1, state=TokenState.TRASHED))
    assert stage.session.asked == []
    text = stage.notice.findChild(QLabel, "vaultNoticeText")
    assert text is not None
    assert "You paid 21 sats for it, and used it once." in text.text()


def test_what_went_to_the_trash_can_be_undone_once(stage: Stage) -> None:
    stage.session.trashed.emit(summary(1))
    assert stage.title == "“service 1” is in the trash"
    stage.answer("undo")
    stage.answer("undo")
    assert stage.session.asked == [("restore", "token-1")]
    assert not stage.notice.isVisible()


def test_what_became_of_it_is_said(stage: Stage) -> None:
    stage.session.forgotten.emit(summary(1))
    assert stage.title == "“service 1” is deleted"
    stage.session.copied.emit(summary(2))
    assert stage.title == "“service 2” is in the vault"
    stage.session.went_wrong.emit("The disk is full. Make room.")
    assert stage.title == "The vault could not do that"


@pytest.mark.parametrize(
    ("word", "asked"),
    [("test", "attempt"), ("again", "use_again"), ("spent", "mark_spent")],
)
def test_the_rest_is_done_at_once(stage: Stage, word: str, asked: str) -> None:
    stage.deeds.do(word, summary(1))
    assert stage.session.asked == [(asked, summary(1))]


def test_a_token_is_taken_out_of_the_trash(stage: Stage) -> None:
    stage.deeds.do("restore", summary(1))
    assert stage.session.asked == [("restore", "token-1")]


def test_a_token_is_used_where_it_opened_something_last(stage: Stage, qtbot: QtBot) -> None:
    host = summary(1, scope=Scope.of(Reach.HOST, "/"))
    uses = [TokenUse(3, "GET", "/refused", 402), TokenUse(2, "GET", "/v1/good", 200), TokenUse(1, "GET", "/old", 200)]
    for token, account, path in (
        (host, TokenAccount(host, None, uses), "/v1/good"),
        (host, None, "/"),
        (host, TokenAccount(summary(2), None, uses), "/"),
        (summary(1), TokenAccount(summary(1), None, uses), "/v1/data1"),
    ):
        with qtbot.waitSignal(stage.deeds.use_wanted) as told:
            stage.deeds.do("use", token, account)
        assert told.args == [token, path]


def test_a_header_and_a_payment_are_for_others_to_fetch(stage: Stage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stage.deeds.header_wanted) as told:
        stage.deeds.do("copy", summary(1))
    assert told.args == [summary(1)]
    with qtbot.waitSignal(stage.deeds.payment_wanted) as told:
        stage.deeds.do("payment", summary(1, purchase_id="p1"))
    assert told.args == ["p1"]


def test_a_scope_is_asked_in_a_dialog_and_written_down(stage: Stage) -> None:
    stage.deeds.do("scope", summary(1))
    dialog = stage.window.findChild(ScopeDialog)
    assert dialog is not None
    dialog._choices[Reach.HOST].setChecked(True)
    dialog.go.click()
    assert stage.session.asked == [("set_scope", summary(1), Scope.of(Reach.HOST, "/"), None)]


def test_a_restriction_is_asked_in_a_dialog(stage: Stage) -> None:
    token = summary(1, expires_at=None)
    for button, asked in (("copy", "copy_restricted"), ("keep", "keep_restricted")):
        stage.deeds.do("restrict", token)
        dialog = stage.window.findChild(RestrictDialog)
        assert dialog is not None
        getattr(dialog, button).click()
        assert stage.session.asked[-1][:2] == (asked, token)
