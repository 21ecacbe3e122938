"""What a wallet can say about a payment. Only ``Paid`` carries a proof, and even that is checked again."""

from __future__ import annotations

from dataclasses import dataclass

from l402desk.protocol.amount import Msat
from l402desk.protocol.proof import Preimage


@dataclass(frozen=True, slots=True)
class Paid:
    """The wallet paid and handed out the preimage. ``fee`` is None where the wallet does not tell it."""

    preimage: Preimage
    fee: Msat | None = None


@dataclass(frozen=True, slots=True)
class PaidWithoutProof:
    """The wallet says it paid, but gave no preimage or a wrong one. The money is gone, the key is missing."""

    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The wallet proved that no money left and none will: the only answer after which another try is safe."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither paid nor failed as far as anyone can tell: in flight, timed out, not found, or unreadable."""

    reason: str


PaymentResult = Paid | PaidWithoutProof | Failed | Unknown
