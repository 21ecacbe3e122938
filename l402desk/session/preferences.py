"""The user's preferences while the app runs: one value, one signal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from l402desk.settings import Settings, Theme


class Preferences(QObject):
    """Holds the settings; ``changed`` comes when ``keep`` has been given the new ones to write down."""

    changed = Signal()

    def __init__(self, settings: Settings, keep: Callable[[Settings], object], parent: QObject | None = None) -> None:
        """``keep`` must not block: it hands the settings to whoever writes files."""
        super().__init__(parent)
        self._settings = settings
        self._keep = keep

    @property
    def settings(self) -> Settings:
        return self._settings

    def choose_theme(self, theme: Theme) -> None:
        """Raises ValueError for a theme that does not exist."""
        self._change(replace(self._settings, theme=theme))

    def lock_after(self, minutes: int) -> None:
        """Raises ValueError for a time that is not offered."""
        self._change(replace(self._settings, lock_after_minutes=minutes))

    def reach_tor_at(self, address: str) -> None:
        """``address`` is HOST:PORT of Tor's proxy, or empty for none. Raises ValueError for what is neither."""
        self._change(replace(self._settings, tor=address))

    def _change(self, settings: Settings) -> None:
        if settings == self._settings:
            return
        self._settings = settings
        self._keep(settings)
        self.changed.emit()
