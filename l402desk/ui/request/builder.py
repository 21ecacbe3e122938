"""The request being put together: line, parameters, headers, body; it hands out a draft and never raises."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from l402desk.client.errors import DraftError
from l402desk.client.fields import Field
from l402desk.client.request import RequestDraft
from l402desk.ui.request.answer_split import AnswerSplit
from l402desk.ui.request.body_editor import BodyEditor
from l402desk.ui.request.field_table import FieldTable, remove_icon
from l402desk.ui.request.fields_model import NAME, FieldsModel
from l402desk.ui.request.header_names import REQUEST_HEADERS, values_for
from l402desk.ui.request.query import Param
from l402desk.ui.request.request_line import RequestLine
from l402desk.ui.request.url_params import UrlParams, retype
from l402desk.ui.style import GAP
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.notice import NoticeBar

PARAMS, HEADERS, BODY = range(3)
_LEAST = 112  # logical pixels: the tabs, the headings and one row


class RequestBuilder(QWidget):
    """``send_requested`` carries a RequestDraft that can be sent; one that cannot says why in place."""

    send_requested = Signal(object)
    cancel_requested = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_foreign = False
        self._line = RequestLine()
        self._params = FieldsModel(remove_icon, self)
        self._headers = FieldsModel(remove_icon, self)
        self._sync = UrlParams(self._line.url_bar, self._params, self)
        self._body = BodyEditor()
        self._notice = NoticeBar(name="builderNotice")
        self._tabs = QTabWidget()
        self._split = AnswerSplit()
        self._arrange()
        self._connect()
        self._count()

    def _arrange(self) -> None:
        # Only while sending: at other times Esc closes the find bar, a completion or a cell's editor.
        self._escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        self._escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._escape.setEnabled(False)
        self._tabs.setObjectName("requestTabs")
        self._tabs.tabBar().setObjectName("requestTabBar")
        self._tabs.tabBar().setAccessibleName("Parts of the request")
        self._tabs.setDocumentMode(True)
        params = FieldTable(self._params, name="paramsTable", label="Query parameters", invitation="Add a parameter")
        headers = FieldTable(
            self._headers,
            name="headersTable",
            label="Request headers",
            offer=_offer,
            invitation="Add a header",
        )
        for page in (params, headers, self._body):
            self._tabs.addTab(page, "")
        card = Card(margin=GAP.HAIR, spacing=0)
        card.setMinimumHeight(_LEAST)  # in a low window the answer gets the room; the tables scroll
        card.body.addWidget(self._tabs)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP.SMALL)
        layout.addWidget(self._line)
        layout.addWidget(self._notice)
        self._split.addWidget(card)
        layout.addWidget(self._split, 1)

    def _connect(self) -> None:
        self._line.pressed.connect(self.send)
        self._line.cancelled.connect(self.cancel_requested)
        self._escape.activated.connect(self.cancel_requested)
        self._line.url_bar.textChanged.connect(self._note_change)
        self._line.method_box.currentTextChanged.connect(self._note_change)
        self._params.edited.connect(self._note_change)
        self._headers.edited.connect(self._note_change)
        self._body.changed.connect(self._note_change)
        for keys, act in (("Ctrl+Return", self.send), ("Ctrl+Enter", self.send), ("Ctrl+L", self.focus_url)):
            shortcut = QShortcut(QKeySequence(keys), self)  # anywhere in the window, while this tab is on the screen
            shortcut.activated.connect(act)

    # ---- what the tab asks

    def draft(self) -> RequestDraft:
        """Everything as it stands, sendable or not.

        The URL carries the switched-on parameters in their own spelling, ``params`` the switched-off ones.
        """
        off = tuple(Field(row.name, row.value, False) for row in self._params.rows if row and not row.enabled)
        headers = tuple(Field(row.name, row.value, row.enabled) for row in self._headers.rows if row)
        url = self._line.url_bar.text().strip()
        return RequestDraft(self._line.method, url, off, headers, self._body.body(), is_foreign=self._is_foreign)

    def set_draft(self, draft: RequestDraft) -> None:
        """Show a request in place of the one that is here. One that a link filled in stays foreign, however edited."""
        self._is_foreign = draft.is_foreign
        self._line.method_box.setCurrentText(draft.method)
        self._line.url_bar.setText("")
        on = [Param(field.name, field.value) for field in draft.params if field.enabled]
        off = [Param(field.name, field.value, False) for field in draft.params if not field.enabled]
        self._params.set_rows(())
        self._line.url_bar.setText(_with_more(draft.url, on))
        self._params.set_rows((*self._params.rows, *off))
        self._line.url_bar.setCursorPosition(0)
        self._headers.set_rows(Param(field.name, field.value, field.enabled) for field in draft.headers)
        self._body.set_body(draft.body)
        self._note_change()

    @property
    def is_sending(self) -> bool:
        return self._line.sending

    def place_answer(self, area: QWidget) -> None:
        """Give the answer its place below the parts, or beside them; the line stays above both."""
        self._split.addWidget(area)

    def set_sending(self, sending: bool) -> None:
        self._line.set_sending(sending)
        self._escape.setEnabled(sending)

    def focusInEvent(self, _event: QFocusEvent) -> None:
        """Not a focus proxy: with one, Tab would count this frame as the address and jump over the method."""
        self.focus_url()

    def focus_url(self) -> None:
        self._line.url_bar.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._line.url_bar.selectAll()

    def send(self) -> None:
        """Ask for this request to be sent, or say in place why it cannot be."""
        if self._line.sending:
            return
        draft = self.draft()
        try:
            draft.check()
        except DraftError as error:
            self._refuse(error.sentence, error.remedy, at_url=error.part == "url")
            return
        if self._body.problem:
            self._refuse(self._body.problem)
            return
        if "://" not in draft.url:
            # Said where everybody looks: whether it goes out encrypted.
            retype(self._line.url_bar, f"{draft.origin.scheme}://{draft.url.lstrip('/')}")
            draft = self.draft()
        self._notice.hide()
        self.send_requested.emit(draft)

    def _refuse(self, sentence: str, remedy: str = "", *, at_url: bool = False) -> None:
        self._notice.show_notice("warning", sentence, remedy)
        if at_url:
            self.focus_url()

    # ---- what happens here

    def _note_change(self) -> None:
        self._notice.hide()
        self._count()
        self.changed.emit()

    def _count(self) -> None:
        for tab, title, count in (
            (PARAMS, "Params", self._params.active),
            (HEADERS, "Headers", self._headers.active),
        ):
            self._tabs.setTabText(tab, f"{title} {count}" if count else title)
        self._tabs.setTabText(BODY, "Body •" if self._body.has_body else "Body")


def _offer(column: int, name: str) -> tuple[str, ...]:
    return REQUEST_HEADERS if column == NAME else values_for(name)


def _with_more(url: str, params: list[Param]) -> str:
    """``url`` with further parameters behind its own, whose spelling is kept."""
    if not params:
        return url
    front, mark, fragment = url.partition("#")
    more = "&".join(row.spelled() for row in params)
    joint = "?" if "?" not in front else "" if front.endswith(("?", "&")) else "&"
    return f"{front}{joint}{more}{mark}{fragment}"
