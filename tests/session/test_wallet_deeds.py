"""What is done with a stored wallet, over the real thread and the real book; what is refused changes nothing."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from l402desk.ledger.budgets import Caps
from l402desk.protocol.amount import Msat
from l402desk.services import Services
from l402desk.session.wallet_deeds import Outcome, WalletDeeds
from l402desk.session.wallets import WalletsSession
from tests.engine.shop import Buyer, Shop
from tests.fakes.purchased import claim
from tests.session.desks import Desk, a_thread

CONNECTION = "lnbits+http://127.0.0.1:1?key=5ec2e7"
PLENTY = Caps(Msat.of_sats(100), Msat.of_sats(1_000), Msat.of_sats(5_000))


class Deeds:
    """The session, and what it says of each deed."""

    def __init__(self, qtbot: QtBot, desk: Desk) -> None:
        self.desk = desk
        self._qtbot = qtbot
        self.wallets = WalletsSession(desk.io)
        self.session = WalletDeeds(desk.io, self.wallets)

    def tell(self, deed: Callable[[], None]) -> Outcome:
        with self._qtbot.waitSignal(self.session.told) as told:
            deed()
        self._qtbot.waitUntil(lambda: not self.wallets.is_asking)
        assert told.args is not None
        outcome = told.args[0]
        assert isinstance(outcome, Outcome)
        return outcome


@pytest.fixture
def deeds(qtbot: QtBot, tmp_path: Path) -> Iterator[Deeds]:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        made = Deeds(qtbot, desk)
        desk.do(functools.partial(_add, "Home"))
        yield made
        made.session.forget()


async def _add(name: str, services: Services) -> None:
    from l402desk.engine.connecting import add

    await add(services, name, CONNECTION)


async def _open_payment(services: Services) -> None:
    purchase = (await Buyer(services).offer()).purchase
    assert purchase is not None
    await claim(services.ledger, purchase.id, "Home")


def test_a_wallet_is_renamed_and_listed_under_its_new_name(deeds: Deeds, qtbot: QtBot) -> None:
    assert "“House”" in deeds.tell(lambda: deeds.session.rename("Home", "House")).title
    qtbot.waitUntil(lambda: deeds.wallets.shelf.find("House") is not None)
    refused = deeds.tell(lambda: deeds.session.rename("House", "phone"))
    assert refused.severity == "warning"
    assert "means something else" in refused.sentence


def test_a_host_is_given_to_a_wallet_and_back_to_the_default(deeds: Deeds, qtbot: QtBot) -> None:
    assert "https://api.example.com" in deeds.tell(lambda: deeds.session.prefer("Home", "api.example.com")).title

    def hosts() -> tuple[str, ...]:
        home = deeds.wallets.shelf.find("Home")
        return home.hosts if home is not None else ()

    qtbot.waitUntil(lambda: hosts() == ("https://api.example.com",))
    deeds.tell(lambda: deeds.session.stop_preferring("Home", "https://api.example.com"))
    qtbot.waitUntil(lambda: hosts() == ())
    assert "no address of a host" in deeds.tell(lambda: deeds.session.prefer("Home", "not a host")).sentence


def test_the_default_is_chosen(deeds: Deeds, qtbot: QtBot) -> None:
    deeds.desk.do(functools.partial(_add, "Other"))
    assert "“Other” is offered first" in deeds.tell(lambda: deeds.session.use_as_default("Other")).title
    qtbot.waitUntil(lambda: bool(deeds.wallets.cards) and deeds.wallets.cards[0].name == "Other")


def test_a_wallet_is_disconnected_and_connected_again(deeds: Deeds, qtbot: QtBot) -> None:
    assert "is disconnected" in deeds.tell(lambda: deeds.session.disconnect_wallet("Home")).title
    qtbot.waitUntil(lambda: [card.name for card in deeds.wallets.cards] == ["Fake wallet"])
    assert "connected again" in deeds.tell(lambda: deeds.session.connect_again("Home")).title
    qtbot.waitUntil(lambda: len(deeds.wallets.cards) == 2)


def test_trust_in_a_wallet_needs_the_budgets_to_mean_something(deeds: Deeds) -> None:
    assert "Set all three budgets" in deeds.tell(lambda: deeds.session.arm("Home", True)).sentence
    deeds.desk.do(lambda services: services.ledger.set_caps(PLENTY))
    assert "by itself, inside all three" in deeds.tell(lambda: deeds.session.arm("Home", True)).title
    assert deeds.desk.do(lambda services: services.ledger.armed()) == {"Home"}
    assert "only when you say so" in deeds.tell(lambda: deeds.session.arm("Home", False)).title


def test_a_removal_is_taken_back_once(deeds: Deeds, qtbot: QtBot) -> None:
    removed = deeds.tell(lambda: deeds.session.remove("Home"))
    assert removed.offers == "undo"
    assert "5ec2e7" not in repr(removed)
    qtbot.waitUntil(lambda: deeds.wallets.shelf.find("Home") is None)
    assert "is back" in deeds.tell(deeds.session.bring_back).title
    assert deeds.desk.do(lambda services: services.wallet_book.reveal("Home")) == CONNECTION
    with qtbot.assertNotEmitted(deeds.session.told, wait=50):
        deeds.session.bring_back()


def test_what_was_forgotten_cannot_be_brought_back(deeds: Deeds, qtbot: QtBot) -> None:
    deeds.tell(lambda: deeds.session.remove("Home"))
    deeds.session.forget()
    with qtbot.assertNotEmitted(deeds.session.told, wait=50):
        deeds.session.bring_back()


def test_a_wallet_with_an_open_payment_is_given_up_only_by_a_second_word(deeds: Deeds) -> None:
    deeds.desk.do(_open_payment)
    refused = deeds.tell(lambda: deeds.session.remove("Home"))
    assert refused.offers == "remove-anyway"
    assert "21 sats to shop.example is open" in refused.sentence.replace("\u202f", " ")
    assert "the money may be gone" in refused.sentence
    other = deeds.tell(lambda: deeds.session.disconnect_wallet("Home"))
    assert (other.offers, other.severity) == ("", "warning")
    assert deeds.tell(lambda: deeds.session.remove("Home", despite_open=True)).offers == "undo"


def test_a_locked_vault_changes_nothing_and_says_so(deeds: Deeds) -> None:
    deeds.desk.do(lambda services: services.lock())
    assert "locked" in deeds.tell(lambda: deeds.session.use_as_default("Home")).sentence


def test_a_fault_of_ours_is_told(deeds: Deeds, caplog: pytest.LogCaptureFixture) -> None:
    deeds.desk.do(lambda services: services.database.close())
    assert deeds.tell(lambda: deeds.session.use_as_default("Home")).severity == "danger"
    assert "RuntimeError" in caplog.text
