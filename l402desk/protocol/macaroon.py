"""The credential of a challenge, opened: a macaroon with its caveats, or a token only its server can read."""

from __future__ import annotations

import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass, field

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.identifiers import Identifier, read_identifier
from l402desk.protocol.macaroon_formats import Condition, Parts, looks_like, read_v1, read_v2
from l402desk.protocol.macaroon_json import looks_like_v1, looks_like_v2, read_v1_json, read_v2_json
from l402desk.protocol.macaroon_writing import with_caveat
from l402desk.protocol.opaque_token import OpaqueToken, read_opaque
from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.token_json import read_object
from l402desk.protocol.token_text import Undressed, checked, undressings

__all__ = [
    "Caveat",
    "Identifier",
    "Macaroon",
    "OpaqueToken",
    "attenuate",
    "committed_hash",
    "committed_hashes",
    "read_token",
]

MOST_ADDED = 4_096

_HASH_CAVEAT = re.compile(rb"\s*payment_?hash\s*==?\s*([0-9a-fA-F]{64})\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True, repr=False)
class Caveat:
    """One condition of a macaroon. ``verification_id`` is set for a third party's."""

    raw: bytes
    location: str = ""
    verification_id: bytes | None = None

    @property
    def text(self) -> str:
        """What it says; bytes that are no UTF-8 become replacement characters. Not cleaned for display."""
        return self.raw.decode("utf-8", "replace")

    @property
    def is_third_party(self) -> bool:
        return self.verification_id is not None

    def __repr__(self) -> str:
        if b"preimage" in self.raw.lower():  # some clients append the proof of payment as a caveat
            return "Caveat(preimage=…)"
        return f"Caveat({self.raw!r}, location={self.location!r}, third_party={self.is_third_party})"


@dataclass(frozen=True, slots=True)
class Macaroon:
    """A macaroon as its server made it. Its signature can be checked by that server only.

    ``format`` is ``v1``, ``v2``, ``v1-json`` or ``v2-json``; ``encoding`` the dressing of the text, in
    words; ``size`` counts the bytes inside. ``location`` is a hint and not signed.
    """

    format: str
    encoding: str
    location: str
    identifier: Identifier
    caveats: tuple[Caveat, ...]
    signature: bytes = field(repr=False)
    size: int


def read_token(text: str) -> Macaroon | OpaqueToken:
    """Open a credential for display and checks; it is never built again from what is read here (law 8).

    A text that is no sound macaroon is an OpaqueToken, with the reason where it begins like one. Raises
    MacaroonError only for what can be no token at all: nothing, more than 65,536 characters, anything but
    visible ASCII.
    """
    token = checked(text)
    opened = _open(token)
    if isinstance(opened, str):
        return read_opaque(token, opened)
    dress, parts = opened
    return Macaroon(
        parts.format,
        dress.encoding,
        parts.location.decode("utf-8", "replace"),
        read_identifier(parts.identifier),
        tuple(map(_caveat, parts.conditions)),
        parts.signature,
        len(dress.raw),
    )


def _open(token: str) -> tuple[Undressed, Parts] | str:
    """The first undressing that holds a sound macaroon, or why none does (empty: nothing looks like one)."""
    reason = ""
    for dress in undressings(token):
        try:
            parts = _parts(dress)
        except MacaroonError as error:
            reason = reason or str(error)
            continue
        if parts is not None:
            return dress, parts
    return reason or ("Several tokens seem to be joined by commas" if "," in token and token[0] != "{" else "")


def _parts(dress: Undressed) -> Parts | None:
    """Taken apart; None where it is nothing like a macaroon. Raises MacaroonError where it only begins so."""
    form = looks_like(dress.raw)
    if form is not None:
        return read_v2(dress.raw) if form == "v2" else read_v1(dress.raw)
    found = read_object(dress.raw)
    if found is None:
        return None
    if looks_like_v2(found):
        return read_v2_json(found)
    # Only bare: servers send JSON of their own in base64 with such members too (lightningfaucet), and there
    # the identifier is no payment hash.
    if dress.encoding == "plain JSON" and looks_like_v1(found):
        return read_v1_json(found)
    return None


def _caveat(condition: Condition) -> Caveat:
    return Caveat(condition.raw, condition.location.decode("utf-8", "replace"), condition.verification_id)


def committed_hashes(token: Macaroon | OpaqueToken) -> tuple[PaymentHash, ...]:
    """Every distinct payment hash the token commits to: its identifier's first, then those of its caveats.

    More than one means that no payment can satisfy the token.
    """
    if isinstance(token, OpaqueToken):
        return (token.payment_hash,) if token.payment_hash else ()
    found = [token.identifier.payment_hash] if token.identifier.payment_hash else []
    for caveat in token.caveats:
        said = None if caveat.is_third_party else _HASH_CAVEAT.fullmatch(caveat.raw)
        if said:
            found.append(PaymentHash(bytes.fromhex(said[1].decode("ascii"))))
    return tuple(dict.fromkeys(found))


def committed_hash(token: Macaroon | OpaqueToken) -> PaymentHash | None:
    """The payment hash the token commits to (law 5), or None where it cannot be told."""
    return next(iter(committed_hashes(token)), None)


def attenuate(text: str, caveat: str) -> str:
    """A copy of a macaroon that carries one more condition, to hand on; the original is never replaced by it.

    The caveat is appended to the very bytes of the original, its seal is computed by pymacaroons, and the
    result is read again before it is returned: padded standard base64 of V2 (or of V1, twice over where the
    original was). Raises MacaroonError where the token is no macaroon or the caveat no line of text.
    """
    opened = _open(checked(text))
    if isinstance(opened, str):
        raise MacaroonError(opened or "This token is no macaroon: only its server could add a condition to it")
    dress, parts = opened
    added = _checked_caveat(caveat)
    signature = _sealed(parts, added)
    coded = binascii.b2a_base64(with_caveat(dress.raw, parts, added, signature), newline=False)
    if dress.encoding.startswith("double"):
        coded = binascii.b2a_base64(coded, newline=False)
    copy = coded.decode("ascii")
    again = _open(checked(copy))
    expected = (parts.location, parts.identifier, (*parts.conditions, Condition(added)), signature)
    if isinstance(again, str) or _contents(again[1]) != expected:
        raise MacaroonError("This macaroon cannot be copied faithfully, so no condition was added")
    return copy


def _contents(parts: Parts) -> tuple[bytes, bytes, tuple[Condition, ...], bytes]:
    return parts.location, parts.identifier, parts.conditions, parts.signature


def _checked_caveat(caveat: str) -> bytes:
    if not caveat or not caveat.isprintable() or len(caveat) > MOST_ADDED:
        raise MacaroonError(f"A condition is one line of 1 to {MOST_ADDED} visible characters")
    return caveat.encode("utf-8")  # a printable text holds no lone surrogates


def _sealed(parts: Parts, caveat: bytes) -> bytes:
    """The signature after one more first-party caveat: HMAC-SHA256 keyed with the signature before."""
    import pymacaroons  # noqa: PLC0415 - it drags in PyNaCl, and few people ever hand a token on

    try:
        bare = pymacaroons.Macaroon(identifier=parts.identifier, signature=parts.signature.hex(), version=2)
        bare.add_first_party_caveat(caveat)
        signature = bytes.fromhex(bare.signature)
    except (pymacaroons.exceptions.MacaroonException, ValueError, TypeError) as error:
        raise MacaroonError("The condition could not be sealed into this macaroon") from error
    if signature != hmac.new(parts.signature, caveat, hashlib.sha256).digest():
        raise MacaroonError("The condition could not be sealed into this macaroon")
    return signature
