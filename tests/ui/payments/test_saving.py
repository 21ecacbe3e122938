"""Where the statement goes: a name with a date, the kind by its ending, and the user's word about what is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from l402desk.engine.statement_file import FileKind
from l402desk.ui.payments.saving import KINDS, StatementSaver
from tests.fakes.purchased import Clock


@pytest.fixture
def saver(qtbot: QtBot) -> Iterator[StatementSaver]:
    window = QWidget()
    qtbot.addWidget(window)
    yield StatementSaver(window, Clock())
    window.close()


def test_the_dialog_offers_a_name_and_both_kinds_and_waits_for_nobody(saver: StatementSaver) -> None:
    dialog = saver.ask()
    assert dialog.nameFilters() == list(KINDS)
    assert Path(dialog.selectedFiles()[0]).name.startswith("payments-2023-11-1")
    assert Path(dialog.selectedFiles()[0]).suffix == ".csv"
    assert dialog.isVisible()
    assert not dialog.testOption(dialog.Option.DontConfirmOverwrite)
    dialog.reject()


def test_another_kind_changes_the_ending(saver: StatementSaver) -> None:
    dialog = saver.ask()
    dialog.filterSelected.emit("JSON (*.json)")
    assert dialog.defaultSuffix() == "json"
    assert Path(dialog.selectedFiles()[0]).suffix == ".json"
    dialog.filterSelected.emit("something else")
    assert dialog.defaultSuffix() == "json"
    dialog.reject()


def test_what_is_chosen_says_whether_a_file_was_there_when_it_was(
    saver: StatementSaver, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = saver.ask()
    for name, kind, is_there in (("a.csv", FileKind.CSV, False), ("b.JSON", FileKind.JSON, True)):
        target = tmp_path / name
        if is_there:
            target.write_text("old")
        with qtbot.waitSignal(saver.chosen) as told:
            dialog.fileSelected.emit(str(target))
        assert told.args == [target, kind, is_there]
    with qtbot.assertNotEmitted(saver.chosen):
        dialog.fileSelected.emit("")
    dialog.reject()
