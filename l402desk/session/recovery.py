"""What an earlier run left behind, taken up once the vault is open; what is open is asked about again and again."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from l402desk.session.io import Io, Report, ReportingJob
from l402desk.store.errors import StoreError, VaultClosed

if TYPE_CHECKING:
    from l402desk.ledger.purchases import Purchase
    from l402desk.services import Services

log = logging.getLogger(__name__)

TRY_AGAIN_MS = 60_000
"""How long after a ledger that could not be read it is tried again."""


class RecoverySession(QObject):
    """`changed` follows each new `open_purchases`: payments nobody knows the end of, the oldest first.

    While there are any, the wallets are asked again with growing pauses, until somebody knows.
    """

    changed = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._asks_again = False
        self._is_running = False
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._run_for_what_is_due)
        self.open_purchases: tuple[Purchase, ...] = ()

    @Slot()
    def run(self) -> None:
        """Look into the ledger and ask the wallets; for the start, and after a journey. Asked meanwhile: once more."""
        if self._is_running:
            self._asks_again = True
            self._io.submit(_open_now).succeeded.connect(self._show_open)  # the wallet that is asked may be slow
            return
        self._submit(_recover)

    @Slot()
    def look_for_imports(self) -> None:
        """Ask the wallets about imported tokens that came without a proof; for the start."""
        self._io.submit(_look_for_imports).failed.connect(self._fail)

    def stop(self) -> None:
        """The app ends: nobody is asked any more. What is open is in the ledger."""
        self._again.stop()
        self._again.timeout.disconnect()

    @Slot()
    def _run_for_what_is_due(self) -> None:
        if not self._is_running:
            self._submit(_recover_what_is_due)

    def _submit(self, job: ReportingJob) -> None:
        self._is_running = True
        self._again.stop()
        call = self._io.submit_reporting(job)
        call.progress.connect(self._show)
        call.succeeded.connect(self._take)
        call.failed.connect(self._fail)
        call.finished.connect(self._end)

    @Slot(object)
    def _show(self, purchases: object) -> None:
        assert isinstance(purchases, tuple)
        if purchases != self.open_purchases:
            self.open_purchases = purchases
            self.changed.emit()

    @Slot(object)
    def _show_open(self, purchases: object) -> None:
        if purchases is not None:
            self._show(purchases)

    @Slot(object)
    def _take(self, recovered: object) -> None:
        assert isinstance(recovered, _Recovered)
        if recovered.open_purchases is not None:
            self._show(recovered.open_purchases)
        if recovered.again_in_s is not None:
            self._again.start(int(recovered.again_in_s * 1_000))

    @Slot(object)
    def _fail(self, error: object) -> None:
        if isinstance(error, VaultClosed):
            return  # it was locked meanwhile; the next unlocking asks again
        # What was known stays on the screen; it is tried again in a while.
        self._again.start(TRY_AGAIN_MS)
        log.warning("the open payments could not be read: %s", type(error).__name__)

    @Slot()
    def _end(self) -> None:
        self._is_running = False
        if self._asks_again:
            self._asks_again = False
            self.run()


@dataclass(frozen=True, slots=True)
class _Recovered:
    """What is open (None while the vault is locked: what was known stays), and the seconds until the next look-up."""

    open_purchases: tuple[Purchase, ...] | None
    again_in_s: float | None


async def _look_for_imports(services: Services) -> None:
    from l402desk.engine.recovery import look_for_awaited  # noqa: PLC0415 - not before the window is there

    await look_for_awaited(services)


async def _open_now(services: Services) -> tuple[Purchase, ...] | None:
    """What the ledger says, without asking anybody; None while it is locked, or cannot be read: the next look tells."""
    try:
        return tuple(await services.ledger.open_purchases())
    except StoreError:
        return None


async def _recover(services: Services, report: Report) -> _Recovered:
    if services.is_unlocked:  # at once: a wallet may take its time
        report(tuple(await services.ledger.open_purchases()))
    return await _asked(services, everything=True)


async def _recover_what_is_due(services: Services, _report: Report) -> _Recovered:
    return await _asked(services, everything=False)


async def _asked(services: Services, *, everything: bool) -> _Recovered:
    from l402desk.engine.patience import next_look_up  # noqa: PLC0415 - not before the window is there
    from l402desk.engine.recovery import recover  # noqa: PLC0415 - not before the window is there

    if not services.is_unlocked:
        return _Recovered(None, None)
    left = await recover(services, everything=everything)
    waiting = [purchase for purchase in left if purchase.id not in services.in_hand]
    return _Recovered(left, next_look_up(waiting, services.now()))
