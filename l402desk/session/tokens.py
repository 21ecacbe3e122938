"""The tokens of the vault as a window shows them: searched in the database, kept fresh after each journey."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.session.io import Io, Job
from l402desk.store.errors import StoreError
from l402desk.vault.errors import NoSuchToken
from l402desk.worker.call import Call

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.vault.tokens import TokenSummary

log = logging.getLogger(__name__)

MOST = 1_000
"""Rows shown at once; a search finds the rest."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """An answer to one search: ``tokens`` is None while the vault is locked."""

    search: str
    tokens: tuple[TokenSummary, ...] | None = None
    total: int = 0


class TokensSession(QObject):
    """`changed` follows each new list; `header_ready` carries an Authorization header that was asked for.

    `trashed` carries the summary of a token once it is in the trash, `went_wrong` a sentence with its remedy.
    """

    changed = Signal()
    header_ready = Signal(object)
    trashed = Signal(object)
    went_wrong = Signal(object)

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._search = ""
        self.tokens: tuple[TokenSummary, ...] = ()
        self.total = 0
        self.is_loaded = False

    def search(self, text: str) -> None:
        """Show the tokens whose title, host or path holds this text; all of them for an empty one."""
        self._search = text
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Read the list again; without effect while the vault is locked."""
        self._submit(functools.partial(_list, search=self._search)).succeeded.connect(self._show)

    def ask_header(self, token: TokenSummary) -> None:
        """Fetch the secret header of one token; it comes by `header_ready` and is not kept here."""
        self._submit(functools.partial(_header, token_id=token.id)).succeeded.connect(self.header_ready)

    def trash(self, token: TokenSummary) -> None:
        """Put a token aside; `restore` undoes it."""
        self._submit(functools.partial(_trash, token=token)).succeeded.connect(self._put_aside)

    def use_again(self, token: TokenSummary) -> None:
        """The user wants this token sent: one that was refused gets another chance."""
        self._submit(functools.partial(_use_again, token=token)).succeeded.connect(self._changed)

    def restore(self, token_id: str) -> None:
        """Take a token out of the trash."""
        self._submit(functools.partial(_restore, token_id=token_id)).succeeded.connect(self._changed)

    def _submit(self, job: Job) -> Call:
        call = self._io.submit(job)
        call.failed.connect(self._fail)
        return call

    @Slot(object)
    def _changed(self, _result: object) -> None:
        self.refresh()

    @Slot(object)
    def _put_aside(self, token: object) -> None:
        self.trashed.emit(token)
        self.refresh()

    @Slot(object)
    def _fail(self, error: object) -> None:
        if isinstance(error, StoreError):
            self.went_wrong.emit(f"{error.sentence} {error.remedy}")
        elif isinstance(error, NoSuchToken):
            self.went_wrong.emit("The vault does not hold this token any more.")
            self.refresh()
        else:
            log.error("the vault failed: %s", type(error).__name__)
            self.went_wrong.emit("The app could not do this with the vault. Nothing in it was lost.")

    @Slot(object)
    def _show(self, listed: object) -> None:
        assert isinstance(listed, _Listed)
        if listed.tokens is None or listed.search != self._search:
            return  # locked; or the answer to an older search came after a newer one was asked
        self.tokens, self.total = listed.tokens, listed.total
        self.is_loaded = True
        self.changed.emit()


async def _list(services: Services, *, search: str) -> _Listed:
    if not services.is_unlocked:
        return _Listed(search)
    return _Listed(search, tuple(await services.vault.list(search, limit=MOST)), await services.vault.count())


async def _header(services: Services, *, token_id: str) -> str:
    return (await services.vault.reveal(token_id)).authorization()


async def _trash(services: Services, *, token: TokenSummary) -> TokenSummary:
    await services.vault.trash(token.id)
    return token


async def _use_again(services: Services, *, token: TokenSummary) -> None:
    from l402desk.vault.tokens import TokenState  # noqa: PLC0415 - not before the first frame

    if token.state is TokenState.REFUSED:
        await services.vault.mark(token.id, TokenState.USABLE)


async def _restore(services: Services, *, token_id: str) -> None:
    await services.vault.restore(token_id)
