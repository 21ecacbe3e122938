"""BOLT11 invoices: what a payee signed, read to the last field, without trusting any of it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

from l402desk.protocol.addresses import Fallback
from l402desk.protocol.amount import MSAT_PER_BTC, Msat
from l402desk.protocol.bech32 import number, octets, padded_octets, split
from l402desk.protocol.errors import AmountError, InvoiceError
from l402desk.protocol.features import Feature
from l402desk.protocol.invoice_fields import Fields, Hop, Problem, Tag
from l402desk.protocol.invoice_signature import Signatory, read_signatory
from l402desk.protocol.invoice_tags import read_fields
from l402desk.protocol.network import Network, split_prefix
from l402desk.protocol.proof import PaymentHash

__all__ = ["Hop", "Invoice", "Problem", "Tag", "read_invoice", "read_payable_invoice"]

LONGEST = 7089  # characters: what the largest QR code can hold, and where LND stops reading
TIMESTAMP_LENGTH, SIGNATURE_LENGTH = 7, 104
_PREFIX = re.compile(r"lightning:(?://)?", re.IGNORECASE)
_AMOUNT = re.compile(r"([1-9][0-9]{0,19})([munp]?)")
# In picobitcoin, which are tenths of a millisatoshi.
_MULTIPLIERS = {"": 10 * MSAT_PER_BTC, "m": 10**9, "u": 10**6, "n": 10**3, "p": 1}
_NOT_INVOICES = {
    "lno1": "This is a BOLT 12 offer, not an invoice",
    "lnurl1": "This is an LNURL, not an invoice",
}


@dataclass(frozen=True, slots=True)
class Invoice:
    """A BOLT11 invoice whose structure is sound. Whether it may be paid is another question: ``problems``.

    ``text`` is the invoice alone, lower case, and the spans of ``tags`` are in its characters. ``timestamp``
    counts seconds since 1970 and ``expiry`` seconds from then; their sum fits 64 bits, but perhaps no
    calendar. ``payee`` is 66 hexadecimal digits: the one the invoice names (``payee_given``), else the one
    its signature is recovered to, else None. ``signature`` has 64 bytes. ``description`` is foreign text,
    with whatever characters the payee put there.
    """

    text: str = field(repr=False)
    network: Network
    amount: Msat | None
    timestamp: int
    payment_hash: PaymentHash
    payment_secret: bytes | None = field(repr=False)
    description: str | None
    description_hash: bytes | None
    expiry: int
    min_final_cltv: int
    payee: str | None
    payee_given: bool
    signature: bytes = field(repr=False)
    recovery_id: int
    signature_valid: bool
    features: tuple[Feature, ...]
    route_hints: tuple[tuple[Hop, ...], ...]
    fallbacks: tuple[Fallback, ...]
    metadata: bytes | None = field(repr=False)
    tags: tuple[Tag, ...] = field(repr=False)
    problems: tuple[Problem, ...]

    @property
    def expires_at(self) -> int:
        """Seconds since 1970."""
        return self.timestamp + self.expiry

    def is_expired(self, now: int) -> bool:
        """Is it too late to pay at ``now``, in seconds since 1970?"""
        return now >= self.expires_at


def read_payable_invoice(text: str) -> Invoice:
    """Read an invoice in which nothing speaks against paying it. Raises InvoiceError at the first problem."""
    invoice = read_invoice(text)
    for problem in invoice.problems:
        raise InvoiceError(problem.message)
    return invoice


def read_invoice(text: str) -> Invoice:
    """Read an invoice, in one case or the other, with or without ``lightning:`` and white space around it.

    What lets it still be shown (a bad signature, a missing secret …) becomes one of its ``problems``; whatever
    makes it unclear what would be paid raises InvoiceError.
    """
    text = _cleaned(text)
    network, amount_at = _network(text)
    hrp, digits = split(text)
    amount = _amount(hrp[amount_at:], f"character {amount_at + 1}") if len(hrp) > amount_at else None
    if len(digits) < TIMESTAMP_LENGTH + SIGNATURE_LENGTH:
        raise InvoiceError("The invoice is cut off: it has no date and signature", f"character {len(text)}")
    signed, signature = digits[:-SIGNATURE_LENGTH], octets(digits[-SIGNATURE_LENGTH:])
    fields = read_fields(text, len(hrp) + 1 + TIMESTAMP_LENGTH, signed[TIMESTAMP_LENGTH:], network)
    if fields.payment_hash is None:
        raise InvoiceError("The invoice has no payment hash: there is nothing to pay", "tag p")
    signatory = read_signatory(_digest(hrp, signed), signature[:64], signature[64], fields.payee)
    return Invoice(
        text=text,
        network=network,
        amount=amount,
        timestamp=number(signed[:TIMESTAMP_LENGTH]),
        payment_hash=fields.payment_hash,
        payment_secret=fields.payment_secret,
        description=fields.description,
        description_hash=fields.description_hash,
        expiry=fields.expiry,
        min_final_cltv=fields.min_final_cltv,
        payee=signatory.payee,
        payee_given=fields.payee is not None,
        signature=signature[:64],
        recovery_id=signature[64],
        signature_valid=not signatory.fault,
        features=fields.features,
        route_hints=tuple(fields.route_hints),
        fallbacks=tuple(fields.fallbacks),
        metadata=fields.metadata,
        tags=tuple(fields.tags),
        problems=tuple(_problems(fields, signatory)),
    )


def _digest(hrp: str, signed: bytes) -> bytes:
    return hashlib.sha256(hrp.encode("ascii") + padded_octets(signed)).digest()


def _problems(fields: Fields, signatory: Signatory) -> list[Problem]:
    found = [Problem("bad-signature", signatory.fault)] if signatory.fault else []
    if fields.payment_secret is None:
        words = "The invoice has no payment secret: nodes refuse to pay such an invoice, and so does this app"
        found.append(Problem("missing-payment-secret", words))
    if fields.description is None and fields.description_hash is None:
        found.append(Problem("missing-description", "The invoice does not say what it is for: it has no description"))
    elif fields.description is not None and fields.description_hash is not None:
        found.append(Problem("two-descriptions", "The invoice has a description and the hash of another one"))
    return found + fields.problems


def _cleaned(text: str) -> str:
    text = text.strip()
    if prefix := _PREFIX.match(text):
        text = text[prefix.end() :].strip()
    if not text:
        raise InvoiceError("There is no invoice here: it is empty")
    if len(text) > LONGEST:
        raise InvoiceError(f"The invoice is too long: it has {len(text):,} characters, and {LONGEST:,} is the most")
    if not text.isascii():
        at = next(at for at, letter in enumerate(text) if not letter.isascii())
        raise InvoiceError("The invoice holds a character that no invoice has", f"character {at + 1}")
    lower = text.lower()
    if text not in (lower, text.upper()):
        raise InvoiceError("The invoice mixes upper and lower case, which a sound one never does")
    return lower


def _network(text: str) -> tuple[Network, int]:
    """The network that the text begins with, and where in the text its amount or the separator follows."""
    for beginning, words in _NOT_INVOICES.items():
        if text.startswith(beginning):
            raise InvoiceError(words)
    found = split_prefix(text[2:]) if text.startswith("ln") else None
    if found is None:
        raise InvoiceError(
            "This is no Bitcoin invoice: one begins with lnbc, lntb, lntbs, lnbcrt or lnsb", "character 1"
        )
    network, rest = found
    return network, len(text) - len(rest)


def _amount(text: str, where: str) -> Msat:
    """Digits of bitcoin and a multiplier (BOLT 11, "Human-Readable Part"), exact to the millisatoshi."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise InvoiceError("The amount is malformed: it is a number above zero, then m, u, n, p or nothing", where)
    value, rest = divmod(int(found[1]) * _MULTIPLIERS[found[2]], 10)
    if rest:
        raise InvoiceError("The amount is finer than Lightning can send: it is not whole millisatoshi", where)
    try:
        return Msat(value)
    except AmountError as error:
        raise InvoiceError("The amount is more than all bitcoin there can be", where) from error
