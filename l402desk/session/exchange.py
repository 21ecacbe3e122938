"""One request tab's journey, as its widgets see it: ask for something, and `changed` tells when it looks different."""

from __future__ import annotations

import functools
import logging
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.client.request import RequestDraft
from l402desk.engine.journey import Journey
from l402desk.engine.view import IDLE, JourneyView, Notice, Tone
from l402desk.protocol.exchange import Phase
from l402desk.session.io import Io, ReportingJob
from l402desk.worker.call import Call

log = logging.getLogger(__name__)


class ExchangeSession(QObject):
    """Drives one `Journey` at a time on the I/O thread.

    `changed` follows every new `view`; `finished` follows the end of a journey's send or delivery, for the history
    and the token list. Nothing here waits. A new journey takes the screen at once; what an older one still does
    (it may be paying) is recorded and kept all the same, and shown no more. Consent is for what is on the screen:
    a click that was meant for another picture than the one shown does nothing (law 1).
    """

    changed = Signal()
    finished = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._journey: Journey | None = None
        self._started = 0
        self._sending: Call | None = None
        self._calls: dict[Call, int] = {}
        self.view: JourneyView = IDLE
        self.draft: RequestDraft | None = None

    @property
    def is_sending(self) -> bool:
        return self._sending is not None

    def send(self, draft: RequestDraft, *, use_token: bool = True, token_id: str | None = None) -> None:
        """Start a new journey; one that is still sending is left alone (a double click sends once).

        ``token_id`` is a held token that the user wants sent, though its scope does not name this request. While a
        proof waits for the disk to take it, that is tried again instead: nothing else knows the proof.
        """
        if self.is_sending:
            return
        if self.view.unkept_proof is not None:
            self.keep_again()
            return
        self.draft = draft
        self._started += 1
        self._journey = Journey(draft, self._started)
        self._sending = self._submit(functools.partial(self._journey.send, use_token=use_token, token_id=token_id))
        self._sending.succeeded.connect(self._pay_automatically)
        self.view = JourneyView(phase=Phase.SENDING, journey=self._started)
        self.changed.emit()

    def cancel(self) -> None:
        """Give up waiting for an answer. A payment is never cancelled (DESIGN §3); its delivery may be."""
        if self._sending is not None:
            self._sending.cancel()
        elif self.view.phase is Phase.DELIVERING:  # the proof is on the disk: what is cut off here can be had for free
            for call, journey in tuple(self._calls.items()):
                if journey == self._started:
                    call.cancel()

    def open_payment(self, index: int = 0, *, despite_open: bool = False) -> None:
        """Commit the intent to pay the challenge with this index; `view.phase` becomes OFFERED when it is on disk."""
        if self._journey is not None and self.view.phase is Phase.CHALLENGED:
            self._submit(functools.partial(self._journey.open_payment, index=index, despite_open=despite_open))

    def close_payment(self) -> None:
        if self._journey is not None:
            self._submit(self._journey.close_payment)

    def pay_with(self, wallet: str, *, over_budget: bool = False) -> None:
        """Hand the invoice to this wallet; ``over_budget`` is the user's word to break a cap, which the view names."""
        if self._journey is not None and self.view.phase is Phase.OFFERED:
            may_break = over_budget and self.view.over_budget
            self._submit(functools.partial(self._journey.pay_with, wallet=wallet, over_budget=may_break))

    @Slot(object)
    def _pay_automatically(self, view: object) -> None:
        """The answer came, and the user's budgets let a wallet pay it: the engine judges that once more."""
        assert isinstance(view, JourneyView)
        if view.automatic and view.journey == self._started and self._journey is not None:
            self._submit(self._journey.pay_automatically)

    def prove(self, text: str) -> None:
        """Take a pasted proof of payment; what is wrong with it arrives as `view.notice`."""
        if self._journey is not None:
            self._submit(functools.partial(self._journey.prove, text=text))

    def keep_again(self) -> None:
        """Try once more to write down a proof that the disk refused."""
        if self._journey is not None:
            self._submit(self._journey.keep_again)

    def deliver_again(self, url: str = "", method: str = "") -> None:
        """Send the bought token once more; it costs nothing. To another address of its origin where one is named."""
        if self._journey is not None and not self.is_sending:
            self._sending = self._submit(functools.partial(self._journey.deliver_again, url=url, method=method))

    def _submit(self, job: ReportingJob) -> Call:
        call = self._io.submit_reporting(job)
        self._calls[call] = self._started
        call.progress.connect(self._show)
        call.succeeded.connect(self._show)
        call.failed.connect(self._fail)
        call.cancelled.connect(self._was_cancelled)
        call.finished.connect(self._end)
        return call

    @Slot(object)
    def _show(self, view: object) -> None:
        assert isinstance(view, JourneyView)
        if view.journey != self._started or view.number < self.view.number:
            return  # of an older journey, or overtaken on its way by what another call told
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
            self._show(self._journey.latest)

    @Slot()
    def _end(self) -> None:
        call = self.sender()
        if isinstance(call, Call):
            self._calls.pop(call, None)
            if call is self._sending:
                self._sending = None
                self.changed.emit()
        self.finished.emit()
