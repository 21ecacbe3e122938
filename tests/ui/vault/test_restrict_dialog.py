"""What a copy is to allow is chosen in words, with the warning that not every server takes one."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.vault.restrict_dialog import CHOICES, STRICT, RestrictDialog
from l402desk.ui.widgets.findings import FindingRow
from tests.fakes.invoices import NOW
from tests.fakes.journeys import BIDI, interactive, summary


@pytest.fixture
def dialog(qtbot: QtBot, dressed: Appearance) -> RestrictDialog:
    made = RestrictDialog(clock=lambda: float(NOW))
    qtbot.addWidget(made)
    made.ask(summary(1, expires_at=None))
    return made


def says(dialog: RestrictDialog) -> str:
    found = dialog.findChild(QLabel, "restrictSays")
    assert found is not None
    return found.text()


def test_the_warning_about_strict_servers_is_always_there(dialog: RestrictDialog) -> None:
    row = dialog.findChild(FindingRow, "restrictStrict")
    assert row is not None
    assert row.isVisible()
    assert row.severity == "warning"
    for name in ("satring", "Fewsats", "toll-booth"):
        assert name in STRICT


def test_an_end_is_said_in_words_and_as_the_server_writes_it(dialog: RestrictDialog, qtbot: QtBot) -> None:
    assert "The copy ends at" in says(dialog)
    with qtbot.waitSignal(dialog.copy_wanted) as told:
        dialog.copy.click()
    assert told.args == [summary(1, expires_at=None), (f"weather_valid_until={NOW + 3_600}",)]
    assert not dialog.isVisible()


def test_each_choice_is_another_end(dialog: RestrictDialog, qtbot: QtBot) -> None:
    for number, (_, seconds) in enumerate(CHOICES[:-1]):
        assert seconds is not None
        dialog.ask(summary(1, expires_at=None))
        dialog.choice.setCurrentIndex(number)
        with qtbot.waitSignal(dialog.keep_wanted) as told:
            dialog.keep.click()
        assert told.args[1] == (f"weather_valid_until={NOW + seconds}",)


def test_an_end_after_the_tokens_own_restricts_nothing(dialog: RestrictDialog) -> None:
    dialog.ask(summary(1, expires_at=NOW + 600))
    assert "ends before that" in says(dialog)
    assert not dialog.copy.isEnabled()
    assert not dialog.keep.isEnabled()


def own(dialog: RestrictDialog, text: str) -> None:
    dialog.choice.setCurrentIndex(len(CHOICES) - 1)
    dialog.own.setText(text)


def test_a_condition_of_ones_own_is_read_back(dialog: RestrictDialog, qtbot: QtBot) -> None:
    assert not dialog.own.isVisible()
    own(dialog, "  method = GET ")
    assert dialog.own.isVisible()
    assert says(dialog) == "As the app reads it: only for GET requests."
    with qtbot.waitSignal(dialog.copy_wanted) as told:
        dialog.copy.click()
    assert told.args[1] == ("method = GET",)


@pytest.mark.parametrize("text", ["", "   ", BIDI, "a\tb"])
def test_what_is_no_condition_is_not_added(dialog: RestrictDialog, text: str) -> None:
    own(dialog, text)
    assert not dialog.copy.isEnabled()
    assert not dialog.keep.isEnabled()
    assert "one line" in says(dialog).lower()


def test_the_keyboard_reaches_everything(dialog: RestrictDialog) -> None:
    controls = interactive(dialog)
    assert len({control.objectName() for control in controls}) == len(controls)
    assert all(control.accessibleName() for control in controls)
    assert {"copyRestrictedButton", "keepRestrictedButton", "restrictChoiceBox", "restrictOwnField"} <= {
        control.objectName() for control in controls
    }
