"""Hosts are typed in and taken out, by keyboard too."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from l402desk.ui.wallets.hosts_row import HostsRow

HOSTS = ("https://a.example", "https://b.example")


def test_a_host_is_typed_and_given(qtbot: QtBot) -> None:
    row = HostsRow("wallet1")
    qtbot.addWidget(row)
    row.show()
    row.more.click()
    QTest.keyClicks(row.field, " api.example.com ")
    with qtbot.waitSignal(row.given) as given:
        QTest.keyClick(row.field, Qt.Key.Key_Return)
    assert given.args == ["api.example.com"]
    assert not row.field.isVisible()
    assert row.more.isVisible()


def test_nothing_typed_gives_nothing_and_escape_gives_up(qtbot: QtBot) -> None:
    row = HostsRow("wallet1")
    qtbot.addWidget(row)
    row.show()
    row.activateWindow()
    row.begin()
    qtbot.waitUntil(row.field.hasFocus)
    with qtbot.assertNotEmitted(row.given):
        row.go.click()
        QTest.keyClicks(row.field, "x")
        QTest.keyClick(row.field, Qt.Key.Key_Escape)
    assert not row.field.isVisible()
    row.begin()
    assert row.field.text() == ""


def test_each_host_has_a_way_out(qtbot: QtBot) -> None:
    row = HostsRow("wallet1")
    qtbot.addWidget(row)
    row.show_hosts(HOSTS)
    crosses = [button for button in row.findChildren(QToolButton) if button.isVisibleTo(row)]
    assert [cross.accessibleName() for cross in crosses] == [f"No longer first at {host}" for host in HOSTS]
    with qtbot.waitSignal(row.dropped) as dropped:
        crosses[1].click()
    assert dropped.args == [HOSTS[1]]
    row.show_hosts(HOSTS[:1])
    assert [b.property("origin") for b in row.findChildren(QToolButton) if b.isVisibleTo(row)] == [HOSTS[0]]
