"""Whole, honest challenges for tests: an invoice and a macaroon that belong together, judged."""

from __future__ import annotations

import base64
import hashlib
import struct

from l402desk.protocol.challenge import Demand, read_demand
from l402desk.protocol.inspection import Circumstances, Inspection, inspect_demand
from l402desk.protocol.origin import Origin
from l402desk.protocol.proof import PaymentHash, Preimage
from tests.fakes.invoices import NOW, PREIMAGE, mint_invoice

ORIGIN = Origin.of("https://api.example.com/")
PROOF = Preimage(PREIMAGE)
HASH = PROOF.payment_hash()


def mint_token(payment_hash: PaymentHash = HASH, *caveats: bytes) -> str:
    """A V2 macaroon with a version 0 identifier, signed with a fixed key (libmacaroons' format, two-byte lengths)."""
    identifier = struct.pack(">H32s32s", 0, payment_hash.raw, b"\x07" * 32)
    packets = _field(1, b"lsat") + _field(2, identifier) + b"\0"
    for caveat in caveats:
        packets += _field(2, caveat) + b"\0"
    return base64.b64encode(b"\x02" + packets + b"\0" + _field(6, hashlib.sha256(identifier).digest())).decode()


def _field(kind: int, data: bytes) -> bytes:
    size = len(data)
    length = bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])
    return bytes([kind]) + length + data


def mint_demand(
    preimage: Preimage = PROOF, *, msat: int | None = 21_000, status: int = 402, scheme: str = "L402"
) -> Demand:
    """An answer's demand with one challenge for ``msat`` millisatoshi, paid by this preimage."""
    payment_hash = preimage.payment_hash()
    invoice = mint_invoice(payment_hash=payment_hash.raw, msat=msat)
    header = f'{scheme} macaroon="{mint_token(payment_hash)}", invoice="{invoice}"'
    return read_demand(status, [("WWW-Authenticate", header)])


def judged(demand: Demand, *, now: int = NOW + 60) -> tuple[Inspection, ...]:
    return inspect_demand(demand, Circumstances(now=now, origin=ORIGIN, status=demand.status))
