"""The proof of a payment: the preimage, and the payment hash that commits to it (BOLT 2, BOLT 11)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from l402desk.protocol.errors import ProofError

_HEX = re.compile(r"[0-9a-fA-F]+")


def _thirty_two_bytes(text: str, what: str) -> bytes:
    squeezed = re.sub(r"\s+", "", text).removeprefix("0x")
    if not _HEX.fullmatch(squeezed):
        raise ProofError(f"A {what} is written in the digits 0-9 and the letters a-f")
    if len(squeezed) != 64:
        raise ProofError(f"A {what} has 64 characters, this has {len(squeezed)}")
    return bytes.fromhex(squeezed)


@dataclass(frozen=True, slots=True)
class PaymentHash:
    """SHA-256 of the preimage, 32 bytes: the public name of a payment."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 32:
            raise ProofError("A payment hash has 32 bytes")

    @classmethod
    def from_hex(cls, text: str) -> PaymentHash:
        return cls(_thirty_two_bytes(text, "payment hash"))

    @property
    def hex(self) -> str:
        return self.raw.hex()

    def __str__(self) -> str:
        return self.hex


@dataclass(frozen=True, slots=True)
class Preimage:
    """The 32 secret bytes that only a settled payment reveals. Its ``repr`` never shows them."""

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != 32:
            raise ProofError("A preimage has 32 bytes")
        if not any(self.raw):
            # Wallets that settle internally have answered with zeros (LNbits, phoenixd, Cashu): never a proof.
            raise ProofError("This preimage is all zeros: the wallet did not hand out the real one")

    @classmethod
    def from_hex(cls, text: str) -> Preimage:
        """Read 64 hexadecimal digits in either case, with spaces or a leading ``0x``. Raises ProofError."""
        return cls(_thirty_two_bytes(text, "preimage"))

    @property
    def hex(self) -> str:
        """Lower-case hexadecimal, as the Authorization header wants it."""
        return self.raw.hex()

    def payment_hash(self) -> PaymentHash:
        return PaymentHash(hashlib.sha256(self.raw).digest())

    def proves(self, payment_hash: PaymentHash) -> bool:
        """The only proof of payment there is: ``sha256(preimage) == payment_hash``."""
        return self.payment_hash() == payment_hash

    def __repr__(self) -> str:
        return "Preimage(…)"

    __str__ = __repr__


def read_preimage(text: str, payment_hash: PaymentHash) -> Preimage:
    """What a person pasted, as the proof of exactly this payment.

    Raises ProofError, in words that say what was pasted instead: the payment hash, too few characters, another
    payment's preimage.
    """
    squeezed = re.sub(r"\s+", "", text).removeprefix("0x").lower()
    if squeezed == payment_hash.hex:
        raise ProofError(
            "That is the payment hash. Look for “Preimage” or “Proof of payment” next to it in your wallet"
        )
    if squeezed.startswith(("lnbc", "lntb", "lnsb", "lightning:")):
        raise ProofError("That is the invoice. The preimage appears in your wallet after it has paid")
    preimage = Preimage.from_hex(text)
    if not preimage.proves(payment_hash):
        raise ProofError("This preimage belongs to another payment: its hash is not this invoice's")
    return preimage
