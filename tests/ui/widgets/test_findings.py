"""A finding is told by icon and word, never by colour alone."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.icon_view import IconView


@pytest.mark.parametrize(
    ("severity", "icon", "word"),
    [
        ("good", "check-circle", "Good"),
        ("info", "info", "Note"),
        ("warning", "warning", "Caution"),
        ("danger", "danger", "Danger"),
    ],
)
def test_the_severity_is_an_icon_and_a_word(
    qtbot: QtBot, dressed: Appearance, severity: str, icon: str, word: str
) -> None:
    made = FindingRow(severity, "The payee changed", name="finding1")
    qtbot.addWidget(made)
    view = made.findChild(IconView)
    assert view is not None
    assert view.shown[0] == icon
    assert made.accessibleName() == f"{word}: The payee changed"
    assert made.objectName() == "finding1"


def test_a_long_sentence_wraps_and_a_detail_stands_below(qtbot: QtBot, dressed: Appearance) -> None:
    made = FindingRow("info", "word " * 60, detail="said by example.org")
    qtbot.addWidget(made)
    made.resize(300, made.heightForWidth(300))
    made.show()
    sentence, detail = made.findChildren(QLabel)
    assert sentence.height() > 3 * sentence.fontMetrics().height()
    assert detail.text() == "said by example.org"
    assert detail.y() >= sentence.y() + sentence.height()
