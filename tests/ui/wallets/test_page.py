"""The wallets page over real wallets: what the session knows is on the cards, and what is pressed is done."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from l402desk.services import Services
from l402desk.session.wallet_deeds import WalletDeeds
from l402desk.session.wallet_view import Shelf
from l402desk.session.wallets import WalletsSession
from l402desk.ui.wallets.page import WalletsPage
from l402desk.ui.widgets.notice import NoticeBar
from tests.engine.shop import Buyer, Shop
from tests.fakes.purchased import claim
from tests.session.desks import Desk, a_thread
from tests.ui.wallets import shelves

CONNECTION = "lnbits+http://127.0.0.1:1?key=5ec2e7"


class Bench:
    """A page over the real thread."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self.desk = desk
        self.session = WalletsSession(desk.io)
        self.deeds = WalletDeeds(desk.io, self.session)
        self.page = WalletsPage(self.session, self.deeds)
        qtbot.addWidget(self.page)
        self.page.show()
        qtbot.waitUntil(lambda: self.session.shelf.is_open and not self.session.is_asking)

    def notice(self) -> str:
        bar = self.page.findChild(NoticeBar, "walletsNotice")
        assert bar is not None
        return bar.accessibleName() if bar.isVisible() else ""

    def press(self, name: str) -> None:
        found = self.page.findChild(QPushButton, name)
        assert found is not None
        assert found.isVisible()
        found.click()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        desk.do(functools.partial(_add, "Home"))
        made = Bench(qtbot, desk)
        yield made
        made.page.hide()
        qtbot.waitUntil(lambda: not made.session.is_asking)
        made.deeds.forget()


async def _add(name: str, services: Services) -> None:
    from l402desk.engine.connecting import add

    await add(services, name, CONNECTION)


def test_each_wallet_has_a_card_in_its_place(bench: Bench, qtbot: QtBot) -> None:
    assert list(bench.page.cards) == ["Fake wallet", "Home"]
    bench.desk.do(functools.partial(_add, "Other"))  # as the terminal would
    bench.page.look.click()
    qtbot.waitUntil(lambda: list(bench.page.cards) == ["Fake wallet", "Home", "Other"])
    heights = [bench.page.cards[name].y() for name in ("Fake wallet", "Home", "Other")]
    assert heights == sorted(heights)


def test_what_is_pressed_on_a_card_is_done_and_told(bench: Bench, qtbot: QtBot) -> None:
    bench.press("wallet2DisconnectButton")
    qtbot.waitUntil(lambda: "“Home” is disconnected" in bench.notice())
    qtbot.waitUntil(bench.page.cards["Home"].deeds["connect"].isVisible)
    bench.press("wallet2ConnectButton")
    qtbot.waitUntil(lambda: "connected again" in bench.notice())
    bench.page.cards["Home"].renamed.emit("Home", "House")
    qtbot.waitUntil(lambda: list(bench.page.cards) == ["Fake wallet", "House"])


def test_a_name_that_is_refused_is_as_it_was(bench: Bench, qtbot: QtBot) -> None:
    bench.page.cards["Home"].renamed.emit("Home", "Fake wallet")
    qtbot.waitUntil(lambda: "That could not be done" in bench.notice())
    assert bench.page.cards["Home"].title.shown.text() == "Home"


def test_a_removed_wallet_is_brought_back(bench: Bench, qtbot: QtBot) -> None:
    bench.press("wallet2RemoveButton")
    qtbot.waitUntil(lambda: "“Home” is removed" in bench.notice())
    qtbot.waitUntil(lambda: list(bench.page.cards) == ["Fake wallet"])
    bench.press("walletsNoticeUndoButton")
    qtbot.waitUntil(lambda: list(bench.page.cards) == ["Fake wallet", "Home"])


def test_a_wallet_with_an_open_payment_asks_for_a_second_word(bench: Bench, qtbot: QtBot) -> None:
    bench.desk.do(_open_payment)
    bench.press("wallet2RemoveButton")
    qtbot.waitUntil(lambda: "“Home” has a payment under way" in bench.notice())
    assert "Home" in bench.page.cards
    bench.press("walletsNoticeRemoveAnywayButton")
    qtbot.waitUntil(lambda: "Home" not in bench.page.cards)


async def _open_payment(services: Services) -> None:
    purchase = (await Buyer(services).offer()).purchase
    assert purchase is not None
    await claim(services.ledger, purchase.id, "Home")


def test_the_first_steps_are_shown_until_a_wallet_is_stored(bench: Bench, qtbot: QtBot) -> None:
    steps = bench.page.findChild(QWidget, "walletsFirstSteps")
    assert steps is not None
    assert not steps.isVisible()
    bench.press("wallet2RemoveButton")
    qtbot.waitUntil(steps.isVisible)


def test_a_vault_that_is_locked_and_opened_again(bench: Bench, qtbot: QtBot) -> None:
    bench.desk.do(lambda services: services.lock())
    bench.session.refresh()
    qtbot.waitUntil(lambda: list(bench.page.cards) == ["Fake wallet"])
    with qtbot.waitSignal(bench.page.unlock_requested):
        bench.page.add.click()
    bench.desk.do(lambda services: services.unlock())
    bench.session.refresh()
    qtbot.waitUntil(lambda: "Home" in bench.page.cards)
    with qtbot.waitSignal(bench.page.add_requested):
        bench.page.add.click()


def still(qtbot: QtBot, shelf: Shelf) -> WalletsPage:
    session = WalletsSession(shelves.SilentIo())
    session.shelf = shelf
    page = WalletsPage(session, WalletDeeds(shelves.SilentIo(), session))
    qtbot.addWidget(page)
    return page


def test_a_locked_vault_without_a_wallet_says_so(qtbot: QtBot) -> None:
    page = still(qtbot, shelves.shelf(is_open=False))
    page.show()
    locked = page.findChild(QWidget, "walletsLocked")
    assert locked is not None
    assert locked.isVisible()
    assert page.focusProxy() is page.findChild(QPushButton, "walletsLockedButton")
    with qtbot.waitSignal(page.unlock_requested):
        page.findChild(QPushButton, "walletsLockedButton").click()  # type: ignore[union-attr]
    page.hide()


def test_many_wallets_in_every_state_fit_the_smallest_window(qtbot: QtBot, dressed: object) -> None:
    page = still(qtbot, shelves.shelf(*shelves.ALL, *(shelves.HUB for _ in range(2))))
    page.resize(640, 480)
    page.show()
    assert page.width() == 640
    for card in page.cards.values():
        for deed in card.deeds.values():
            assert not deed.isVisible() or deed.mapTo(page, deed.rect().topRight()).x() < 640
    page.hide()


def test_a_card_keeps_the_keyboard_while_its_wallet_is_asked(bench: Bench, qtbot: QtBot) -> None:
    card = bench.page.cards["Home"]
    card.deeds["disconnect"].setFocus()
    bench.page.look.click()
    qtbot.waitUntil(lambda: not bench.session.is_asking)
    assert bench.page.cards["Home"] is card
