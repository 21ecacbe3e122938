"""A connection is dropped as text or as one file; anything else is not taken."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.wallets.drop import ConnectionDrop


def drop(target: QWidget, data: QMimeData) -> bool:
    """Drag it in and let go; was it taken?"""
    action, button, key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(1, 1).toPoint(), action, data, button, key)
    entering.ignore()
    QApplication.sendEvent(target, entering)
    dropping = QDropEvent(QPointF(1, 1), action, data, button, key)
    QApplication.sendEvent(target, dropping)
    return entering.isAccepted()


def text_of(text: str) -> QMimeData:
    data = QMimeData()
    data.setText(text)
    return data


def files_of(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_text_and_one_file_are_taken(qtbot: QtBot, tmp_path: Path) -> None:
    target = QWidget()
    qtbot.addWidget(target)
    dropped = ConnectionDrop(target)
    with qtbot.waitSignal(dropped.text_dropped) as text:
        assert drop(target, text_of("lnbits+https://h?key=a"))
    assert text.args == ["lnbits+https://h?key=a"]
    with qtbot.waitSignal(dropped.file_dropped) as file:
        assert drop(target, files_of(tmp_path / "a.txt"))
    assert file.args == [tmp_path / "a.txt"]


def test_several_files_and_nothing_are_not(qtbot: QtBot, tmp_path: Path) -> None:
    target = QWidget()
    qtbot.addWidget(target)
    dropped = ConnectionDrop(target)
    with qtbot.assertNotEmitted(dropped.text_dropped), qtbot.assertNotEmitted(dropped.file_dropped):
        for data in (files_of(tmp_path / "a", tmp_path / "b"), text_of("  "), QMimeData()):
            assert not drop(target, data)
