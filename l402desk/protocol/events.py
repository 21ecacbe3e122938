"""What happens to an exchange, in the past tense; each is told to `Exchange.receive` exactly once."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.protocol.inspection import Inspection
from l402desk.protocol.payment import PaymentResult
from l402desk.protocol.proof import Preimage
from l402desk.protocol.token import Token


@dataclass(frozen=True, slots=True)
class Started:
    """The user sends the request; ``token`` is one already held for it, or None."""

    token: Token | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The server answered. ``inspections`` are the challenges in it, best first, already judged."""

    status: int
    inspections: tuple[Inspection, ...] = ()


@dataclass(frozen=True, slots=True)
class SendFailed:
    """No answer came home: a dropped connection, a deadline, or the user's own cancel."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaymentOpened:
    """The user asks to pay the challenge with this index: consent to exactly what was shown."""

    index: int = 0


@dataclass(frozen=True, slots=True)
class IntentKept:
    """The intent is on the disk."""


@dataclass(frozen=True, slots=True)
class IntentRefused:
    """The intent could not be committed: nothing may be paid."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaymentClosed:
    """The user closed the payment without choosing a wallet; the invoice may still be paid by phone."""


@dataclass(frozen=True, slots=True)
class WalletChosen:
    """The user hands the invoice to a connected wallet."""

    wallet: str


@dataclass(frozen=True, slots=True)
class WalletRefused:
    """The invoice was not handed to the wallet: another rail owns its payment hash. No money moved."""

    reason: str


@dataclass(frozen=True, slots=True)
class PaymentAnswered:
    """The wallet answered the payment, or a look-up of it."""

    result: PaymentResult


@dataclass(frozen=True, slots=True)
class Proved:
    """A preimage arrived by another road: pasted, scanned or dropped."""

    preimage: Preimage


@dataclass(frozen=True, slots=True)
class ProofKept:
    """The preimage and the token are on the disk."""


@dataclass(frozen=True, slots=True)
class DeliveryRetried:
    """The user sends the bought token again, for free."""


Event = (
    Started
    | Answered
    | SendFailed
    | PaymentOpened
    | IntentKept
    | IntentRefused
    | PaymentClosed
    | WalletChosen
    | WalletRefused
    | PaymentAnswered
    | Proved
    | ProofKept
    | DeliveryRetried
)
