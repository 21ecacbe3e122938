"""Secrets on the clipboard: marked for clipboard managers, and cleared later, only if they are still ours."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QObject, QTimer, Slot
from PySide6.QtGui import QClipboard, QGuiApplication

CLEAR_AFTER_MS = 30_000
HINTS = {
    "x-kde-passwordManagerHint": b"secret",
    "ExcludeClipboardContentFromMonitorProcessing": b"1",
    "application/x-nspasteboard-concealed-type": b"1",
}
"""What KDE, Windows and macOS clipboard managers look for (KeePassXC, src/gui/Clipboard.cpp)."""


class SecretClipboard(QObject):
    """Copies one secret at a time, to the clipboard only, never to the X11 selection."""

    def __init__(self, parent: QObject | None = None, clear_after_ms: int = CLEAR_AFTER_MS) -> None:
        super().__init__(parent)
        self._held = ""
        self._timer = QTimer(self, singleShot=True, interval=clear_after_ms)
        self._timer.timeout.connect(self.clear)

    def copy(self, secret: str) -> None:
        """Put the secret there and start the clock."""
        data = QMimeData()
        data.setText(secret)
        for kind, value in HINTS.items():
            data.setData(kind, value)
        self._held = secret
        QGuiApplication.clipboard().setMimeData(data, QClipboard.Mode.Clipboard)
        self._timer.start()

    @Slot()
    def clear(self) -> None:
        """Take it away if it is still there; what the user copied since is not touched. Called at the end too."""
        self._timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._held and clipboard.text(QClipboard.Mode.Clipboard) == self._held:
            clipboard.clear(QClipboard.Mode.Clipboard)
        self._held = ""
