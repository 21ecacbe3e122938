"""Puts the wallets page together: its sessions, the dialog that adds a wallet, and what the lock takes back."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QDialog

from l402desk.session.io import Io
from l402desk.session.lock import LockSession
from l402desk.session.wallet_deeds import WalletDeeds
from l402desk.session.wallets import WalletsSession
from l402desk.ui.wallets.page import WalletsPage


def make_wallets_page(io: Io, wallets: WalletsSession, lock: LockSession, parent: QObject) -> WalletsPage:
    """The page, ready to be shown; what it needs lives as long as ``parent``."""
    deeds = WalletDeeds(io, wallets, parent)
    page = WalletsPage(wallets, deeds)
    WalletDialogs(io, page, lock)
    lock.closed.connect(deeds.forget)
    return page


class WalletDialogs(QObject):
    """Opens the dialog that adds a wallet, one at a time; a locked vault closes it with what was typed."""

    def __init__(self, io: Io, page: WalletsPage, lock: LockSession) -> None:
        super().__init__(page)
        self._io = io
        self._page = page
        page.add_requested.connect(self.add)
        lock.closed.connect(self._close)
        self._open: QDialog | None = None

    @Slot()
    def add(self) -> None:
        from l402desk.session.wallet_adding import AddingSession  # noqa: PLC0415 - not before it is wanted
        from l402desk.session.wallet_pairing import PairingSession  # noqa: PLC0415 - not before it is wanted
        from l402desk.ui.wallets.add_dialog import AddWalletDialog  # noqa: PLC0415 - not before it is wanted

        if self._open is not None:
            return
        adding, pairing = AddingSession(self._io, self), PairingSession(self._io, self)
        dialog = AddWalletDialog(adding, pairing, self._page.window())
        adding.setParent(dialog)
        pairing.setParent(dialog)
        dialog.added.connect(self._page.tell_added)
        dialog.finished.connect(self._forget)
        dialog.finished.connect(dialog.deleteLater)
        self._open = dialog
        dialog.open()

    @Slot()
    def _forget(self) -> None:
        self._open = None

    @Slot()
    def _close(self) -> None:
        if self._open is not None:
            self._open.reject()
