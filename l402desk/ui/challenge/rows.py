"""A decoded invoice and token as rows of field, value and detail: what the challenge panel's trees show."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from l402desk.protocol.amount import NARROW_SPACE
from l402desk.protocol.caveats import explain
from l402desk.protocol.challenge import Demand
from l402desk.protocol.features import Feature
from l402desk.protocol.inspection import Inspection
from l402desk.protocol.invoice import Hop, Invoice
from l402desk.protocol.macaroon import Macaroon, OpaqueToken, committed_hash
from l402desk.ui.widgets.countdown import time_left
from l402desk.ui.widgets.tree import FieldRow

_LAST_DAY = datetime(9999, 12, 31, tzinfo=UTC).timestamp()


def short(text: str, keep: int = 8) -> str:
    """The two ends of a long hexadecimal or bech32 text: what a person compares."""
    return text if len(text) <= 2 * keep + 3 else f"{text[:keep]}…{text[-keep:]}"


def clock_time(unix: int) -> str:
    """A moment in the user's own time zone, or the bare number where no calendar reaches."""
    if not 0 <= unix <= _LAST_DAY:
        return str(unix)
    return datetime.fromtimestamp(unix).astimezone().strftime("%Y-%m-%d %H:%M:%S")


def invoice_rows(inspection: Inspection, now: int) -> tuple[FieldRow, ...]:
    """Everything in the invoice, the most asked for first."""
    invoice = inspection.invoice
    if invoice is None:
        return ()
    rows = [
        FieldRow("Amount", _amount(invoice)),
        _description(invoice),
        FieldRow("Payment hash", short(invoice.payment_hash.hex), copy=invoice.payment_hash.hex),
        FieldRow("Payee", _payee(invoice), copy=invoice.payee or ""),
        FieldRow("Created", clock_time(invoice.timestamp)),
        FieldRow("Expires", _expiry(invoice, now)),
        FieldRow("Network", str(invoice.network)),
        FieldRow("Signature", "valid" if invoice.signature_valid else "NOT valid", copy=invoice.signature.hex()),
        FieldRow("Final CLTV delta", f"{invoice.min_final_cltv} blocks"),
    ]
    if invoice.payment_secret is not None:
        rows.append(FieldRow("Payment secret", short(invoice.payment_secret.hex()), copy=invoice.payment_secret.hex()))
    if invoice.features:
        rows.append(FieldRow("Features", f"{len(invoice.features)}", children=tuple(map(_feature, invoice.features))))
    for number, hops in enumerate(invoice.route_hints, 1):
        rows.append(FieldRow(f"Route hint {number}", f"{len(hops)} hops", children=tuple(map(_hop, hops))))
    for fallback in invoice.fallbacks:
        address = fallback.address or f"version {fallback.version}, {fallback.raw.hex()}"
        rows.append(FieldRow("Fallback address", short(address, 12), copy=address))
    if invoice.metadata is not None:
        rows.append(FieldRow("Metadata", short(invoice.metadata.hex()), copy=invoice.metadata.hex()))
    rows.append(FieldRow("Invoice text", short(invoice.text, 14), copy=invoice.text))
    return tuple(rows)


def token_rows(inspection: Inspection) -> tuple[FieldRow, ...]:
    """Everything in the token that can be read, caveats in words."""
    token = inspection.token
    if isinstance(token, Macaroon):
        return _macaroon_rows(token, inspection)
    if isinstance(token, OpaqueToken):
        return _opaque_rows(token, inspection)
    return ()


def _macaroon_rows(token: Macaroon, inspection: Inspection) -> tuple[FieldRow, ...]:
    identifier = token.identifier
    rows = [
        FieldRow("Format", f"macaroon {token.format} · {token.size} bytes"),
        FieldRow("Encoding", token.encoding, mono=False),
        FieldRow("Location", token.location or "not given"),
        FieldRow("Identifier", _binding(token, inspection), _identifier_children(token), copy=identifier.raw.hex()),
    ]
    rows += [_caveat(caveat.text) for caveat in token.caveats]
    if not token.caveats:
        rows.append(FieldRow("Caveats", "none: nothing in the token limits its use"))
    rows.append(FieldRow("Signature", short(token.signature.hex()), copy=token.signature.hex()))
    return (*rows, *_credential(inspection))


