"""Requests are opened, found again and closed as tabs; there is always one."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.client.request import RequestDraft
from l402desk.ui.request.request_tab import RequestTab
from l402desk.ui.request.request_tabs import RequestTabs
from l402desk.ui.style import Appearance
from tests.ui.request.samples import draft_of


def make_tab() -> RequestTab:
    return RequestTab(QWidget)


@pytest.fixture
def tabs(qtbot: QtBot) -> RequestTabs:
    made = RequestTabs(make_tab)
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    made.open_blank()
    return made


def bar(tabs: RequestTabs) -> QTabBar:
    found = tabs.findChild(QTabBar, "openRequests")
    assert isinstance(found, QTabBar)
    return found


def titles(tabs: RequestTabs) -> list[str]:
    return [bar(tabs).tabText(at) for at in range(bar(tabs).count())]


def test_a_request_fills_the_blank_tab_and_the_next_gets_its_own(tabs: RequestTabs) -> None:
    tabs.open_draft(draft_of("/a"))
    tabs.open_draft(draft_of("/b"))
    assert titles(tabs) == ["GET /a", "GET /b"]


def test_a_request_that_is_open_is_found_again(tabs: RequestTabs) -> None:
    first = tabs.open_draft(draft_of("/a"))
    tabs.open_draft(draft_of("/b"))
    assert tabs.open_draft(draft_of("/a")) is first
    assert tabs.current is first
    assert len(titles(tabs)) == 2


def test_the_plus_opens_a_blank_tab_and_tells(tabs: RequestTabs, qtbot: QtBot) -> None:
    button = tabs.findChild(QToolButton, "newRequestButton")
    assert isinstance(button, QToolButton)
    with qtbot.waitSignal(tabs.tab_opened) as caught:
        button.click()
    assert caught.args == [tabs.current]
    assert tabs.current.is_blank


def test_closing_tells_first_and_the_last_one_leaves_a_blank_one(tabs: RequestTabs, qtbot: QtBot) -> None:
    tab = tabs.open_draft(draft_of("/a"))
    with qtbot.waitSignal(tabs.tab_closing) as caught:
        tabs.close_current()
    assert caught.args == [tab]
    assert titles(tabs) == ["New request"]
    assert len(tabs.tabs()) == 1


def test_the_current_tab_and_page_stay_together_while_closing(tabs: RequestTabs) -> None:
    for path in ("/a", "/b", "/c"):
        tabs.open_draft(draft_of(path))
    tabs.close_tab(0)
    assert titles(tabs) == ["GET /b", "GET /c"]
    assert tabs.current.title == titles(tabs)[bar(tabs).currentIndex()]
    tabs.show_next()
    assert tabs.current.title == "GET /b"
    tabs.show_previous()
    assert tabs.current.title == "GET /c"


def test_a_long_or_strange_path_is_shortened_and_shown_as_written(tabs: RequestTabs) -> None:
    tabs.open_draft(RequestDraft("GET", "http://a.example/" + "x" * 500))
    assert len(titles(tabs)[0]) < 40
    tabs.open_draft(RequestDraft("GET", "http://a.example/<b>&c"))
    assert titles(tabs)[1] == "GET /<b>&&c"
    assert "<b>" not in bar(tabs).tabToolTip(1)


def test_many_tabs_stay_readable_and_scroll(tabs: RequestTabs, dressed: Appearance) -> None:
    for number in range(14):
        tabs.open_draft(draft_of(f"/path/{number}"))
    widths = [bar(tabs).tabRect(at).width() for at in range(len(titles(tabs)))]
    assert min(widths) >= 112
    assert tabs.width() == 900
    last = bar(tabs).tabRect(13)
    assert bar(tabs).rect().contains(last.center())  # the current one is on the screen
