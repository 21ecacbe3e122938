"""The scheme some servers offer beside L402: ``Payment``, one charge over Lightning (paymentauth drafts)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from datetime import UTC, datetime
from typing import Any

from l402desk.protocol.errors import ProofError
from l402desk.protocol.proof import Preimage
from l402desk.sandbox.minting import Clock, Mint, Minted
from l402desk.sandbox.opaque import read_json
from l402desk.sandbox.refusal import Refused

SCHEME = "Payment "
REALM = "l402desk-sandbox"
_SLOTS = ("realm", "method", "intent", "request", "expires", "digest", "opaque")


class PaymentAuth:
    """Challenges whose id is an HMAC over what they say: nothing is stored; each is good for one use."""

    def __init__(self, mint: Mint, clock: Clock) -> None:
        self._mint = mint
        self._clock = clock
        self._secret = secrets.token_bytes(32)
        self._used: set[str] = set()

    def challenge(self, invoice: Minted) -> str:
        details = {
            "invoice": invoice.text,
            "network": "regtest",
            "paymentHash": invoice.payment_hash.hex,
        }
        request = {"amount": str(invoice.sats), "currency": "sat", "methodDetails": details}
        said = {
            "realm": REALM,
            "method": "lightning",
            "intent": "charge",
            "request": _encode(json.dumps(request, separators=(",", ":"), sort_keys=True).encode()),
            "expires": datetime.fromtimestamp(invoice.expires_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        return SCHEME + ", ".join(f'{k}="{v}"' for k, v in {"id": self._id(said), **said}.items())

    def check(self, authorization: str) -> None:
        """A credential of this scheme. Raises Refused; after the first success the challenge is used up."""
        credential = read_json(authorization.removeprefix(SCHEME).strip())
        said, payload = credential.get("challenge"), credential.get("payload")
        if not isinstance(said, dict) or not isinstance(payload, dict):
            raise Refused("credential-unreadable", "This Payment credential lacks its challenge or its payload.")
        identity = str(said.get("id"))
        if not hmac.compare_digest(identity.encode(), self._id(said).encode()):
            raise Refused("bad-signature", "This challenge was not made here, or not echoed as it was.")
        if str(said.get("expires")) <= datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"):
            raise Refused("token-expired", "This challenge has expired.", 402)
        self._check_preimage(said, payload)
        if identity in self._used:
            raise Refused("token-used-up", "This challenge has been used.", 402)
        self._used.add(identity)

    def _check_preimage(self, said: dict[str, Any], payload: dict[str, Any]) -> None:
        invoice = read_json(str(said["request"]))["methodDetails"]["invoice"]  # ours: the id vouches for it
        minted = self._mint.find_invoice(invoice)
        try:
            preimage = Preimage.from_hex(str(payload.get("preimage")))
        except ProofError as error:
            raise Refused("preimage-unreadable", "The preimage is 64 hexadecimal digits.") from error
        if minted is None or not preimage.proves(minted.payment_hash):
            raise Refused("wrong-preimage", "The preimage does not belong to this invoice.")
        if not self._mint.is_settled(minted.payment_hash):
            raise Refused("not-settled", "The invoice has not been paid.")

    def _id(self, said: dict[str, Any]) -> str:
        text = "|".join(str(said.get(slot, "")) for slot in _SLOTS)
        return _encode(hmac.new(self._secret, text.encode(), hashlib.sha256).digest())


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
