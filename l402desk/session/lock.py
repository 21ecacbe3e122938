"""Whether the vault is open, and if not, why not and what would open it."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.session.io import Io
from l402desk.store.errors import KeyUnavailable, PassphraseNeeded, StoreError, WrongPassphrase

if TYPE_CHECKING:
    from l402desk.services import Services


class LockState(StrEnum):
    """What stands between the user and the vault."""

    OPENING = "opening"
    OPEN = "open"
    CHOOSE_PASSPHRASE = "choose-passphrase"
    """There is no vault yet and no keyring to hold its key: the user may choose a passphrase."""
    ASK_PASSPHRASE = "ask-passphrase"
    CLOSED = "closed"
    """Neither: the reason says what to do, and trying again may help."""


@dataclass(frozen=True, slots=True)
class LockView:
    """The state of the vault's lock. ``reason`` and ``remedy`` are sentences, empty while it is open."""

    state: LockState = LockState.OPENING
    kept_by: str = ""
    reason: str = ""
    remedy: str = ""


class LockSession(QObject):
    """Unlocks the vault on the I/O thread. `changed` follows each new `view`."""

    changed = Signal()
    opened = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.view = LockView()

    @property
    def is_open(self) -> bool:
        return self.view.state is LockState.OPEN

    def unlock(self, passphrase: str | None = None) -> None:
        """Try the passphrase, else what needs no user: the passphrase file or the keyring."""
        self._show(LockView())
        call = self._io.submit(functools.partial(_unlock, passphrase=passphrase))
        call.succeeded.connect(self._take)
        call.failed.connect(self._fail)

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
    return LockView(LockState.OPEN, kept_by=services.kept_by)
