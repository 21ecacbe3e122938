"""What a journey looks like at one moment: a frozen picture for a window or a terminal to show."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from l402desk.client.answer import Answer
from l402desk.client.errors import SendError
from l402desk.ledger.budgets import Allowance
from l402desk.ledger.purchases import Purchase
from l402desk.protocol.challenge import Demand
from l402desk.protocol.commands import Outcome
from l402desk.protocol.exchange import Phase
from l402desk.protocol.inspection import Inspection
from l402desk.protocol.proof import Preimage
from l402desk.vault.tokens import TokenSummary


class Tone(StrEnum):
    """How a notice is meant; the window adds an icon and a colour, never a colour alone."""

    GOOD = "good"
    INFO = "info"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should know: what happened, why, and what to do."""

    tone: Tone
    title: str
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the journey for the timeline; ``ms`` is its duration in milliseconds."""

    name: str
    ms: float


@dataclass(frozen=True, slots=True)
class JourneyView:
    """The state of one request's journey. ``inspections`` are best first; ``chosen`` is the one being paid."""

    phase: Phase = Phase.IDLE
    outcome: Outcome | None = None
    answer: Answer | None = None
    error: SendError | None = None
    demand: Demand | None = None
    inspections: tuple[Inspection, ...] = ()
    chosen: Inspection | None = None
    purchase: Purchase | None = None
    blocking: Purchase | None = None
    """An older open purchase for the same request: paying again needs the user's word (law 3)."""
    allowance: Allowance | None = None
    """What the budgets leave for the challenge that is offered."""
    over_budget: bool = False
    """A wallet was refused because a cap would break: paying needs the user's word (law 6)."""
    automatic: str = ""
    """The wallet that may pay the best challenge by itself now, inside all budgets; empty where a person decides."""
    candidates: tuple[TokenSummary, ...] = ()
    """Tokens already held that may open this, though the app does not send them there by itself (law 8)."""
    token: TokenSummary | None = None
    """The token that was sent with the request, or that was bought by it."""
    notice: Notice | None = None
    steps: tuple[Step, ...] = ()
    unkept_proof: Preimage | None = None
    """A proof that could not be written to the disk: the one secret the window must offer to copy."""
    can_pay: bool = False
    can_prove: bool = False
    can_retry: bool = False
    received_bytes: int = 0
    journey: int = 0
    """Which journey this is of, as its maker numbers them."""
    number: int = 0
    """Grows with every picture of a journey: of two, the one with the greater number is newer."""

    @property
    def is_busy(self) -> bool:
        return self.phase in (Phase.SENDING, Phase.RECORDING, Phase.PAYING, Phase.KEEPING, Phase.DELIVERING)


IDLE = JourneyView()
