"""The vault's key as the settings show it: who keeps it, since when, and what the user wants done with it."""

from __future__ import annotations

import functools
import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.session.io import Io, Job
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.store.restoring import Restored
    from l402desk.store.rotation import Rotated

log = logging.getLogger(__name__)
WRONG = "The app could not do that with the vault. Nothing in it was changed."


class Deed(StrEnum):
    """What can be done with the key; one at a time."""

    PASSPHRASE = "passphrase"
    KEYRING = "keyring"
    CODE = "code"
    ROTATE = "rotate"
    BACK_UP = "back-up"
    RESTORE = "restore"


@dataclass(frozen=True, slots=True)
class KeyView:
    """What is known of the key. Times are unix seconds, None where they were not written down.

    ``by_passphrase``: it is asked for again before anything is done. ``moved_from`` is the keyring that had it before.
    """

    is_open: bool = False
    exists: bool = False
    by_passphrase: bool = False
    kept_by: str = ""
    since: int | None = None
    key_since: int | None = None
    code_made_at: int | None = None
    moved_from: str | None = None
    open_payments: int = 0
    """What is open now is not in an older backup."""


@dataclass(frozen=True, slots=True)
class Done:
    """What was done, in a title and a sentence."""

    deed: Deed
    title: str
    sentence: str
    severity: str = "good"


class SecuritySession(QObject):
    """`changed` follows each new `view` and the beginning and end of a deed.

    `done` carries a `Done`; `failed` a `Done` that says why not; `code_ready` the recovery code, which is kept nowhere.
    `ended_restoring` comes after a restore, done or failed: the vault is another, or was locked for it.
    """

    changed = Signal()
    done = Signal(object)
    failed = Signal(object)
    code_ready = Signal(object)
    ended_restoring = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.view = KeyView()
        self.doing: Deed | None = None

    @Slot()
    def refresh(self) -> None:
        """Ask who keeps the key now."""
        self._io.submit(_look).succeeded.connect(self._show)

    def keep_by_passphrase(self, passphrase: str, proof: str | None) -> None:
        self._begin(Deed.PASSPHRASE, functools.partial(_by_passphrase, passphrase=passphrase, proof=proof))

    def keep_by_keyring(self, proof: str | None) -> None:
        self._begin(Deed.KEYRING, functools.partial(_by_keyring, proof=proof))

    def new_code(self, proof: str | None) -> None:
        self._begin(Deed.CODE, functools.partial(_new_code, proof=proof))

    def rotate(self, proof: str | None) -> None:
        self._begin(Deed.ROTATE, functools.partial(_rotate, proof=proof))

    def back_up(self, target: Path, passphrase: str, proof: str | None) -> None:
        """An existing file is replaced: the dialog that chose it has asked."""
        self._begin(Deed.BACK_UP, functools.partial(_back_up, target=target, passphrase=passphrase, proof=proof))

    def restore(self, source: Path, passphrase: str) -> None:
        self._begin(Deed.RESTORE, functools.partial(_restore, source=source, passphrase=passphrase))

    def _begin(self, deed: Deed, job: Job) -> None:
        if self.doing is not None:
            return
        self.doing = deed
        self.changed.emit()
        call = self._io.submit(job)
        call.succeeded.connect(self._succeed)
        call.failed.connect(self._fail)
        call.finished.connect(self._end)

    @Slot(object)
    def _succeed(self, told: object) -> None:
        if isinstance(told, str):
            self.code_ready.emit(told)
            return
        assert isinstance(told, Done)
        self.done.emit(told)

    @Slot(object)
    def _fail(self, error: object) -> None:
        assert self.doing is not None
        if not isinstance(error, StoreError):
            log.error("the key could not be changed: %s", type(error).__name__)
        sentence = str(error) if isinstance(error, StoreError) else WRONG
        self.failed.emit(Done(self.doing, _FAILED[self.doing], sentence, "danger"))

    @Slot()
    def _end(self) -> None:
        was, self.doing = self.doing, None
        if was is Deed.RESTORE:
            self.ended_restoring.emit()
        self.changed.emit()
        self.refresh()

    @Slot(object)
    def _show(self, view: object) -> None:
        assert isinstance(view, KeyView)
        self.view = view
        self.changed.emit()


