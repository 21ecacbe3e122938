"""The token file of aperture, loop, pool, litd and lnget: one token in binary, big-endian, no server named.

uint32 macaroon length, macaroon (binary), 32 bytes payment hash, 32 bytes preimage (zeros: pending), uint64 amount and
uint64 fee in millisatoshi, int64 nanoseconds since 1970; since 2026 also uint64 nonce and uint32 difficulty of a proof
of work, zero for what was paid for (aperture, l402/token.go).
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass, field
from pathlib import Path

from l402desk.protocol.amount import MOST, Msat
from l402desk.protocol.instants import LATEST
from l402desk.protocol.proof import PaymentHash
from l402desk.vault.foreign.entries import Entry, EntryRefused, ImportRefused
from l402desk.vault.foreign.files import is_plain_file, read_file
from l402desk.vault.scope import Reach

NAMES = ("l402.token", "l402.token.pending", "lsat.token", "lsat.token.pending")
MOST_BYTES = 64 * 1024
_PENDING = bytes(32)
_LENGTH = struct.Struct(">I")
_REST = struct.Struct(">32s32sQQq")
_WORK = struct.Struct(">QI")
_NANO = 10**9


@dataclass(frozen=True, slots=True)
class TokenFile:
    """The contents of such a file. ``preimage`` has 32 bytes, all zero while the payment is pending."""

    macaroon: bytes = field(repr=False)
    payment_hash: PaymentHash
    preimage: bytes = field(repr=False)
    amount_msat: int
    fee_msat: int
    created_ns: int

    @property
    def is_pending(self) -> bool:
        return self.preimage == _PENDING

    def pack(self) -> bytes:
        """The bytes of the file."""
        fixed = _REST.pack(self.payment_hash.raw, self.preimage, self.amount_msat, self.fee_msat, self.created_ns)
        return _LENGTH.pack(len(self.macaroon)) + self.macaroon + fixed


def unpack(raw: bytes) -> TokenFile:
    """Read the bytes of a file. Raises EntryRefused."""
    if len(raw) < _LENGTH.size:
        raise EntryRefused("the file is too short for a token.")
    (length,) = _LENGTH.unpack_from(raw)
    end = _LENGTH.size + length
    if length > MOST_BYTES or len(raw) not in (end + _REST.size, end + _REST.size + _WORK.size):
        raise EntryRefused("the file is no token file, or was cut short.")
    if len(raw) > end + _REST.size and any(raw[end + _REST.size :]):
        raise EntryRefused("the token was got by a proof of work and not by a payment.")
    payment_hash, preimage, amount, fee, created = _REST.unpack_from(raw, end)
    return TokenFile(raw[_LENGTH.size : end], PaymentHash(payment_hash), preimage, amount, fee, created)


def files_in(folder: Path) -> list[Path]:
    """The token files of a folder, links left out."""
    return [folder / name for name in NAMES if is_plain_file(folder / name)]


def read_entry(file: Path, where: str, url: str = "") -> Entry:
    """The one token of a file; for the host of ``url`` where that is known. Raises EntryRefused."""
    try:
        contents = unpack(read_file(file, MOST_BYTES))
    except ImportRefused as error:
        raise EntryRefused(error.sentence) from error
    seconds = contents.created_ns // _NANO
    return Entry(
        where=where,
        url=url,
        reach=Reach.HOST,
        # The file keeps bytes, where the server sent text: aperture reads padded standard base64 only.
        credential=base64.b64encode(contents.macaroon).decode("ascii"),
        preimage=contents.preimage.hex(),
        scheme="LSAT" if file.name.startswith("lsat.") else "L402",
        payment_hash=contents.payment_hash,
        price=Msat(contents.amount_msat) if 0 < contents.amount_msat <= MOST else None,
        at=seconds if 0 < seconds <= LATEST else None,
    )
