"""Locks the vault by hand and when nobody has touched the app for a while, and takes away what was shown of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QObject, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from l402desk.session.idle import IdleWatch
from l402desk.session.lock import LockSession
from l402desk.session.preferences import Preferences

KEYS = "Ctrl+Shift+L"
PAYING = "paymentDialog"
SECRET = ("recoveryCodeDialog", "secretDialog", "backUpDialog", "restoreDialog")
"""Dialogs that show or ask for a secret of the open vault: they close with it."""
LONGEST_WAIT_MS = 60 * 60 * 1000


class Locking(QObject):
    """Lives as long as the window."""

    def __init__(self, window: QWidget, lock: LockSession, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._lock = lock
        self._preferences = preferences
        self.proof_is_shown: Callable[[], bool] = _never
        """Shows a proof of payment that is in memory alone, if there is one: the vault stays open to take it."""
        self._waiting = QElapsedTimer()
        self.watch = IdleWatch(window)  # and ends with it
        self.watch.idle.connect(self.lock_when_idle)
        preferences.changed.connect(self._apply)
        lock.changed.connect(self._apply)
        lock.closed.connect(self.close_secrets)
        QShortcut(QKeySequence(KEYS), window, self.lock_now)
        self._apply()

    @Slot()
    def lock_now(self) -> None:
        """The user asks for it. While a payment's proof may still come it is refused, and the reason is told."""
        if not self.proof_is_shown():
            self._lock.lock()

    @Slot()
    def lock_when_idle(self) -> None:
        """Somebody may be paying with a phone in the other hand: then it waits, but for an hour at most."""
        if not self._lock.is_open:
            return
        if any(dialog.isVisible() for dialog in self._window.findChildren(QDialog, PAYING)):
            if not self._waiting.isValid():
                self._waiting.start()
            if not self._waiting.hasExpired(LONGEST_WAIT_MS):
                return
        self._waiting.invalidate()
        self.lock_now()

    @Slot()
    def close_secrets(self) -> None:
        """What shows a secret, or asks for one on behalf of an open vault, goes."""
        for name in SECRET:
            for dialog in self._window.findChildren(QDialog, name):
                dialog.reject()

    @Slot()
    def _apply(self) -> None:
        """Where there is nothing to lock nothing is watched."""
        self.watch.set_minutes(self._preferences.settings.lock_after_minutes if self._lock.is_open else 0)


def _never() -> bool:
    return False
