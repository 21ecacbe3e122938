"""The foot of the window tells wallet and vault in words as well as in colour."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.ui.status_line import StatusLine
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.icon_view import IconView


@pytest.fixture
def line(qtbot: QtBot, dressed: Appearance) -> StatusLine:
    made = StatusLine()
    qtbot.addWidget(made)
    made.show()
    return made


def said(line: StatusLine, name: str) -> str:
    found = line.findChild(QLabel, name)
    assert found is not None
    return found.text()


def dot(line: StatusLine) -> str:
    return line.findChildren(IconView)[0].shown[0]


def test_it_begins_without_a_wallet(line: StatusLine) -> None:
    assert said(line, "statusWallet") == "No wallet connected"
    assert said(line, "statusVault") == ""


def test_each_state_of_the_wallet_has_its_own_words_and_its_own_shape(line: StatusLine) -> None:
    shapes = {dot(line)}
    line.show_wallet("Play wallet", Msat.of_sats(99_958))
    assert said(line, "statusWallet") == "Play wallet · 99\u202f958 sats"
    shapes.add(dot(line))
    line.show_wallet_trouble("Play wallet", "not reachable")
    assert said(line, "statusWallet") == "Play wallet · not reachable"
    shapes.add(dot(line))
    assert len(shapes) == 3
    line.show_no_wallet()
    assert said(line, "statusWallet") == "No wallet connected"


def test_a_wallet_that_tells_no_balance_is_said_to_be_connected(line: StatusLine) -> None:
    line.show_wallet("Hub", None)
    assert said(line, "statusWallet") == "Hub · connected"


def test_tokens_are_counted_in_good_english(line: StatusLine) -> None:
    line.show_vault("Vault unlocked", 1)
    assert said(line, "statusVault") == "Vault unlocked · 1 token"
    line.show_vault("Vault unlocked", 0)
    assert said(line, "statusVault") == "Vault unlocked · 0 tokens"
    line.show_vault("Vault locked", locked=True)
    assert said(line, "statusVault") == "Vault locked"
    assert line.findChildren(IconView)[1].shown[0] == "lock"


def test_a_wallet_with_an_endless_name_does_not_push_the_vault_out(line: StatusLine) -> None:
    line.show_vault("Vault unlocked", 14)
    line.show_wallet("<b>" + "n" * 400, None)
    line.resize(400, line.height())
    vault = line.findChild(QLabel, "statusVault")
    assert vault is not None
    assert line.minimumSizeHint().width() < 400
    assert vault.geometry().right() <= 400
    assert vault.width() >= vault.sizeHint().width()
