"""Reads what LND's REST says about a payment (lnd 0.15 to 0.21, grpc-gateway v1 and v2): every field may be a lie."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from l402desk.protocol.amount import Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.text import visible
from l402desk.wallets.amounts import read_msat
from l402desk.wallets.asking import Reply
from l402desk.wallets.preimages import read_proof
from l402desk.wallets.quoting import foreign

Answer = Mapping[str, Any]
FINAL = ("SUCCEEDED", "FAILED")
WITHOUT_PROOF = PaidWithoutProof("LND says that it paid, and shows no preimage of this invoice.")
ON_ITS_WAY = Unknown("LND says that the payment is on its way.")
UNSAID = Unknown("LND does not say how the payment stands.")

UNKNOWN_CODE, INVALID, NOT_FOUND, DENIED, UNIMPLEMENTED, UNAUTHENTICATED = 2, 3, 5, 7, 12, 16
"""gRPC's codes; lnd tells most of its errors as 2."""
# Said by lnd before the question reaches whatever pays.
_MACAROON = re.compile(
    r"permission denied|verification failed|cannot get macaroon|cannot retrieve macaroon|expected 1 macaroon"
    r"|macaroon (?:time )?expired|cannot determine data format of binary-encoded macaroon|unknown macaroon version"
    r"|invalid id$|root key with id|caveat .*not satisfied|unmarshal macaroon|encoding/hex: "
)
_NOT_READY = {
    "wallet locked": ("LND's wallet is locked.", "Unlock it with “lncli unlock”, then try again."),
    "wallet not created": ("LND has no wallet yet.", "Make one with “lncli create”."),
    "rpc server is in the process of starting": ("LND is still starting.", "Try again in a minute."),
    "waiting to start": ("LND is still starting.", "Try again in a minute; in a cluster, ask the node that leads."),
    "chain backend is still syncing": ("LND is still catching up with the chain.", "Try again when it is synced."),
}
# Said by lnd where it reads the request, before it writes a payment down (extractIntentFromSendRequest, zpay32).
_NOT_BEGUN = re.compile(
    r"invoice expired|invoice not for current active network|self-payments not allowed|amount must (?:not )?be"
    r"|cltv limit|total time lock|payment request must|invalid invoice signature|short invoice|hrp too short"
    r"|checksum|required feature|missing feature|max_parts|destination (?:doesn't|hop)|payment amount .* exceeds"
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An error as gRPC has it; ``code`` is -1 where none is said. ``message`` is foreign text, not yet for the eye."""

    code: int
    message: str

    @classmethod
    def read(cls, answer: Answer, secret: str = "") -> Trouble | None:
        """The error of an answer: at its top, or below ``error``; None where it tells none. Never raises.

        A ``secret`` that it repeats is left out.
        """
        inner = answer.get("error")
        told = inner if isinstance(inner, dict) else answer
        code = next((told[name] for name in ("code", "grpc_code") if type(told.get(name)) is int), None)
        message = told.get("message", inner)
        if not isinstance(message, str) and code is None:
            return None if inner is None else cls(-1, "")
        return cls(-1 if code is None else code, foreign(message, secret))

    @property
    def says(self) -> str:
        return self.message.strip().lower()

    @property
    def shown(self) -> str:
        """For the eye, as a sentence."""
        said = visible(self.message.strip(), 200)
        return f"LND answered: {said}{'' if said.endswith('.') else '.'}" if said else "LND answered with an error."

    @property
    def is_about_macaroon(self) -> bool:
        """Is this macaroon not one that may do what was asked?"""
        known = self.code == UNKNOWN_CODE and _MACAROON.search(self.says) is not None
        return known or self.code in (DENIED, UNAUTHENTICATED)

    @property
    def not_ready(self) -> tuple[str, str] | None:
        """What happened and what to do, where no question is answered yet."""
        return next((words for said, words in _NOT_READY.items() if said in self.says), None)

    @property
    def is_no_such_method(self) -> bool:
        """Does the gateway not know the path? That is no word about a payment."""
        return self.code == UNIMPLEMENTED or (self.code == NOT_FOUND and self.says in ("", "not found"))

    @property
    def is_no_such_payment(self) -> bool:
        return self.code == NOT_FOUND and "payment" in self.says

    @property
    def is_not_begun(self) -> bool:
        """Does it say that the request was not taken, in words that lnd has for that?"""
        return self.code == INVALID or (self.code == UNKNOWN_CODE and _NOT_BEGUN.search(self.says) is not None)


@dataclass(frozen=True, slots=True)
class Told:
    """One state of a payment, each field as it is or None where it has the wrong type.

    ``is_ours`` is one that names our payment hash, ``is_another`` one that names another. ``is_broken`` tells an error
    as well.
    """

    status: str | None
    preimage: Preimage | None = field(repr=False)
    fee: Msat | None
    reason: str
    is_ours: bool
    is_another: bool
    is_broken: bool

    @classmethod
    def read(cls, answer: Answer, payment_hash: PaymentHash) -> Told | None:
        """The payment of a line; None where it has none. Never raises, whatever the line holds."""
        payment = answer.get("result")
        if not isinstance(payment, dict):
            return None
        status, reason, named = payment.get("status"), payment.get("failure_reason"), payment.get("payment_hash")
        return cls(
            status=status if isinstance(status, str) else None,
            preimage=read_proof(payment.get("payment_preimage"), payment_hash),
            fee=_fee(payment.get("fee_msat")),
            reason=reason if isinstance(reason, str) else "",
            is_ours=isinstance(named, str) and named.lower() == payment_hash.hex,
            is_another=isinstance(named, str) and named.lower() != payment_hash.hex,
            is_broken=answer.get("error") is not None,
        )


def lines_of(reply: Reply) -> Sequence[Answer]:
    """The objects that an answer holds, one a line; an answer may also be one object over several lines."""
    whole = reply.json_or_empty()
    return [whole] if whole else reply.lines()


def is_final(body: bytes) -> bool:
    """Is the last line of what came so far a whole one after which LND says no more?"""
    if not body.endswith(b"\n"):
        return False
    last = body[body.rfind(b"\n", 0, -1) + 1 :]
    if not last.strip():
        return False
    try:
        value = json.loads(last)
    except (ValueError, RecursionError):
        return False
    if not isinstance(value, dict):
        return False
    payment = value.get("result")
    return "error" in value or (isinstance(payment, dict) and payment.get("status") in FINAL)


def is_a_line(body: bytes) -> bool:
    """Has a first line come?"""
    return body.endswith(b"\n") and not body.isspace()


def standing(reply: Reply, payment_hash: PaymentHash, fee_limit: Msat | None = None) -> PaymentResult | None:
    """What an answer says of a payment, taken for no more than it proves; None where it tells of none at all.

    ``Failed`` is for a last line that says so of this very payment: lnd says that when no HTLC of it is open.
    """
    lines = lines_of(reply)
    told = [read for read in (Told.read(line, payment_hash) for line in lines) if read is not None]
    for one in told:
        if one.preimage is not None:
            return Paid(one.preimage, one.fee)
    if any(one.status == "SUCCEEDED" and not one.is_another for one in told):
        return WITHOUT_PROOF
    if not told:
        return None
    last = told[-1]
    ends_there = isinstance(lines[-1].get("result"), dict) and not last.is_broken
    if last.status == "FAILED" and last.is_ours and ends_there and reply.status == 200:
        return Failed(failure_words(last.reason, fee_limit))
    return ON_ITS_WAY if last.status in ("IN_FLIGHT", "INITIATED") and not last.is_another else UNSAID


def failure_words(reason: str, fee_limit: Msat | None = None) -> str:
    """Why a payment failed and what to do. ``fee_limit`` is what it was ordered with, None where that is not known."""
    match reason.removeprefix("FAILURE_REASON_"):
        case "NO_ROUTE":
            return f"LND found no route to the payee{_within(fee_limit)}."
        case "TIMEOUT":
            return "LND tried route after route and none worked in time. No money left; try again."
        case "INSUFFICIENT_BALANCE":
            return "The node's channels do not hold enough to send this. Put money into them, or pay from elsewhere."
        case "INCORRECT_PAYMENT_DETAILS":
            return (
                "The payee refused the payment: it does not know this invoice, or the invoice is paid, cancelled or "
                "expired. Ask for a new one."
            )
        case "CANCELED":
            return "The payment was cancelled at the node. No money left."
        case "ERROR":
            return "LND ran into an error with this payment. No money left; the node's log says why."
    return "LND says that the payment failed and no money left."


def _within(fee_limit: Msat | None) -> str:
    if fee_limit is None:
        return " within the fee limit"
    if not fee_limit:
        return " without a routing fee, and the fee limit is 0: allow a fee and try again"
    return f" for a fee of at most {fee_limit.words()}: allow more, or try again later"


def _fee(value: object) -> Msat | None:
    """A 64-bit number, which JSON carries as text."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    return read_msat(value)
