"""Reads what phoenixd says about a payment (0.8, and back to 0.4): every field may be a lie. Errors are plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from l402desk.protocol.amount import MSAT_PER_SAT, Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.text import visible
from l402desk.wallets.amounts import read_msat
from l402desk.wallets.preimages import read_proof
from l402desk.wallets.quoting import foreign

UNSAID = Unknown("phoenixd does not say how the payment stands.")
ON_ITS_WAY = Unknown("phoenixd says that the payment is on its way.")
_NOT_FOUND = "not found"
# How lightning-kmp says that it gave a payment up (FinalFailure). "this invoice has already been paid" and "another
# payment is in progress for that invoice" are not among them, for those are of an earlier order.
_GIVEN_UP = (
    "not enough funds in wallet",
    "payment could not be sent through existing channels",
    "no channels available to send payment",
    "channel is not connected yet",
    "channel creation is in progress",
    "channel closing is in progress",
    "unable to route payment to recipient",
    "the recipient was offline",
    "the recipient rejected the payment",
    "payment attempts exhausted",
    "wallet restarted while a payment was ongoing",
    "this invoice contains too much metadata",
    "payment request features not supported",
    "payment amount must be positive",
)


@dataclass(frozen=True, slots=True)
class Told:
    """What ``payinvoice`` answers with 200: the payment, or why there is none.

    ``reason`` is visible text, empty where it gives none; ``is_ours`` that it names this payment.
    """

    preimage: Preimage | None = field(repr=False)
    fee: Msat | None
    claims_success: bool
    reason: str
    is_ours: bool

    @classmethod
    def read(cls, answer: Mapping[str, Any], payment_hash: PaymentHash, secret: str = "") -> Told:
        """Never raises, whatever the answer holds. A ``secret`` that it repeats is left out of the reason."""
        named, reason = answer.get("paymentHash"), answer.get("reason")
        is_ours = isinstance(named, str) and named.lower() == payment_hash.hex
        return cls(
            preimage=read_proof(answer.get("paymentPreimage"), payment_hash),
            fee=sats(answer.get("routingFeeSat")),
            claims_success=is_ours and "paymentPreimage" in answer and reason is None,
            reason=visible(foreign(reason, secret), 200),
            is_ours=is_ours,
        )

    @property
    def gave_up(self) -> bool:
        """Does it say, in words that phoenixd has for that, that it tries no more?"""
        return self.is_ours and not self.claims_success and self.reason.lower().startswith(_GIVEN_UP)

    def result(self) -> PaymentResult:
        if self.claims_success:
            return Paid(self.preimage, self.fee) if self.preimage is not None else without_proof()
        return Unknown(f"phoenixd says: {self.reason}") if self.reason else UNSAID


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What ``payments/outgoingbyhash`` tells. It prefers what succeeded to what is on its way, and that to failures.

    ``last`` is when it ended, in unix seconds as phoenixd counts.
    """

    result: PaymentResult
    last: float | None

    @classmethod
    def read(cls, answer: Mapping[str, Any], payment_hash: PaymentHash) -> Outgoing:
        """There is no status: not paid and completed is failed, not paid and not completed is on its way."""
        named, is_paid, ended = answer.get("paymentHash"), answer.get("isPaid"), answer.get("completedAt")
        if not isinstance(named, str) or named.lower() != payment_hash.hex or not isinstance(is_paid, bool):
            return cls(UNSAID, None)
        if is_paid:
            preimage = read_proof(answer.get("preimage"), payment_hash)
            return cls(without_proof() if preimage is None else Paid(preimage, read_msat(answer.get("fees"))), None)
        if ended is None:
            return cls(ON_ITS_WAY, None)
        if type(ended) is not int or not 0 < ended < 10**15:
            return cls(UNSAID, None)
        return cls(Failed("phoenixd says that this payment failed and no money left."), ended / 1_000)


def knows_none(status: int, body: bytes) -> bool:
    """Is this how phoenixd says that it knows no such payment? "Unknown endpoint" is another 404."""
    return status == 404 and body.decode("utf-8", "replace").strip().lower() == _NOT_FOUND


def text_of(body: bytes, secret: str = "") -> str:
    """What a plain-text answer says, visibly and without the ``secret``; empty for a page or more than a sentence."""
    text = body.decode("utf-8", "replace").strip()
    return visible(foreign(text, secret), 200) if len(text) <= 300 and not text.startswith(("<", "{")) else ""


def without_proof() -> PaidWithoutProof:
    return PaidWithoutProof("phoenixd says that it paid, and shows no preimage of this invoice.")


def sats(value: object) -> Msat | None:
    return read_msat(value * MSAT_PER_SAT) if type(value) is int else None
