"""Bakes and checks real macaroons, each with a root key of its own that its identifier finds again."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from pymacaroons import MACAROON_V1, MACAROON_V2, Macaroon, Verifier

from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.sandbox.caveats import Allowance, weigh
from l402desk.sandbox.minting import MOST_REMEMBERED, Clock, Mint
from l402desk.sandbox.refusal import Refused

LOCATION = "l402desk sandbox"
LONGEST_TOKEN = 8 * 1024
_STANDARD = re.compile(r"[A-Za-z0-9+/]+={0,2}")


class Style(Enum):
    """How a server writes its macaroons down. Values are for messages."""

    APERTURE = "V2, 66-byte identifier, padded base64"
    URL_SAFE = "V2, 66-byte identifier, URL-safe base64 without padding"
    BOLTWALL = "V2, identifier in 132 hexadecimal digits, URL-safe base64 without padding"
    SATRING = "V1, identifier in 64 hexadecimal digits, base64 of base64"


@dataclass(slots=True)
class _Issued:
    root_key: bytes = field(repr=False)
    payment_hash: PaymentHash
    caveat_count: int
    used: int = 0


@dataclass(frozen=True, slots=True)
class Grant:
    """A token that was let in: who it is, and what it allows."""

    token: bytes = b""
    allowance: Allowance = field(default_factory=Allowance)


class Bakery:
    """Tokens for invoices of ``mint``. The last 10,000 are remembered; an older one is refused as unknown."""

    def __init__(self, mint: Mint, clock: Clock) -> None:
        self._mint = mint
        self._clock = clock
        self._issued: dict[bytes, _Issued] = {}

    def bake(
        self,
        payment_hash: PaymentHash,
        caveats: Iterable[str],
        *,
        style: Style = Style.APERTURE,
        location: str = LOCATION,
    ) -> str:
        """A token that commits to the payment hash, as text in the style's encoding."""
        identifier, root_key, baked = _identifier(payment_hash, style), secrets.token_bytes(32), list(caveats)
        version = MACAROON_V1 if style is Style.SATRING else MACAROON_V2
        macaroon = Macaroon(location=location, identifier=identifier, key=root_key, version=version)
        for caveat in baked:
            macaroon.add_first_party_caveat(caveat)
        while len(self._issued) >= MOST_REMEMBERED:
            self._issued.pop(next(iter(self._issued)))
        self._issued[identifier] = _Issued(root_key, payment_hash, len(baked))
        return _write(macaroon.serialize(), style)

    def check(
        self,
        token: str,
        preimage: Preimage,
        service: str,
        *,
        style: Style = Style.APERTURE,
        strict: bool = False,
    ) -> Grant:
        """Preimage, signature, caveats, uses and settlement, in aperture's order (mint/mint.go: VerifyL402).

        A ``strict`` server refuses a token that carries more caveats than it was baked with. Raises Refused.
        """
        macaroon = _read(token, style)
        issued = self._issued.get(bytes(macaroon.identifier_bytes))
        if issued is None:
            raise Refused("unknown-token", "This token was not made by this server, or it has forgotten it.")
        if not preimage.proves(issued.payment_hash):
            raise Refused("wrong-preimage", "The preimage is not that of the payment this token stands for.")
        _check_signature(macaroon, issued.root_key)
        if strict and len(macaroon.caveats) != issued.caveat_count:
            raise Refused("extra-caveat", "This server takes a token only as it made it.", 402)
        allowance = weigh((c.caveat_id_bytes.decode("utf-8", "replace") for c in macaroon.caveats), service)
        if allowance.valid_until is not None and self._clock() >= allowance.valid_until:
            raise Refused("token-expired", "This token has expired. A new one has to be paid for.", 402)
        if allowance.uses is not None and issued.used >= allowance.uses:
            raise Refused("token-used-up", "This token has been used as often as it allows.", 402)
        if not self._mint.is_settled(issued.payment_hash):
            raise Refused("not-settled", "The invoice of this token has not been paid.")
        return Grant(bytes(macaroon.identifier_bytes), allowance)

    def spend(self, grant: Grant) -> None:
        """Count one use."""
        if issued := self._issued.get(grant.token):
            issued.used += 1

    def give_back(self, grant: Grant) -> None:
        """A use that brought nothing does not count."""
        if issued := self._issued.get(grant.token):
            issued.used -= 1


def _identifier(payment_hash: PaymentHash, style: Style) -> bytes:
    # L402 macaroon specification, identifier version 0: version, payment hash, token id.
    binary = struct.pack(">H32s32s", 0, payment_hash.raw, secrets.token_bytes(32))
    if style is Style.BOLTWALL:
        return binary.hex().encode()
    return payment_hash.hex.encode() if style is Style.SATRING else binary


def _write(url_safe: str, style: Style) -> str:
    """pymacaroons writes URL-safe base64 without padding; aperture takes padded standard base64 only."""
    if style in {Style.URL_SAFE, Style.BOLTWALL}:
        return url_safe
    if style is Style.SATRING:
        return base64.b64encode(url_safe.encode()).decode()
    return base64.b64encode(base64.urlsafe_b64decode(url_safe + "=" * (-len(url_safe) % 4))).decode()


def _read(token: str, style: Style) -> Macaroon:
    if len(token) > LONGEST_TOKEN:
        raise Refused("token-unreadable", "This token is longer than any this server makes.")
    if style is Style.APERTURE and (not _STANDARD.fullmatch(token) or len(token) % 4):
        raise Refused("token-unreadable", "The token is not padded standard base64. Send it as it was given.")
    try:
        text = base64.b64decode(token, validate=True).decode("ascii") if style is Style.SATRING else token
        return Macaroon.deserialize(text.replace("+", "-").replace("/", "_").rstrip("="))
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refused("token-unreadable", "The token is not base64.") from error
    except Exception as error:  # pymacaroons raises bare Exception, IndexError, struct.error …
        raise Refused("token-unreadable", "The token is no macaroon.") from error


def _check_signature(macaroon: Macaroon, root_key: bytes) -> None:
    verifier = Verifier()
    verifier.satisfy_general(lambda _: True)  # the caveats themselves are weighed afterwards
    try:
        verifier.verify(macaroon, root_key)
    except Exception as error:
        raise Refused("bad-signature", "The token's signature does not hold: it was changed.") from error
