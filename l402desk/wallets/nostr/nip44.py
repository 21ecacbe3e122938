"""NIP-44, version 2: text between two keys by ECDH, HKDF, padding, ChaCha20 and HMAC-SHA256."""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import ChaCha20
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from l402desk.wallets.nostr.errors import Undecipherable
from l402desk.wallets.nostr.keys import shared_x

VERSION = 2
LONGEST = 65_535
"""The most bytes of a plaintext; the longer form that NIP-44 has since got is refused."""
_PAYLOAD = range(132, 87_473)  # base64 digits
_PARTS = range(99, 65_604)  # bytes: version 1, nonce 32, ciphertext, MAC 32


def conversation_key(secret: bytes, peer_hex: str) -> bytes:
    """The 32 bytes that two keys share for good. Raises Undecipherable for what are no keys."""
    return hmac.digest(b"nip44-v2", shared_x(secret, peer_hex), "sha256")


def encrypt(text: str, key: bytes, nonce: bytes | None = None) -> str:
    """A payload in base64. ``nonce`` is given by tests alone. Raises ValueError unless 1 to 65535 bytes of text."""
    plain = text.encode()
    if not 1 <= len(plain) <= LONGEST:
        raise ValueError("NIP-44 encrypts 1 to 65535 bytes")
    nonce = secrets.token_bytes(32) if nonce is None else nonce
    cipher_key, cipher_nonce, mac_key = message_keys(key, nonce)
    padded = len(plain).to_bytes(2, "big") + plain + bytes(padded_length(len(plain)) - len(plain))
    sealed = _chacha20(cipher_key, cipher_nonce, padded)
    return base64.b64encode(bytes([VERSION]) + nonce + sealed + _mac(mac_key, nonce, sealed)).decode()


def decrypt(payload: str, key: bytes) -> str:
    """The text of a payload. Raises Undecipherable for every other string and every other key."""
    if payload.startswith("#"):
        raise Undecipherable("encrypted in a way that is not known yet")
    parts = _bytes_of(payload)
    if len(parts) not in _PARTS or parts[0] != VERSION:
        raise Undecipherable("no payload of NIP-44 version 2")
    nonce, sealed, mac = parts[1:33], parts[33:-32], parts[-32:]
    cipher_key, cipher_nonce, mac_key = message_keys(key, nonce)
    if not hmac.compare_digest(_mac(mac_key, nonce, sealed), mac):
        raise Undecipherable("changed on its way, or made for another key")
    return _unpadded(_chacha20(cipher_key, cipher_nonce, sealed))


def message_keys(key: bytes, nonce: bytes) -> tuple[bytes, bytes, bytes]:
    """ChaCha20 key, ChaCha20 nonce and HMAC key of one message. Raises ValueError for wrong lengths."""
    if len(key) != 32 or len(nonce) != 32:
        raise ValueError("key and nonce have 32 bytes each")
    stream = HKDFExpand(SHA256(), 76, nonce).derive(key)
    return stream[:32], stream[32:44], stream[44:]


def padded_length(length: int) -> int:
    """How many bytes this many are padded to: eight steps to each power of two, 32 at least."""
    if length <= 32:
        return 32
    power = 1 << (length - 1).bit_length()
    step = max(power // 8, 32)
    return step * ((length - 1) // step + 1)


def _unpadded(padded: bytes) -> str:
    length = int.from_bytes(padded[:2], "big")
    plain = padded[2 : 2 + length]
    if length == 0 or len(plain) != length or len(padded) != 2 + padded_length(length):
        raise Undecipherable("the padding is not NIP-44's")
    try:
        return plain.decode()
    except UnicodeDecodeError as error:
        raise Undecipherable("no text") from error


def _bytes_of(payload: str) -> bytes:
    if len(payload) not in _PAYLOAD:
        raise Undecipherable("no length of a NIP-44 payload")
    try:
        return base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError) as error:  # ValueError: other characters than ASCII
        raise Undecipherable("no base64") from error


def _chacha20(key: bytes, nonce: bytes, data: bytes) -> bytes:
    counter = bytes(4)  # the first four of the sixteen bytes that OpenSSL takes for a nonce
    return Cipher(ChaCha20(key, counter + nonce), mode=None).encryptor().update(data)


def _mac(key: bytes, nonce: bytes, sealed: bytes) -> bytes:
    return hmac.digest(key, nonce + sealed, "sha256")
