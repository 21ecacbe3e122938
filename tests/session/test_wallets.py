"""The wallets that can pay, with what each holds; one that does not answer hides no other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from pytestqt.qtbot import QtBot

from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.protocol.payment import PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash
from l402desk.session import wallets as module
from l402desk.session.wallets import WalletCard, WalletsSession
from l402desk.wallets.connected import ConnectedWallets
from l402desk.wallets.errors import WalletError
from l402desk.wallets.wallet import Capabilities
from tests.fakes.io import ImmediateIo

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
    return WalletsSession(ImmediateIo(SimpleNamespace(wallets=connected)))


def refreshed(qtbot: QtBot, session: WalletsSession) -> tuple[WalletCard, ...]:
    with qtbot.waitSignal(session.changed):
        session.refresh()
    return session.cards


def test_each_wallet_that_pays_is_a_card_in_the_order_of_connection(qtbot: QtBot) -> None:
    watch = Purse("Watch", Msat(5), replace(ALL, pays=False))
    session = session_of(Purse("Play wallet", Msat(9)), watch, Purse("Node", Msat(7)))
    assert refreshed(qtbot, session) == (WalletCard("Play wallet", Msat(9)), WalletCard("Node", Msat(7)))


def test_a_wallet_that_cannot_be_asked_can_still_be_chosen(qtbot: QtBot) -> None:
    session = session_of(Purse("Node", WalletError("No answer.", "Try again.")), Purse("Play wallet", Msat(9)))
    assert refreshed(qtbot, session) == (WalletCard("Node", None), WalletCard("Play wallet", Msat(9)))


def test_a_silent_wallet_keeps_nobody_waiting_for_ever(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_S", 0.01)
    session = session_of(Purse("Silent", is_silent=True), Purse("Play wallet", Msat(9)))
    assert refreshed(qtbot, session) == (WalletCard("Silent", None), WalletCard("Play wallet", Msat(9)))


def test_one_that_does_not_tell_is_not_asked(qtbot: QtBot) -> None:
    shy = Purse("Shy", AssertionError("it was asked"), replace(ALL, tells_balance=False))
    assert refreshed(qtbot, session_of(shy)) == (WalletCard("Shy", None),)


def test_nothing_is_told_when_nothing_changed(qtbot: QtBot) -> None:
    session = session_of(Purse("Play wallet", Msat(9)))
    refreshed(qtbot, session)
    with qtbot.assertNotEmitted(session.changed, wait=30):
        session.refresh()
