"""What the tagged fields of a BOLT11 invoice say, as values, and where they are gathered while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from l402desk.protocol.addresses import Fallback
from l402desk.protocol.amount import Msat
from l402desk.protocol.features import Feature
from l402desk.protocol.network import Network
from l402desk.protocol.proof import PaymentHash

DEFAULT_EXPIRY, DEFAULT_FINAL_CLTV = 3600, 18


@dataclass(frozen=True, slots=True)
class Tag:
    """One field: its letter and its span in the invoice's text, letter and length included.

    ``known`` is False for a field that is skipped: an unknown letter, or a length or version it cannot have.
    """

    letter: str
    start: int
    end: int
    known: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A reason not to pay an invoice that can still be shown. ``message`` is one sentence for people."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Hop:
    """One private channel on the way to the payee. ``node`` (66 hexadecimal digits) is where it starts."""

    node: str
    short_channel_id: str
    fee_base: Msat
    fee_ppm: int
    cltv_delta: int


@dataclass(slots=True)
class Fields:
    """What the tagged fields said, gathered while walking over them; ``expiry`` is in seconds."""

    network: Network
    payment_hash: PaymentHash | None = None
    payment_secret: bytes | None = None
    description: str | None = None
    description_hash: bytes | None = None
    payee: str | None = None
    expiry: int = DEFAULT_EXPIRY
    min_final_cltv: int = DEFAULT_FINAL_CLTV
    metadata: bytes | None = None
    features: tuple[Feature, ...] = ()
    fallbacks: list[Fallback] = field(default_factory=list)
    route_hints: list[tuple[Hop, ...]] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def blame(self, code: str, message: str) -> None:
        problem = Problem(code, message)
        if problem not in self.problems:
            self.problems.append(problem)

    def is_first(self, letter: str) -> bool:
        """The first of a kind counts. A second one is blamed: another reader may take that one instead."""
        if letter in self.seen:
            self.blame(
                "duplicate-field",
                f"The invoice holds the field “{letter}” twice, so it can be read in two ways",
            )
            return False
        self.seen.add(letter)
        return True
