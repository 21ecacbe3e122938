"""The bomb is a real one: small outside, a gibibyte inside, sound to its checksum."""

from __future__ import annotations

import gzip
import zlib

import pytest

from l402desk.sandbox.bomb import MIB, UNPACKED, gzip_bomb

pytestmark = pytest.mark.anyio


async def test_a_gibibyte_fits_into_some_hundred_bytes() -> None:
    bomb = await gzip_bomb()
    assert len(bomb) < 300
    inner = zlib.decompressobj(31)
    rest, total = gzip.decompress(gzip.decompress(bomb)), 0
    while not inner.eof:
        total += len(inner.decompress(rest, MIB))  # zlib checks the length and the checksum at the end
        rest = inner.unconsumed_tail
    assert total == UNPACKED


async def test_a_small_one_unpacks_to_zeros() -> None:
    once = gzip.decompress(gzip.decompress(await gzip_bomb(2 * MIB)))
    assert gzip.decompress(once) == bytes(2 * MIB)
