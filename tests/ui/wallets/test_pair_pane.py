"""The wish is shown as a code and a link while it is waited for, and no longer."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.session.wallet_pairing import PairingSession, Wished
from l402desk.ui.wallets import pair_pane
from l402desk.ui.wallets.pair_pane import USUAL_BUDGET, PairPane
from l402desk.wallets.errors import NotReached
from tests.ui.wallets.shelves import SilentIo

URI = f"nostr+walletauth://{'ab' * 32}?name=L402%20Desk&relay=wss%3A%2F%2Frelay.example"

HUB_URL = "https://my.albyhub.com/apps/new?pubkey=ab"


class Bench:
    def __init__(self, qtbot: QtBot) -> None:
        self.io = SilentIo()
        self.pairing = PairingSession(self.io)
        self.pane = PairPane(self.pairing)
        qtbot.addWidget(self.pane)

    @property
    def wish(self) -> dict[str, object]:
        """What the last job asks for."""
        return dict(self.io.jobs[-1].keywords)  # type: ignore[attr-defined]

    def status(self) -> str:
        found = self.pane.findChild(QLabel, "pairingStatus")
        assert found is not None
        return found.text()


def test_the_wish_is_made_of_what_stands_there(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    bench.pane.relays.setText("wss://a.example, wss://b.example")
    bench.pane.begin.click()
    wish = bench.wish
    assert wish["budget"] == Msat.of_sats(USUAL_BUDGET)
    assert (wish["renews"], wish["watch_only"]) == ("monthly", False)
    assert wish["relays"] == ("wss://a.example", "wss://b.example")
    bench.pane.watch_only.click()
    assert not bench.pane.budget.isEnabled()
    bench.pane.begin.click()
    assert (bench.wish["budget"], bench.wish["watch_only"]) == (None, True)


def test_code_and_link_are_there_while_it_is_waited_for(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    assert bench.pane.code.is_covered
    assert not bench.pane.copy.isEnabled()
    bench.pane.begin.click()
    bench.pairing._show(Wished(URI, HUB_URL))
    qtbot.waitUntil(lambda: bool(bench.pane.code.modules))
    assert not bench.pane.code.is_covered
    assert "Waiting for the wallet" in bench.status()
    bench.pane.copy.click()
    assert QGuiApplication.clipboard().text() == URI
    bench.pane.stop.click()
    assert bench.pane.code.is_covered
    assert not bench.pane.code.modules
    assert not bench.pane.copy.isEnabled()
    assert bench.status() == ""


def test_the_links_are_opened_and_where_nothing_opens_them_that_is_said(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, opened = Bench(qtbot), list[str]()

    def open_link(link: str) -> bool:
        opened.append(link)
        return len(opened) > 1

    monkeypatch.setattr(pair_pane, "open_link", open_link)
    bench.pane.begin.click()
    bench.pairing._show(Wished(URI, HUB_URL))
    bench.pane.open.click()
    assert "No wallet on this computer opened the link" in bench.status()
    bench.pane.hub.click()
    assert opened == [URI, HUB_URL]


def test_trouble_is_told(qtbot: QtBot) -> None:
    bench = Bench(qtbot)
    bench.pane.begin.click()
    bench.pairing._fail(NotReached("No relay is there.", "Try another."))
    assert bench.status() == "No relay is there. Try another."
    assert not bench.pane.stop.isVisibleTo(bench.pane)
