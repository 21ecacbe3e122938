"""Each kind says how it is written, where its parts are found, and how it is made weak."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.ui.wallets.kind_help import KindHelp
from l402desk.wallets.catalogue import KINDS
from l402desk.wallets.connection import Kind


def said(help_: KindHelp, name: str) -> str:
    found = help_.findChild(QLabel, name)
    assert found is not None
    return found.text() if found.isVisibleTo(help_) else ""


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_the_catalogue_is_explained(qtbot: QtBot, kind: Kind) -> None:
    help_ = KindHelp()
    qtbot.addWidget(help_)
    help_.show_kind(kind)
    about = KINDS[kind]
    assert help_.box.currentText() == about.title
    assert said(help_, "walletKindForm") == about.form
    assert said(help_, "walletKindAdvice") == about.advice
    assert said(help_, "walletKindRights") == about.rights
    assert help_.copy.isVisibleTo(help_) is bool(about.rights)


def test_the_command_for_a_weak_credential_is_copied(qtbot: QtBot) -> None:
    help_ = KindHelp()
    qtbot.addWidget(help_)
    assert said(help_, "walletKindForm") == ""
    with qtbot.waitSignal(help_.chosen) as chosen:
        help_.box.setCurrentIndex(help_.box.findData("lnd"))
    assert chosen.args == ["lnd"]
    help_.copy.click()
    assert QGuiApplication.clipboard().text().startswith("lncli bakemacaroon")


def test_what_a_person_chose_stays_while_nothing_is_recognised(qtbot: QtBot) -> None:
    help_ = KindHelp()
    qtbot.addWidget(help_)
    help_.show_kind("cln")
    help_.show_kind("")
    help_.show_kind("of a later version")
    assert help_.kind == "cln"
