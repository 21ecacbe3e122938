"""A page is made when it is asked for, and not before."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.page import LazyPage, Page


def test_a_lazy_page_is_a_page_and_is_made_on_demand(qtbot: QtBot) -> None:
    made: list[QWidget] = []

    def make() -> QWidget:
        made.append(QWidget())
        return made[-1]

    page: Page = LazyPage("vault", "Vault", "key", make)
    assert (page.name, page.title, page.icon) == ("vault", "Vault", "key")
    assert made == []
    assert page.build() is made[0]
    qtbot.addWidget(made[0])
