"""Opens the dialog that unlocks the vault, when somebody needs it open, and follows the lock with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from l402desk.session.lock import LockSession, LockState

if TYPE_CHECKING:
    from l402desk.ui.vault.unlock import UnlockDialog


class Unlocking(QObject):
    """Lives as long as the window. `given_up`: the user would not; what waited for it does not happen later."""

    given_up = Signal()

    def __init__(self, window: QWidget, lock: LockSession, parent: QObject) -> None:
        super().__init__(parent)
        self._window = window
        self._lock = lock
        self._dialog: UnlockDialog | None = None
        lock.changed.connect(self._follow)

    @Slot()
    def ask(self) -> None:
        """Open the vault's dialog; what asked for it goes on when the vault is open."""
        dialog, view = self._dialog or self._make(), self._lock.view
        dialog.show_lock(view)
        dialog.open()
        if view.on_purpose and view.state is LockState.CLOSED:
            self._lock.unlock()  # its keyring may open it at once

    def _make(self) -> UnlockDialog:
        from l402desk.ui.vault.unlock import UnlockDialog  # noqa: PLC0415 - not before it is wanted

        made = self._dialog = UnlockDialog(self._window)
        made.passphrase_given.connect(self._lock.unlock)
        made.retry_pressed.connect(self._try_keyring)
        made.code_given.connect(self._lock.recover)
        made.new_passphrase_given.connect(self._lock.choose_new)
        made.rejected.connect(self.given_up)
        return made

    @Slot()
    def _try_keyring(self) -> None:
        self._lock.unlock()

    @Slot()
    def _follow(self) -> None:
        if self._dialog is not None and self._dialog.isVisible():
            self._dialog.show_lock(self._lock.view)
