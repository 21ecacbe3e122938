"""A proof of payment found in whatever a wallet handed out: digits, base64, a link, JSON, a shared message."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator

from l402desk.protocol.errors import ProofError
from l402desk.protocol.proof import PaymentHash, Preimage, read_preimage

_DIGITS = re.compile(r"(?<![0-9A-Za-z])(?:0x)?([0-9a-fA-F]{64})(?![0-9A-Za-z])")
_BASE64 = re.compile(r"(?<![0-9A-Za-z+/_-])([0-9A-Za-z+/_-]{43})(?:=|(?![0-9A-Za-z+/_=-]))")


def find_proof(text: str, payment_hash: PaymentHash) -> Preimage:
    """The preimage of exactly this payment, wherever in the text it stands.

    Some wallets copy base64 (LNC), a link with ``preimage=`` in it (Misty Breez, AQUA) or JSON. A guess cannot go
    wrong: only the hash decides. Raises ProofError, in the words of `read_preimage`, about the one candidate there
    is, else about the whole text.
    """
    candidates = tuple(_candidates(text))
    for candidate in candidates:
        try:
            return read_preimage(candidate, payment_hash)
        except ProofError:
            continue
    return read_preimage(candidates[0] if len(candidates) == 1 else text, payment_hash)


def other_proof(text: str, payment_hash: PaymentHash) -> Preimage | None:
    """A whole preimage in the text that is not this payment's: perhaps of an invoice that was shown before."""
    for candidate in _candidates(text):
        try:
            found = Preimage.from_hex(candidate)
        except ProofError:
            continue
        if found.raw != payment_hash.raw and not found.proves(payment_hash):
            return found
    return None


def _candidates(text: str) -> Iterator[str]:
    yield from _DIGITS.findall(text)
    for found in _BASE64.findall(text):
        yield base64.urlsafe_b64decode(found.replace("+", "-").replace("/", "_") + "=").hex()
