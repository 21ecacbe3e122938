"""The vault page's ways in and out: its two buttons, and what is dropped on it, lead to the dialogs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from l402desk.session.io import Io
from l402desk.session.lock import LockSession
from l402desk.session.tokens import TokensSession
from l402desk.ui.vault.page import VaultPage
from l402desk.ui.vault.store_drop import StoreDrop
from l402desk.vault.wanted import Shelf

if TYPE_CHECKING:
    from l402desk.ui.vault.export_dialog import ExportDialog, Offer
    from l402desk.ui.vault.import_dialog import ImportDialog


class Transfers(QObject):
    """Makes a dialog when it is first wanted. While the vault is locked nothing comes in and nothing goes out."""

    def __init__(self, page: VaultPage, io: Io, tokens: TokensSession, lock: LockSession) -> None:
        super().__init__(page)
        self._page = page
        self._io = io
        self._tokens = tokens
        self._importing: ImportDialog | None = None
        self._exporting: ExportDialog | None = None
        self._drop = StoreDrop(page)
        self._drop.dropped.connect(self.begin_import_of)
        page.import_button.clicked.connect(self.begin_import)
        page.export_button.clicked.connect(self.begin_export)
        tokens.changed.connect(self.follow_vault)
        lock.closed.connect(self.close_dialogs)
        self.follow_vault()

    @Slot()
    def follow_vault(self) -> None:
        """Nothing can be dropped on a vault that is locked."""
        self._drop.is_open = self._tokens.is_loaded

    @Slot()
    def begin_import(self) -> None:
        self._import_dialog().begin()

    @Slot(object)
    def begin_import_of(self, path: Path) -> None:
        self._import_dialog().begin(path)

    def _import_dialog(self) -> ImportDialog:
        if self._importing is None:
            from l402desk.session.transfers import ImportSession  # noqa: PLC0415 - not before it is wanted
            from l402desk.ui.vault.import_dialog import ImportDialog  # noqa: PLC0415 - not before it is wanted

            session = ImportSession(self._io, self)
            session.taken.connect(self._tokens.refresh)
            self._importing = ImportDialog(session, self._page.window())
        return self._importing

    @Slot()
    def begin_export(self) -> None:
        if self._exporting is None:
            from l402desk.session.transfers import ExportSession  # noqa: PLC0415 - not before it is wanted
            from l402desk.ui.vault.export_dialog import ExportDialog  # noqa: PLC0415 - not before it is wanted

            self._exporting = ExportDialog(ExportSession(self._io, self), self._page.window())
        self._exporting.begin(self._offer())

    def _offer(self) -> Offer:
        from l402desk.session.export_jobs import Which  # noqa: PLC0415 - not before it is wanted
        from l402desk.ui.vault.export_dialog import Offer  # noqa: PLC0415 - not before it is wanted

        tokens = self._tokens
        is_part = bool(tokens.numbers) and (bool(tokens.wanted.search) or tokens.wanted.shelf is not Shelf.ALL)
        total = tokens.total + tokens.tally.get(Shelf.TRASH, 0)
        return Offer(total, Which(numbers=tuple(tokens.numbers)) if is_part else None, self._page.table.current)

    @Slot()
    def close_dialogs(self) -> None:
        """The vault was locked: what was read of a store is forgotten, and so is what was typed."""
        if self._importing is not None:
            self._importing.close_for_lock()
        if self._exporting is not None:
            self._exporting.reject()
