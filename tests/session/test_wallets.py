"""The wallets that can pay, with what each holds; one that does not answer hides no other."""

from __future__ import annotations

import asyncio
import functools
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.services import Services
from l402desk.session import wallet_survey
from l402desk.session.wallet_view import State, Trouble
from l402desk.session.wallets import WalletCard, WalletsSession
from l402desk.store.errors import VaultClosed
from l402desk.wallets.connected import ConnectedWallets
from l402desk.wallets.errors import WalletError
from l402desk.wallets.wallet import Capabilities
from tests.engine.shop import Shop
from tests.fakes.io import ImmediateIo
from tests.fakes.wallet import FakeWallet
from tests.session.desks import a_thread

NOBODY_THERE = "lnbits+http://127.0.0.1:1?key=a"
ALL = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=True)


@dataclass
class Purse:
    """A wallet that holds an amount, fails, or never answers."""

    name: str
    holds: Msat | Exception | None = None
    capabilities: Capabilities = ALL
    network: Network | None = None
    is_silent: bool = False

    async def pay(self, invoice: str, *, fee_limit: Msat) -> PaymentResult:
        return Unknown("nothing is paid here")

    async def look_up(self, payment_hash: PaymentHash) -> PaymentResult | None:
        return None

    async def balance(self) -> Msat | None:
        if self.is_silent:
            await asyncio.Event().wait()
        if isinstance(self.holds, Exception):
            raise self.holds
        return self.holds


def session_of(*purses: Purse) -> WalletsSession:
    connected = ConnectedWallets()
    for purse in purses:
        connected.connect(purse)
    return WalletsSession(ImmediateIo(LockedDesk(connected)))


async def stored(name: str, services: Services) -> object:
    return await services.wallet_book.add(name, NOBODY_THERE)


class LockedDesk:
    """The services before the vault is open."""

    def __init__(self, wallets: ConnectedWallets) -> None:
        self.wallets = wallets

    @property
    def wallet_book(self) -> object:
        raise VaultClosed


def refreshed(qtbot: QtBot, session: WalletsSession) -> tuple[WalletCard, ...]:
    with qtbot.waitSignal(session.changed):
        session.refresh()
    qtbot.waitUntil(lambda: not session.is_asking)
    return session.cards


def test_each_wallet_that_pays_is_a_card_in_the_order_of_connection(qtbot: QtBot) -> None:
    watch = Purse("Watch", Msat(5), replace(ALL, pays=False))
    session = session_of(Purse("Play wallet", Msat(9)), watch, Purse("Node", Msat(7)))
    assert refreshed(qtbot, session) == (WalletCard("Play wallet", Msat(9)), WalletCard("Node", Msat(7)))
    assert [wallet.name for wallet in session.shelf.wallets] == ["Play wallet", "Watch", "Node"]


def test_a_wallet_that_cannot_be_asked_can_still_be_chosen(qtbot: QtBot) -> None:
    session = session_of(Purse("Node", WalletError("No answer.", "Try again.")), Purse("Play wallet", Msat(9)))
    assert refreshed(qtbot, session) == (WalletCard("Node", None, "No answer."), WalletCard("Play wallet", Msat(9)))
    assert session.shelf.wallets[0].trouble == Trouble("No answer.", "Try again.")


def test_a_silent_wallet_keeps_nobody_waiting_for_ever(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wallet_survey, "BALANCE_S", 0.01)
    session = session_of(Purse("Silent", is_silent=True), Purse("Play wallet", Msat(9)))
    assert [(card.name, card.balance) for card in refreshed(qtbot, session)] == [
        ("Silent", None), ("Play wallet", Msat(9)),
    ]  # fmt: skip
    assert session.shelf.wallets[0].state is State.SILENT


def test_one_that_does_not_tell_is_not_asked(qtbot: QtBot) -> None:
    shy = Purse("Shy", AssertionError("it was asked"), replace(ALL, tells_balance=False))
    assert refreshed(qtbot, session_of(shy)) == (WalletCard("Shy", None),)


def test_nothing_is_told_when_nothing_changed(qtbot: QtBot) -> None:
    session = session_of(Purse("Play wallet", Msat(9)))
    refreshed(qtbot, session)
    with qtbot.assertNotEmitted(session.changed, wait=30):
        session.refresh()


def test_an_answer_is_shown_before_the_slowest_wallet_has_given_its_own(qtbot: QtBot, tmp_path: Path) -> None:
    slow = Purse("Slow", is_silent=True)
    with a_thread(qtbot, tmp_path, Shop(), slow, FakeWallet("Quick", balance=Msat(7))) as desk:
        session = WalletsSession(desk.io)
        session.refresh()
        qtbot.waitUntil(lambda: WalletCard("Quick", Msat(7)) in session.cards)
        assert session.is_asking
        assert session.shelf.wallets[0].asked_by == 1


def test_stored_wallets_are_shown_whatever_their_state_and_looked_at_on_demand(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        for name in ("Home", "Off", "Broken"):
            desk.do(functools.partial(stored, name))
        desk.do(lambda services: services.wallet_book.set_connected("Off", False))
        spoil = "UPDATE wallets SET connection = x'00' WHERE name = 'Broken'"
        desk.do(lambda services: services.database.write(lambda connection: connection.execute(spoil)))
        desk.do(lambda services: services.ledger.arm("Home", True))
        session = WalletsSession(desk.io)
        session.look()
        qtbot.waitUntil(lambda: bool(session.shelf.wallets) and not session.is_asking)
        found = {wallet.name: wallet.state for wallet in session.shelf.wallets}
        assert found == {
            "Fake wallet": State.ANSWERS,
            "Home": State.SILENT,
            "Off": State.DISCONNECTED,
            "Broken": State.DAMAGED,
        }
        home = session.shelf.find("Home")
        assert home is not None
        assert (home.is_default, home.is_armed, home.kind) == (True, True, "lnbits")
        assert home.trouble is not None
        assert session.shelf.is_open
        assert [card.name for card in session.cards] == ["Home", "Fake wallet"]
        assert [card.name for card in session.cards_for("", Network.REGTEST)] == ["Fake wallet", "Home"]


def test_a_locked_vault_shows_what_needs_no_key(qtbot: QtBot, tmp_path: Path) -> None:
    with a_thread(qtbot, tmp_path, Shop(), locked=True) as desk:
        session = WalletsSession(desk.io)
        session.look()
        qtbot.waitUntil(lambda: bool(session.shelf.wallets) and not session.is_asking)
        assert [wallet.name for wallet in session.shelf.wallets] == ["Fake wallet"]
        assert not session.shelf.is_open


def test_a_file_that_does_not_answer_is_told(qtbot: QtBot, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with a_thread(qtbot, tmp_path, Shop()) as desk:
        desk.do(lambda services: services.database.close())
        session = WalletsSession(desk.io)
        with qtbot.waitSignal(session.went_wrong):
            session.refresh()
        assert not session.is_asking
        assert "could not be listed: RuntimeError" in caplog.text
