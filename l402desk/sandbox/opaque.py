"""Tokens that are not macaroons, as two real servers make them: JSON with an HMAC, and JSON with nothing."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from typing import Any

from l402desk.protocol.errors import ProofError
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.sandbox.minting import Clock, Mint
from l402desk.sandbox.refusal import Refused


class SignedJson:
    """Alby's server helper: base64url(JSON), a dot, and the HMAC-SHA256 of the first part in hexadecimal."""

    def __init__(self, mint: Mint) -> None:
        self._mint = mint
        self._secret = secrets.token_bytes(32)

    def issue(self, payment_hash: PaymentHash, path: str, sats: int) -> str:
        payload = {"path": path, "amountSat": sats, "paymentHash": payment_hash.hex}
        text = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
        return f"{text}.{self._sign(text)}"

    def check(self, token: str, preimage: Preimage, path: str) -> None:
        """Raises Refused."""
        text, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(text).encode()):
            raise Refused("bad-signature", "Invalid token.")
        payload = read_json(text)
        if payload.get("path") != path:
            raise Refused("other-service", "This token is for another path.")
        payment_hash = _hash_in(payload, "paymentHash")
        if not preimage.proves(payment_hash) or not self._mint.is_settled(payment_hash):
            raise Refused("wrong-preimage", "Invalid preimage.")

    def _sign(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


class PlainJson:
    """l402-kit: base64 of a payment hash and an expiry in milliseconds, unsigned, for one use.

    Faithful to a fault: whoever makes up a hash with a preimage of his own gets in.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._used: set[PaymentHash] = set()

    def issue(self, payment_hash: PaymentHash) -> str:
        payload = {"hash": payment_hash.hex, "exp": int(self._clock() * 1000) + 3_600_000}
        return base64.b64encode(json.dumps(payload).encode()).decode()

    def check(self, token: str, preimage: Preimage) -> PaymentHash:
        """The hash that is now used up. Raises Refused."""
        payload = read_json(token)
        payment_hash = _hash_in(payload, "hash")
        expiry = payload.get("exp")
        if not isinstance(expiry, int) or expiry <= self._clock() * 1000:
            raise Refused("token-expired", "Token expired.")
        if not preimage.proves(payment_hash):
            raise Refused("wrong-preimage", "Invalid preimage.")
        if payment_hash in self._used:
            raise Refused("token-used-up", "Token already used.")
        self._used.add(payment_hash)
        return payment_hash


def read_json(text: str) -> dict[str, Any]:
    """The object in base64 of either alphabet, with or without padding. Raises Refused."""
    try:
        standard = text.rstrip("=").replace("-", "+").replace("_", "/")
        value = json.loads(base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise Refused("token-unreadable", "This token cannot be read.") from error
    if not isinstance(value, dict):
        raise Refused("token-unreadable", "This token cannot be read.")
    return value


def _hash_in(payload: dict[str, Any], name: str) -> PaymentHash:
    try:
        return PaymentHash.from_hex(str(payload.get(name)))
    except ProofError as error:
        raise Refused("token-unreadable", "This token names no payment.") from error
