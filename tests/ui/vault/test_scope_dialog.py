"""Where a token may be sent is chosen knowingly: the dialog says where it goes, and when that is further than now."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.vault.scope_dialog import ANY, ScopeDialog, _is_wider
from l402desk.vault.scope import Reach, Scope
from tests.fakes.journeys import HOSTILE, interactive, summary


@pytest.fixture
def dialog(qtbot: QtBot, dressed: Appearance) -> ScopeDialog:
    made = ScopeDialog()
    qtbot.addWidget(made)
    made.ask(summary(1))
    return made


def says(dialog: ScopeDialog) -> str:
    found = dialog.findChild(QLabel, "scopeSays")
    assert found is not None
    return found.text()


def test_it_begins_with_what_is_so_now_and_changes_nothing_by_itself(dialog: ScopeDialog) -> None:
    assert dialog._choices[Reach.EXACT].isChecked()
    assert (dialog.path.text(), dialog.method.currentText()) == ("/v1/data1", ANY)
    assert says(dialog) == "It will be sent with every request to https://host1.example/v1/data1, and nowhere else."
    assert not dialog.go.isEnabled()


def test_further_than_now_is_said_in_words(dialog: ScopeDialog, qtbot: QtBot) -> None:
    dialog._choices[Reach.HOST].setChecked(True)
    assert "https://host1.example, whatever the path" in says(dialog)
    assert "further than now" in says(dialog)
    assert not dialog.path.isEnabled()
    with qtbot.waitSignal(dialog.scope_chosen) as told:
        dialog.go.click()
    assert told.args == [summary(1), Scope.of(Reach.HOST, "/"), None]
    assert not dialog.isVisible()


def test_less_far_is_no_warning(dialog: ScopeDialog, qtbot: QtBot) -> None:
    dialog.ask(summary(1, scope=Scope.of(Reach.PREFIX, "/v1")))
    dialog.path.setText("/v1/data/")
    dialog.method.setCurrentText("GET")
    assert "further" not in says(dialog)
    with qtbot.waitSignal(dialog.scope_chosen) as told:
        dialog.go.click()
    assert told.args[1:] == [Scope.of(Reach.PREFIX, "/v1/data"), "GET"]


@pytest.mark.parametrize("path", ["v1", "/v1?a=b", "/v1#a", "https://thief.example/"])
def test_what_is_no_path_is_not_taken(dialog: ScopeDialog, path: str) -> None:
    dialog._choices[Reach.PREFIX].setChecked(True)
    dialog.path.setText(path)
    assert not dialog.go.isEnabled()
    assert "begins with a slash" in says(dialog)


def test_no_path_leads_to_another_host(dialog: ScopeDialog) -> None:
    dialog.path.setText("//thief.example/v1")
    assert "https://host1.example//thief.example/v1" in says(dialog)


@pytest.mark.parametrize(
    ("now", "method", "then", "then_method", "wider"),
    [
        (Scope.of(Reach.EXACT, "/a"), None, Scope.of(Reach.EXACT, "/a"), None, False),
        (Scope.of(Reach.EXACT, "/a"), None, Scope.of(Reach.EXACT, "/a"), "GET", False),
        (Scope.of(Reach.EXACT, "/a"), "GET", Scope.of(Reach.EXACT, "/a"), None, True),
        (Scope.of(Reach.EXACT, "/a"), "GET", Scope.of(Reach.EXACT, "/a"), "POST", True),
        (Scope.of(Reach.EXACT, "/a"), None, Scope.of(Reach.EXACT, "/b"), None, True),
        (Scope.of(Reach.EXACT, "/a"), None, Scope.of(Reach.PREFIX, "/a"), None, True),
        (Scope.of(Reach.PREFIX, "/a"), None, Scope.of(Reach.EXACT, "/a/b"), None, False),
        (Scope.of(Reach.PREFIX, "/a"), None, Scope.of(Reach.PREFIX, "/a/b"), None, False),
        (Scope.of(Reach.PREFIX, "/a"), None, Scope.of(Reach.PREFIX, "/"), None, True),
        (Scope.of(Reach.PREFIX, "/a"), None, Scope.of(Reach.HOST, "/"), None, True),
        (Scope.of(Reach.HOST, "/"), None, Scope.of(Reach.EXACT, "/a"), None, False),
        (Scope.of(Reach.HOST, "/"), None, Scope.of(Reach.HOST, "/"), None, False),
    ],
)
def test_wider_is_whatever_lets_it_go_where_it_does_not_go_now(
    now: Scope, method: str | None, then: Scope, then_method: str | None, wider: bool
) -> None:
    assert _is_wider(then, then_method, summary(1, scope=now, method=method)) is wider


def test_a_whole_host_is_narrowed_to_where_the_token_was_used(dialog: ScopeDialog) -> None:
    dialog.ask(summary(1, scope=Scope.of(Reach.HOST, "/")), "/v1/data")
    dialog._choices[Reach.EXACT].setChecked(True)
    assert dialog.path.text() == "/v1/data"


def test_a_method_of_its_own_is_kept(dialog: ScopeDialog) -> None:
    dialog.ask(summary(1, method="PURGE"))
    assert dialog.method.currentText() == "PURGE"


def test_the_keyboard_reaches_everything_and_esc_cancels(dialog: ScopeDialog, qtbot: QtBot) -> None:
    controls = interactive(dialog)
    assert len({control.objectName() for control in controls}) == len(controls) == 7
    assert all(control.accessibleName() for control in controls)
    with qtbot.assertNotEmitted(dialog.scope_chosen):
        dialog.reject()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_titles_do_not_widen_it(dialog: ScopeDialog, text: str) -> None:
    before = dialog.size()
    dialog.ask(summary(1, title=text))
    assert dialog.width() <= max(before.width(), dialog.sizeHint().width())
