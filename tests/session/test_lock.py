"""The lock of the vault: what opens it, what it asks for, and what it says when nothing does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from l402desk import services as services_module
from l402desk.services import Services as RealServices
from l402desk.session.lock import LockSession, LockState, LockView
from l402desk.store import vault_key as vault_key_module
from l402desk.store.errors import (
    DiskFull,
    KeyringItemLost,
    KeyringLocked,
    PassphraseNeeded,
    StoreError,
    WrongPassphrase,
)
from l402desk.store.passphrase import Cost
from tests.engine.shop import KEYRINGS, Shop
from tests.fakes.io import ImmediateIo
from tests.session.desks import Desk, a_thread


class Keys:
    kept_by = "your passphrase"


class Services:
    """A vault that opens by one passphrase, or fails as told."""

    keys = Keys()

    def __init__(self, *, exists: bool, failure: Exception | None = None) -> None:
        self.exists = exists
        self.failure = failure
        self.given: list[str | None] = []

    async def vault_exists(self) -> bool:
        return self.exists

    async def unlock(self, passphrase: str | None) -> None:
        self.given.append(passphrase)
        if self.failure is not None and passphrase != "right":
            raise self.failure


def after(qtbot: QtBot, services: Services, passphrase: str | None = None) -> tuple[LockSession, list[LockState]]:
    session = LockSession(ImmediateIo(services))
    seen: list[LockState] = []
    session.changed.connect(lambda: seen.append(session.view.state))
    session.unlock(passphrase)
    qtbot.waitUntil(lambda: len(seen) == 2)
    return session, seen


def test_a_vault_that_opens_says_who_keeps_its_key(qtbot: QtBot) -> None:
    services = Services(exists=True, failure=WrongPassphrase())
    session = LockSession(ImmediateIo(services))
    with qtbot.waitSignal(session.opened):
        session.unlock("right")
    assert session.is_open
    assert session.view == LockView(LockState.OPEN, kept_by="your passphrase", may_hold=True)
    assert services.given == ["right"]


def test_it_says_that_it_is_being_opened_first(qtbot: QtBot) -> None:
    _session, seen = after(qtbot, Services(exists=True))
    assert seen == [LockState.OPENING, LockState.OPEN]


@pytest.mark.parametrize(
    ("failure", "exists", "state"),
    [
        (WrongPassphrase(), True, LockState.ASK_PASSPHRASE),
        (PassphraseNeeded(exists=True), True, LockState.ASK_PASSPHRASE),
        (PassphraseNeeded(exists=False), False, LockState.CHOOSE_PASSPHRASE),
        (KeyringItemLost(sealed_by="GNOME Keyring", asked="KWallet"), True, LockState.CLOSED),
        (KeyringLocked("GNOME Keyring"), True, LockState.CLOSED),
        (KeyringLocked("GNOME Keyring"), False, LockState.CHOOSE_PASSPHRASE),
        (DiskFull(), True, LockState.CLOSED),
    ],
)
def test_what_stands_in_the_way_is_named_with_its_remedy(
    qtbot: QtBot, failure: StoreError, exists: bool, state: LockState
) -> None:
    session, _seen = after(qtbot, Services(exists=exists, failure=failure))
    assert session.view == LockView(state, reason=failure.sentence, remedy=failure.remedy)
    assert not session.is_open


def test_a_failing_disk_is_no_reason_to_choose_a_passphrase(qtbot: QtBot) -> None:
    session, _seen = after(qtbot, Services(exists=False, failure=DiskFull()))
    assert session.view.state is LockState.CLOSED


def test_an_error_of_ours_leaves_it_closed_in_plain_words(qtbot: QtBot) -> None:
    session, _seen = after(qtbot, Services(exists=True, failure=RuntimeError("a detail")))
    assert session.view.state is LockState.CLOSED
    assert "a detail" not in session.view.reason + session.view.remedy
    assert session.view.remedy


def test_the_passphrase_is_not_kept(qtbot: QtBot) -> None:
    session, _seen = after(qtbot, Services(exists=True, failure=WrongPassphrase()), "wrong one")
    assert "wrong one" not in repr(vars(session))


@pytest.mark.parametrize("exists", [True, False])
def test_a_vault_that_was_there_before_may_hold_what_was_about_to_be_paid(qtbot: QtBot, exists: bool) -> None:
    session, _seen = after(qtbot, Services(exists=exists))
    assert (session.is_open, session.view.may_hold) == (True, exists)


# Locking and recovering, over real parts.


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vault_key_module, "Cost", lambda *given: Cost(*(given or (1, 64, 1))))
    monkeypatch.setattr(services_module, "SETTLE_DOWN_S", 0.05)


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    with a_thread(qtbot, tmp_path, Shop()) as made:
        yield made


def opened(qtbot: QtBot, desk: Desk, passphrase: str | None = None) -> LockSession:
    session = LockSession(desk.io)
    with qtbot.waitSignal(session.opened):
        session.unlock(passphrase)
    return session


def test_a_keyring_vault_is_locked_and_the_keyring_is_asked_again(qtbot: QtBot, desk: Desk) -> None:
    session = opened(qtbot, desk)
    with qtbot.waitSignal(session.closed):
        session.lock()
    assert (session.view.state, session.view.on_purpose, session.is_open) == (LockState.CLOSED, True, False)
    assert "Fake keyring" in session.view.reason
    assert desk.services is None or not desk.services.is_unlocked
    with qtbot.assertNotEmitted(session.closed, wait=50):
        session.lock()
    with qtbot.waitSignal(session.opened):
        session.unlock()


def test_a_passphrase_vault_asks_for_it_after_locking(qtbot: QtBot, desk: Desk) -> None:
    session = opened(qtbot, desk)
    desk.do(lambda services: services.keys.keep_by_passphrase("correct horse"))
    with qtbot.waitSignal(session.closed):
        session.lock()
    assert session.view.state is LockState.ASK_PASSPHRASE
    with qtbot.waitSignal(session.opened):
        session.unlock("correct horse")


def test_a_payment_in_hand_keeps_it_open_and_says_so(qtbot: QtBot, desk: Desk) -> None:
    session = opened(qtbot, desk)
    hanging = asyncio.Event()

    def begin(services: RealServices) -> None:
        services.keep_running(hanging.wait())

    desk.do(begin)
    with qtbot.waitSignal(session.lock_refused) as told:
        session.lock()
    assert "proof" in told.args[0]
    assert session.is_open


def test_a_recovery_code_opens_it_and_the_keyring_keeps_the_key_again(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    session = opened(qtbot, desk)
    code = desk.do(lambda services: services.keys.new_code())
    with qtbot.waitSignal(session.closed):
        session.lock()
    KEYRINGS[tmp_path].items.clear()
    session.unlock()
    qtbot.waitUntil(lambda: session.view.state is LockState.CLOSED)
    seen = session.view
    session.recover("not a code")
    qtbot.waitUntil(lambda: session.view.problem != "")
    assert (session.view.state, session.view.reason) == (seen.state, seen.reason)
    with qtbot.waitSignal(session.opened):
        session.recover(str(code))
    assert session.view == LockView(LockState.OPEN, kept_by="Fake keyring", may_hold=True)
    assert len(KEYRINGS[tmp_path].items) == 1


def test_after_a_forgotten_passphrase_a_new_one_is_chosen(qtbot: QtBot, desk: Desk) -> None:
    session = opened(qtbot, desk)
    desk.do(lambda services: services.keys.keep_by_passphrase("forgotten soon"))
    code = desk.do(lambda services: services.keys.new_code(proof="forgotten soon"))
    with qtbot.waitSignal(session.closed):
        session.lock()
    with qtbot.waitSignal(session.opened):
        session.recover(str(code))
    assert (session.view.state, session.is_open) == (LockState.NEW_PASSPHRASE, True)
    with qtbot.waitSignal(session.opened):
        session.choose_new("correct horse")
    with qtbot.waitSignal(session.closed):
        session.lock()
    with qtbot.waitSignal(session.opened):
        session.unlock("correct horse")


def test_a_keyring_that_is_gone_leaves_the_choice_of_a_passphrase(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    session = opened(qtbot, desk)
    code = desk.do(lambda services: services.keys.new_code())
    with qtbot.waitSignal(session.closed):
        session.lock()
    KEYRINGS[tmp_path].trouble = KeyringLocked("Fake keyring")
    with qtbot.waitSignal(session.opened):
        session.recover(str(code))
    assert session.view.state is LockState.NEW_PASSPHRASE
