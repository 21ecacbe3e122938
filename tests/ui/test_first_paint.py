"""The first frame is told once, after it was drawn."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.first_paint import FirstPaint


def test_the_first_frame_is_told_once(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    watcher = FirstPaint(widget)
    told: list[bool] = []
    noting = _Noting(told)
    watcher.painted.connect(noting.note)
    with qtbot.waitSignal(watcher.painted, timeout=5_000):
        widget.show()
    widget.repaint()
    qtbot.wait(20)
    assert len(told) == 1


class _Noting:
    def __init__(self, told: list[bool]) -> None:
        self._told = told

    def note(self) -> None:
        self._told.append(True)
