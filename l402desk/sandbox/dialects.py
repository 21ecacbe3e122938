"""The twenty forms in which L402 servers ask for payment, as data: who sends it, and what is taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from l402desk.sandbox.credential import Manners


class TokenKind(Enum):
    """What stands where the macaroon is expected."""

    APERTURE = "macaroon V2 in padded base64"
    URL_SAFE = "macaroon V2 in URL-safe base64 without padding"
    BOLTWALL = "macaroon V2 with an identifier in hexadecimal digits"
    SATRING = "macaroon V1 in base64 of base64"
    SIGNED_JSON = "JSON with an HMAC, joined by a dot"
    PLAIN_JSON = "JSON without any signature"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One form. ``headers`` are the WWW-Authenticate values in order, with {token}, {invoice} and {payment}.

    A ``strict`` emitter refuses a token with a caveat added by the client.
    """

    name: str
    title: str
    emitter: str
    headers: tuple[str, ...]
    token: TokenKind = TokenKind.APERTURE
    manners: Manners = field(default_factory=Manners)
    strict: bool = False
    status: int = 402

    @property
    def path(self) -> str:
        return f"/dialect/{self.name}"


_PLAIN = 'L402 macaroon="{token}", invoice="{invoice}"'
_EXACT = Manners(exact_case=True)
_L402_ONLY = Manners(schemes=("L402",), exact_case=True)
_LSAT_ONLY = Manners(schemes=("LSAT",), exact_case=True)
_UPPER_TOO = Manners(schemes=("L402",), exact_case=True, upper_hex=True)

DIALECTS: tuple[Dialect, ...] = (
    Dialect("macaroon-invoice", "Macaroon, then invoice", "Fewsats", (_PLAIN,), manners=_UPPER_TOO, strict=True),
    Dialect(
        "aperture-dual",
        "The same challenge twice, as LSAT and as L402",
        "aperture",
        ('LSAT macaroon="{token}", invoice="{invoice}"', _PLAIN),
        manners=_EXACT,
    ),
    Dialect(
        "lsat-only",
        "The old name only",
        "boltwall",
        ('LSAT macaroon="{token}", invoice="{invoice}"',),
        token=TokenKind.BOLTWALL,
        manners=_LSAT_ONLY,
    ),
    Dialect(
        "spec-token",
        "Version, token, invoice",
        "the specification of 2026",
        ('L402 version="0", token="{token}", invoice="{invoice}"',),
    ),
    Dialect(
        "no-comma",
        "No comma after the version, opaque token",
        "Alby",
        ('L402 version="0" token="{token}", invoice="{invoice}"',),
        token=TokenKind.SIGNED_JSON,
        manners=_L402_ONLY,
    ),
    Dialect(
        "token-and-macaroon",
        "The token under both names",
        "spring paygate",
        ('L402 version="0", token="{token}", macaroon="{token}", invoice="{invoice}"',),
    ),
    Dialect(
        "unquoted",
        "Values without quotes",
        "l402_middleware",
        ("L402 macaroon={token}, invoice={invoice}",),
        token=TokenKind.URL_SAFE,
        manners=_L402_ONLY,
    ),
    Dialect(
        "invoice-first",
        "Invoice, then macaroon",
        "several",
        ('L402 invoice="{invoice}", macaroon="{token}"',),
    ),
    Dialect("single-quotes", "Single quotes", "several", ("L402 macaroon='{token}', invoice='{invoice}'",)),
    Dialect("no-space", "No space after the comma", "several", ('L402 macaroon="{token}",invoice="{invoice}"',)),
    Dialect("url-safe", "URL-safe base64 without padding", "several", (_PLAIN,), token=TokenKind.URL_SAFE),
    Dialect("lower-case", "The scheme in lower case", "several", ('l402 macaroon="{token}", invoice="{invoice}"',)),
    Dialect(
        "double-base64",
        "A V1 macaroon, in base64 twice",
        "satring",
        (_PLAIN,),
        token=TokenKind.SATRING,
        manners=_EXACT,
        strict=True,
    ),
    Dialect(
        "json-token",
        "An unsigned JSON token for one use",
        "l402-kit",
        (_PLAIN,),
        token=TokenKind.PLAIN_JSON,
        manners=_L402_ONLY,
    ),
    Dialect(
        "joined-payment",
        "L402 and Payment in one header",
        "satring",
        (_PLAIN + ", {payment}",),
        manners=_EXACT,
    ),
    Dialect("payment-joined", "Payment and L402 in one header", "several", ("{payment}, " + _PLAIN,)),
    Dialect("payment-first", "Two headers, Payment first", "several", ("{payment}", _PLAIN)),
    Dialect("bearer-first", "Two headers, Bearer first", "several", ('Bearer realm="sandbox"', _PLAIN)),
    Dialect("on-401", "The challenge on a 401", "several", (_PLAIN,), status=401),
    Dialect(
        "realm-commas",
        "A realm with commas before the macaroon",
        "several",
        ('L402 realm="a, b", macaroon="{token}", invoice="{invoice}"',),
    ),
)
