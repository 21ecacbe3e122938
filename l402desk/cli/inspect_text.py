"""An inspection as a page for people: the verdict and its reasons first, then price, invoice, token, other offers."""

from __future__ import annotations

from l402desk.cli.inspect_subject import Subject
from l402desk.cli.page import DANGER, GOOD, INFO, WARNING, Page
from l402desk.protocol.caveats import meaning_of
from l402desk.protocol.challenge import Challenge
from l402desk.protocol.durations import duration_words
from l402desk.protocol.findings import Finding, Severity, Verdict
from l402desk.protocol.inspection import Inspection
from l402desk.protocol.instants import instant_words
from l402desk.protocol.invoice import Hop, Invoice
from l402desk.protocol.macaroon import Identifier, Macaroon, OpaqueToken, committed_hash
from l402desk.protocol.text import visible

_MARKS = {Severity.DANGER: DANGER, Severity.WARNING: WARNING, Severity.INFO: INFO}
_GOOD_NEWS = frozenset({"hash-matches", "proof-matches", "valid-until"})
_TOLD_BELOW = frozenset({"cannot-pay-offer"})  # the section on other offers says the same with more room
_VERDICTS = {
    Verdict.PAYABLE: (GOOD, "PAYABLE", "Nothing speaks against paying it."),
    Verdict.CAUTION: (WARNING, "CAUTION", "Read the warnings before you pay; never paid automatically."),
    Verdict.REFUSE: (DANGER, "REFUSE", "Do not pay it."),
}
_TOKEN_VERDICTS = {
    Verdict.PAYABLE: (GOOD, "OK", "Nothing wrong was found."),
    Verdict.CAUTION: (WARNING, "CAUTION", "Read the warnings before you rely on it."),
    Verdict.REFUSE: (DANGER, "REFUSE", "It is of no use."),
}


def page_of(subject: Subject, now: int, page: Page) -> Page:
    """Fill the page with what was found, as of ``now`` in seconds since 1970."""
    best = subject.inspections[0]
    _verdict(page, subject, best)
    if best.invoice is not None:
        _price(page, best.invoice, now)
        _invoice(page, best.invoice)
    if best.token is not None:
        _token(page, subject, best)
    _offers(page, subject, best)
    return page


def _verdict(page: Page, subject: Subject, best: Inspection) -> None:
    words = _VERDICTS if subject.kind in ("challenge", "invoice") else _TOKEN_VERDICTS
    mark, word, sentence = words[best.verdict]
    price = "" if best.amount is None else f"{best.amount.words()}. "
    page.heading(mark, word, price + sentence)
    shown = [finding for finding in best.findings if finding.code not in _TOLD_BELOW]
    if shown:
        page.blank()
    for finding in shown:
        page.remark(_mark(finding), finding.message)


def _mark(finding: Finding) -> str:
    return GOOD if finding.code in _GOOD_NEWS else _MARKS[finding.severity]


def _price(page: Page, invoice: Invoice, now: int) -> None:
    page.section("Price")
    if invoice.amount is None:
        page.row("Amount", "none named")
    else:
        page.row("Amount", f"{invoice.amount.words()} ({invoice.amount.value:,} msat), {invoice.network}")
    if invoice.description is not None:
        page.row("For", f"“{visible(invoice.description)}”" if invoice.description else "(no words)")
    if invoice.description_hash is not None:
        page.row("For", f"a text with the SHA-256 {invoice.description_hash.hex()}")
    left = invoice.expires_at - now
    ends = f"in {duration_words(left)}" if left > 0 else f"{duration_words(left)} ago"
    page.row("Expires" if left > 0 else "Expired", f"{ends}, {instant_words(invoice.expires_at)}")


