"""The builder hands out what is on the screen as a draft, refuses in place what cannot be sent, and loses nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QLineEdit, QPlainTextEdit, QPushButton, QTabWidget
from pytestqt.qtbot import QtBot

from l402desk.client.body import FormBody, JsonBody
from l402desk.client.fields import Field
from l402desk.client.request import RequestDraft
from l402desk.ui.request.builder import BODY, HEADERS, PARAMS, RequestBuilder

TEXT = st.text("abcé &=?#+%/", max_size=8)
FIELDS = st.lists(st.builds(Field, st.text("abc-", min_size=1, max_size=5), TEXT, st.booleans()), max_size=3)


@pytest.fixture
def builder(qtbot: QtBot) -> RequestBuilder:
    made = RequestBuilder()
    qtbot.addWidget(made)
    made.resize(900, 400)
    made.show()
    return made


def url_bar(builder: RequestBuilder) -> QLineEdit:
    found = builder.findChild(QLineEdit, "urlBar")
    assert isinstance(found, QLineEdit)
    return found


def tab_text(builder: RequestBuilder, tab: int) -> str:
    tabs = builder.findChild(QTabWidget, "requestTabs")
    assert isinstance(tabs, QTabWidget)
    return tabs.tabText(tab)


def notice(builder: RequestBuilder) -> QFrame:
    found = builder.findChild(QFrame, "builderNotice")
    assert isinstance(found, QFrame)
    return found


def test_a_typed_address_is_sent_with_return(builder: RequestBuilder, qtbot: QtBot) -> None:
    QTest.keyClicks(url_bar(builder), "https://api.example.com/weather?city=Lisbon")
    with qtbot.waitSignal(builder.send_requested) as caught:
        QTest.keyClick(url_bar(builder), Qt.Key.Key_Return)
    assert caught.args
    draft = caught.args[0]
    assert isinstance(draft, RequestDraft)
    assert draft.full_url() == "https://api.example.com/weather?city=Lisbon"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("api.example.com/a", "https://api.example.com/a"),
        ("localhost:8402/a", "http://localhost:8402/a"),
        ("127.0.0.1:1", "http://127.0.0.1:1"),
        ("//x.org/?q=1", "https://x.org/?q=1"),
    ],
)
def test_an_address_without_a_scheme_is_completed_where_it_can_be_seen(
    builder: RequestBuilder, qtbot: QtBot, typed: str, shown: str
) -> None:
    url_bar(builder).setText(typed)
    with qtbot.waitSignal(builder.send_requested) as caught:
        builder.send()
    assert url_bar(builder).text() == shown
    assert caught.args == [builder.draft()]


@pytest.mark.parametrize("typed", ["", "ftp://x", "http://", "https://user:secret@example.com/", "http://a b/"])
def test_an_address_that_cannot_be_asked_is_refused_in_place(builder: RequestBuilder, qtbot: QtBot, typed: str) -> None:
    url_bar(builder).setText(typed)
    with qtbot.assertNotEmitted(builder.send_requested):
        builder.send()
    assert notice(builder).isVisible()
    url_bar(builder).setText("https://example.com/")
    assert not notice(builder).isVisible()


@pytest.mark.parametrize(
    "headers", [(Field("Bad name", "1"),), (Field("Host", "evil.example"),), (Field("X", "a\r\nB: c"),)]
)
def test_headers_that_cannot_be_sent_are_refused_in_place(
    builder: RequestBuilder, qtbot: QtBot, headers: tuple[Field, ...]
) -> None:
    builder.set_draft(RequestDraft("GET", "https://example.com/", headers=headers))
    with qtbot.assertNotEmitted(builder.send_requested):
        builder.send()
    assert notice(builder).isVisible()


def test_a_custom_method_is_sent_and_nonsense_is_refused(builder: RequestBuilder, qtbot: QtBot) -> None:
    url_bar(builder).setText("https://example.com/")
    box = builder.findChild(QComboBox, "methodBox")
    assert isinstance(box, QComboBox)
    box.setCurrentText("PURGE")
    with qtbot.waitSignal(builder.send_requested):
        builder.send()
    box.setCurrentText("TWO WORDS")
    with qtbot.assertNotEmitted(builder.send_requested):
        builder.send()


def test_a_file_body_without_a_file_is_refused_in_place(builder: RequestBuilder, qtbot: QtBot) -> None:
    url_bar(builder).setText("https://example.com/")
    box = builder.findChild(QComboBox, "bodyKindBox")
    assert isinstance(box, QComboBox)
    box.setCurrentText("File")
    with qtbot.assertNotEmitted(builder.send_requested):
        builder.send()
    assert notice(builder).isVisible()


def test_invalid_json_can_be_sent_all_the_same(builder: RequestBuilder, qtbot: QtBot) -> None:
    builder.set_draft(RequestDraft("POST", "https://example.com/", body=JsonBody("{")))
    with qtbot.waitSignal(builder.send_requested):
        builder.send()


@settings(max_examples=40)
@given(
    st.sampled_from(["GET", "POST", "PURGE"]),
    st.sampled_from(["https://a.example/", "https://a.example/p?x=a+b&x=%e9#f", "half-typed"]),
    FIELDS,
    FIELDS,
)
def test_a_draft_that_is_shown_is_handed_out_again(
    method: str, url: str, off: list[Field], headers: list[Field]
) -> None:
    builder = RequestBuilder()
    params = tuple(Field(field.name, field.value, False) for field in off)
    draft = RequestDraft(method, url, params, tuple(headers), FormBody((Field("a", "1", False),)))
    builder.set_draft(draft)
    assert builder.draft() == draft
    builder.deleteLater()


def test_enabled_params_of_a_draft_join_the_address(builder: RequestBuilder) -> None:
    draft = RequestDraft("GET", "https://a.example/?x=1#f", (Field("y", "a b"), Field("z", "3", False)))
    builder.set_draft(draft)
    assert url_bar(builder).text() == "https://a.example/?x=1&y=a%20b#f"
    assert builder.draft().full_url() == draft.full_url()
    assert builder.draft().params == (Field("z", "3", False),)


def test_the_tabs_count_what_will_be_sent(builder: RequestBuilder) -> None:
    assert [tab_text(builder, tab) for tab in (PARAMS, HEADERS, BODY)] == ["Params", "Headers", "Body"]
    headers = (Field("Accept", "*/*"), Field("X-Off", "1", False))
    builder.set_draft(RequestDraft("POST", "https://a.example/?x=1&y=2", headers=headers, body=JsonBody("1")))
    assert [tab_text(builder, tab) for tab in (PARAMS, HEADERS, BODY)] == ["Params 2", "Headers 1", "Body •"]


def test_ctrl_enter_sends_from_the_body_and_ctrl_l_goes_to_the_address(builder: RequestBuilder, qtbot: QtBot) -> None:
    builder.set_draft(RequestDraft("POST", "https://a.example/", body=JsonBody("1")))
    tabs = builder.findChild(QTabWidget, "requestTabs")
    body = builder.findChild(QPlainTextEdit, "bodyEditor")
    assert isinstance(tabs, QTabWidget)
    assert isinstance(body, QPlainTextEdit)
    tabs.setCurrentIndex(BODY)
    builder.activateWindow()
    body.setFocus()
    with qtbot.waitSignal(builder.send_requested):
        QTest.keyClick(body, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(body, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.focusWidget() is url_bar(builder)
    assert url_bar(builder).selectedText() == "https://a.example/"


def test_nothing_is_sent_while_sending(builder: RequestBuilder, qtbot: QtBot) -> None:
    url_bar(builder).setText("https://a.example/")
    builder.set_sending(True)
    with qtbot.assertNotEmitted(builder.send_requested):
        builder.send()
    button = builder.findChild(QPushButton, "sendButton")
    assert isinstance(button, QPushButton)
    with qtbot.waitSignal(builder.cancel_requested):
        button.click()
    builder.set_sending(False)
