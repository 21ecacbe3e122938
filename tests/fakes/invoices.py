"""Writes BOLT11 invoices, good and bad ones, straight from the specification and bit by bit.

It shares no code with the reader, so that a mistake cannot hide in both. ``mint_invoice`` writes an ordinary
one; ``write_invoice`` takes the readable part and every field as they are, however wrong.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from coincurve import PrivateKey

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
KEY = bytes.fromhex("e126f68f7eafcc8b74f54d269fe206be715000f94dac067d1c04a8ca3b2db734")
NODE = "03e7156ae33b0a208d0744199163177e909e80176e55d97a2f221ede0f934dd9ad"  # the public key of KEY
PREIMAGE = bytes(range(32))
SECRET = b"\x11" * 32
NOW = 1_700_000_000  # seconds since 1970: when an invoice is written unless told otherwise
PAYMENT_SECRET_AND_ONION = (8, 14)

Field = tuple[str, str]  # a letter and a string of bits


def bits_of(data: bytes) -> str:
    return "".join(f"{octet:08b}" for octet in data)


def data_field(letter: str, data: bytes) -> Field:
    return letter, bits_of(data)


def number_field(letter: str, value: int) -> Field:
    """A number in as few five-bit words as it needs."""
    bits = f"{value:b}"
    return letter, "0" * (-len(bits) % 5) + bits


def features_field(*bits: int) -> Field:
    return number_field("9", sum(1 << bit for bit in set(bits)))


def fallback_field(version: int, program: bytes) -> Field:
    return "f", f"{version:05b}" + bits_of(program)


def hop(node: str, channel: int, base: int, ppm: int, delta: int) -> bytes:
    """One hop of a route hint: 51 bytes."""
    return b"".join(
        (bytes.fromhex(node), channel.to_bytes(8, "big"), base.to_bytes(4, "big"), ppm.to_bytes(4, "big"),
         delta.to_bytes(2, "big"))
    )  # fmt: skip


def checksum(hrp: str, words: Sequence[int], constant: int = 1) -> list[int]:
    """Six words that make the text sound: division by the polynomial of BIP 173, word by word."""
    register = 1
    expanded = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    for word in [*expanded, *words, 0, 0, 0, 0, 0, 0]:
        top = register >> 25
        register = ((register & 0x1FFFFFF) << 5) ^ word
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            register ^= generator if (top >> bit) & 1 else 0
    register ^= constant
    return [(register >> 5 * (5 - at)) & 31 for at in range(6)]


def bech32_text(hrp: str, words: Sequence[int]) -> str:
    return hrp + "1" + "".join(ALPHABET[word] for word in [*words, *checksum(hrp, words)])


def words_of(bits: str) -> list[int]:
    """Bits as five-bit words, padded with zeros."""
    bits += "0" * (-len(bits) % 5)
    return [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]


def sign(hrp: str, bits: str, key: bytes = KEY, *, high_s: bool = False) -> bytes:
    """The 64 bytes of a signature over an invoice, and its recovery id."""
    bits += "0" * (-len(bits) % 8)
    message = hrp.encode() + int("1" + bits, 2).to_bytes(len(bits) // 8 + 1, "big")[1:]
    signature = PrivateKey(key).sign_recoverable(hashlib.sha256(message).digest(), hasher=None)
    if not high_s:
        return signature
    other = ORDER - int.from_bytes(signature[32:64], "big")
    return signature[:32] + other.to_bytes(32, "big") + bytes([signature[64] ^ 1])


def write_invoice(
    hrp: str,
    fields: Iterable[Field],
    *,
    timestamp: int = NOW,
    key: bytes = KEY,
    high_s: bool = False,
    signature: bytes | None = None,
    loose_words: Sequence[int] = (),
) -> str:
    """An invoice of exactly these fields, with ``loose_words`` behind them and a sound checksum.

    ``signature`` (65 bytes) replaces the real one, which ``key`` makes, with the high S if asked.
    """
    words = words_of(f"{timestamp:035b}")
    for letter, bits in fields:
        body = words_of(bits)
        words += [ALPHABET.index(letter), len(body) >> 5, len(body) & 31, *body]
    words += loose_words
    if signature is None:
        signature = sign(hrp, "".join(f"{word:05b}" for word in words), key, high_s=high_s)
    return bech32_text(hrp, words + words_of(bits_of(signature)))


def amount_text(msat: int | None) -> str:
    """An amount in the shortest form; None is left out."""
    if msat is None:
        return ""
    for letter, size in (("", 10**11), ("m", 10**8), ("u", 10**5), ("n", 100)):
        if msat % size == 0:
            return f"{msat // size}{letter}"
    return f"{msat * 10}p"


def mint_invoice(
    msat: int | None = 21_000,
    *,
    prefix: str = "lnbcrt",
    preimage: bytes = PREIMAGE,
    payment_hash: bytes | None = None,
    payment_secret: bytes | None = SECRET,
    description: str | bytes | None = "A request",
    timestamp: int = NOW,
    expiry: int | None = None,
    features: Sequence[int] = PAYMENT_SECRET_AND_ONION,
    key: bytes = KEY,
    more: Iterable[Field] = (),
    high_s: bool = False,
    signature: bytes | None = None,
) -> str:
    """An ordinary invoice, except for what is asked. None leaves a field out; ``more`` fields come last.

    ``payment_hash`` is that of ``preimage`` unless given; a ``description`` of bytes need not be text.
    """
    fields = [data_field("p", hashlib.sha256(preimage).digest() if payment_hash is None else payment_hash)]
    if payment_secret is not None:
        fields.append(data_field("s", payment_secret))
    if description is not None:
        raw = description.encode() if isinstance(description, str) else description
        fields.append(data_field("d", raw))
    if expiry is not None:
        fields.append(number_field("x", expiry))
    if features:
        fields.append(features_field(*features))
    hrp = prefix + amount_text(msat)
    return write_invoice(hrp, [*fields, *more], timestamp=timestamp, key=key, high_s=high_s, signature=signature)
