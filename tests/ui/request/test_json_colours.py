"""Small JSON is coloured part by part, in the colours of the theme."""

from __future__ import annotations

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QPlainTextDocumentLayout
from pytestqt.qtbot import QtBot

from l402desk.ui.colours import colours_now
from l402desk.ui.request.json_colours import JsonColours


def coloured(line: str, *, on: bool = True) -> dict[str, str]:
    document = QTextDocument()
    document.setDocumentLayout(QPlainTextDocumentLayout(document))
    colours = JsonColours(document)
    colours.set_on(on)
    document.setPlainText(line)
    colours.rehighlight()
    ranges = document.firstBlock().layout().formats()
    return {line[r.start : r.start + r.length]: r.format.foreground().color().name() for r in ranges}


def test_names_texts_numbers_and_words_differ(qtbot: QtBot) -> None:
    theme = colours_now()
    assert coloured('"a": "b\\"c", "n": -1.5e3, "t": true') == {
        '"a"': theme.link,
        '"b\\"c"': theme.good,
        '"n"': theme.link,
        "-1.5e3": theme.caution,
        '"t"': theme.link,
        "true": theme.danger,
    }


def test_numbers_inside_texts_are_text(qtbot: QtBot) -> None:
    assert coloured('"1 true"') == {'"1 true"': colours_now().good}


def test_switched_off_it_colours_nothing(qtbot: QtBot) -> None:
    assert coloured('"a": 1', on=False) == {}
