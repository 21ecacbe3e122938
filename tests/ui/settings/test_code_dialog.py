"""The recovery code is shown once, copied as a secret, and gone when the dialog closes."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.ui.settings.code_dialog import CodeDialog
from l402desk.ui.style import Appearance
from tests.fakes.journeys import interactive

CODE = "7ZK3Q-0VX8M-4TG2H-9WQPB-J5N6D-1CRYE-8AFKS"


def test_it_is_shown_copied_by_the_secret_clipboard_and_forgotten(qtbot: QtBot, dressed: Appearance) -> None:
    copied: list[str] = []
    dialog = CodeDialog(CODE, copied.append)
    dialog.open()
    shown = dialog.findChild(QLabel, "recoveryCode")
    copy, done = dialog.findChild(QPushButton, "copyCodeButton"), dialog.findChild(QPushButton, "codeWrittenButton")
    assert shown is not None
    assert copy is not None
    assert done is not None
    assert shown.text().split() == CODE.split("-")
    copy.click()
    assert copied == [CODE]
    for control in interactive(dialog):
        assert control.objectName()
        assert control.accessibleName()
    copy.show_idle()  # type: ignore[attr-defined]
    copy._back.stop()  # type: ignore[attr-defined]
    done.click()
    assert shown.text() == ""
    assert "7ZK3Q" not in shown.accessibleName() + repr(vars(dialog))
    assert not copy.isEnabled()
