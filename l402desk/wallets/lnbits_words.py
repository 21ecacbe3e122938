"""Reads what LNbits says about a payment (API of 1.6.2, and of versions before 1.0): every field may be a lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.text import visible
from l402desk.wallets.preimages import read_proof
from l402desk.wallets.quoting import foreign

NOT_KNOWN = "Payment does not exist."
UNSAID = Unknown("LNbits does not say how the payment stands.")
"""Also what LNbits answers without a valid key about an invoice of another of its wallets."""
# LNbits says these before it writes a payment down. "Internal invoice already paid." is not among them though its
# status is "failed" as well: that one is paid.
_REFUSALS = (
    "insufficient balance",
    "you must reserve at least",
    "bolt11 decoding failed",
    "amountless invoices not supported",
)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer about one payment, each field as it is or None where it has the wrong type.

    ``paid`` is what a look-up says, ``status`` one of success, pending and failed. ``is_incoming`` is a payment to
    this wallet instead of from it. ``is_another`` is one of another payment hash.
    """

    status: str | None
    paid: bool | None
    preimage: Preimage | None = field(repr=False)
    fee: Msat | None
    is_incoming: bool
    is_another: bool
    detail: str

    @classmethod
    def read(cls, answer: Mapping[str, Any], payment_hash: PaymentHash, secret: str = "") -> Told:
        """Never raises, whatever the answer holds. A ``secret`` that it repeats is left out of the detail."""
        inner = answer.get("details")
        details: Mapping[str, Any] = inner if isinstance(inner, dict) else answer
        status, paid = answer.get("status", details.get("status")), answer.get("paid")
        amount, named = details.get("amount"), details.get("payment_hash")
        return cls(
            status=status if isinstance(status, str) else None,
            paid=paid if isinstance(paid, bool) else None,
            preimage=read_proof(answer.get("preimage") or details.get("preimage"), payment_hash),
            fee=_fee(details.get("fee")),
            is_incoming=type(amount) is int and amount > 0,
            is_another=isinstance(named, str) and named.lower() != payment_hash.hex,
            detail=visible(foreign(answer.get("detail"), secret), 200),
        )

    @property
    def claims_success(self) -> bool:
        return self.paid is True or (self.status == "success" and not self.is_another)

    @property
    def refuses(self) -> bool:
        """Does it say, in words that LNbits has for that, that the payment was not even begun?"""
        return self.status == "failed" and self.detail.lower().startswith(_REFUSALS)

    def proof(self) -> Paid | None:
        """The payment, if the answer proves it."""
        return Paid(self.preimage, self.fee) if self.claims_success and self.preimage is not None else None

    def as_look_up(self) -> PaymentResult | None:
        """What a look-up that says this has found: None where the payment is none of this wallet's."""
        if self.claims_success:
            return self.proof() or (None if self.is_incoming else without_proof())
        if self.is_incoming:
            return None
        if self.status == "failed" and self.paid is False and not self.is_another:
            return Failed("LNbits says that this payment failed and no money left.")
        if self.status == "pending":
            return Unknown("LNbits says that the payment is on its way.")
        return UNSAID


def without_proof() -> PaidWithoutProof:
    return PaidWithoutProof("LNbits says that it paid, and shows no preimage of this invoice.")


def _fee(value: object) -> Msat | None:
    """LNbits counts in msat, and what went out is negative."""
    return Msat(abs(value)) if type(value) is int and abs(value) <= MOST else None
