"""The page comes with its dialog, one at a time, and a vault that is locked takes what was typed along."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from l402desk.session.lock import LockSession
from l402desk.session.wallets import WalletsSession
from l402desk.ui.wallets.making import make_wallets_page
from l402desk.ui.wallets.page import WalletsPage
from tests.engine.shop import Shop
from tests.session.desks import a_thread


def dialogs(page: WalletsPage) -> list[QDialog]:
    return [dialog for dialog in page.window().findChildren(QDialog, "addWalletDialog") if dialog.isVisible()]


def test_one_dialog_opens_and_closes_with_the_vault(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        lock, session, parent = LockSession(desk.io), WalletsSession(desk.io), QObject()
        page = make_wallets_page(desk.io, session, lock, parent)
        qtbot.addWidget(page)
        page.show()
        qtbot.waitUntil(lambda: session.shelf.is_open and not session.is_asking)
        page.add.click()
        page.add_requested.emit()
        assert len(dialogs(page)) == 1
        lock.closed.emit()
        assert dialogs(page) == []
        page.add.click()
        opened = dialogs(page)[0]
        before = session.shelf.number
        opened.added.emit("Fake wallet")  # type: ignore[attr-defined]
        qtbot.waitUntil(lambda: session.shelf.number > before and not session.is_asking)
        opened.reject()
        page.hide()
