"""Buttons can be found, read out and pressed; copying says that it happened."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QPushButton
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.widgets.buttons import (
    COPIED_MS,
    CopyButton,
    button,
    danger_button,
    ghost_button,
    icon_button,
    link_button,
    primary_button,
)


@pytest.mark.parametrize(
    ("make", "role"),
    [(primary_button, "primary"), (ghost_button, "ghost"), (danger_button, "danger"), (link_button, "link")],
)
def test_each_kind_has_its_role_and_its_names(
    qtbot: QtBot, dressed: Appearance, make: Callable[..., QPushButton], role: str
) -> None:
    made = make("Pay 21 sats…", name="payButton", icon="bolt", label="Pay 21 sats to example.org")
    qtbot.addWidget(made)
    assert made.property("role") == role
    assert made.objectName() == "payButton"
    assert made.accessibleName() == "Pay 21 sats to example.org"
    assert not made.icon().isNull()
    assert made.isDefault() is (role == "primary")


def test_an_icon_button_says_in_words_what_it_does(qtbot: QtBot, dressed: Appearance) -> None:
    made = icon_button("plus", name="newTab", label="New request")
    qtbot.addWidget(made)
    assert made.accessibleName() == "New request"
    assert "New request" in made.toolTip()
    assert made.focusPolicy() == Qt.FocusPolicy.StrongFocus


def test_an_ampersand_of_others_is_no_shortcut(qtbot: QtBot) -> None:
    made = button("Pay with R&D wallet\u202e", name="pay")
    qtbot.addWidget(made)
    assert made.text() == "Pay with R&&D wallet‹U+202E›"
    assert made.shortcut().isEmpty()


def test_every_button_is_at_least_large_enough_to_hit(qtbot: QtBot, dressed: Appearance) -> None:
    made: list[QAbstractButton] = [
        button("A", name="a"),
        link_button("A", name="b"),
        icon_button("more", name="c", label="More"),
    ]
    for each in made:
        qtbot.addWidget(each)
        each.ensurePolished()
        assert each.sizeHint().height() >= 28  # WCAG 2.2, 2.5.8, asks for 24
        assert each.sizeHint().width() >= 24


def test_copying_puts_the_text_on_the_clipboard_and_says_so(qtbot: QtBot, dressed: Appearance) -> None:
    made = CopyButton("Copy invoice", name="copyInvoiceButton")
    qtbot.addWidget(made)
    assert not made.isEnabled()
    made.set_payload("lnbc1")
    made.show()
    before = made.width()
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "lnbc1"
    assert made.text() == "Copied"
    assert made.width() == before
    qtbot.waitUntil(lambda: made.text() == "Copy invoice", timeout=COPIED_MS * 3)


def test_a_secret_goes_through_the_clipboard_it_was_given(qtbot: QtBot) -> None:
    taken: list[str] = []
    made = CopyButton("Copy header", name="copyHeader", copy=taken.append)
    qtbot.addWidget(made)
    made.set_payload("secret")
    made.copy_payload()
    assert taken == ["secret"]
    assert QGuiApplication.clipboard().text() != "secret"
    made.show_idle()
    assert made.text() == "Copy header"
