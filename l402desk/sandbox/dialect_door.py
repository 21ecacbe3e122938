"""The door that speaks one dialect, and takes back what that dialect's real servers take back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from l402desk.protocol.proof import PaymentHash
from l402desk.sandbox.credential import Credential, read_credential
from l402desk.sandbox.dialects import Dialect, TokenKind
from l402desk.sandbox.gate import Challenge, Gate
from l402desk.sandbox.macaroons import Bakery, Grant, Style
from l402desk.sandbox.minting import Clock, Minted
from l402desk.sandbox.opaque import PlainJson, SignedJson
from l402desk.sandbox.payment_auth import SCHEME, PaymentAuth
from l402desk.sandbox.terms import Terms

_STYLES = {
    TokenKind.APERTURE: (Style.APERTURE, "lsat"),
    TokenKind.URL_SAFE: (Style.URL_SAFE, "lsat"),
    TokenKind.BOLTWALL: (Style.BOLTWALL, "localhost"),
    TokenKind.SATRING: (Style.SATRING, "satring"),
}


@dataclass(frozen=True, slots=True)
class Tokens:
    """Everything that can make and check a token of some kind."""

    bakery: Bakery
    signed: SignedJson
    plain: PlainJson
    payment: PaymentAuth


class DialectDoor:
    """One dialect over the sandbox's own mint."""

    def __init__(self, dialect: Dialect, gate: Gate, tokens: Tokens, clock: Clock) -> None:
        self._dialect = dialect
        self._gate = gate
        self._tokens = tokens
        self._clock = clock
        self._offers_payment = any("{payment}" in header for header in dialect.headers)

    def admit(self, authorization: Sequence[str], terms: Terms) -> Grant:
        if self._offers_payment and len(authorization) == 1 and authorization[0].startswith(SCHEME):
            self._tokens.payment.check(authorization[0])
            return Grant()
        credential = read_credential(authorization, self._dialect.manners)
        if self._dialect.token is TokenKind.SIGNED_JSON:
            self._tokens.signed.check(credential.token, credential.preimage, self._dialect.path)
            return Grant()
        if self._dialect.token is TokenKind.PLAIN_JSON:
            self._tokens.plain.check(credential.token, credential.preimage)
            return Grant()
        return self._check_macaroon(credential, terms)

    def give_back(self, grant: Grant) -> None:
        """No dialect counts uses in a way that could be given back."""

    def challenge(self, terms: Terms) -> Challenge:
        invoice = self._gate.invoice(terms)
        token = self._token(self._gate.committed(invoice), invoice, terms)
        payment = self._tokens.payment.challenge(invoice) if self._offers_payment else ""
        headers = tuple(
            header.format(token=token, invoice=invoice.text, payment=payment) for header in self._dialect.headers
        )
        return Challenge(invoice, headers, self._dialect.status)

    def _check_macaroon(self, credential: Credential, terms: Terms) -> Grant:
        style, _ = _STYLES[self._dialect.token]
        return self._tokens.bakery.check(
            credential.token, credential.preimage, terms.service, style=style, strict=self._dialect.strict
        )

    def _token(self, committed: PaymentHash, invoice: Minted, terms: Terms) -> str:
        if self._dialect.token is TokenKind.SIGNED_JSON:
            return self._tokens.signed.issue(committed, self._dialect.path, invoice.sats)
        if self._dialect.token is TokenKind.PLAIN_JSON:
            return self._tokens.plain.issue(committed)
        style, location = _STYLES[self._dialect.token]
        return self._tokens.bakery.bake(committed, self._caveats(committed, terms), style=style, location=location)

    def _caveats(self, committed: PaymentHash, terms: Terms) -> tuple[str, ...]:
        now = int(self._clock())
        if self._dialect.token is TokenKind.BOLTWALL:
            return (f"expiration={(now + 3600) * 1000}",)
        if self._dialect.token is TokenKind.SATRING:
            return (f"payment_hash = {committed.hex}",)
        return terms.caveats(now)
