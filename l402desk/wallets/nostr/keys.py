"""Keys of Nostr: 32 secret bytes, and the x coordinate on secp256k1 that everybody may know (BIP-340, in hex)."""

from __future__ import annotations

import re

from coincurve import PrivateKey, PublicKey

from l402desk.wallets.nostr.errors import Undecipherable

KEY = re.compile(r"[0-9a-f]{64}")
"""A public key or an event id as NIP-01 writes them."""


def fresh_secret() -> bytes:
    """A secret from the system's randomness."""
    return PrivateKey().secret


def public_key(secret: bytes) -> str:
    """The public key of a secret, 64 hex digits. Raises Undecipherable for what is no secret key."""
    return x_of(private_key(secret))


def shared_x(secret: bytes, peer_hex: str) -> bytes:
    """The x coordinate that the two keys share, unhashed (NIP-04, NIP-44). Raises Undecipherable for what are no keys.

    Every y will do for the peer's point: its mirror image leads to the same x.
    """
    private = private_key(secret)
    if not KEY.fullmatch(peer_hex):
        raise Undecipherable("a public key has 64 hex digits")
    try:
        return PublicKey(b"\x02" + bytes.fromhex(peer_hex)).multiply(private.secret).format()[1:]
    except ValueError as error:
        raise Undecipherable("this public key is not on the curve") from error


def x_of(private: PrivateKey) -> str:
    """The public key of a secret key that was read already."""
    return private.public_key.format()[1:].hex()


def private_key(secret: bytes) -> PrivateKey:
    """Raises Undecipherable for what is no secret key."""
    try:
        if len(secret) == 32:  # coincurve fills a shorter one up
            return PrivateKey(secret)
    except ValueError as error:
        raise Undecipherable("a secret key lies between 1 and the order of the curve") from error
    raise Undecipherable("a secret key has 32 bytes")
