"""The write-ahead log of a SQLite file, laid over it in memory: what other programs committed last is often only there.

File format: https://www.sqlite.org/fileformat2.html#the_write_ahead_log. Nothing is written to a disk, so no copy of a
foreign secret can be left behind by a crash.
"""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Iterator

from l402desk.vault.foreign.entries import ImportRefused

MAGIC = b"SQLite format 3\0"
_HEADER = struct.Struct(">8I")
_FRAME = struct.Struct(">6I")
_LOG_MAGIC = 0x377F0682  # the lowest bit says whether checksums read their words big-endian
_SMALLEST_PAGE, _LARGEST_PAGE = 512, 65_536
_MOST_RESULT = 128 * 1024 * 1024  # bytes: a log may name any page, and pages that far out are nobody's tokens
_WORD = 0xFFFFFFFF


def with_log(database: bytes, log: bytes) -> bytes:
    """The database as its last commit left it, marked as one without a log so that it opens in memory.

    Raises ImportRefused where it is no database.
    """
    if len(database) < 100 or not database.startswith(MAGIC):
        raise ImportRefused("This is no SQLite file.", "Name the file that holds the tokens.")
    pages = bytearray(database)
    size = _page_size(database)
    total = len(database)
    if size is not None:
        for number, page, committed in _committed(log, size):
            end = number * size
            if len(pages) < end:
                pages.extend(bytes(end - len(pages)))
            pages[end - size : end] = page
            total = committed * size
    del pages[total:]
    pages[18:20] = b"\x01\x01"  # read and write version "legacy": no log
    return bytes(pages)


def _page_size(database: bytes) -> int | None:
    (said,) = struct.unpack_from(">H", database, 16)
    size = _LARGEST_PAGE if said == 1 else said
    return size if _SMALLEST_PAGE <= size <= _LARGEST_PAGE and size & (size - 1) == 0 else None


def _committed(log: bytes, size: int) -> Iterator[tuple[int, bytes, int]]:
    """Page number, page, and size of the database in pages: of all frames up to the last commit, in order."""
    if len(log) < _HEADER.size:
        return
    magic, _, log_page, _, *salts, first, second = _HEADER.unpack_from(log)
    if magic & ~1 != _LOG_MAGIC or log_page != size:
        return
    big = bool(magic & 1)
    sums = _summed((0, 0), log[:24], big)
    if sums != (first, second):
        return
    waiting: list[tuple[int, bytes]] = []
    most = _MOST_RESULT // size
    for at in range(_HEADER.size, len(log) - _FRAME.size - size + 1, _FRAME.size + size):
        number, committed, salt1, salt2, sum1, sum2 = _FRAME.unpack_from(log, at)
        page = log[at + _FRAME.size : at + _FRAME.size + size]
        sums = _summed(_summed(sums, log[at : at + 8], big), page, big)
        if [salt1, salt2] != salts or sums != (sum1, sum2) or not 0 < number <= most:
            return  # left over from before, or torn: nothing after it counts
        waiting.append((number, page))
        if committed:
            total = min(committed, most)
            yield from ((number, page, total) for number, page in waiting)
            waiting = []


def _summed(sums: tuple[int, int], data: bytes, big: bool) -> tuple[int, int]:
    words = array("I", data)
    if big != (sys.byteorder == "big"):
        words.byteswap()
    one, two = sums
    steps = iter(words)
    for first, second in zip(steps, steps, strict=True):
        one = (one + first + two) & _WORD
        two = (two + second + one) & _WORD
    return one, two
