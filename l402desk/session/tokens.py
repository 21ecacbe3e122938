"""The tokens of the vault as a window shows them: listed in the database, read row by row, kept fresh."""

from __future__ import annotations

import functools
import logging
from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.protocol.errors import ProtocolError
from l402desk.session import token_jobs as jobs
from l402desk.session.io import Io, Job
from l402desk.store.errors import StoreError
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.wanted import Order, Shelf, Wanted
from l402desk.worker.call import Call

if TYPE_CHECKING:
    from l402desk.vault.scope import Scope
    from l402desk.vault.tokens import TokenSummary

log = logging.getLogger(__name__)


class TokensSession(QObject):
    """The list is its ``numbers``, in order; the rows themselves are asked for as they are looked at.

    `changed` follows each new list, `rows_ready` carries summaries by row number (those that were asked for and are
    missing in it are gone), `account_ready` a `TokenAccount`, `header_ready` an Authorization header that was asked
    for, `tried` a `Trial`. `trashed`, `forgotten` and `copied` carry the summary of the token that went to the trash,
    was deleted for ever, or was kept as a restricted copy; `went_wrong` a sentence with its remedy.
    """

    changed = Signal()
    rows_ready = Signal(object)
    account_ready = Signal(object)
    found = Signal(object)
    header_ready = Signal(object)
    tried = Signal(object)
    trashed = Signal(object)
    forgotten = Signal(object)
    copied = Signal(object)
    went_wrong = Signal(object)

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.wanted = Wanted()
        self.numbers: array[int] = array("q")
        self.tally: Mapping[Shelf, int] = {}
        self.total = 0
        """Tokens outside the trash."""
        self.is_loaded = False

    def search(self, text: str) -> None:
        """Show the tokens whose title, host, path or note holds this text; all of them for an empty one."""
        self._want(Wanted(text, self.wanted.shelf, self.wanted.order))

    def look_at(self, shelf: Shelf) -> None:
        """Show another part of the vault."""
        self._want(Wanted(self.wanted.search, shelf, self.wanted.order))

    def sort(self, order: Order) -> None:
        """Show the same tokens in another order."""
        self._want(Wanted(self.wanted.search, self.wanted.shelf, order))

    def _want(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the list again; of a vault that is locked by now nothing stays."""
        self._submit(functools.partial(jobs.listed, wanted=self.wanted)).succeeded.connect(self._show)

    def ask_rows(self, numbers: Sequence[int]) -> None:
        """Fetch these rows; they come by `rows_ready` and are not kept here."""
        call = self._submit(functools.partial(jobs.rows, numbers=tuple(numbers)))
        call.succeeded.connect(self.rows_ready)
        call.failed.connect(self._no_rows)

    def seek(self, purchase_id: str) -> None:
        """List everything where the token of this purchase stands; its row number comes by `found`, or None."""
        self._submit(functools.partial(jobs.seek, purchase_id=purchase_id)).succeeded.connect(self._turn_to)

    def ask_account(self, token: TokenSummary) -> None:
        """Fetch everything there is to show of one token."""
        self._submit(functools.partial(jobs.account, token_id=token.id)).succeeded.connect(self._tell_account)

    def ask_header(self, token: TokenSummary) -> None:
        """Fetch the secret header of one token; it comes by `header_ready` and is not kept here."""
        self._submit(functools.partial(jobs.header, token_id=token.id)).succeeded.connect(self.header_ready)

    def attempt(self, token: TokenSummary) -> None:
        """Try a token with one free request; how that went comes by `tried`."""
        self._submit(functools.partial(jobs.attempt, token_id=token.id)).succeeded.connect(self._tell_trial)

    def rename(self, token: TokenSummary, title: str) -> None:
        self._do(functools.partial(jobs.rename, token_id=token.id, title=title))

    def note(self, token: TokenSummary, text: str) -> None:
        self._do(functools.partial(jobs.note, token_id=token.id, text=text))

    def set_scope(self, token: TokenSummary, scope: Scope, method: str | None) -> None:
        """Let the token go further, or less far, within its own origin."""
        self._do(functools.partial(jobs.set_scope, token_id=token.id, scope=scope, method=method))

    def use_again(self, token: TokenSummary) -> None:
        """The user wants this token sent: one that was refused, or marked as used up, gets another chance."""
        self._do(functools.partial(jobs.use_again, token=token))

    def mark_spent(self, token: TokenSummary) -> None:
        """The user knows that this token is used up: it is not sent any more."""
        self._do(functools.partial(jobs.mark_spent, token_id=token.id))

    def trash(self, token: TokenSummary) -> None:
        """Put a token aside; `restore` undoes it."""
        self._submit(functools.partial(jobs.trash, token=token)).succeeded.connect(self._put_aside)

    def restore(self, token_id: str) -> None:
        """Take a token out of the trash."""
        self._do(functools.partial(jobs.restore, token_id=token_id))

    def forget(self, token: TokenSummary) -> None:
        """Delete a token that is in the trash for ever."""
        self._submit(functools.partial(jobs.forget, token=token)).succeeded.connect(self._deleted)

    def copy_restricted(self, token: TokenSummary, caveats: Sequence[str]) -> None:
        """Make a copy that allows less; its header comes by `header_ready` and is not kept here."""
        job = functools.partial(jobs.copy_restricted, token_id=token.id, caveats=tuple(caveats))
        self._submit(job).succeeded.connect(self.header_ready)

    def keep_restricted(self, token: TokenSummary, caveats: Sequence[str]) -> None:
        """Make a copy that allows less, and keep it in the vault beside the original."""
        job = functools.partial(jobs.keep_restricted, token_id=token.id, caveats=tuple(caveats))
        self._submit(job).succeeded.connect(self._kept)

    def _do(self, job: Job) -> None:
        self._submit(job).succeeded.connect(self._changed)

    def _submit(self, job: Job) -> Call:
        call = self._io.submit(job)
        call.failed.connect(self._fail)
        return call

    @Slot(object)
    def _changed(self, _result: object) -> None:
        self.refresh()

    @Slot(object)
    def _turn_to(self, found: object) -> None:
        if not isinstance(found, tuple):
            self.found.emit(None)
            return
        number, shelf = found
        self.found.emit(number)
        self._want(Wanted("", shelf, self.wanted.order))

    @Slot(object)
    def _tell_account(self, account: object) -> None:
        if account is not None:
            self.account_ready.emit(account)

    @Slot(object)
    def _tell_trial(self, trial: object) -> None:
        self.tried.emit(trial)
        self.refresh()

    @Slot(object)
    def _put_aside(self, token: object) -> None:
        self.trashed.emit(token)
        self.refresh()

    @Slot(object)
    def _deleted(self, token: object) -> None:
        self.forgotten.emit(token)
        self.refresh()

    @Slot(object)
    def _kept(self, copy: object) -> None:
        self.copied.emit(copy)
        self.refresh()

    @Slot(object)
    def _no_rows(self, _error: object) -> None:
        self.rows_ready.emit({})

    @Slot(object)
    def _fail(self, error: object) -> None:
        if isinstance(error, StoreError):
            self.went_wrong.emit(f"{error.sentence} {error.remedy}")
        elif isinstance(error, NoSuchToken):
            self.went_wrong.emit("The vault does not hold this token any more.")
            self.refresh()
        elif isinstance(error, ProtocolError):
            self.went_wrong.emit(f"{error}.")
        else:
            log.error("the vault failed: %s", type(error).__name__)
            self.went_wrong.emit("The app could not do this with the vault. Nothing in it was lost.")

    @Slot(object)
    def _show(self, listed: object) -> None:
        assert isinstance(listed, jobs.Listed)
        if listed.numbers is None or listed.tally is None:
            self._show_locked()
            return
        if listed.wanted != self.wanted:
            return  # the answer to an older wish came after a newer one was asked
        self.numbers, self.tally = listed.numbers, listed.tally
        self.total = listed.tally[Shelf.ALL]
        self.is_loaded = True
        self.changed.emit()

    def _show_locked(self) -> None:
        if not self.is_loaded:
            return
        self.numbers, self.tally, self.total, self.is_loaded = array("q"), {}, 0, False
        self.changed.emit()
