"""NIP-04: what wallets understood before NIP-44. AES-256-CBC under the bare shared x, without any proof of origin.

Nothing but the event's signature says that such a text is whole, so it is read only out of events that were verified.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.padding import PKCS7

from l402desk.wallets.nostr.errors import Undecipherable
from l402desk.wallets.nostr.keys import shared_x

MARK = "?iv="
"""Stands in every payload of NIP-04 and in none of NIP-44."""
LONGEST = 131_072
_BLOCK = 16


def conversation_key(secret: bytes, peer_hex: str) -> bytes:
    """The 32 bytes that two keys share for good. Raises Undecipherable for what are no keys."""
    return shared_x(secret, peer_hex)


def encrypt(text: str, key: bytes, nonce: bytes | None = None) -> str:
    """A payload, ``base64?iv=base64``. ``nonce``, the 16 bytes behind ``iv``, is given by test vectors alone."""
    iv = secrets.token_bytes(_BLOCK) if nonce is None else nonce
    padder = PKCS7(_BLOCK * 8).padder()
    encryptor = Cipher(AES256(key), CBC(iv)).encryptor()
    sealed = encryptor.update(padder.update(text.encode()) + padder.finalize()) + encryptor.finalize()
    return f"{base64.b64encode(sealed).decode()}{MARK}{base64.b64encode(iv).decode()}"


def decrypt(payload: str, key: bytes) -> str:
    """The text of a payload. Raises Undecipherable for every other string, and for most other keys."""
    if len(payload) > LONGEST:
        raise Undecipherable("longer than any answer of a wallet")
    body, mark, tail = payload.partition(MARK)
    if not mark:
        raise Undecipherable("no payload of NIP-04")
    try:
        sealed, iv = base64.b64decode(body, validate=True), base64.b64decode(tail, validate=True)
        decryptor, unpadder = Cipher(AES256(key), CBC(iv)).decryptor(), PKCS7(_BLOCK * 8).unpadder()
        padded = decryptor.update(sealed) + decryptor.finalize()
        return (unpadder.update(padded) + unpadder.finalize()).decode()
    except (binascii.Error, ValueError) as error:  # lengths, padding and UTF-8, which all are told apart by nobody
        raise Undecipherable("no payload of NIP-04, or made for another key") from error
