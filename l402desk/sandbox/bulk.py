"""Answers that come piece by piece: a JSON array of any size, and a stream of events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

MIB = 1024 * 1024
MOST_MIB = 200
PIECE = 64 * 1024
RECORD = 128
EVENTS = 10
_TAIL = b'{"id": "end"}]\n'


async def big_json(mib: int) -> AsyncIterator[bytes]:
    """Exactly ``mib`` MiB of one valid JSON array, in pieces of 64 KiB; the loop runs between any two."""
    records = PIECE // RECORD
    for piece in range(mib * MIB // PIECE):
        data = "".join(_record(number) for number in range(piece * records, (piece + 1) * records)).encode()
        if piece == 0:
            data = b"[" + data[1:]
        if piece == mib * MIB // PIECE - 1:
            data = data[:-RECORD] + _TAIL.rjust(RECORD)
        yield data
        await asyncio.sleep(0)


def _record(number: int) -> str:
    """One record of 128 characters, with the space in front that the array's bracket may take."""
    reading = (number * 7919) % 4000 / 100
    record = f' {{"id": "{number:08}", "sensor": "s-{number % 97:02}", "celsius": {reading:.2f}, "note": "'
    return record + "." * (RECORD - len(record) - 4) + '"},\n'


async def events(every_s: float) -> AsyncIterator[bytes]:
    """Ten server-sent events and an end (HTML standard, 9.2), ``every_s`` seconds apart."""
    for number in range(1, EVENTS + 1):
        data = json.dumps({"block": 900_000 + number, "fee_sat_per_vbyte": 4 + number * 3 % 11})
        yield f"id: {number}\nevent: block\ndata: {data}\n\n".encode()
        await asyncio.sleep(every_s)
    yield b"event: end\ndata: {}\n\n"
