"""The window and its sessions: pages are made when wanted, the foot tells the state, a locked vault asks once."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.ledger.purchases import PurchaseState
from l402desk.protocol.amount import Msat
from l402desk.session.lock import LockState, LockView
from l402desk.session.preferences import Preferences
from l402desk.session.wallets import WalletCard
from l402desk.settings import Folders, Settings
from l402desk.store.errors import Newer
from l402desk.ui.desk import Desk
from l402desk.ui.payments.page import PaymentsPage
from tests.fakes.io import ImmediateIo
from tests.fakes.journeys import summary
from tests.ui.payments.lines import a_line, a_purchase


@pytest.fixture
def desk(qtbot: QtBot, home: Path) -> Desk:
    services = SimpleNamespace(is_unlocked=False, sandbox=None)
    kept: list[Settings] = []
    made = Desk(ImmediateIo(services), Preferences(Settings(), kept.append), Folders.find(os.environ))
    qtbot.addWidget(made.window)
    made.window.show()
    made.window.activateWindow()
    return made


def said(desk: Desk, name: str) -> str:
    label = desk.window.findChild(QWidget, name)
    assert label is not None
    return str(label.text())  # type: ignore[attr-defined]


def test_no_page_is_made_before_it_is_wanted(desk: Desk) -> None:
    assert desk.window.open_page_name == ""
    desk.open_vault()
    assert desk.window.open_page_name == "vault"
    assert desk.window.findChild(QWidget, "requestPage") is None
    desk.open_settings()
    assert desk.window.findChild(QWidget, "settingsPage") is not None


def test_an_address_is_filled_in(desk: Desk) -> None:
    desk.fill_in("https://api.example.com/weather")
    assert desk.requests.page.current_tab.builder.draft().url == "https://api.example.com/weather"


def test_the_keyboard_is_in_the_address_when_the_requests_open(desk: Desk, qtbot: QtBot) -> None:
    desk.window.open_page("requests")
    qtbot.waitUntil(lambda: getattr(QGuiApplication.focusObject(), "objectName", str)() == "urlBar", timeout=5_000)


def test_the_foot_tells_the_vault_and_the_wallet(desk: Desk) -> None:
    desk.lock.view = LockView(LockState.OPEN)
    desk.lock.changed.emit()
    assert said(desk, "statusVault") == "Vault unlocked"
    desk.tokens.is_loaded, desk.tokens.total = True, 3
    desk.tokens.changed.emit()
    assert said(desk, "statusVault") == "Vault unlocked · 3 tokens"
    desk.wallets.cards = (WalletCard("Play wallet", Msat.of_sats(99_958)),)
    desk.wallets.changed.emit()
    assert "Play wallet" in said(desk, "statusWallet")
    desk.wallets.cards = ()
    desk.wallets.changed.emit()
    assert said(desk, "statusWallet") == "No wallet connected"


def test_a_locked_vault_is_asked_about_in_one_dialog(desk: Desk) -> None:
    desk.lock.view = LockView(LockState.ASK_PASSPHRASE, reason="The vault is protected by a passphrase.")
    desk.ask_unlock()
    desk.ask_unlock()
    dialogs = [w for w in desk.window.findChildren(QWidget, "unlockDialog") if w.isVisible()]
    assert len(dialogs) == 1
    desk.lock.view = LockView(LockState.OPEN)
    desk.lock.changed.emit()
    assert not dialogs[0].isVisible()


def test_the_vault_page_leads_to_the_import_of_tokens(desk: Desk) -> None:
    desk.open_vault()
    way_in = desk.window.findChild(QPushButton, "importTokensButton")
    assert way_in is not None
    way_in.click()
    dialog = desk.window.findChild(QDialog, "importDialog")
    assert dialog is not None
    assert dialog.isVisible()
    desk.lock.closed.emit()
    assert not dialog.isVisible()


def test_a_token_is_used_in_a_new_request(desk: Desk) -> None:
    desk.open_vault()
    desk._use(summary(1), "/v1/data1")
    assert desk.window.open_page_name == "requests"
    assert desk.requests.page.current_tab.builder.draft().url == "https://host1.example/v1/data1"


def test_a_copied_header_is_marked_and_taken_back(desk: Desk) -> None:
    desk.tokens.header_ready.emit("L402 bWFj:00")
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == "Authorization: L402 bWFj:00"
    assert bytes(data.data("x-kde-passwordManagerHint").data()) == b"secret"
    desk.clipboard.clear()
    assert QGuiApplication.clipboard().text() == ""


def test_a_payment_of_unknown_fate_stands_over_every_page(desk: Desk) -> None:
    open_purchase = a_purchase(state=PurchaseState.UNKNOWN)
    desk.recovery.open_purchases = (open_purchase,)
    desk.recovery.changed.emit()
    assert desk.window.pending_bar.isVisible()
    assert said(desk, "pendingText").startswith("1 payment open: 21 sats to ")
    assert "nobody knows yet" in said(desk, "pendingText")
    desk.recovery.open_purchases = ()
    desk.recovery.changed.emit()
    assert not desk.window.pending_bar.isVisible()


def test_the_window_warns_once_before_a_proof_is_lost(desk: Desk) -> None:
    tab = desk.requests.page.current_tab
    tab.holds_proof = True
    desk.open_vault()
    desk.window.close()
    assert desk.window.isVisible()
    assert desk.window.open_page_name == "requests"
    desk.window.close()
    assert not desk.window.isVisible()


def test_files_that_do_not_open_are_told_with_what_to_do(desk: Desk) -> None:
    desk.cannot_begin(Newer("desk.sqlite3"))
    notice = desk.requests.page.current_tab.notice
    assert notice.isVisible()
    text = desk.window.findChild(QWidget, "journeyNoticeText")
    assert text is not None
    assert "Update the app" in text.text()  # type: ignore[attr-defined]


def test_the_token_of_a_payment_is_looked_for_in_the_vault(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sought: list[str] = []
    monkeypatch.setattr(desk.tokens, "seek", sought.append)
    desk.open_payments()
    page = desk.window.findChild(QWidget, "paymentsPage")
    assert page is not None
    page.token_requested.emit(a_line(uses=3))  # type: ignore[attr-defined]
    assert desk.window.open_page_name == "vault"
    assert sought == [a_line(uses=3).purchase.id]


def test_the_payment_of_a_token_is_looked_for_among_the_payments(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(PaymentsPage, "show_purchase", lambda _page, purchase_id: shown.append(purchase_id))
    desk.open_vault()
    page = desk.window.findChild(QWidget, "vaultPage")
    assert page is not None
    page.payment_wanted.emit("purchase-7")  # type: ignore[attr-defined]
    assert desk.window.open_page_name == "payments"
    assert shown == ["purchase-7"]


def test_the_bar_of_open_payments_leads_to_the_oldest(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(PaymentsPage, "show_purchase", lambda _page, purchase_id: shown.append(purchase_id))
    desk.window.pending_bar.show_requested.emit()
    assert desk.window.open_page_name == "payments"
    desk.recovery.open_purchases = (a_purchase(PurchaseState.UNKNOWN, 7), a_purchase(PurchaseState.UNKNOWN, 8))
    desk.window.pending_bar.show_requested.emit()
    assert shown == ["purchase-7"]


def test_the_payments_follow_the_lock_and_what_is_found_out(desk: Desk, qtbot: QtBot) -> None:
    desk.open_payments()
    locked = desk.window.findChild(QWidget, "paymentsLocked")
    assert locked is not None
    qtbot.waitUntil(locked.isVisible)
    unlock = desk.window.findChild(QWidget, "paymentsLockedButton")
    assert unlock is not None
    unlock.click()  # type: ignore[attr-defined]
    dialog = desk.window.findChild(QWidget, "unlockDialog")
    assert dialog is not None
    assert dialog.isVisible()
    dialog.close()


def test_the_shortcuts_open_the_pages(desk: Desk, qtbot: QtBot) -> None:
    desk.window.open_page("requests")
    qtbot.waitUntil(desk.window.isActiveWindow)
    QTest.keyClick(desk.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert desk.window.open_page_name == "vault"
    QTest.keyClick(desk.window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert desk.window.open_page_name == "payments"
    QTest.keyClick(desk.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert desk.window.open_page_name == "settings"


def test_the_wallets_have_a_page_of_their_own(desk: Desk) -> None:
    assert desk.window.findChild(QWidget, "walletsPage") is None
    desk.open_wallets()
    assert desk.window.open_page_name == "wallets"
    page = desk.window.findChild(QWidget, "walletsPage")
    assert page is not None
    assert page.isVisible()


def test_a_wallet_that_does_not_answer_is_told_at_the_foot(desk: Desk) -> None:
    desk.wallets.cards = (WalletCard("Home node", None, "It is not there."),)
    desk.wallets.changed.emit()
    assert said(desk, "statusWallet") == "Home node · does not answer"