def _invoice(page: Page, invoice: Invoice) -> None:
    page.section("Invoice")
    page.row("Payment hash", invoice.payment_hash.hex)
    if invoice.payee is not None:
        page.row("Payee", invoice.payee)
    if not invoice.signature_valid:
        page.row("Signature", "not valid")
    else:
        page.row("Signature", "valid, by the named payee" if invoice.payee_given else "valid, names the payee")
    page.row("Created", instant_words(invoice.timestamp))
    page.row("Final delay", f"{invoice.min_final_cltv:,} blocks")
    if invoice.features:
        names = (visible(f.name) + (" (required)" if f.required else "") for f in invoice.features)
        page.row("Features", ", ".join(names))
    for hint in invoice.route_hints:
        page.row("Route hint", " → ".join(map(_hop, hint)))
    for fallback in invoice.fallbacks:
        page.row("On chain", fallback.address or f"version {fallback.version}, {fallback.raw.hex()}")


def _hop(hop: Hop) -> str:
    return f"{hop.node[:10]}… over {hop.short_channel_id}"


def _token(page: Page, subject: Subject, best: Inspection) -> None:
    page.section("Token")
    token, challenge = best.token, best.challenge
    if challenge is not None:
        page.row("Scheme", _scheme(challenge))
    if subject.paid is not None:
        page.row("Scheme", subject.paid.scheme)
        page.row("Preimage", "present (it is a secret, so it is not shown)")
    if isinstance(token, OpaqueToken):
        _opaque(page, token)
    elif isinstance(token, Macaroon):
        _macaroon(page, token)


def _scheme(challenge: Challenge) -> str:
    version = "" if challenge.version is None else f", version {visible(challenge.version, 20)}"
    return f"{challenge.scheme}{version}, sent as “{challenge.credential_name}” in the {challenge.source}"


def _macaroon(page: Page, token: Macaroon) -> None:
    page.row("Format", f"macaroon {token.format}, {token.encoding}, {token.size:,} bytes")
    page.row("Location", visible(token.location, 200) or "(none)")
    identifier = token.identifier
    page.row("Identifier", _identifier(identifier))
    committed = committed_hash(token)
    if committed is not None:
        page.row("For payment", committed.hex)
    if identifier.token_id is not None and identifier.family != "text":
        page.row("Token id", identifier.token_id.hex())
    page.row("Signature", token.signature.hex())
    if not token.caveats:
        page.row("Conditions", "none: it is good for everything its server sells under it")
    for number, caveat in enumerate(token.caveats, 1):
        meaning = meaning_of(caveat)
        page.row(f"Condition {number}", meaning.meaning)
        if meaning.condition is not None:
            page.note("(hidden)" if meaning.value == "(hidden)" else visible(caveat.text))


def _identifier(identifier: Identifier) -> str:
    if identifier.family == "text":
        return f"“{visible((identifier.token_id or b'').decode('ascii', 'replace'), 100)}”"
    if identifier.family == "unknown":
        return f"{len(identifier.raw)} bytes that only the server understands"
    return f"{identifier.family}, {len(identifier.raw)} bytes"


def _opaque(page: Page, token: OpaqueToken) -> None:
    kinds = {"json": "unsigned JSON", "json.hmac": "JSON with a signature"}
    page.row("Format", f"{kinds.get(token.format, 'known to its server alone')}, {token.size:,} bytes")
    for name, value in token.fields:
        page.row(visible(name, 12), value)


def _offers(page: Page, subject: Subject, best: Inspection) -> None:
    others = subject.inspections[1:]
    unpaid = [] if subject.demand is None else [offer for offer in subject.demand.offers if not offer.payable]
    if not others and not unpaid:
        return
    page.section("Other offers")
    for inspection in others:
        page.row(_name(inspection), _other(inspection, best))
    for offer in unpaid:
        page.row(visible(offer.kind, 12), offer.title + (f", {offer.price}" if offer.price else ""))
        page.note(offer.reason)


def _name(inspection: Inspection) -> str:
    return "" if inspection.challenge is None else inspection.challenge.scheme


def _other(inspection: Inspection, best: Inspection) -> str:
    price = "no price that can be read" if inspection.amount is None else inspection.amount.words()
    if inspection.payment_hash is not None and inspection.payment_hash == best.payment_hash:
        return f"{price}, {inspection.verdict}: the same invoice under another name"
    return f"{price}, {inspection.verdict}: {inspection.findings[0].message if inspection.findings else ''}"
