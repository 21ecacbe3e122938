"""The tokens of the vault as a window shows them: searched in the database, kept fresh after each journey."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.session.io import Io
from l402desk.vault.tokens import TokenSummary

if TYPE_CHECKING:
    from l402desk.services import Services

MOST = 1_000
"""Rows shown at once; a search finds the rest."""


class TokensSession(QObject):
    """`changed` follows each new list; `header_ready` carries an Authorization header that was asked for."""

    changed = Signal()
    header_ready = Signal(object)

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
        call = self._io.submit(functools.partial(_list, search=self._search))
        call.succeeded.connect(self._show)

    def ask_header(self, token: TokenSummary) -> None:
        """Fetch the secret header of one token; it comes by `header_ready` and is not kept here."""
        call = self._io.submit(functools.partial(_header, token_id=token.id))
        call.succeeded.connect(self.header_ready)

    def trash(self, token: TokenSummary) -> None:
        """Put a token aside; `restore` undoes it."""
        call = self._io.submit(functools.partial(_trash, token_id=token.id))
        call.succeeded.connect(self._changed)

    def restore(self, token_id: str) -> None:
        call = self._io.submit(functools.partial(_restore, token_id=token_id))
        call.succeeded.connect(self._changed)

    @Slot(object)
    def _changed(self, _result: object) -> None:
        self.refresh()

    @Slot(object)
    def _show(self, found: object) -> None:
        if found is None:
            return
        assert isinstance(found, tuple)
        self.tokens, self.total = found
        self.is_loaded = True
        self.changed.emit()


async def _list(services: Services, *, search: str) -> tuple[tuple[TokenSummary, ...], int] | None:
    if not services.is_unlocked:
        return None
    return tuple(await services.vault.list(search, limit=MOST)), await services.vault.count()


async def _header(services: Services, *, token_id: str) -> str:
    return (await services.vault.reveal(token_id)).authorization()


async def _trash(services: Services, *, token_id: str) -> None:
    await services.vault.trash(token_id)


async def _restore(services: Services, *, token_id: str) -> None:
    await services.vault.restore(token_id)
