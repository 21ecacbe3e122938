"""Preimages as wallets write them: hexadecimal in either case, or one of the two alphabets of base64."""

from __future__ import annotations

import base64
import binascii
import re

from l402desk.protocol.errors import ProofError
from l402desk.protocol.proof import PaymentHash, Preimage

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{43}=?")  # hexadecimal has 64 characters


def read_any_preimage(value: object) -> Preimage | None:
    """The preimage; None for anything else, zeros included. Whose proof it is, the caller has to check."""
    if not isinstance(value, str) or len(value) > 200:
        return None
    text = value.strip()
    try:
        if _BASE64.fullmatch(text):
            return Preimage(base64.urlsafe_b64decode(text.translate({43: "-", 47: "_"}).rstrip("=") + "="))
        return Preimage.from_hex(text)
    except (ProofError, binascii.Error):
        return None


def read_proof(value: object, payment_hash: PaymentHash) -> Preimage | None:
    """The preimage of exactly this payment; None for anything else, another payment's included."""
    preimage = read_any_preimage(value)
    return preimage if preimage is not None and preimage.proves(payment_hash) else None