def _identifier_children(token: Macaroon) -> tuple[FieldRow, ...]:
    identifier = token.identifier
    rows = [FieldRow("Family", identifier.family)]
    if identifier.version is not None:
        rows.append(FieldRow("Version", str(identifier.version)))
    if identifier.payment_hash is not None:
        rows.append(FieldRow("Payment hash", short(identifier.payment_hash.hex), copy=identifier.payment_hash.hex))
    if identifier.token_id is not None:
        rows.append(FieldRow("Token id", short(identifier.token_id.hex()), copy=identifier.token_id.hex()))
    return tuple(rows)


def _opaque_rows(token: OpaqueToken, inspection: Inspection) -> tuple[FieldRow, ...]:
    rows = [FieldRow("Format", f"{token.format} token · {token.size} bytes, only its server can check it")]
    rows += [FieldRow(name, value) for name, value in token.fields]
    rows.append(FieldRow("Binding", _binding(token, inspection)))
    return (*rows, *_credential(inspection))


def _credential(inspection: Inspection) -> tuple[FieldRow, ...]:
    if inspection.challenge is None:
        return ()
    return (
        FieldRow(
            "Credential text",
            short(inspection.challenge.credential, 14),
            copy=inspection.challenge.credential,
        ),
    )


def _binding(token: Macaroon | OpaqueToken, inspection: Inspection) -> str:
    held = committed_hash(token)
    if held is None:
        return "commits to no payment hash that can be read"
    if inspection.payment_hash is None:
        return f"hash {short(held.hex, 4)}"
    matches = held == inspection.payment_hash
    return f"hash {short(held.hex, 4)} {'✓ the invoice’s' if matches else '✗ not the invoice’s'}"


def _caveat(raw: str) -> FieldRow:
    meaning = explain(raw)
    name = re.sub(r"\s+", " ", meaning.condition or "caveat").strip()
    return FieldRow(name, meaning.meaning, mono=False, copy=raw)


def _amount(invoice: Invoice) -> str:
    if invoice.amount is None:
        return "none: the payer would choose"
    msat = f"{invoice.amount.value:,}".replace(",", NARROW_SPACE)
    return f"{invoice.amount.words()} · {msat} msat"


def _description(invoice: Invoice) -> FieldRow:
    if invoice.description is not None:
        return FieldRow("Description", f"“{invoice.description}”", mono=False, copy=invoice.description)
    if invoice.description_hash is not None:
        text = invoice.description_hash.hex()
        return FieldRow("Description", f"only its hash: {short(text)}", copy=text)
    return FieldRow("Description", "none", mono=False)


def _payee(invoice: Invoice) -> str:
    if invoice.payee is None:
        return "unknown: the signature names nobody"
    return f"{short(invoice.payee)} ({'named' if invoice.payee_given else 'recovered'})"


def _expiry(invoice: Invoice, now: int) -> str:
    left = invoice.expires_at - now
    when = clock_time(invoice.expires_at)
    return f"{when} · in {time_left(left)}" if left > 0 else f"{when} · expired"


def _feature(feature: Feature) -> FieldRow:
    need = "required" if feature.required else "optional"
    return FieldRow(feature.name, need if feature.known else f"{need}, unknown to this app", hint=f"bit {feature.bit}")


def _hop(hop: Hop) -> FieldRow:
    fee = f"{hop.fee_base.words()} + {hop.fee_ppm} ppm, {hop.cltv_delta} blocks"
    return FieldRow(hop.short_channel_id, f"{short(hop.node)} · {fee}", copy=hop.node)


def offer_rows(demand: Demand) -> tuple[FieldRow, ...]:
    """Every way to pay that the answer names, and whether this app can."""
    rows = []
    for offer in demand.offers:
        can = FieldRow("This app", "can pay it" if offer.payable else "cannot pay it", mono=False)
        why = FieldRow("Because", offer.reason, mono=False)
        raw = FieldRow("As sent", short(offer.raw, 30), copy=offer.raw)
        rows.append(FieldRow(offer.kind, offer.price or offer.title, (can, why, raw), mono=False))
    rows += [FieldRow("Not used", note.message, mono=False) for note in demand.notes]
    return tuple(rows)
