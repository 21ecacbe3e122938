"""The one place that builds widgets showing text: what others wrote is shown as written, never obeyed.

Qt takes a text that looks like markup for markup, in labels and in tool tips: eighteen nested tables freeze a
window, and an ``<img>`` opens a local file. Here all text is plain, and what is invisible is made visible.
"""

from __future__ import annotations

import html
from typing import Literal, Protocol

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QTextDocument
from PySide6.QtWidgets import QLabel, QPlainTextDocumentLayout, QPlainTextEdit, QWidget

from l402desk.protocol.text import visible as visible_line

LABEL_LIMIT = 4_000  # characters; more belongs in a TextView
TOOL_TIP_LIMIT = 1_000
LINE_LIMIT = 1_000  # QPlainTextEdit needs time quadratic in the length of a line
VIEW_LIMIT = 2_000_000
WIDEST_WORD = 240  # logical pixels a wrapped label asks for at least
WORD_PIECE = 24  # characters of a word after which a paragraph may break it
_BREAK = "\u200b"


def visible(text: str, limit: int = LABEL_LIMIT) -> str:
    """``text`` for the eye, over several lines: like ``protocol.text.visible``, but line feeds and tabs stay.

    What is longer than ``limit`` characters is cut, and the rest counted.
    """
    rest = len(text) - limit
    lines = text[:limit].replace("\r\n", "\n").split("\n")
    shown = "\n".join("\t".join(visible_line(part, len(part)) for part in line.split("\t")) for line in lines)
    return f"{shown}… (+{rest} characters)" if rest > 0 else shown


class Label(QLabel):
    """A QLabel that shows every text as plain text, whoever wrote it."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, breaks_words: bool = False) -> None:
        """``breaks_words`` suits a text to read, not to copy: an endless word gets places where it may be broken."""
        self._breaks_words = breaks_words
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setOpenExternalLinks(False)
        self.setText(text)

    def setText(self, text: str) -> None:
        shown = visible(text)
        super().setText(_breakable(shown, WORD_PIECE) if self._breaks_words else shown)

    def text(self) -> str:
        """What stands there, without the places where it may be broken."""
        return super().text().replace(_BREAK, "")

    def minimumSizeHint(self) -> QSize:
        """A wrapped text of one endless word does not widen the window: at worst it is cut."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), WIDEST_WORD), hint.height()) if self.wordWrap() else hint


def label(text: str = "", *, role: str = "", name: str = "", wrap: bool = False, selectable: bool = False) -> Label:
    """A plain-text label. A selectable one is copied from with the mouse; by keyboard, offer a CopyButton too.

    ``role`` is a word of the style sheet: title, heading, strong, price, unit, dim, small, mono, good,
    caution, danger, link.
    """
    made = Label(text, breaks_words=wrap and not selectable)
    _name(made, role, name)
    made.setWordWrap(wrap)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        made.setCursor(Qt.CursorShape.IBeamCursor)
    return made


class ElidedLabel(Label):
    """One line, cut with "…" where the place ends; the full text is the tool tip and what a reader says."""

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


def sentences(*parts: str) -> str:
    """The parts as one text; one that ends without a stop (a wallet's own words) gets it."""
    ended = (part.strip() for part in parts if part.strip())
    return " ".join(part if part.endswith((".", "!", "?", "…", ":")) else f"{part}." for part in ended)


def tool_tip(text: str) -> str:
    """``text`` as a tool tip Qt cannot read as markup, also for ``ToolTipRole`` and tabs; empty stays so."""
    if not text:
        return ""
    shown = visible(text, TOOL_TIP_LIMIT)
    escaped = html.escape("\n".join(_breakable(line) for line in shown.split("\n")), quote=True)
    return f"<qt>{escaped.replace(chr(10), '<br>')}</qt>"


def _breakable(line: str, piece: int = 48) -> str:
    """Long words get places where they may be broken: an invoice is one word of 300 letters."""
    return " ".join(_BREAK.join(w[i : i + piece] for i in range(0, len(w), piece)) for w in line.split(" "))


class TakesToolTip(Protocol):
    """A widget or an action."""

    def setToolTip(self, text: str, /) -> None: ...


def set_tool_tip(target: TakesToolTip, text: str) -> None:
    """Give a widget or an action a tool tip whose text may come from anyone."""
    target.setToolTip(tool_tip(text))


class _BareDocument(QTextDocument):
    """A document that never fetches: not a picture, not a style sheet, not a file."""

    def loadResource(self, kind: int, url: object) -> object:
        return None


class TextView(QPlainTextEdit):
    """Read-only text of any origin. Lines over LINE_LIMIT are broken for display, and copied unbroken."""

    def __init__(self, *, name: str, label: str, mono: bool = True) -> None:
        """``name`` is the object name, ``label`` what a screen reader says."""
        super().__init__()
        _furnish(self, name, label, mono)
        self._continued: frozenset[int] = frozenset()
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def set_text(self, text: str) -> None:
        """Show ``text`` with invisible characters spelled out; after VIEW_LIMIT it says how many are left."""
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


def plain_editor(*, name: str, label: str, mono: bool = True) -> QPlainTextEdit:
    """An editor of plain text that fetches nothing; ``label`` is what a screen reader says."""
    made = QPlainTextEdit()
    _furnish(made, name, label, mono)
    return made


def _furnish(view: QPlainTextEdit, name: str, label: str, mono: bool) -> None:
    document = _BareDocument(view)
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    view.setDocument(document)
    view.setAccessibleName(label)
    _name(view, "mono" if mono else "", name)


def _name(widget: QWidget, role: str, name: str) -> None:
    if role:
        widget.setProperty("role", role)
    if name:
        widget.setObjectName(name)
