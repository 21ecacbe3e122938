"""What is announced reaches assistive technology, with its urgency."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.widgets.announce import announce


def test_an_announcement_is_sent_with_its_urgency(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, QAccessible.AnnouncementPoliteness]] = []

    def take(event: QAccessibleAnnouncementEvent) -> None:
        sent.append((event.message(), event.politeness()))

    monkeypatch.setattr(QAccessible, "updateAccessibility", take)
    widget = QWidget()
    qtbot.addWidget(widget)
    announce(widget, "Copied")
    announce(widget, "Not safe to pay", urgent=True)
    kinds = QAccessible.AnnouncementPoliteness
    assert sent == [("Copied", kinds.Polite), ("Not safe to pay", kinds.Assertive)]
