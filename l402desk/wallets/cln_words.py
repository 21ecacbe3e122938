"""Reads what Core Lightning answers over clnrest (26.06, and back to 23.08): every field may be a lie."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.payment import Failed, Paid, PaidWithoutProof, PaymentResult, Unknown
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.protocol.text import visible
from l402desk.wallets.amounts import read_msat
from l402desk.wallets.preimages import read_proof
from l402desk.wallets.quoting import foreign

UNSAID = Unknown("Core Lightning does not say how the payment stands.")
NO_METHOD, BAD_PARAMETERS = -32601, -32602
RUNE_UNKNOWN, RUNE_SHORT = 1501, 1502
FAILURES = {
    203: "The payee refused the payment.",
    205: "No route leads to the payee, or none that can carry the amount.",
    206: "Every route costs more than the fee limit allows.",
    207: "The invoice has expired.",
    210: "No route was found in time.",
    BAD_PARAMETERS: "Core Lightning cannot pay this invoice.",
}
"""After these the node tries no more (xpay, pay); parts may still be on their way, which listpays tells."""
_MSAT = re.compile(r"(\d{1,19})(?:msat)?")
_SPENDING = ("CHANNELD_NORMAL", "CHANNELD_AWAITING_SPLICE")


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a question was not done: the JSON-RPC error, None where the answer has no such code."""

    code: int | None
    message: str

    @classmethod
    def read(cls, answer: Mapping[str, Any], secret: str = "") -> Problem:
        """At the top of the answer, or below ``error`` as clnrest wrote before it was rewritten (24.11).

        A ``secret`` that the node repeats is left out.
        """
        inner = answer.get("error")
        found: Mapping[str, Any] = inner if isinstance(inner, dict) else answer
        code, message = found.get("code"), found.get("message")
        return cls(
            code=code if type(code) is int else None,
            message=visible(foreign(message, secret), 200),
        )

    @property
    def reason(self) -> str:
        """What to tell a person: our words where there are some, and the node's."""
        words = FAILURES.get(self.code or 0, "Core Lightning did not pay.")
        return f"{words} It says: “{self.message}”." if self.message else words


@dataclass(frozen=True, slots=True)
class Told:
    """What ``xpay`` or ``pay`` answers when it worked. xpay names neither hash nor status.

    ``preimage`` is the one of our invoice, or None. ``is_done``: does it say that the payment is complete?
    """

    preimage: Preimage | None = field(repr=False)
    fee: Msat | None
    is_done: bool
    is_readable: bool

    @classmethod
    def read(cls, answer: Mapping[str, Any], payment_hash: PaymentHash) -> Told:
        """Never raises, whatever the answer holds."""
        status, named = answer.get("status", "complete"), answer.get("payment_hash", payment_hash.hex)
        is_ours = isinstance(named, str) and named.lower() == payment_hash.hex
        is_readable = is_ours and isinstance(status, str) and ("status" in answer or "payment_preimage" in answer)
        return cls(
            preimage=read_proof(answer.get("payment_preimage"), payment_hash),
            fee=fee_of(answer),
            is_done=is_readable and status == "complete",
            is_readable=is_readable,
        )

    def result(self) -> PaymentResult:
        if self.is_done:
            return Paid(self.preimage, self.fee) if self.preimage is not None else without_proof()
        return Unknown("Core Lightning says that the payment is on its way.") if self.is_readable else UNSAID


@dataclass(frozen=True, slots=True)
class Pays:
    """What ``listpays`` tells of one payment. ``last`` is the unix second of the latest attempt, as the node counts."""

    result: PaymentResult | None
    last: float | None

    @classmethod
    def read(cls, answer: Mapping[str, Any], payment_hash: PaymentHash) -> Pays:
        """One attempt may have succeeded where others failed, and parts of one may hang for ever (pull request 8635).

        Success goes before "on its way", which goes before failure: for that, all that is listed has to have failed.
        """
        listed = answer.get("pays")
        if not isinstance(listed, list):
            return cls(UNSAID, None)
        if not listed:
            return cls(None, None)
        ours = [one for one in listed if _is_of(one, payment_hash)]
        return cls(_standing(ours, payment_hash, len(ours) == len(listed)), max(_times(ours), default=None))


def _is_of(entry: object, payment_hash: PaymentHash) -> bool:
    named = entry.get("payment_hash") if isinstance(entry, dict) else None
    return isinstance(named, str) and named.lower() == payment_hash.hex


def _standing(ours: list[Mapping[str, Any]], payment_hash: PaymentHash, are_all: bool) -> PaymentResult:
    done = [one for one in ours if one.get("status") == "complete"]
    for one in done:
        preimage = read_proof(one.get("preimage"), payment_hash)
        if preimage is not None:
            return Paid(preimage, fee_of(one))
    if done:
        return without_proof()
    if any(one.get("status") == "pending" for one in ours):
        return Unknown("Core Lightning says that the payment, or a part of it, is on its way.")
    if ours and are_all and all(one.get("status") == "failed" for one in ours):
        return Failed("Core Lightning says that every attempt at this payment failed.")
    return UNSAID


def _times(entries: Iterable[Mapping[str, Any]]) -> Iterable[float]:
    for entry in entries:
        for name in ("created_at", "completed_at"):
            value = entry.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12:
                yield float(value)


def without_proof() -> PaidWithoutProof:
    return PaidWithoutProof("Core Lightning says that it paid, and shows no preimage of this invoice.")


def msat(value: object) -> Msat | None:
    """A number since 23.08, "123msat" before that."""
    if isinstance(value, str) and (found := _MSAT.fullmatch(value)):
        value = int(found[1])
    return read_msat(value)


def fee_of(answer: Mapping[str, Any]) -> Msat | None:
    """What was sent above what arrived; None where it does not tell both, or tells nonsense."""
    sent, arrived = msat(answer.get("amount_sent_msat")), msat(answer.get("amount_msat"))
    return sent - arrived if sent is not None and arrived is not None and sent >= arrived else None


def spendable(answer: Mapping[str, Any], amount: str) -> Msat | None:
    """The sum over the open channels: ``spendable_msat`` of listpeerchannels, or ``our_amount_msat`` of listfunds."""
    channels = answer.get("channels")
    if not isinstance(channels, list):
        return None
    total = 0
    for channel in channels:
        if not isinstance(channel, dict):
            return None
        if channel.get("state") in _SPENDING:
            own = msat(channel.get(amount))
            if own is None:
                return None
            total += own.value
    return Msat(total) if total <= MOST else None
