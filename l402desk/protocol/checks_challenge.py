"""What can be wrong with a challenge as a whole: where it came from, in which answer, and with what else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from l402desk.protocol.challenge import Challenge, Demand
from l402desk.protocol.findings import Circumstances, Finding, Severity, found
from l402desk.protocol.offers import Offer
from l402desk.protocol.text import is_suspicious, visible

if TYPE_CHECKING:
    from l402desk.protocol.origin import Origin

KNOWN_VERSIONS = ("", "0")
FOREIGN_KINDS = frozenset({"Payment", "x402", "Fewsats", "payment-hash", "Cashu"})
"""Offers that are ways to pay, though not with this app; a login or an incomplete challenge is none."""


def check_challenge(challenge: Challenge, circumstances: Circumstances) -> list[Finding]:
    """All findings about the challenge's form and way here, in reading order."""
    findings = []
    if circumstances.origin is not None and circumstances.origin.scheme != "https":
        findings.append(_plain_http(circumstances.origin))
    if circumstances.status != 402:
        findings.append(_status(circumstances.status))
    if challenge.source == "body":
        words = "The challenge stands in the answer's body, not in its header."
        findings.append(found("challenge-in-body", words))
    if (challenge.version or "").strip() not in KNOWN_VERSIONS:
        words = f"The challenge has version “{visible(challenge.version or '', 20)}”; this app knows version 0."
        findings.append(found("unknown-version", words))
    if challenge.duplicates:
        names = ", ".join(visible(name, 20) for name in challenge.duplicates[:4])
        words = f"The challenge names {names} more than once; only the first counts here."
        findings.append(found("duplicate-parameter", words))
    findings += _parameters(challenge)
    return findings


def _parameters(challenge: Challenge) -> list[Finding]:
    findings = []
    tokens = {name: value for name, value in challenge.parameters if name in ("macaroon", "token")}
    if len(set(tokens.values())) > 1:
        words = "The server sent both a macaroon and a token, and they differ: the macaroon is used."
        findings.append(found("two-tokens", words))
    for name, value in challenge.parameters:
        if name in ("macaroon", "token", "invoice"):
            continue
        if is_suspicious(value):
            words = f"The challenge's {visible(name, 20)} holds hidden characters or markup."
            findings.append(found("suspicious-text", words))
            break
    return findings


def _plain_http(origin: Origin) -> Finding:
    if origin.is_loopback:
        words = "The connection is not encrypted, but it does not leave this computer."
        return found("plain-http", words, Severity.INFO)
    if origin.is_private_enough:
        words = "The connection has no TLS; Tor encrypts it on the way to this hidden service."
        return found("plain-http", words, Severity.INFO)
    words = (
        "The connection is not encrypted: others on the way could change the invoice or take the token that "
        "you pay for."
    )
    return found("plain-http", words)


def _status(status: int) -> Finding:
    if status == 401:
        words = "The server answered 401, which asks for a login, and not 402, which asks for a payment."
        return found("challenge-on-401", words)
    words = f"The answer has status {status}, not 402: it does not ask for a payment, so this is only shown."
    return found("challenge-on-other-status", words)


def check_demand(demand: Demand) -> list[Finding]:
    """Findings about what came beside a readable challenge: other offers, and parts that were left out."""
    findings = [
        found("body-differs" if note.code == "body-differs" else "part-ignored", note.message) for note in demand.notes
    ]
    ways = {_way(offer) for offer in demand.offers if offer.payable or offer.kind in FOREIGN_KINDS}
    if len(ways) > 1:
        findings.append(found("several-offers", f"The answer offers {len(ways)} ways to pay."))
    return findings + unpayable_offers(demand)


def unpayable_offers(demand: Demand) -> list[Finding]:
    """One finding for each other offer: what it is, what it costs, and why this app does not take it."""
    return [
        found("cannot-pay-offer", f"{offer.title}{f' for {offer.price}' if offer.price else ''}: {offer.reason}")
        for offer in demand.offers
        if not offer.payable
    ]


def _way(offer: Offer) -> tuple[str, str]:
    """The same invoice under both names, LSAT and L402, is one way to pay."""
    if offer.challenge is not None:
        return "lightning", offer.challenge.invoice.strip().lower()
    return offer.kind, offer.title + offer.raw


def nothing_to_pay(demand: Demand) -> list[Finding]:
    """Why a 402 holds no challenge that can be read."""
    findings = [found("unreadable-challenge", note.message) for note in demand.notes]
    if not findings:
        what = "none of its offers can be paid with this app" if demand.offers else "it does not say how"
        findings.append(found("unreadable-challenge", f"The server asks for a payment, but {what}."))
    return findings + unpayable_offers(demand)
