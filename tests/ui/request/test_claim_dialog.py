"""Naming another address to deliver to: a method, an address, and nothing that is sent by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.ui.request.claim_dialog import ClaimDialog
from l402desk.ui.style import Appearance
from tests.fakes.journeys import interactive

URL = "https://shop.example/checkout?x=1"


def made(qtbot: QtBot, method: str = "POST") -> ClaimDialog:
    dialog = ClaimDialog(method, URL)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_it_begins_with_what_was_asked_for(qtbot: QtBot, dressed: Appearance) -> None:
    dialog = made(qtbot)
    box, field = dialog.findChild(QComboBox), dialog.findChild(QLineEdit, "claimUrlField")
    assert box is not None
    assert field is not None
    assert (box.currentText(), field.text(), field.selectedText()) == ("POST", URL, URL)
    assert all(control.accessibleName() and control.objectName() for control in interactive(dialog))


def test_an_unknown_method_falls_back_to_get(qtbot: QtBot, dressed: Appearance) -> None:
    dialog = made(qtbot, "BREW")
    box = dialog.findChild(QComboBox)
    assert box is not None
    assert box.currentText() == "GET"


def test_it_hands_over_the_address_and_closes(qtbot: QtBot, dressed: Appearance) -> None:
    dialog = made(qtbot)
    field, go = dialog.findChild(QLineEdit, "claimUrlField"), dialog.findChild(QPushButton, "claimGoButton")
    assert field is not None
    assert go is not None
    field.setText("  /claim ")
    with qtbot.waitSignal(dialog.address_given) as told:
        QTest.mouseClick(go, Qt.MouseButton.LeftButton)
    assert told.args == ["POST", "/claim"]
    assert not dialog.isVisible()


def test_nothing_is_delivered_to_no_address_or_after_a_change_of_mind(qtbot: QtBot, dressed: Appearance) -> None:
    dialog = made(qtbot)
    field, go = dialog.findChild(QLineEdit, "claimUrlField"), dialog.findChild(QPushButton, "claimGoButton")
    assert field is not None
    assert go is not None
    field.setText("   ")
    assert not go.isEnabled()
    with qtbot.assertNotEmitted(dialog.address_given):
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
