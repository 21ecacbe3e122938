"""A connection is a secret: it is not shown unless somebody wants to see it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from l402desk.session.wallet_trial import Recognised
from l402desk.session.wallet_view import Trouble
from l402desk.ui.wallets.connection_field import ConnectionField

TEXT = "lnbits+https://h.example?key=5ec2e7"


def made(qtbot: QtBot) -> ConnectionField:
    field = ConnectionField()
    qtbot.addWidget(field)
    return field


def said(field: ConnectionField) -> str:
    found = field.findChild(QLabel, "connectionSays")
    assert found is not None
    return found.text()


def test_it_is_hidden_until_it_is_to_be_seen(qtbot: QtBot) -> None:
    field = made(qtbot)
    assert field.field.echoMode() is QLineEdit.EchoMode.Password
    field.reveal.click()
    assert field.field.echoMode() is QLineEdit.EchoMode.Normal
    assert field.reveal.accessibleName() == "Hide what is written"
    field.reveal.click()
    assert field.field.echoMode() is QLineEdit.EchoMode.Password


def test_what_is_pasted_is_one_piece(qtbot: QtBot) -> None:
    field = made(qtbot)
    QGuiApplication.clipboard().setText(f" {TEXT[:10]}\n{TEXT[10:]} ")
    with qtbot.waitSignal(field.written) as written:
        field.paste.click()
    assert written.args == [TEXT]
    QGuiApplication.clipboard().setText("  ")
    field.paste.click()
    assert field.field.text() == TEXT


def test_it_says_what_was_recognised_and_what_is_wrong(qtbot: QtBot) -> None:
    field = made(qtbot)
    assert "Paste it" in said(field)
    field.show_recognised(Recognised(TEXT, "lnbits", "lnbits+https://h.example?key=…", name="LNbits"))
    assert said(field) == "LNbits: lnbits+https://h.example?key=…"
    field.show_recognised(Recognised(TEXT, "lnd", "lndconnect://h", watch_only=True, pinned="AB:CD"))
    assert said(field) == "LND, to look payments up alone: lndconnect://h\nIts certificate is pinned."
    field.show_recognised(Recognised(TEXT, "lnd", problem=Trouble("The macaroon is not whole.", "Copy it again.")))
    assert said(field) == "The macaroon is not whole. Copy it again."


def test_a_file_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    field = made(qtbot)
    field.file.click()
    dialog = field.findChild(QFileDialog, "connectionFileDialog")
    assert dialog is not None
    with qtbot.waitSignal(field.file_chosen) as chosen:
        dialog.fileSelected.emit(str(tmp_path / "a.txt"))
    assert chosen.args == [tmp_path / "a.txt"]
    dialog.reject()