_FAILED = {
    Deed.PASSPHRASE: "The passphrase was not changed",
    Deed.KEYRING: "The keyring did not take the key",
    Deed.CODE: "No recovery code was made",
    Deed.ROTATE: "The key was not replaced",
    Deed.BACK_UP: "No backup was written",
    Deed.RESTORE: "Nothing was restored",
}
_ITEM_STAYS = " The keyring would not delete the old item; it opens nothing any more."


async def _look(services: Services) -> KeyView:
    from l402desk.store.vault_key import Kind  # noqa: PLC0415 - not before the first frame

    status = await services.keys.status()
    if status is None:
        return KeyView()
    return KeyView(
        is_open=services.is_unlocked,
        exists=True,
        by_passphrase=status.kind is Kind.PASSPHRASE,
        kept_by=status.kept_by,
        since=status.since,
        key_since=status.key_since,
        code_made_at=status.code_made_at,
        moved_from=services.keys.moved_from,
        open_payments=len(await services.ledger.open_purchases()) if services.is_unlocked else 0,
    )


async def _by_passphrase(services: Services, *, passphrase: str, proof: str | None) -> Done:
    gone = await services.keys.keep_by_passphrase(passphrase, proof=proof)
    sentence = "From now on the vault opens with it, and with nothing else but a recovery code."
    if services.has_passphrase_file:
        sentence += " The passphrase file still holds the old one: change it, too."
    return Done(Deed.PASSPHRASE, "The passphrase holds", sentence + ("" if gone else _ITEM_STAYS))


async def _by_keyring(services: Services, *, proof: str | None) -> Done:
    gone = await services.keys.keep_by_keyring(proof=proof)
    sentence = f"{services.keys.kept_by} keeps the key from now on. The old passphrase opens nothing any more."
    return Done(Deed.KEYRING, "The keyring keeps the key", sentence + ("" if gone else _ITEM_STAYS))


async def _new_code(services: Services, *, proof: str | None) -> str:
    return await services.keys.new_code(proof=proof)


async def _rotate(services: Services, *, proof: str | None) -> Done:
    return rotated_words(await services.rotate_key(proof))


async def _back_up(services: Services, *, target: Path, passphrase: str, proof: str | None) -> Done:
    await services.keys.back_up(target, passphrase, proof=proof, replace=True)
    sentence = f"Everything in the vault and the ledger is in {target}. It opens with the passphrase you gave it alone."
    return Done(Deed.BACK_UP, "The backup is written, and was read back", sentence)


async def _restore(services: Services, *, source: Path, passphrase: str) -> Done:
    return restored_words(await services.restore(source, passphrase), services.keys.kept_by)


def rotated_words(done: Rotated) -> Done:
    """What a rotation did, for the user."""
    sentence = f"{done.resealed:,} sealed values were sealed anew. The old key opens nothing any more."
    if done.code_was_forgotten:
        sentence += " Your old recovery code went with it: have a new one shown, and write it down."
    if not done.old_item_forgotten:
        sentence += _ITEM_STAYS
    if not done.damaged:
        return Done(Deed.ROTATE, "The key was replaced", sentence)
    count = len(done.damaged)
    sentence += (
        f" {count:,} {'value' if count == 1 else 'values'} had been damaged before, and stay as they were, together"
        " with the old key, in case a backup can mend them."
    )
    return Done(Deed.ROTATE, "The key was replaced, but not everything could be opened", sentence, "warning")


def restored_words(done: Restored, kept_by: str) -> Done:
    """What a restore did, and what is not in the vault now."""
    clock = time.strftime("%H:%M", time.localtime(done.made_at))
    sentence = f"The vault is as it was on {day_words(done.made_at)}, {clock}, and {_opens(kept_by)}."
    if done.aside is not None:
        sentence += (
            " What was bought since then is not in it. It was not deleted: the file that was here until now is"
            f" {done.aside}, whole, and opens as it did."
        )
    return Done(Deed.RESTORE, "The backup is restored", sentence)


def _opens(kept_by: str) -> str:
    from l402desk.store.vault_key import YOUR_PASSPHRASE  # noqa: PLC0415 - not before the first frame

    return "opens with the backup's passphrase" if kept_by == YOUR_PASSPHRASE else f"its key is kept by {kept_by}"


def day_words(at: int) -> str:
    """A day of this computer's calendar: "4 November 2026"."""
    day = time.localtime(at)
    return f"{day.tm_mday} {time.strftime('%B %Y', day)}"
