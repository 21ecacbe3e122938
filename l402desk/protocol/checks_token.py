"""What can be wrong with a token before it is paid for: does it fit the invoice, how long does it last."""

from __future__ import annotations

from l402desk.protocol.caveats import earliest_expiry
from l402desk.protocol.durations import duration_words
from l402desk.protocol.findings import Finding, Severity, found
from l402desk.protocol.instants import instant_words
from l402desk.protocol.invoice import Invoice
from l402desk.protocol.macaroon import Macaroon, OpaqueToken, committed_hashes
from l402desk.protocol.proof import Preimage
from l402desk.protocol.text import is_suspicious, visible

SOON_S = 60
"""A token that lasts no longer may have ended before the paid request is answered."""


def check_binding(token: Macaroon | OpaqueToken, invoice: Invoice) -> Finding:
    """Law 5: a token that commits to a payment commits to this one, or the challenge is refused."""
    hashes = committed_hashes(token)
    if not hashes:
        words = (
            "Not verifiable: the token does not say which payment it belongs to, so nothing shows that "
            "paying this invoice unlocks it."
        )
        return found("hash-unverifiable", words)
    if len(hashes) > 1:
        return found("hash-mismatch", "The token names two different payments, so no payment can unlock it.")
    if hashes[0] != invoice.payment_hash:
        words = "The token belongs to another payment than this invoice: paying it would not unlock the token."
        return found("hash-mismatch", words)
    return found("hash-matches", "Token and invoice belong together: both name the same payment hash.")


def check_proof(token: Macaroon | OpaqueToken, preimage: Preimage) -> Finding:
    """Whether the proof in a paid token is that of the payment the token commits to."""
    hashes = committed_hashes(token)
    if not hashes:
        words = "The token does not say which payment it belongs to, so its proof of payment cannot be checked."
        return found("proof-unverifiable", words)
    if len(hashes) == 1 and preimage.proves(hashes[0]):
        return found("proof-matches", "The proof of payment fits the payment hash in the token.")
    return found("proof-mismatch", "The proof of payment does not fit the payment hash in the token.")


def check_token(token: Macaroon | OpaqueToken, now: int) -> list[Finding]:
    """All findings about the token itself, in reading order. ``now`` is seconds since 1970."""
    findings = []
    if isinstance(token, OpaqueToken):
        findings.append(_opaque(token))
    else:
        findings += _caveats(token)
    until = earliest_expiry(token)
    if until is not None:
        findings.append(_lifetime(until, now))
    return findings


def _opaque(token: OpaqueToken) -> Finding:
    if token.reason:
        words = f"The token begins like a macaroon, but cannot be read: {visible(token.reason).rstrip('.')}."
        return found("unreadable-token", words)
    what = "a JSON document" if token.format.startswith("json") else "a text that only its server can read"
    return found("opaque-token", f"The token is no macaroon, but {what}: it cannot be restricted or checked here.")


def _caveats(token: Macaroon) -> list[Finding]:
    findings = []
    for caveat in token.caveats:
        if caveat.is_third_party:
            place = visible(caveat.location, 80) or "a place it does not name"
            words = f"The token also needs a discharge from {place}, which this app cannot get."
            findings.append(found("third-party-caveat", words))
            break
    if any(is_suspicious(caveat.text) for caveat in token.caveats if not caveat.is_third_party):
        words = "A condition of the token holds hidden characters or markup."
        findings.append(found("suspicious-text", words))
    return findings


def _lifetime(until: int, now: int) -> Finding:
    left = until - now
    when = instant_words(until)
    if left <= 0:
        ago = f"{duration_words(left)} ago" if left else "just now"
        return found("caveat-expired", f"The token ended {ago} ({when}): paying would buy nothing.")
    if left < SOON_S:
        words = f"The token is good for {duration_words(left)} only: it may end before the answer arrives."
        return found("caveat-expires-soon", words)
    return found("valid-until", f"The token is good for {duration_words(left)}, until {when}.", Severity.INFO)
