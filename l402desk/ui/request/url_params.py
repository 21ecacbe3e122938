"""The URL bar and the parameter table, kept the same from both sides without disturbing whoever types."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLineEdit

from l402desk.ui.request.fields_model import FieldsModel
from l402desk.ui.request.query import merged, read_params, shared_front, url_with


class UrlParams(QObject):
    """Neither side is written when it says the same already: no loop, no lost cursor, no changed spelling."""

    def __init__(self, url_bar: QLineEdit, params: FieldsModel, parent: QObject) -> None:
        super().__init__(parent)
        self._url_bar = url_bar
        self._params = params
        url_bar.textChanged.connect(self._follow_url)
        params.edited.connect(self._follow_table)

    def _follow_url(self, url: str) -> None:
        shown = [row.spelled() for row in self._params.rows if row.enabled and row]
        if shown != [row.spelled() for row in read_params(url)]:
            self._params.set_rows(merged(self._params.rows, url))

    def _follow_table(self) -> None:
        retype(self._url_bar, url_with(self._url_bar.text(), self._params.rows))


def retype(line: QLineEdit, text: str) -> None:
    """Make a line edit say ``text`` by changing only what differs; its undo history and cursor stay."""
    old = line.text()
    if old == text:
        return
    start = shared_front(old, text)
    end = min(shared_front(old[::-1], text[::-1]), len(old) - start, len(text) - start)
    cursor = line.cursorPosition()
    line.setCursorPosition(start)
    if len(old) - end > start:
        line.setSelection(start, len(old) - end - start)
    line.insert(text[start : len(text) - end])
    line.setCursorPosition(min(cursor, len(text)))
