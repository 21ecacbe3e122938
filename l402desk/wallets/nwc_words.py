"""Reads what a wallet says over NIP-47, once decrypted: every field may be a lie, and every code a new one."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.text import visible
from l402desk.wallets.amounts import read_msat
from l402desk.wallets.orders import Refused
from l402desk.wallets.preimages import read_proof
from l402desk.wallets.quoting import foreign

Answer = Mapping[str, Any]
WITHOUT_PROOF = PaidWithoutProof("The wallet says that it paid, and shows no preimage of this invoice.")
ON_ITS_WAY = Unknown("The wallet says that the payment is on its way.")
UNSAID = Unknown("The wallet does not say how the payment stands.")
FAILED = Failed("The wallet says that this payment failed and no money left.")

NOT_FOUND, NOT_IMPLEMENTED, RESTRICTED = "NOT_FOUND", "NOT_IMPLEMENTED", "RESTRICTED"
UNAUTHORIZED, UNSUPPORTED = "UNAUTHORIZED", "UNSUPPORTED_ENCRYPTION"
PAYMENT_FAILED = "PAYMENT_FAILED"
# In what nodes say of a payment that they gave up (lnd's and LDK's words), which Alby Hub passes on as INTERNAL.
_GAVE_UP = re.compile(
    r"FAILURE_REASON_|no_?route|no route|unable to find a path|RouteNotFound|RetriesExhausted|UserAbandoned"
    r"|incorrect_payment_details|insufficient_balance",
    re.IGNORECASE,
)
# Not that of a user, a wallet or a connection: those say nothing of the payment.
_KNOWS_NONE = re.compile(r"\b(?:payment|invoice|transaction|tx)\b[^.,;:]*\bnot found\b", re.IGNORECASE)
_LOOK_AGAIN = "Connect it again at the wallet."
# What was refused, in our words, and whether such an answer can come from a wallet that pays all the same: a second
# copy of one request may be refused for its rate or for the money that the first one took.
_REFUSALS = {
    UNAUTHORIZED: ("The wallet does not know this connection any more.", True),
    RESTRICTED: ("The wallet does not let this connection pay.", True),
    NOT_IMPLEMENTED: ("This wallet does not pay over Nostr Wallet Connect.", True),
    UNSUPPORTED: ("The wallet does not understand how this app encrypts.", True),
    "INSUFFICIENT_BALANCE": ("The wallet does not hold enough for this amount and its routing fee.", False),
    "QUOTA_EXCEEDED": ("The budget that the wallet keeps for this connection does not allow it.", False),
    "RATE_LIMITED": ("The wallet was asked too often. Wait a moment before the next try.", False),
    "BAD_REQUEST": ("The wallet does not accept this request.", False),
    "EXPIRED": ("The wallet says that the request came too late. Check this computer's clock.", False),
}


@dataclass(frozen=True, slots=True)
class Said:
    """One answer. ``code`` is empty where no error is told; ``message`` is foreign text, not yet for the eye."""

    result: Answer | None = field(repr=False)
    code: str = ""
    message: str = field(default="", repr=False)

    @classmethod
    def read(cls, text: str, method: str) -> Said | None:
        """The answer in a text; None for what is none, or one to another method. Never raises."""
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            return None
        if not isinstance(told, dict):
            return None
        result, error, kind = told.get("result"), told.get("error"), told.get("result_type")
        code: str = ""
        message: object = ""
        if isinstance(error, dict):
            code, message = word(error.get("code")) or "OTHER", error.get("message")
        elif error is not None:
            code, message = "OTHER", error
        if not code and kind != method and isinstance(kind, str):
            return None
        result = result if isinstance(result, dict) else None
        return cls(result, code, foreign(message))

    @property
    def shown(self) -> str:
        """The error for the eye, as a sentence of what the wallet said."""
        said = visible(self.message.strip(), 200) or visible(self.code, 40)
        return f"The wallet answered: {said}{'' if said.endswith('.') else '.'}"

    @property
    def is_of_no_payment(self) -> bool:
        """Does it say that the wallet knows no such payment?"""
        said = self.code not in ("", UNAUTHORIZED) and _KNOWS_NONE.search(self.message) is not None
        return said or self.code == NOT_FOUND

    @property
    def ended(self) -> bool:
        """Does it say that the wallet has stopped trying to pay? Whether money left, a look-up has to tell."""
        return self.code == PAYMENT_FAILED or (self.code in _REFUSALS) or _GAVE_UP.search(self.message) is not None

    @property
    def refusal(self) -> str:
        """Why it does not do what it was asked, as sentences."""
        words, _ = _REFUSALS.get(self.code, ("", False))
        if not words:
            return self.shown
        return f"{words} {_LOOK_AGAIN}" if self.code == UNAUTHORIZED else words


def ordered(said: Said, payment_hash: PaymentHash) -> PaymentResult | Refused:
    """What the answer to ``pay_invoice`` is worth. No code is ever ``Failed``: a look-up has to agree."""
    preimage = _proof(said.result, payment_hash)
    if preimage is not None and said.result is not None:
        return Paid(preimage, read_msat(said.result.get("fees_paid")))
    if not said.code:
        return WITHOUT_PROOF if said.result is not None else UNSAID
    if said.result is None and said.code in _REFUSALS:
        return Refused(said.refusal, certain=_REFUSALS[said.code][1])
    return Unknown(said.shown)  # already paid and already under way are INTERNAL at Alby Hub, as is all else


def standing(transaction: Answer, payment_hash: PaymentHash) -> PaymentResult | None:
    """What a transaction of ``lookup_invoice`` or ``list_transactions`` says of a payment of ours.

    None where it is none of this wallet's: an invoice of its own that nobody paid. ``Failed`` is what it says, which
    does not have to be its last word. Never raises.
    """
    named, state, kind = transaction.get("payment_hash"), word(transaction.get("state")), transaction.get("type")
    is_another = isinstance(named, str) and named.lower() != payment_hash.hex
    claims = state == "settled" or (not state and is_time(transaction.get("settled_at")))
    preimage = _proof(transaction, payment_hash)
    if preimage is not None and (claims or kind != "incoming"):
        return Paid(preimage, read_msat(transaction.get("fees_paid")))
    if is_another:
        return UNSAID
    if kind == "incoming":
        return None
    if claims:
        return WITHOUT_PROOF
    if state in ("pending", "accepted"):
        return ON_ITS_WAY
    # Alby Hub calls what is under way "expired" once the invoice's time is over: that says nothing of the payment.
    return FAILED if state == "failed" else UNSAID


def is_of(transaction: object, payment_hash: PaymentHash) -> bool:
    """Is this one of the list the payment that is looked for?"""
    if not isinstance(transaction, dict) or transaction.get("type") == "incoming":
        return False
    named = transaction.get("payment_hash")
    return isinstance(named, str) and named.lower() == payment_hash.hex


def begun_at(transaction: Answer) -> float | None:
    """When the wallet wrote the payment down, in unix seconds; None where it does not tell."""
    at = transaction.get("created_at")
    return float(at) if is_time(at) else None


def _proof(told: Answer | None, payment_hash: PaymentHash) -> Preimage | None:
    return read_proof(told.get("preimage"), payment_hash) if told is not None else None


def is_time(value: object) -> TypeGuard[int]:
    """Are these unix seconds?"""
    return type(value) is int and 0 < value < 2**40


def word(value: object) -> str:
    """One of the protocol's words; empty for what can be none."""
    return value if isinstance(value, str) and len(value) <= 60 else ""
