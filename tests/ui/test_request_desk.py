"""The request page with its journeys: every tab has one, and the sandbox's requests are there to start from."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from l402desk.client.request import RequestDraft
from l402desk.protocol.amount import Msat
from l402desk.session.lock import LockSession
from l402desk.session.starts import Start, StartsSession
from l402desk.session.wallets import WalletsSession
from l402desk.ui.request_desk import RequestDesk
from l402desk.ui.tab_journey import Shared, TabJourney
from tests.fakes.io import ImmediateIo


class Bench:
    def __init__(self, qtbot: QtBot) -> None:
        self.io = ImmediateIo(None)
        self.owner = QObject()
        self.starts = StartsSession(self.io, self.owner)
        shared = Shared(LockSession(self.io, self.owner), WalletsSession(self.io, self.owner))
        self.desk = RequestDesk(self.io, self.starts, shared, self.owner)
        qtbot.addWidget(self.desk.page)
        self.desk.page.show()


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench(qtbot)


def test_there_is_a_tab_to_type_into_and_it_has_a_journey(bench: Bench) -> None:
    assert len(bench.desk.page.tabs) == 1
    assert len(bench.desk.page.tabs[0].findChildren(TabJourney)) == 1


def test_an_address_is_opened_and_not_sent(bench: Bench) -> None:
    tab = bench.desk.open("https://api.example.com/weather", "POST")
    assert tab.builder.draft() == RequestDraft(method="POST", url="https://api.example.com/weather")
    assert bench.io.jobs == 0


def test_every_new_tab_has_a_journey_of_its_own(bench: Bench) -> None:
    bench.desk.open("https://api.example.com/a")
    bench.desk.open("https://api.example.com/b")
    assert [len(tab.findChildren(TabJourney)) for tab in bench.desk.page.tabs] == [1] * len(bench.desk.page.tabs)


def test_a_closed_tab_takes_its_journey_along(bench: Bench, qtbot: QtBot) -> None:
    bench.desk.open("https://api.example.com/a")
    bench.desk.page.open_blank()
    tabs = bench.desk.page.tabs
    with qtbot.waitSignal(tabs[0].destroyed, timeout=5_000):
        bench.desk.page._tabs.close_tab(0)
    assert len(bench.desk._journeys) == len(bench.desk.page.tabs)


def test_a_tab_that_alone_knows_a_proof_is_not_closed(bench: Bench) -> None:
    tab = bench.desk.page.current_tab
    bench.desk.page.open_blank()
    tab.holds_proof = True
    bench.desk.page._tabs.close_tab(0)
    assert bench.desk.page.current_tab is tab
    assert bench.desk.holding_proof() is tab
    tab.holds_proof = False
    bench.desk.page._tabs.close_tab(0)
    assert bench.desk.holding_proof() is None
    assert tab not in bench.desk.page.tabs


def test_the_sandbox_is_listed_as_soon_as_it_is_known(bench: Bench) -> None:
    bench.starts.starts = (
        Start("Sandbox", "/weather", Msat.of_sats(21), RequestDraft(url="http://127.0.0.1:8402/weather")),
    )
    bench.starts.changed.emit()
    tree = bench.desk.page.findChild(QObject, "collectionTree")
    assert tree is not None
    model = tree.model()  # type: ignore[attr-defined]
    group = model.index(0, 0)
    assert "Sandbox" in str(group.data())
    assert "/weather" in str(model.index(0, 0, group).data())
