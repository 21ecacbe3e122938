"""The lock of the vault: what opens it, what it asks for, and what it says when nothing does."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from l402desk.session.lock import LockSession, LockState, LockView
from l402desk.store.errors import (
    DiskFull,
    KeyringItemLost,
    KeyringLocked,
    PassphraseNeeded,
    StoreError,
    WrongPassphrase,
)
from tests.fakes.io import ImmediateIo


class Services:
    """A vault that opens by one passphrase, or fails as told."""

    kept_by = "your passphrase"

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
    assert session.view == LockView(LockState.OPEN, kept_by="your passphrase")
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
