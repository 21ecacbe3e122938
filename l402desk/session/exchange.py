"""One request tab's journey, as its widgets see it: ask for something, and `changed` tells when it looks different."""

from __future__ import annotations

import functools
import logging
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.client.request import RequestDraft
from l402desk.engine.journey import Journey
from l402desk.engine.view import IDLE, JourneyView, Notice, Tone
from l402desk.session.io import Io, ReportingJob
from l402desk.worker.call import Call

log = logging.getLogger(__name__)


class ExchangeSession(QObject):
    """Drives one `Journey` at a time on the I/O thread.

    `changed` follows every new `view`; `finished` follows the end of a journey's send or delivery, for the history
    and the token list. Nothing here waits.
    """

    changed = Signal()
    finished = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._journey: Journey | None = None
        self._sending: Call | None = None
        self._calls: set[Call] = set()
        self.view: JourneyView = IDLE
        self.draft: RequestDraft | None = None

    @property
    def is_sending(self) -> bool:
        return self._sending is not None

    def send(self, draft: RequestDraft, *, use_token: bool = True) -> None:
        """Start a new journey; one that is still sending is left alone (a double click sends once)."""
        if self.is_sending:
            return
        self.draft = draft
        self._journey = Journey(draft)
        self._sending = self._submit(functools.partial(self._journey.send, use_token=use_token))

    def cancel(self) -> None:
        """Give up waiting for an answer. A payment is never cancelled (DESIGN §3)."""
        if self._sending is not None:
            self._sending.cancel()

    def open_payment(self, index: int = 0, *, despite_open: bool = False) -> None:
        """Commit the intent to pay the challenge with this index; `view.phase` becomes OFFERED when it is on disk."""
        if self._journey is not None:
            self._submit(
                functools.partial(self._journey.open_payment, index=index, despite_open=despite_open)
            )

    def close_payment(self) -> None:
        if self._journey is not None:
            self._submit(self._journey.close_payment)

    def pay_with(self, wallet: str) -> None:
        if self._journey is not None:
            self._submit(functools.partial(self._journey.pay_with, wallet=wallet))

    def prove(self, text: str) -> None:
        """Take a pasted proof of payment; what is wrong with it arrives as `view.notice`."""
        if self._journey is not None:
            self._submit(functools.partial(self._journey.prove, text=text))

    def keep_again(self) -> None:
        """Try once more to write down a proof that the disk refused."""
        if self._journey is not None:
            self._submit(self._journey.keep_again)

    def deliver_again(self) -> None:
        """Send the bought token once more; it costs nothing."""
        if self._journey is not None:
            self._sending = self._submit(self._journey.deliver_again)

    def _submit(self, job: ReportingJob) -> Call:
        call = self._io.submit_reporting(job)
        self._calls.add(call)
        call.progress.connect(self._show)
        call.succeeded.connect(self._show)
        call.failed.connect(self._fail)
        call.cancelled.connect(self._was_cancelled)
        call.finished.connect(self._end)
        return call

    @Slot(object)
    def _show(self, view: object) -> None:
        assert isinstance(view, JourneyView)
        self.view = view
        self.changed.emit()

    @Slot(object)
    def _fail(self, error: object) -> None:
        log.error(
            "a journey failed: %s",
            type(error).__name__,
            exc_info=error if isinstance(error, Exception) else None,
        )
        notice = Notice(
            Tone.DANGER,
            "Something went wrong inside the app",
            "Nothing was lost: what was bought is in the vault, what is open stays in the ledger.",
            "Send again. If it happens again, please report it.",
        )
        self.view = replace(self._journey.latest if self._journey else IDLE, notice=notice)
        self.changed.emit()

    @Slot()
    def _was_cancelled(self) -> None:
        if self._journey is not None:
            self.view = self._journey.latest
            self.changed.emit()

    @Slot()
    def _end(self) -> None:
        call = self.sender()
        if isinstance(call, Call):
            self._calls.discard(call)
            if call is self._sending:
                self._sending = None
                self.changed.emit()
        self.finished.emit()
