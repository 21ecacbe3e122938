"""Choosing the file that becomes a request's body: by dialog, or by dropping it."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from l402desk.ui.request.body_text import size_words
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.text import elided_label, label

UNKNOWN_TYPE = "application/octet-stream"


class FileField(QWidget):
    """Shows the chosen file's name and size, and the content type it will be sent with."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._choose = button(
            "Choose file…", name="chooseFileButton", icon="file", label="Choose the file to send as the body"
        )
        self._shown = elided_label("No file chosen. You can also drop one here.", mode="middle", name="chosenFile")
        self._type = QLineEdit(UNKNOWN_TYPE)
        self._type.setObjectName("fileTypeField")
        self._type.setAccessibleName("Content type of the file")
        self._choose.clicked.connect(self.ask)
        self._type.textChanged.connect(self._note_change)
        self.setAcceptDrops(True)
        self._arrange()

    def _arrange(self) -> None:
        caption = label("Sent as", role="dim")
        caption.setBuddy(self._type)
        row = QHBoxLayout()
        row.setSpacing(GAP.MEDIUM)
        row.addWidget(self._choose)
        row.addWidget(self._shown, 3)
        row.addWidget(caption)
        row.addWidget(self._type, 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addStretch(1)
        self.setFocusProxy(self._choose)

    @property
    def path(self) -> Path | None:
        return self._path

    @property
    def content_type(self) -> str:
        return self._type.text().strip() or UNKNOWN_TYPE

    def set_file(self, path: Path | None, content_type: str = "") -> None:
        """Show a file; an empty ``content_type`` is guessed from the name's ending."""
        self._path = path
        if path is None:
            self._shown.setText("No file chosen. You can also drop one here.")
        else:
            self._type.setText(content_type or mimetypes.guess_type(path.name)[0] or UNKNOWN_TYPE)
            self._shown.setText(f"{path.name} · {_size_of(path)}")
        self.changed.emit()

    def ask(self) -> None:
        """Open the file dialog; what is chosen arrives later."""
        dialog = QFileDialog(self, "Choose the file to send")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._take)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take(self, chosen: str) -> None:
        if chosen:
            self.set_file(Path(chosen))

    def _note_change(self) -> None:
        self.changed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _one_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _one_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.set_file(path)


def _one_file(event: QDropEvent) -> Path | None:
    urls = event.mimeData().urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return path if path is not None and path.is_file() else None


def _size_of(path: Path) -> str:
    try:
        return size_words(path.stat().st_size)
    except OSError:
        return "it cannot be read: choose it again"
