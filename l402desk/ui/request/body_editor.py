"""The body of a request: its kind, and the editor of that kind."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from l402desk.client.body import Body, FileBody, FormBody, JsonBody, NoBody, TextBody
from l402desk.client.fields import Field
from l402desk.ui.request.field_table import FieldTable, remove_icon
from l402desk.ui.request.fields_model import FieldsModel
from l402desk.ui.request.file_field import FileField
from l402desk.ui.request.json_editor import TextBodyEditor
from l402desk.ui.request.query import Param
from l402desk.ui.style import GAP
from l402desk.ui.widgets.text import label

NONE, JSON, TEXT, FORM, FILE = range(5)
_KINDS = ("No body", "JSON", "Text", "Form", "File")
_HINTS = (
    "This request is sent without a body.",
    "Sent as application/json",
    "Sent as text/plain",
    "Sent as application/x-www-form-urlencoded",
    "The file is read when the request is sent",
)


class BodyEditor(QWidget):
    """Each kind keeps what was typed into it while another is looked at; only the shown kind is sent."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bodyPane")
        self._text_type = TextBody("").content_type
        self._kind = QComboBox()
        self._kind.setObjectName("bodyKindBox")
        self._kind.setAccessibleName("Kind of body")
        self._kind.addItems(_KINDS)
        self._hint = label(role="dim", name="bodyHint")
        self._text = TextBodyEditor()
        self._form = FieldsModel(remove_icon, self)
        self._form_table = FieldTable(self._form, name="formTable", label="Form fields", invitation="Add a field")
        self._file = FileField()
        self._pages = QStackedWidget()
        for page in (QWidget(), self._text, self._form_table, self._file):
            self._pages.addWidget(page)
        self._kind.currentIndexChanged.connect(self._show_kind)
        self._text.changed.connect(self.changed)
        self._form.edited.connect(self.changed)
        self._file.changed.connect(self.changed)
        self._arrange()
        self._show_kind()

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP.MEDIUM)
        head.addWidget(self._kind)
        head.addWidget(self._hint, 1)
        head.addWidget(self._text.verdict_bar, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP.MEDIUM, GAP.SMALL, GAP.MEDIUM, GAP.MEDIUM)
        layout.setSpacing(GAP.SMALL)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)

    def _show_kind(self) -> None:
        kind = self._kind.currentIndex()
        self._pages.setCurrentIndex({NONE: 0, JSON: 1, TEXT: 1, FORM: 2, FILE: 3}[kind])
        self._text.set_json(kind == JSON)
        self._hint.setVisible(kind != JSON)
        self._text.verdict_bar.setVisible(kind == JSON)
        self._hint.setText(f"Sent as {self._text_type}" if kind == TEXT else _HINTS[kind])
        self.changed.emit()

    @property
    def problem(self) -> str:
        """Why the body cannot be sent, in words; empty where it can."""
        if self._kind.currentIndex() == FILE and self._file.path is None:
            return "Choose the file to send, or set the body to “No body”."
        return ""

    @property
    def has_body(self) -> bool:
        kind = self._kind.currentIndex()
        if kind in (JSON, TEXT):
            return bool(self._text.text)
        return bool(self._form.active) if kind == FORM else kind == FILE and self._file.path is not None

    def body(self) -> Body:
        kind = self._kind.currentIndex()
        if kind == JSON:
            return JsonBody(self._text.text)
        if kind == TEXT:
            return TextBody(self._text.text, self._text_type)
        if kind == FORM:
            return FormBody(tuple(Field(row.name, row.value, row.enabled) for row in self._form.rows if row))
        if kind == FILE and self._file.path is not None:
            return FileBody(self._file.path, self._file.content_type)
        return NoBody()

    def set_body(self, body: Body) -> None:
        """Show a body and the kind it is of."""
        kind = NONE
        if isinstance(body, JsonBody):
            kind = JSON
            self._text.set_text(body.text)
        elif isinstance(body, TextBody):
            kind = TEXT
            self._text_type = body.content_type
            self._text.set_text(body.text)
        elif isinstance(body, FormBody):
            kind = FORM
            self._form.set_rows(Param(field.name, field.value, field.enabled) for field in body.fields)
        elif isinstance(body, FileBody):
            kind = FILE
            self._file.set_file(body.path, body.content_type)
        self._kind.setCurrentIndex(kind)
        self._show_kind()
