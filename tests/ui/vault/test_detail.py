"""One token in detail: facts, conditions in words, and three things to do with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from l402desk.ui.style import Appearance
from l402desk.ui.vault.detail import MOST_CAVEATS, TokenDetail
from l402desk.ui.widgets.findings import FindingRow
from tests.fakes.invoices import NOW
from tests.fakes.journeys import BIDI, HOSTILE, summary


@pytest.fixture
def detail(qtbot: QtBot, dressed: Appearance) -> TokenDetail:
    made = TokenDetail(lambda: NOW + 60.0)
    qtbot.addWidget(made)
    made.resize(340, 560)
    made.show_token(summary(1))
    made.show()
    return made


def said(detail: TokenDetail, name: str) -> str:
    found = detail.findChild(QLabel, name)
    assert found is not None
    return found.text()


def fact(detail: TokenDetail, name: str) -> str:
    return detail._facts[name].text()


def caveats(detail: TokenDetail) -> list[FindingRow]:
    QApplication.processEvents()  # a layout shows what was added to it at the next turn of the loop
    return [row for row in detail.findChildren(FindingRow) if not row.isHidden()]


def test_the_facts_are_there(detail: TokenDetail) -> None:
    assert said(detail, "tokenTitle") == "service 1"
    assert said(detail, "tokenPlace") == "host1.example · bought for 21 sats"
    assert said(detail, "tokenExpiry") == "another 59 min"
    assert fact(detail, "Used") == "3 times · 7 sats a use"
    assert fact(detail, "Sent to") == "https://host1.example, /v1/data1"
    assert said(detail, "tokenSealed") == "Sealed under the key in GNOME Keyring"
    assert [row.text for row in caveats(detail)] == ["service weather, base tier"]


def test_an_unused_token_without_a_price_or_an_end_says_so(detail: TokenDetail) -> None:
    detail.show_token(summary(2, uses=0, price=None, expires_at=None, method="GET", caveats=()))
    assert fact(detail, "Used") == "0 times"
    assert said(detail, "tokenExpiry") == "no end is named in it"
    assert fact(detail, "Sent to").startswith("GET https://")
    assert caveats(detail) == []


def test_one_use_is_one_time(detail: TokenDetail) -> None:
    detail.show_token(summary(2, uses=1))
    assert fact(detail, "Used") == "1 time · 21 sats a use"


def test_a_condition_that_has_ended_is_a_danger(detail: TokenDetail) -> None:
    detail.show_token(summary(2, caveats=(f"weather_valid_until={NOW}", "services=weather:0")))
    assert [row.severity for row in caveats(detail)] == ["danger", "good"]


def test_a_great_many_conditions_are_counted(detail: TokenDetail) -> None:
    detail.show_token(summary(2, caveats=tuple(f"services=s{n}:0" for n in range(40))))
    assert len(caveats(detail)) == MOST_CAVEATS
    assert any(part.text() == "and 8 more" for part in detail.findChildren(QLabel) if not part.isHidden())


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_do_not_widen_it_or_hide_the_buttons(detail: TokenDetail, text: str) -> None:
    detail.show_token(summary(2, title=text, caveats=(text, BIDI), scope=summary(1).scope))
    detail.resize(340, 420)
    assert (detail.width(), detail.height()) == (340, 420)
    assert detail.rect().contains(detail.trash.geometry())
    assert all(part.textFormat() is Qt.TextFormat.PlainText for part in detail.findChildren(QLabel))


def test_each_button_tells_which_token_it_means(detail: TokenDetail, qtbot: QtBot) -> None:
    for control, signal in (
        (detail.use, detail.use_pressed),
        (detail.copy, detail.header_wanted),
        (detail.trash, detail.trash_pressed),
    ):
        with qtbot.waitSignal(signal) as told:
            QTest.mouseClick(control, Qt.MouseButton.LeftButton)
        assert told.args == [summary(1)]


def test_copied_is_said_when_the_header_came_and_taken_back_later(detail: TokenDetail, qtbot: QtBot) -> None:
    copied = detail.findChild(QLabel, "tokenCopied")
    assert copied is not None
    detail.copy.click()
    assert copied.isHidden()
    detail._gone.setInterval(10)
    detail.tell_copied("the header itself is not shown")
    assert copied.text() == "Copied. It leaves the clipboard in 30 s."
    assert copied.isVisible()
    qtbot.waitUntil(copied.isHidden)


def test_before_a_token_is_shown_the_buttons_do_nothing(qtbot: QtBot, dressed: Appearance) -> None:
    empty = TokenDetail()
    qtbot.addWidget(empty)
    with qtbot.assertNotEmitted(empty.use_pressed), qtbot.assertNotEmitted(empty.trash_pressed):
        empty.use.click()
        empty.trash.click()
        empty.copy.click()
