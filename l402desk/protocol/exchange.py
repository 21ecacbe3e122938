"""One request's journey as a state machine: events in, commands out, nothing performed.

Law 1: everything that decides whether money may move lives in this file.
Law 2: an event that cannot happen in a phase is our bug and raises `UnexpectedEvent`: a double click never pays twice.
Law 3: `Pay` leaves this machine at most once; a challenge after a payment is shown, never asked about or paid.
Law 4: only a preimage that hashes to the invoice's payment hash leads to `KeepProof`.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from l402desk.protocol.commands import (
    AskUser,
    Command,
    Delivery,
    Finish,
    KeepProof,
    MarkDelivery,
    MarkTokenRefused,
    Outcome,
    Pay,
    RecordFailed,
    RecordIntent,
    RecordNoProof,
    RecordUnknown,
    Send,
)
from l402desk.protocol.errors import UnexpectedEvent
from l402desk.protocol.events import (
    Answered,
    DeliveryRetried,
    Event,
    IntentKept,
    IntentRefused,
    PaymentAnswered,
    PaymentClosed,
    PaymentOpened,
    ProofKept,
    Proved,
    SendFailed,
    Started,
    WalletChosen,
    WalletRefused,
)
from l402desk.protocol.inspection import Inspection, Verdict
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, Unknown
from l402desk.protocol.proof import Preimage
from l402desk.protocol.token import Token


class Phase(StrEnum):
    """Where a journey stands."""

    IDLE = "idle"
    SENDING = "sending"
    CHALLENGED = "challenged"
    RECORDING = "recording"
    OFFERED = "offered"
    PAYING = "paying"
    UNKNOWN = "unknown"
    NO_PROOF = "no-proof"
    KEEPING = "keeping"
    DELIVERING = "delivering"
    DONE = "done"


REFUSALS = (401, 402)
Handler = Callable[["Exchange", Event], list[Command]]


class Exchange:
    """The journey of one request. `receive` takes an event and answers what to do next."""

    def __init__(self) -> None:
        self.phase = Phase.IDLE
        self.inspections: tuple[Inspection, ...] = ()
        self.chosen: Inspection | None = None
        self.outcome: Outcome | None = None
        self.token: Token | None = None
        """The token in use: one already held, or the one this exchange bought."""

    def receive(self, event: Event) -> list[Command]:
        """Take one event. Raises UnexpectedEvent if it cannot happen now (law 2)."""
        handler = _TRANSITIONS.get((self.phase, type(event)))
        if handler is None:
            raise UnexpectedEvent(f"{type(event).__name__} while {self.phase}")
        return handler(self, event)

    def can_receive(self, kind: type[Event]) -> bool:
        """Would an event of this kind make sense now? What a window asks to enable a button."""
        return (self.phase, kind) in _TRANSITIONS

    def can_pay(self, index: int) -> bool:
        """May the challenge with this index be paid now? Never one that the inspection refuses."""
        if self.phase is not Phase.CHALLENGED or not 0 <= index < len(self.inspections):
            return False
        return _is_payable(self.inspections[index])

    @property
    def can_prove(self) -> bool:
        """Is there a payment that a preimage would settle?"""
        return self.can_receive(Proved)

    @property
    def can_retry(self) -> bool:
        """Was something bought that was not delivered?"""
        return self.can_receive(DeliveryRetried) and self.outcome in (Outcome.UNDELIVERED, Outcome.NOT_ACCEPTED)

    # Sending without a payment of this exchange.

    def _start(self, event: Event) -> list[Command]:
        assert isinstance(event, Started)
        self.token = event.token
        self.phase = Phase.SENDING
        return [Send(self.token)]

    def _first_answer(self, event: Event) -> list[Command]:
        assert isinstance(event, Answered)
        self.inspections = event.inspections
        refused: list[Command] = []
        if self.token is not None and event.status in REFUSALS:
            refused = [MarkTokenRefused()]
        if event.inspections and event.status in REFUSALS:  # on any other status a challenge is only shown
            self.phase = Phase.CHALLENGED
            return [*refused, AskUser()]
        return [*refused, *self._finish(Outcome.ANSWERED)]

    def _not_sent(self, _event: Event) -> list[Command]:
        return self._finish(Outcome.NETWORK)

    # Consent, intent, payment.

    def _open_payment(self, event: Event) -> list[Command]:
        assert isinstance(event, PaymentOpened)
        chosen = self.inspections[event.index]
        if not _is_payable(chosen):
            raise UnexpectedEvent("a challenge that is refused is never paid")
        self.chosen = chosen
        self.phase = Phase.RECORDING
        return [RecordIntent(chosen)]

    def _offer(self, _event: Event) -> list[Command]:
        self.phase = Phase.OFFERED
        return []

    def _back_to_challenge(self, _event: Event) -> list[Command]:
        self.phase = Phase.CHALLENGED
        return [AskUser()]

    def _pay(self, event: Event) -> list[Command]:
        assert isinstance(event, WalletChosen)
        self.phase = Phase.PAYING
        return [Pay(event.wallet, self._paid_challenge())]

    def _payment_answered(self, event: Event) -> list[Command]:
        assert isinstance(event, PaymentAnswered)
        match event.result:
            case Paid(preimage):
                return self._check(preimage)
            case PaidWithoutProof(reason):
                return self._without_proof(reason)
            case Failed(reason):
                return [RecordFailed(reason), *self._finish(Outcome.PAYMENT_FAILED)]
            case Unknown(reason):
                self.phase = Phase.UNKNOWN
                return [RecordUnknown(reason)]

    def _proved(self, event: Event) -> list[Command]:
        assert isinstance(event, Proved)
        payment_hash = self._paid_challenge().payment_hash
        if payment_hash is None or not event.preimage.proves(payment_hash):
            raise UnexpectedEvent("a preimage is checked before it is called a proof")
        return self._check(event.preimage)

    def _late_answer(self, event: Event) -> list[Command]:
        # A wallet that claimed to have paid is believed about nothing but a valid preimage.
        assert isinstance(event, PaymentAnswered)
        payment_hash = self._paid_challenge().payment_hash
        if not isinstance(event.result, Paid) or payment_hash is None or not event.result.preimage.proves(payment_hash):
            return []
        return self._check(event.result.preimage)

    def _check(self, preimage: Preimage) -> list[Command]:
        chosen = self._paid_challenge()
        if chosen.payment_hash is None or not preimage.proves(chosen.payment_hash):
            return self._without_proof("The wallet sent a preimage that does not belong to this invoice.")
        assert chosen.challenge is not None
        self.token = Token(chosen.challenge.scheme, chosen.challenge.credential, preimage)
        self.phase = Phase.KEEPING
        return [KeepProof(preimage, self.token)]

    def _without_proof(self, reason: str) -> list[Command]:
        self.phase = Phase.NO_PROOF
        return [RecordNoProof(reason)]

    # Delivery of what was bought.

    def _deliver(self, _event: Event) -> list[Command]:
        self.phase = Phase.DELIVERING
        return [Send(self.token)]

    def _delivery_answered(self, event: Event) -> list[Command]:
        assert isinstance(event, Answered)
        if event.status in REFUSALS:
            # A second challenge after a payment is shown, and never asked about (law 3).
            return [MarkDelivery(Delivery.REFUSED), *self._finish(Outcome.NOT_ACCEPTED)]
        if 200 <= event.status < 300 or event.status == 304:
            return [MarkDelivery(Delivery.DELIVERED), *self._finish(Outcome.DELIVERED)]
        return self._undelivered(event)

    def _undelivered(self, _event: Event) -> list[Command]:
        return [MarkDelivery(Delivery.UNDELIVERED), *self._finish(Outcome.UNDELIVERED)]

    def _finish(self, outcome: Outcome) -> list[Command]:
        self.phase = Phase.DONE
        self.outcome = outcome
        return [Finish(outcome)]

    def _retry(self, event: Event) -> list[Command]:
        if not self.can_retry:
            raise UnexpectedEvent("there is nothing bought that was not delivered")
        return self._deliver(event)

    def _paid_challenge(self) -> Inspection:
        assert self.chosen is not None
        return self.chosen


def _is_payable(inspection: Inspection) -> bool:
    """Readable, not refused, and with an amount in the signed invoice."""
    readable = inspection.challenge is not None and inspection.invoice is not None
    return readable and inspection.verdict is not Verdict.REFUSE and inspection.amount is not None


_TRANSITIONS: dict[tuple[Phase, type[Event]], Handler] = {
    (Phase.IDLE, Started): Exchange._start,
    (Phase.SENDING, Answered): Exchange._first_answer,
    (Phase.SENDING, SendFailed): Exchange._not_sent,
    (Phase.CHALLENGED, PaymentOpened): Exchange._open_payment,
    (Phase.RECORDING, IntentKept): Exchange._offer,
    (Phase.RECORDING, IntentRefused): Exchange._back_to_challenge,
    (Phase.OFFERED, PaymentClosed): Exchange._back_to_challenge,
    (Phase.OFFERED, WalletChosen): Exchange._pay,
    (Phase.OFFERED, Proved): Exchange._proved,
    (Phase.PAYING, WalletRefused): Exchange._offer,
    (Phase.PAYING, PaymentAnswered): Exchange._payment_answered,
    (Phase.PAYING, Proved): Exchange._proved,
    (Phase.UNKNOWN, PaymentAnswered): Exchange._payment_answered,
    (Phase.UNKNOWN, Proved): Exchange._proved,
    (Phase.NO_PROOF, Proved): Exchange._proved,
    (Phase.NO_PROOF, PaymentAnswered): Exchange._late_answer,
    (Phase.KEEPING, ProofKept): Exchange._deliver,
    (Phase.DELIVERING, Answered): Exchange._delivery_answered,
    (Phase.DELIVERING, SendFailed): Exchange._undelivered,
    (Phase.DONE, DeliveryRetried): Exchange._retry,
}
