"""What an earlier run left behind, taken up once the vault is open; what is still open, for the pending bar."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.session.io import Io, Report

if TYPE_CHECKING:
    from l402desk.ledger.purchases import Purchase
    from l402desk.services import Services

log = logging.getLogger(__name__)


class RecoverySession(QObject):
    """`changed` follows each new `open_purchases`: payments nobody knows the end of, the oldest first."""

    changed = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._asks_again = False
        self._is_running = False
        self.open_purchases: tuple[Purchase, ...] = ()

    @Slot()
    def run(self) -> None:
        """Look into the ledger and ask the wallets; for the start, and after a journey. Asked meanwhile: once more."""
        if self._is_running:
            self._asks_again = True
            return
        self._is_running = True
        call = self._io.submit_reporting(_recover)
        call.progress.connect(self._show)
        call.succeeded.connect(self._show)
        call.failed.connect(self._fail)
        call.finished.connect(self._end)

    @Slot(object)
    def _show(self, purchases: object) -> None:
        assert isinstance(purchases, tuple)
        if purchases != self.open_purchases:
            self.open_purchases = purchases
            self.changed.emit()

    @Slot(object)
    def _fail(self, error: object) -> None:
        # What was known stays on the screen; the next run asks again.
        log.warning("the open payments could not be read: %s", type(error).__name__)

    @Slot()
    def _end(self) -> None:
        self._is_running = False
        if self._asks_again:
            self._asks_again = False
            self.run()


async def _recover(services: Services, report: Report) -> tuple[Purchase, ...]:
    from l402desk.engine.recovery import recover  # noqa: PLC0415 - not before the window is there

    if services.is_unlocked:  # at once: a wallet may take its time
        report(tuple(await services.ledger.open_purchases()))
    return await recover(services)
