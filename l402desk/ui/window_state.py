"""Where the window and its splitters were; the only user of QSettings."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter, QWidget

_GEOMETRY = "window/geometry"


class WindowState:
    """Geometry in one ini file: byte arrays only, for QSettings gives other types back as something else."""

    def __init__(self, file: Path) -> None:
        self._settings = QSettings(str(file), QSettings.Format.IniFormat)

    def restore_window(self, window: QWidget) -> bool:
        """Put the window where it was; False where nothing usable is remembered."""
        geometry = self._bytes(_GEOMETRY)
        return geometry is not None and window.restoreGeometry(geometry)

    def keep_window(self, window: QWidget) -> None:
        self._settings.setValue(_GEOMETRY, window.saveGeometry())
        self._settings.sync()

    def restore_splitter(self, splitter: QSplitter) -> bool:
        """Put a named splitter where it was; False where nothing usable is remembered."""
        state = self._bytes(f"splitter/{splitter.objectName()}")
        return state is not None and splitter.restoreState(state)

    def keep_splitter(self, splitter: QSplitter) -> None:
        self._settings.setValue(f"splitter/{splitter.objectName()}", splitter.saveState())
        self._settings.sync()

    def _bytes(self, key: str) -> QByteArray | None:
        found = self._settings.value(key)
        return found if isinstance(found, QByteArray) else None
