"""A wallet's card offers what makes sense for a wallet like that, and says whose it is in every signal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from l402desk.session.wallet_view import State, WalletView
from l402desk.ui.wallets.card import WalletCardView
from tests.ui.wallets import shelves


def card_of(qtbot: QtBot, wallet: WalletView, *, budgets_set: bool = True) -> WalletCardView:
    card = WalletCardView(1)
    qtbot.addWidget(card)
    card.show_wallet(wallet, budgets_set=budgets_set)
    return card


def said(card: WalletCardView, name: str) -> str:
    found = card.findChild(QLabel, f"wallet1{name}")
    assert found is not None
    return str(found.text()) if found.isVisibleTo(card) else ""


def offered(card: WalletCardView) -> list[str]:
    return [word for word, deed in card.deeds.items() if deed.isVisibleTo(card)]


@pytest.mark.parametrize(
    ("wallet", "deeds"),
    [
        (shelves.HUB, ["test", "disconnect", "remove"]),
        (shelves.NODE, ["test", "default", "disconnect", "remove"]),
        (shelves.WATCHING, ["test", "disconnect", "remove"]),
        (shelves.OFF, ["default", "connect", "remove"]),
        (shelves.DAMAGED, ["remove"]),
        (shelves.SANDBOX, ["test"]),
    ],
)
def test_what_can_be_done_is_offered_and_nothing_else(qtbot: QtBot, wallet: WalletView, deeds: list[str]) -> None:
    assert offered(card_of(qtbot, wallet)) == deeds


def test_how_it_is_stands_at_a_glance(qtbot: QtBot) -> None:
    card = card_of(qtbot, shelves.HUB)
    assert said(card, "State") == "Connected"
    assert said(card, "Balance") == "182\u202f340 sats"
    assert said(card, "Default") == "Default"
    assert said(card, "Place").startswith("Nostr Wallet Connect · mainnet · nostr+walletconnect://5c0c523f…")
    assert card.accessibleName() == "Wallet Alby Hub: Connected"
    assert said(card, "Trouble") == ""


def test_a_silent_one_says_why_and_what_to_do(qtbot: QtBot) -> None:
    card = card_of(qtbot, shelves.SILENT)
    assert said(card, "State") == "Does not answer"
    assert "connection refused. Check that it runs" in said(card, "Trouble")
    assert said(card, "Balance") == ""
    assert said(card, "Default") == ""


def test_trust_is_given_by_a_tick_and_explained(qtbot: QtBot) -> None:
    card = card_of(qtbot, shelves.NODE)
    assert not card.by_itself.isChecked()
    with qtbot.waitSignal(card.armed) as armed:
        card.by_itself.click()
    assert armed.args == ["Home node", True]
    card.show_wallet(replace(shelves.NODE, is_armed=True), budgets_set=False)
    assert "before all three budgets" in said(card, "ArmWords")
    card.show_wallet(shelves.SANDBOX, budgets_set=False)
    assert card.by_itself.isChecked()
    assert not card.by_itself.isEnabled()
    card.show_wallet(shelves.WATCHING, budgets_set=True)
    assert not card.by_itself.isVisibleTo(card)


def test_every_deed_says_of_which_wallet(qtbot: QtBot) -> None:
    card = card_of(qtbot, shelves.NODE)
    for word in ("test", "default", "disconnect", "remove"):
        with qtbot.waitSignal(card.wanted) as wanted:
            card.deeds[word].click()
        assert wanted.args == ["Home node", word]
        assert "Home node" in card.deeds[word].accessibleName()
    with qtbot.waitSignal(card.host_given) as given:
        card.hosts.given.emit("a.example")
    assert given.args == ["Home node", "a.example"]
    with qtbot.waitSignal(card.host_dropped) as dropped:
        card.hosts.dropped.emit("https://a.example")
    assert dropped.args == ["Home node", "https://a.example"]


def test_a_test_opens_what_to_beware_of(qtbot: QtBot) -> None:
    card = card_of(qtbot, shelves.NODE)
    assert card.heed.switch.text() == "Beware of 2 things"
    card.deeds["test"].click()
    assert card.heed.switch.text() == "Beware"
    card.show_wallet(replace(shelves.NODE, asked_by=3), budgets_set=True)
    assert not card.deeds["test"].isEnabled()
    assert card.deeds["test"].text() == "Asking…"


def test_it_is_renamed_where_its_name_stands(qtbot: QtBot) -> None:
    card = card_of(qtbot, shelves.NODE)
    card.show()
    card.title.pencil.click()
    assert isinstance(card.title.field, QLineEdit)
    card.title.field.setText("House")
    with qtbot.waitSignal(card.renamed) as renamed:
        QTest.keyClick(card.title.field, Qt.Key.Key_Return)
    assert renamed.args == ["Home node", "House"]
    card.show_wallet(shelves.DAMAGED, budgets_set=True)
    assert not card.title.pencil.isVisibleTo(card)


def test_f2_renames_the_wallet_with_the_keyboard(qtbot: QtBot) -> None:
    card = card_of(qtbot, shelves.NODE)
    card.show()
    card.activateWindow()
    card.deeds["test"].setFocus()
    qtbot.waitUntil(card.deeds["test"].hasFocus)
    QTest.keyClick(card.deeds["test"], Qt.Key.Key_F2)
    assert card.title.is_editing
    card.title._give_up()
    card.show_wallet(shelves.DAMAGED, budgets_set=True)
    card.deeds["remove"].setFocus()
    QTest.keyClick(card.deeds["remove"], Qt.Key.Key_F2)
    assert not card.title.is_editing


def test_a_name_of_others_is_shown_and_not_obeyed(qtbot: QtBot) -> None:
    assert shelves.NODE.stored is not None
    evil = replace(shelves.NODE, name="<b>&x</b>", state=State.ANSWERS, kind="<img>")
    card = card_of(qtbot, evil)
    assert said(card, "Place").startswith("<img>")
    assert card.title.shown.text() == "<b>&x</b>"


def test_every_part_has_a_name_of_its_own_and_one_for_readers(qtbot: QtBot) -> None:
    card = card_of(qtbot, shelves.HUB)
    parts = card.findChildren(QAbstractButton)
    assert len({part.objectName() for part in parts}) == len(parts)
    assert all(part.accessibleName() and part.objectName().startswith("wallet1") for part in parts)
