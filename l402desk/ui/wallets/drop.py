"""A connection dropped on a widget: as text, or as the one text file that holds it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


class ConnectionDrop(QObject):
    """`text_dropped` carries a text, `file_dropped` a path; more files at once are not taken."""

    text_dropped = Signal(object)
    file_dropped = Signal(object)

    def __init__(self, target: QWidget) -> None:
        super().__init__(target)
        self.watch(target)

    def watch(self, target: QWidget) -> None:
        """Take what is dropped here too: a field would take the text into the middle of what stands there."""
        target.setAcceptDrops(True)
        target.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent) and event.type() == QEvent.Type.DragEnter:
            if _content(event.mimeData()) is not None:
                event.acceptProposedAction()
                return True
        elif isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            content = _content(event.mimeData())
            if content is not None:
                event.acceptProposedAction()
                (self.file_dropped if isinstance(content, Path) else self.text_dropped).emit(content)
                return True
        return super().eventFilter(watched, event)


def _content(data: QMimeData) -> Path | str | None:
    urls = data.urls()
    if urls and urls[0].isLocalFile():
        return Path(urls[0].toLocalFile()) if len(urls) == 1 else None
    return data.text() if data.hasText() and data.text().strip() else None
