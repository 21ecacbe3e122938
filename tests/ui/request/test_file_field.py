"""A file is chosen by dialog or by dropping it; its name, size and type are shown before it is sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.ui.request.file_field import UNKNOWN_TYPE, FileField


@pytest.fixture
def field(qtbot: QtBot) -> FileField:
    made = FileField()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    path.write_bytes(b"x" * 1_500)
    return path


def drop(field: FileField, *urls: QUrl) -> None:
    data = QMimeData()
    data.setUrls(list(urls))
    place, action = QPointF(5, 5), Qt.DropAction.CopyAction
    none = Qt.KeyboardModifier.NoModifier
    field.dropEvent(QDropEvent(place, action, data, Qt.MouseButton.LeftButton, none))


def test_a_dropped_file_shows_name_size_and_guessed_type(field: FileField, photo: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(field.changed):
        drop(field, QUrl.fromLocalFile(str(photo)))
    shown = field.findChild(QLabel, "chosenFile")
    assert isinstance(shown, QLabel)
    assert shown.text() == "photo.png · 1.5 kB"
    assert (field.path, field.content_type) == (photo, "image/png")


def test_folders_and_addresses_are_not_taken(field: FileField, tmp_path: Path) -> None:
    drop(field, QUrl.fromLocalFile(str(tmp_path)))
    drop(field, QUrl("https://example.com/a.png"))
    assert field.path is None


def test_the_dialog_does_not_block_and_its_choice_arrives(field: FileField, photo: Path, qtbot: QtBot) -> None:
    button = field.findChild(QPushButton, "chooseFileButton")
    assert isinstance(button, QPushButton)
    button.click()
    dialog = field.findChild(QFileDialog)
    assert isinstance(dialog, QFileDialog)
    with qtbot.waitSignal(field.changed):
        dialog.fileSelected.emit(str(photo))
    dialog.reject()
    assert field.path == photo


def test_a_file_that_is_gone_says_so(field: FileField, tmp_path: Path) -> None:
    field.set_file(tmp_path / "gone.bin")
    shown = field.findChild(QLabel, "chosenFile")
    assert isinstance(shown, QLabel)
    assert "cannot be read" in shown.text()
    assert field.content_type in (UNKNOWN_TYPE, "application/octet-stream")
