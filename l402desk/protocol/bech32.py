"""Bech32: a readable part, letters that stand for five bits each, and a checksum (BIP 173, BIP 350)."""

from __future__ import annotations

from l402desk.protocol.errors import InvoiceError

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
CHECKSUM_LENGTH = 6
BECH32, BECH32M = 1, 0x2BC830A3
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)

# int(…, 32) turns a whole run of five-bit words into one number, far faster than a loop over its bits.
_DIGITS = b"0123456789abcdefghijklmnopqrstuv"
_LETTERS = ALPHABET.encode("ascii")
_TO_DIGIT = bytes.maketrans(_LETTERS, _DIGITS)
_TO_VALUE = bytes.maketrans(_LETTERS, bytes(range(32)))
_HIGH_BITS = bytes(octet >> 5 for octet in range(256))
_LOW_BITS = bytes(octet & 31 for octet in range(256))


def _step(register: int, value: int) -> int:
    top = register >> 25
    register = (register & 0x1FFFFFF) << 5 ^ value
    for bit, word in enumerate(_GENERATOR):
        if top >> bit & 1:
            register ^= word
    return register


def _table_of_pairs() -> tuple[int, ...]:
    """What ten bits leaving the register at its top do to it. It is linear: ten entries span all 1,024."""
    table = [0]
    for bit in range(20, 30):
        word = _step(_step(1 << bit, 0), 0)
        table += [word ^ entry for entry in table]
    return tuple(table)


_PAIRS = _table_of_pairs()


def polymod(values: bytes) -> int:
    """The remainder of a sequence of five-bit values, as BIP 173 defines it; 1 for a sound bech32 text."""
    pairs, register = _PAIRS, 1
    if len(values) & 1:
        register, values = 32 ^ values[0], values[1:]
    for first, second in zip(values[::2], values[1::2], strict=True):
        register = (register & 0xFFFFF) << 10 ^ first << 5 ^ second ^ pairs[register >> 20]
    return register


def _expanded(hrp: bytes) -> bytes:
    return hrp.translate(_HIGH_BITS) + b"\0" + hrp.translate(_LOW_BITS)


def split(text: str) -> tuple[str, bytes]:
    """Check a bech32 text of any length and part it. ``text`` is ASCII and lower case.

    Returns the readable part, and the data without the checksum as base-32 *digits*: one ASCII digit (0-9,
    a-v) for each five-bit word, which ``number`` and ``octets`` read. Raises InvoiceError.
    """
    hrp, one, data = text.rpartition("1")
    if not one:
        raise InvoiceError("The invoice is damaged: there is no “1” between its amount and its data")
    raw = data.encode("ascii")
    if strangers := raw.translate(None, _LETTERS):
        at = len(hrp) + 1 + raw.index(strangers[0])
        raise InvoiceError("The invoice holds a character that no invoice has", f"character {at + 1}")
    if len(raw) < CHECKSUM_LENGTH:
        raise InvoiceError("The invoice is cut off: its checksum is missing", f"character {len(text)}")
    if polymod(_expanded(hrp.encode("ascii")) + raw.translate(_TO_VALUE)) != BECH32:
        raise InvoiceError(
            "The invoice is damaged: its checksum does not fit, so a character is wrong, missing or too many"
        )
    return hrp, raw[:-CHECKSUM_LENGTH].translate(_TO_DIGIT)


def number(digits: bytes) -> int:
    """Five-bit words as one big-endian number; zero for none."""
    return int(digits, 32) if digits else 0


def octets(digits: bytes) -> bytes:
    """The whole bytes in a run of five-bit words; the bits left over at its end are padding and dropped."""
    size = len(digits) * 5 >> 3
    return (int(digits, 32) >> len(digits) * 5 - size * 8).to_bytes(size, "big") if size else b""


def padded_octets(digits: bytes) -> bytes:
    """Five-bit words as bytes, filled up with zero bits: what the signature of an invoice covers."""
    size = -(-len(digits) * 5 // 8)
    return (number(digits) << size * 8 - len(digits) * 5).to_bytes(size, "big")


def _words(data: bytes) -> bytes:
    """Bytes as five-bit values, padded with zero bits."""
    count = -(-len(data) * 8 // 5)
    bits = int.from_bytes(data, "big") << count * 5 - len(data) * 8
    return bytes(bits >> 5 * at & 31 for at in reversed(range(count)))


def segwit_address(prefix: str, version: int, program: bytes) -> str:
    """The address of a witness program: bech32 for version 0, bech32m from version 1 on (BIP 173, BIP 350).

    ``prefix`` is the network's ("bc"), ``version`` 0 to 16, ``program`` 2 to 40 bytes; none is checked here.
    """
    values = bytes([version]) + _words(program)
    constant = BECH32M if version else BECH32
    rest = polymod(_expanded(prefix.encode("ascii")) + values + bytes(CHECKSUM_LENGTH)) ^ constant
    values += bytes(rest >> 5 * at & 31 for at in reversed(range(CHECKSUM_LENGTH)))
    return f"{prefix}1" + "".join(ALPHABET[value] for value in values)
