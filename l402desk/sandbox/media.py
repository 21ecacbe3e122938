"""A picture and a tone, made from numbers: a real PNG and a real WAV without any file."""

from __future__ import annotations

import math
import struct
import zlib

SIDE = 256
RATE = 8_000
SECONDS = 1
PITCH_HZ = 440

_BOLT = ((150, 20), (70, 145), (120, 145), (95, 236), (186, 105), (132, 105))


def png() -> bytes:
    """256 × 256 pixels in true colour: a lightning bolt on a dusk sky (PNG specification, third edition)."""
    rows = b"".join(b"\x00" + _row(y) for y in range(SIDE))  # filter type 0 before every row
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND")


def wav() -> bytes:
    """One second of concert pitch: 16 bit, mono, 8 kHz, faded at both ends so that it does not click."""
    count = RATE * SECONDS
    samples = [
        int(9_000 * min(1.0, i / 400, (count - i) / 400) * math.sin(2 * math.pi * PITCH_HZ * i / RATE))
        for i in range(count)
    ]
    data = struct.pack(f"<{count}h", *samples)
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    riff = struct.pack("<4sI4s", b"RIFF", 4 + len(layout) + 8 + len(data), b"WAVE")
    return riff + layout + struct.pack("<4sI", b"data", len(data)) + data


def _chunk(kind: bytes, data: bytes = b"") -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _row(y: int) -> bytes:
    sky = bytes((30 + y // 8, 32 + y // 5, 70 + y // 3))
    crossings = sorted(_crossings(y))
    row = bytearray(sky * SIDE)
    for left, right in zip(crossings[::2], crossings[1::2], strict=True):
        row[3 * left : 3 * right] = b"\xf7\xa1\x1b" * (right - left)
    return bytes(row)


def _crossings(y: int) -> list[int]:
    """Where the outline of the bolt crosses this row: an even number of places, half a pixel down."""
    level, found = y + 0.5, []
    for (x1, y1), (x2, y2) in zip(_BOLT, (*_BOLT[1:], _BOLT[0]), strict=True):
        if min(y1, y2) <= level < max(y1, y2):
            found.append(round(x1 + (level - y1) * (x2 - x1) / (y2 - y1)))
    return found
