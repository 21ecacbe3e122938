"""Something dragged onto a widget and let go, as the window system delivers it."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget


def drop(target: QWidget, *urls: QUrl) -> bool:
    """True where the widget took it; what is refused at the entrance is never let go."""
    data = QMimeData()
    data.setUrls(list(urls))
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPoint(10, 10), copy, data, left, none)
    entering.ignore()
    QApplication.sendEvent(target, entering)
    if not (target.acceptDrops() and entering.isAccepted()):
        return False
    letting_go = QDropEvent(QPointF(10, 10), copy, data, left, none)
    QApplication.sendEvent(target, letting_go)
    return letting_go.isAccepted()
