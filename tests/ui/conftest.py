"""The application in its own clothes, and undressed again, for tests that look at colours or geometry."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication

from l402desk.ui.style import Appearance, apply_style

HERE = Path(__file__).parent
OFFSCREEN = "This plugin does not support (propagateSizeHints|raise|grabbing)"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The offscreen platform warns at every window that it is no window system; that is known."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.qt_log_ignore(OFFSCREEN, extend=True))


@pytest.fixture
def dressed(qapp: QApplication) -> Iterator[Appearance]:
    """The light theme; `dressed.choose("dark")` changes it."""
    appearance = apply_style(qapp, "light")
    yield appearance
    appearance.undress()
    qapp.setStyleSheet("")
    qapp.setPalette(QPalette())
