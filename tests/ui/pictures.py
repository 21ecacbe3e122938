"""Widgets as pictures, in both themes: what the galleries of the app's screens share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from l402desk.ui.style import apply_style

Shown = Iterator[tuple[str, QWidget, tuple[int, int]]]
"""A picture's name, what is on it, its width and height in logical pixels."""


def draw(folder: Path, only: str, makers: tuple[Callable[[], Shown], ...], settle: Callable[[QWidget], None]) -> None:
    """Draw everything that has ``only`` in its name into the folder; say where a widget would not take its size."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    appearance = apply_style(app, "light")
    for theme in ("light", "dark"):
        appearance.choose("dark" if theme == "dark" else "light")
        for maker in makers:
            for name, widget, place in maker():
                if only in name:
                    widget.resize(*place)
                    widget.show()
                    settle(widget)
                    if (widget.width(), widget.height()) != place:
                        print(f"{name}: wanted {place}, is {widget.width()} × {widget.height()}")
                    widget.grab().save(str(folder / f"{name}-{theme}.png"))
                widget.hide()
                widget.deleteLater()
