"""What an exchange wants done, in the imperative; the engine performs them in the order given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from l402desk.protocol.inspection import Inspection
from l402desk.protocol.proof import Preimage
from l402desk.protocol.token import Token


class Delivery(StrEnum):
    """What became of a bought token at its server."""

    UNDELIVERED = "undelivered"
    DELIVERED = "delivered"
    REFUSED = "refused"


class Outcome(StrEnum):
    """How an exchange ended."""

    ANSWERED = "answered"
    NETWORK = "network"
    PAYMENT_FAILED = "payment-failed"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    NOT_ACCEPTED = "not-accepted"


@dataclass(frozen=True, slots=True)
class Send:
    """Send the request, with this token or without one."""

    token: Token | None


@dataclass(frozen=True, slots=True)
class MarkTokenRefused:
    """The token that was already held was refused: keep it, and mark it."""


@dataclass(frozen=True, slots=True)
class AskUser:
    """Show the challenges; nothing goes on until the user decides."""


@dataclass(frozen=True, slots=True)
class RecordIntent:
    """Commit what is about to be paid, before a wallet is called or a QR is drawn."""

    inspection: Inspection


@dataclass(frozen=True, slots=True)
class Pay:
    """Give the invoice to this wallet and to no other, once."""

    wallet: str
    inspection: Inspection


@dataclass(frozen=True, slots=True)
class RecordUnknown:
    """The payment is neither settled nor failed: look it up until it is."""

    reason: str


@dataclass(frozen=True, slots=True)
class RecordNoProof:
    """The wallet claims to have paid and has no valid preimage."""

    reason: str


@dataclass(frozen=True, slots=True)
class RecordFailed:
    """No money left and none will."""

    reason: str


@dataclass(frozen=True, slots=True)
class KeepProof:
    """Commit the preimage, then seal the token."""

    preimage: Preimage
    token: Token


@dataclass(frozen=True, slots=True)
class MarkDelivery:
    """Write down what the server did with the bought token."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Finish:
    """Nothing more happens by itself."""

    outcome: Outcome


Command = (
    Send
    | MarkTokenRefused
    | AskUser
    | RecordIntent
    | Pay
    | RecordUnknown
    | RecordNoProof
    | RecordFailed
    | KeepProof
    | MarkDelivery
    | Finish
)
