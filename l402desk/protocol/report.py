"""An inspection as the JSON object of ``inspect --json``: stable names, absent values null, nothing that is secret."""

from __future__ import annotations

from collections.abc import Sequence

from l402desk.protocol.caveats import meaning_of
from l402desk.protocol.findings import Verdict
from l402desk.protocol.inspection import Inspection
from l402desk.protocol.invoice import Hop, Invoice
from l402desk.protocol.macaroon import Identifier, Macaroon, OpaqueToken

KINDS = ("challenge", "invoice", "macaroon", "token")
HIDDEN = "(hidden)"  # what `caveats.explain` shows instead of a proof of payment

Json = dict[str, object]


def report(kind: str, inspections: Sequence[Inspection], now: int, scheme: str | None = None) -> Json:
    """The whole object. ``inspections`` are best first; ``now`` is seconds since 1970.

    ``kind`` is one of KINDS; ``scheme`` is that of a paid token, which has no challenge to say it.
    """
    verdict = inspections[0].verdict if inspections else Verdict.REFUSE
    return {
        "kind": kind,
        "verdict": str(verdict),
        "challenges": [challenge_json(inspection, now, scheme) for inspection in inspections],
    }


def challenge_json(inspection: Inspection, now: int, scheme: str | None = None) -> Json:
    """One entry of ``challenges``."""
    challenge = inspection.challenge
    return {
        "scheme": scheme if challenge is None else challenge.scheme,
        "version": None if challenge is None else challenge.version,
        "macaroon": None if inspection.token is None else token_json(inspection.token),
        "invoice": None if inspection.invoice is None else invoice_json(inspection.invoice, now),
        "findings": [
            {"code": finding.code, "severity": str(finding.severity), "message": finding.message}
            for finding in inspection.findings
        ],
        "verdict": str(inspection.verdict),
    }


def token_json(token: Macaroon | OpaqueToken) -> Json:
    """The token of a challenge. One that is no macaroon has no location, and of its identifier only the hash."""
    if isinstance(token, OpaqueToken):
        identifier: Json | None = None
        if token.payment_hash is not None:
            identifier = {
                "version": None,
                "payment_hash": token.payment_hash.hex,
                "token_id": None,
                "raw_hex": None,
            }
        return {
            "format": token.format,
            "location": None,
            "identifier": identifier,
            "caveats": [],
            "signature_hex": token.signature_hex,
        }
    return {
        "format": token.format,
        "location": token.location,
        "identifier": _identifier_json(token.identifier),
        "caveats": _caveats_json(token),
        "signature_hex": token.signature.hex(),
    }


def _identifier_json(identifier: Identifier) -> Json:
    return {
        "version": identifier.version,
        "payment_hash": None if identifier.payment_hash is None else identifier.payment_hash.hex,
        "token_id": _hex(identifier.token_id),
        "raw_hex": identifier.raw.hex(),
    }


def _caveats_json(token: Macaroon) -> list[Json]:
    """A caveat that carries a proof of payment says so, and its text is left out: it is half of a bearer secret."""
    entries: list[Json] = []
    for caveat in token.caveats:
        meaning = meaning_of(caveat)
        hidden = meaning.value == HIDDEN and HIDDEN not in caveat.text
        entries.append(
            {
                "raw": f"{meaning.condition}={HIDDEN}" if hidden else meaning.raw,
                "condition": meaning.condition,
                "value": meaning.value,
                "meaning": meaning.meaning,
            }
        )
    return entries


def invoice_json(invoice: Invoice, now: int) -> Json:
    """Every field of an invoice; amounts in millisatoshi, times in seconds since 1970, bytes in hexadecimal."""
    return {
        "network": str(invoice.network),
        "amount_msat": None if invoice.amount is None else invoice.amount.value,
        "payment_hash": invoice.payment_hash.hex,
        "description": invoice.description,
        "description_hash": _hex(invoice.description_hash),
        "payee": invoice.payee,
        "timestamp": invoice.timestamp,
        "expires_at": invoice.expires_at,
        "expired": invoice.is_expired(now),
        "min_final_cltv": invoice.min_final_cltv,
        "payment_secret": _hex(invoice.payment_secret),
        "features": [
            {
                "bit": feature.bit,
                "name": feature.name,
                "required": feature.required,
                "known": feature.known,
            }
            for feature in invoice.features
        ],
        "route_hints": [[_hop_json(hop) for hop in hint] for hint in invoice.route_hints],
        "fallbacks": [
            {"version": fallback.version, "address": fallback.address, "raw_hex": fallback.raw.hex()}
            for fallback in invoice.fallbacks
        ],
        "signature_valid": invoice.signature_valid,
    }


def _hop_json(hop: Hop) -> Json:
    return {
        "node": hop.node,
        "short_channel_id": hop.short_channel_id,
        "fee_base_msat": hop.fee_base.value,
        "fee_ppm": hop.fee_ppm,
        "cltv_delta": hop.cltv_delta,
    }


def _hex(raw: bytes | None) -> str | None:
    return None if raw is None else raw.hex()
