"""Base58Check, the notation of Bitcoin's older addresses: no look-alike letters, and a checksum."""

from __future__ import annotations

import hashlib

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def base58check(payload: bytes) -> str:
    """Encode a payload (version byte first) with the first four bytes of its double SHA-256 behind it."""
    data = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    rest, letters = int.from_bytes(data, "big"), ""
    while rest:
        rest, digit = divmod(rest, 58)
        letters = ALPHABET[digit] + letters
    # A number has no leading zeros: each zero byte in front is written as one more "1".
    return ALPHABET[0] * (len(data) - len(data.lstrip(b"\0"))) + letters
