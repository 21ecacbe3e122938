"""A light colouring of JSON: names, texts, numbers and words; brackets stay as they are."""

from __future__ import annotations

import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from l402desk.ui.colours import colours_now

COLOURED_CHARACTERS = 256_000

_PARTS = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*"(?=\s*:))|(?P<text>"(?:[^"\\]|\\.)*"?)'
    r"|(?P<number>-?\b\d[\d.eE+-]*)|(?P<word>\b(?:true|false|null)\b)"
)
_ROLES = {"name": "link", "text": "good", "number": "caution", "word": "danger"}


class JsonColours(QSyntaxHighlighter):
    """Colours each line by itself; used for small bodies only, because every block is visited once."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._on = False
        self._formats: dict[str, QTextCharFormat] = {}

    def set_on(self, on: bool) -> None:
        """Colour what is set into the document from now on, in the theme of now."""
        self._on = on
        colours = colours_now()
        for part, role in _ROLES.items():
            self._formats[part] = QTextCharFormat()
            self._formats[part].setForeground(QColor(colours[role]))

    def take_theme(self) -> None:
        """The theme has changed: colour again what is coloured."""
        if self._on:
            self.set_on(True)
            self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        if not self._on:
            return
        for found in _PARTS.finditer(text):
            self.setFormat(found.start(), found.end() - found.start(), self._formats[found.lastgroup or "text"])
