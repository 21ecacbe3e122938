"""PySide6 6.12.0 loses references to None and True on CPython 3.11 and aborts after some thousand calls."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot


class Bell(QObject):
    rung = Signal()


def test_ten_thousand_calls_and_emits_lose_no_reference(qtbot: QtBot) -> None:
    bell, field = Bell(), QLineEdit()
    qtbot.addWidget(field)
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(10_000):
        field.setText("a")
        bell.rung.emit()
    lost = before[0] - sys.getrefcount(None), before[1] - sys.getrefcount(True)
    assert max(lost) < 100
