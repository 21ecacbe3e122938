"""The whole page: by keyboard, in both themes, narrow and wide, with everything named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from l402desk.client.fields import Field
from l402desk.client.request import RequestDraft
from l402desk.ui.request.request_page import RequestPage
from l402desk.ui.style import Appearance
from tests.ui.request.samples import answer_of, draft_of
from tests.ui.request.test_collection import ITEMS
from tests.ui.request.test_history import sent

INTERACTIVE = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView, QTabBar)
CONTRACT = [
    "methodBox",
    "urlBar",
    "sendButton",
    "requestTabs",
    "paramsTable",
    "headersTable",
    "bodyEditor",
    "responseStatus",
    "responseTabs",
    "responseBody",
    "responseHeaders",
    "responseTiming",
    "collectionTree",
    "historyTable",
]


@pytest.fixture
def page(qtbot: QtBot, dressed: Appearance) -> Iterator[RequestPage]:
    made = RequestPage(QWidget)
    made.resize(1_280, 820)
    made.show()
    made.begin()
    made.set_collection(ITEMS)
    made.add_history(sent("/a"))
    yield made
    made.close()
    made.deleteLater()


def activate(page: RequestPage, qtbot: QtBot) -> None:
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)


def own_children(page: RequestPage) -> list[QWidget]:
    """What the app made, without the inner parts that Qt's own widgets bring along."""
    inner = (QComboBox, QTabBar, QLineEdit, QAbstractScrollArea)
    found = [child for child in page.findChildren(QWidget) if isinstance(child, INTERACTIVE)]
    return [child for child in found if child.window() is page and not isinstance(child.parentWidget(), inner)]


@pytest.mark.parametrize("name", CONTRACT)
def test_the_widgets_of_the_contract_are_there(page: RequestPage, name: str) -> None:
    assert len(page.findChildren(QWidget, name)) == 1


def test_every_interactive_widget_has_a_unique_name_and_a_spoken_one(page: RequestPage) -> None:
    children = own_children(page)
    assert len(children) > 25
    names = [child.objectName() for child in children]
    assert [name for name in names if names.count(name) > 1] == []
    assert "" not in names
    assert [child.objectName() for child in children if not child.accessibleName()] == []


def test_tab_goes_from_the_address_through_the_request_to_the_answer(page: RequestPage, qtbot: QtBot) -> None:
    page.current_tab.show_answer(answer_of())
    activate(page, qtbot)
    page.current_tab.builder.focus_url()
    visited: list[str] = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        if focus.objectName() in visited:
            break
        visited.append(focus.objectName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    order = [visited.index(name) for name in ("urlBar", "sendButton", "paramsTable", "responseBody")]
    assert order == sorted(order)


def test_tab_reaches_the_method_on_its_way_from_the_tabs_to_the_address(page: RequestPage, qtbot: QtBot) -> None:
    activate(page, qtbot)
    visited = []
    page.findChildren(QWidget, "newRequestButton")[0].setFocus()
    for _ in range(3):
        focus = QApplication.focusWidget()
        assert focus is not None
        visited.append(focus.objectName())
        QTest.keyClick(focus, Qt.Key.Key_Tab)
    assert visited == ["newRequestButton", "methodBox", "urlBar"]


def test_keys_open_close_and_change_tabs(page: RequestPage, qtbot: QtBot) -> None:
    activate(page, qtbot)
    page.open_draft(draft_of("/a"))
    page.current_tab.builder.focus_url()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_T, control)
    assert len(page.tabs) == 2
    assert page.current_tab.is_blank
    assert QApplication.focusWidget() is page.current_tab.findChild(QLineEdit, "urlBar")
    QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_W, control)
    assert [tab.title for tab in page.tabs] == ["GET /a"]


def test_ctrl_b_hides_the_list_and_brings_it_back(page: RequestPage) -> None:
    tree = page.findChild(QWidget, "collectionTree")
    assert isinstance(tree, QWidget)
    page.toggle_list()
    assert not tree.isVisible()
    page.toggle_list()
    assert tree.isVisible()


def test_a_request_of_the_list_opens_in_a_tab(page: RequestPage) -> None:
    tree = page.findChild(QAbstractItemView, "collectionTree")
    assert isinstance(tree, QAbstractItemView)
    tree.setCurrentIndex(tree.model().index(0, 0, tree.model().index(0, 0)))
    QTest.keyClick(tree, Qt.Key.Key_Return)
    assert page.current_tab.title == "GET /weather"


def test_new_tabs_are_announced_to_the_composing_code(page: RequestPage, qtbot: QtBot) -> None:
    with qtbot.waitSignal(page.tab_opened) as opened:
        page.open_blank()
    assert opened.args == [page.current_tab]


def fill_with_long_things(page: RequestPage) -> None:
    long = "x" * 3_000
    headers = (Field("X-Long", long), Field(long, "1"))
    page.current_tab.set_draft(RequestDraft("GET", f"http://a.example/{long}?{long}={long}", (), headers))
    page.current_tab.show_answer(answer_of(more_headers=(("X", long),), reason=long))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_narrow_window_clips_nothing(page: RequestPage, dressed: Appearance, theme: str) -> None:
    dressed.choose("dark" if theme == "dark" else "light")
    fill_with_long_things(page)
    page.current_tab.builder.set_draft(RequestDraft("GET", "ftp://x"))
    page.current_tab.builder.send()
    page.resize(690, 510)  # what rail and status line leave of a window of 760 × 560
    QApplication.processEvents()
    assert (page.width(), page.height()) == (690, 510)
    for child in own_children(page):
        if child.isVisible():
            right = child.mapTo(page, child.rect().bottomRight())
            assert page.rect().contains(right), child.objectName()


def test_wide_windows_put_the_answer_beside_the_request(page: RequestPage) -> None:
    page.resize(1_600, 900)
    QApplication.processEvents()
    page.current_tab.show_answer(answer_of())
    params = page.findChild(QWidget, "paramsTable")
    body = page.findChild(QWidget, "responseBody")
    assert isinstance(params, QWidget)
    assert isinstance(body, QWidget)
    assert params.mapTo(page, params.rect().topRight()).x() < body.mapTo(page, body.rect().topLeft()).x()


def test_closing_a_tab_frees_its_widgets(page: RequestPage, qtbot: QtBot) -> None:
    gone: list[object] = []

    def note(dead: object) -> None:
        gone.append(dead)

    page.open_blank()
    page.current_tab.destroyed.connect(note)
    page.tabs[-1].show_answer(answer_of())
    page._tabs.close_current()
    qtbot.waitUntil(lambda: len(gone) == 1)
