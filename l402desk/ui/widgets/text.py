"""The one place that builds widgets showing text: what others wrote is shown as written, never obeyed.

Qt takes a text that looks like markup for markup, in labels and in tool tips: eighteen nested tables freeze a window,
and an ``<img>`` opens a local file. Everything here forces plain text and makes invisible characters visible.
"""

from __future__ import annotations

import html
import unicodedata
from typing import Literal

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextDocument
from PySide6.QtWidgets import QLabel, QPlainTextDocumentLayout, QPlainTextEdit, QWidget

LABEL_LIMIT = 4_000  # characters; more belongs in a TextView
TOOL_TIP_LIMIT = 1_000
LINE_LIMIT = 1_000  # QPlainTextEdit needs time quadratic in the length of a line
VIEW_LIMIT = 2_000_000
MARKS_PER_LETTER = 4

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def visible(text: str, limit: int = LABEL_LIMIT) -> str:
    """``text`` for the eye: control, direction and zero-width characters as ``⟨U+202E⟩``, towers of combining marks
    cut at four, and what is longer than ``limit`` characters cut with a count. Line feeds and tabs stay."""
    rest = len(text) - limit
    lines = text[:limit].replace("\r\n", "\n").split("\n")
    shown = "\n".join(line if _is_plain(line) else _spelled_out(line) for line in lines)
    return f"{shown}… ({rest:,} more characters)" if rest > 0 else shown


def _is_plain(line: str) -> bool:
    """Most lines are; asking the whole line first keeps a body of megabytes out of the slow loop."""
    return line.isascii() and line.replace("\t", "").isprintable()


def _spelled_out(text: str) -> str:
    out: list[str] = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if character == "\t":
            out.append(character)
        elif category in _UNSEEN:
            out.append(f"⟨U+{ord(character):04X}⟩")
        elif marks <= MARKS_PER_LETTER:
            out.append(character)
    return "".join(out)


class Label(QLabel):
    """A QLabel that shows every text as plain text, whoever wrote it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setOpenExternalLinks(False)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(visible(text))


def label(
    text: str = "", *, role: str = "", name: str = "", wrap: bool = False, selectable: bool = False
) -> Label:
    """A plain-text label. ``role`` is a word of the style sheet (title, heading, price, unit, dim, mono, strong, good,
    caution, danger); a selectable one can be reached with the keyboard."""
    made = Label(text)
    _name(made, role, name)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        made.setCursor(Qt.CursorShape.IBeamCursor)
    return made


class ElidedLabel(Label):
    """One line that is cut with "…" where the place ends; the full text is the tool tip and the accessible name."""

    def __init__(self, text: str = "", *, mode: Literal["right", "middle"] = "right") -> None:
        self._mode = Qt.TextElideMode.ElideMiddle if mode == "middle" else Qt.TextElideMode.ElideRight
        super().__init__(text)

    def setText(self, text: str) -> None:
        one_line = " ".join(text.split("\n"))
        super().setText(one_line)
        set_tool_tip(self, text)
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        few = min(self.fontMetrics().averageCharWidth() * 6, self.sizeHint().width())
        return QSize(few, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        place = self.contentsRect().adjusted(self.margin(), 0, -self.margin(), 0)
        shown = self.fontMetrics().elidedText(self.text(), self._mode, place.width())
        painter = QPainter(self)
        flags = int(self.alignment()) | int(Qt.TextFlag.TextSingleLine)
        role = self.foregroundRole()
        self.style().drawItemText(painter, place, flags, self.palette(), self.isEnabled(), shown, role)


def elided_label(
    text: str = "", *, mode: Literal["right", "middle"] = "right", role: str = "", name: str = ""
) -> ElidedLabel:
    """An ElidedLabel with a role and a name; "middle" suits hashes, keys and paths."""
    made = ElidedLabel(text, mode=mode)
    _name(made, role, name)
    return made


def tool_tip(text: str) -> str:
    """``text`` as a tool tip that Qt cannot read as markup: for ``ToolTipRole`` and for tabs; empty stays empty."""
    if not text:
        return ""
    shown = visible(text, TOOL_TIP_LIMIT)
    escaped = html.escape("\n".join(_breakable(line) for line in shown.split("\n")), quote=True)
    return f"<qt>{escaped.replace(chr(10), '<br>')}</qt>"


def _breakable(line: str) -> str:
    """Long words get places where a tool tip may break them: an invoice is one word of 300 letters."""
    return " ".join("\u200b".join(w[i : i + 48] for i in range(0, len(w), 48)) for w in line.split(" "))


def set_tool_tip(widget: QWidget, text: str) -> None:
    """Give the widget a tool tip whose text may come from anyone."""
    widget.setToolTip(tool_tip(text))


class _BareDocument(QTextDocument):
    """A document that never fetches: not a picture, not a style sheet, not a file."""

    def loadResource(self, kind: int, url: object) -> object:
        return None


class TextView(QPlainTextEdit):
    """Read-only text of any origin. Lines over LINE_LIMIT are broken for display, and copied unbroken."""

    def __init__(self, *, name: str, label: str, mono: bool = True) -> None:
        """``name`` is the object name, ``label`` what a screen reader says."""
        super().__init__()
        document = _BareDocument(self)
        document.setDocumentLayout(QPlainTextDocumentLayout(document))
        self.setDocument(document)
        self._continued: frozenset[int] = frozenset()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setObjectName(name)
        self.setAccessibleName(label)
        if mono:
            self.setProperty("role", "mono")

    def set_text(self, text: str) -> None:
        """Show ``text``, invisible characters spelled out; at most VIEW_LIMIT characters, and it says when that cut."""
        pieces: list[str] = []
        continued: set[int] = set()
        for line in visible(text, VIEW_LIMIT).split("\n"):
            for start in range(0, max(len(line), 1), LINE_LIMIT):
                if start:
                    continued.add(len(pieces))
                pieces.append(line[start : start + LINE_LIMIT])
        self._continued = frozenset(continued)
        self.setPlainText("\n".join(pieces))

    def createMimeDataFromSelection(self) -> QMimeData:
        cursor = self.textCursor()
        first = self.document().findBlock(cursor.selectionStart()).blockNumber()
        pieces = cursor.selectedText().split("\u2029")
        text = pieces[0]
        for number, piece in enumerate(pieces[1:], first + 1):
            text += piece if number in self._continued else "\n" + piece
        data = QMimeData()
        data.setText(text)
        return data


def _name(widget: QWidget, role: str, name: str) -> None:
    if role:
        widget.setProperty("role", role)
    if name:
        widget.setObjectName(name)
