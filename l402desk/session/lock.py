"""Whether the vault is open, and if not, why not and what would open it."""

from __future__ import annotations

import functools
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.session.io import Io
from l402desk.store.errors import KeyUnavailable, PassphraseNeeded, StoreError, WrongPassphrase

if TYPE_CHECKING:
    from l402desk.services import Services


RECOVERED = "The recovery code opened the vault. Choose a new passphrase, so that you do not need the code next time."


class LockState(StrEnum):
    """What stands between the user and the vault."""

    OPENING = "opening"
    OPEN = "open"
    CHOOSE_PASSPHRASE = "choose-passphrase"
    """There is no vault yet and no keyring to hold its key: the user may choose a passphrase."""
    ASK_PASSPHRASE = "ask-passphrase"
    CLOSED = "closed"
    """Neither: the reason says what to do, and trying again may help."""
    NEW_PASSPHRASE = "new-passphrase"
    """The recovery code opened it, and what kept the key before is gone: the user chooses a new passphrase."""


@dataclass(frozen=True, slots=True)
class LockView:
    """The state of the vault's lock. ``reason`` and ``remedy`` are sentences, empty while it is open.

    ``problem`` says what was wrong with a recovery code that was typed; ``on_purpose`` that it was locked here, by
    hand or because nobody touched the app. ``may_hold``: the vault that was opened is not a new one, so what was asked
    to be paid while it was shut may be held in it already.
    """

    state: LockState = LockState.OPENING
    kept_by: str = ""
    reason: str = ""
    remedy: str = ""
    problem: str = ""
    on_purpose: bool = False
    may_hold: bool = False


class LockSession(QObject):
    """Locks and unlocks the vault on the I/O thread. `changed` follows each new `view`.

    `closed` comes when the key is gone, and what was shown of the vault must go too; `lock_refused` carries the
    sentence that says why it stays open.
    """

    changed = Signal()
    opened = Signal()
    closed = Signal()
    lock_refused = Signal(object)

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.view = LockView()

    @property
    def is_open(self) -> bool:
        return self.view.state in (LockState.OPEN, LockState.NEW_PASSPHRASE)

    def unlock(self, passphrase: str | None = None) -> None:
        """Try the passphrase, else what needs no user: the passphrase file or the keyring."""
        self._show(LockView())
        call = self._io.submit(functools.partial(_unlock, passphrase=passphrase))
        call.succeeded.connect(self._take)
        call.failed.connect(self._fail)

    @Slot()
    def lock(self) -> None:
        """Drop the key; without effect while it is not there. Refused while a payment's proof may still come."""
        if not self.is_open:
            return
        call = self._io.submit(_lock)
        call.succeeded.connect(self._close)
        call.failed.connect(self._refuse)

    def recover(self, code: str) -> None:
        """Open the vault by its recovery code, and have its key kept anew."""
        before = self.view
        self._show(LockView())
        call = self._io.submit(functools.partial(_recover, code=code, before=before))
        call.succeeded.connect(self._take)
        call.failed.connect(self._fail)

    def choose_new(self, passphrase: str) -> None:
        """After the recovery code: keep the key by this passphrase from now on."""
        call = self._io.submit(functools.partial(_keep, passphrase=passphrase))
        call.succeeded.connect(self._take)
        call.failed.connect(self._refuse)

    @Slot(object)
    def _close(self, view: object) -> None:
        assert isinstance(view, LockView)
        self._show(view)
        self.closed.emit()

    @Slot(object)
    def _refuse(self, error: object) -> None:
        told = isinstance(error, StoreError)
        self.lock_refused.emit(str(error) if told else "The app could not do that with the vault; nothing was lost.")

    @Slot(object)
    def _take(self, view: object) -> None:
        assert isinstance(view, LockView)
        self._show(view)
        if self.is_open:
            self.opened.emit()

    @Slot(object)
    def _fail(self, error: object) -> None:
        sentence = error.sentence if isinstance(error, StoreError) else "The app could not open its files."
        remedy = error.remedy if isinstance(error, StoreError) else "Start it again; if that does not help, report it."
        self._show(LockView(LockState.CLOSED, reason=sentence, remedy=remedy))

    def _show(self, view: LockView) -> None:
        self.view = view
        self.changed.emit()


async def _unlock(services: Services, *, passphrase: str | None) -> LockView:
    exists = await services.vault_exists()
    try:
        await services.unlock(passphrase)
    except (WrongPassphrase, PassphraseNeeded) as error:
        asks = LockState.ASK_PASSPHRASE if exists else LockState.CHOOSE_PASSPHRASE
        return LockView(asks, reason=error.sentence, remedy=error.remedy)
    except KeyUnavailable as error:
        # No keyring answers. A vault that exists waits for it; a new one may be put under a passphrase instead.
        state = LockState.CLOSED if exists else LockState.CHOOSE_PASSPHRASE
        return LockView(state, reason=error.sentence, remedy=error.remedy)
    except StoreError as error:
        return LockView(LockState.CLOSED, reason=error.sentence, remedy=error.remedy)
    return LockView(LockState.OPEN, kept_by=services.keys.kept_by, may_hold=exists)


async def _lock(services: Services) -> LockView:
    from l402desk.store.vault_key import Kind  # noqa: PLC0415 - not before the first frame

    kept_by = services.keys.kept_by
    await services.lock()
    status = await services.keys.status()
    if status is not None and status.kind is Kind.PASSPHRASE:
        return LockView(
            LockState.ASK_PASSPHRASE,
            reason="What you bought is sealed until you unlock it.",
            remedy="Type its passphrase.",
            on_purpose=True,
        )
    reason = f"What you bought is sealed. The key is in the keyring ({kept_by})."
    return LockView(LockState.CLOSED, reason=reason, remedy="Unlock the vault to go on.", on_purpose=True)


async def _recover(services: Services, *, code: str, before: LockView) -> LockView:
    from l402desk.store.vault_key import Kind  # noqa: PLC0415 - not before the first frame

    try:
        await services.unlock_by_code(code)
    except StoreError as error:
        return replace(before, problem=str(error))
    status = await services.keys.status()
    if status is not None and status.kind is Kind.KEYRING:
        with suppress(KeyUnavailable):  # it does not take the key: a passphrase will do
            await services.keys.keep_by_keyring()
            return LockView(LockState.OPEN, kept_by=services.keys.kept_by, may_hold=True)
    return LockView(LockState.NEW_PASSPHRASE, reason=RECOVERED, may_hold=True)


async def _keep(services: Services, *, passphrase: str) -> LockView:
    await services.keys.keep_by_passphrase(passphrase)
    return LockView(LockState.OPEN, kept_by=services.keys.kept_by)
