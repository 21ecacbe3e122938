"""Undoing Content-Encoding in bounded steps: no chunk, layer or ratio can surprise us (RFC 9110, 8.4)."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from l402desk.client.limits import KIB, Limits

ACCEPT_ENCODING = "gzip, deflate"
_STEP = 64 * KIB  # the most a layer hands on at once
_SLICE = 8 * KIB  # the most a layer is given at once: keeps many tiny gzip members linear in time
_GZIP_WINDOW, _ZLIB_WINDOW, _RAW_WINDOW = 31, 15, -15


class DecodingError(Exception):
    """The compressed body is damaged, or ends too early."""


class BombError(Exception):
    """The compressed body expands beyond every honest ratio."""


class _Layer(Protocol):
    def feed(self, data: bytes) -> Iterator[bytes]: ...
    def end(self) -> None: ...


class Decoder:
    """Layers of one body. `feed` yields pieces of at most 64 KiB; `end` raises where something is missing."""

    def __init__(self, layers: Iterable[_Layer], limits: Limits) -> None:
        self._layers = tuple(layers)
        self._limits = limits
        self._received = 0
        self._expanded = 0

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """Decode what arrived. Raises DecodingError or BombError; what was yielded before stays good."""
        if not self._layers:
            yield chunk
            return
        for start in range(0, len(chunk), _SLICE):
            piece = chunk[start : start + _SLICE]
            self._received += len(piece)
            yield from self._through(0, piece)

    def end(self) -> None:
        """Raises DecodingError where a layer was not finished. A body of no bytes at all is finished."""
        if self._received:
            for layer in self._layers:
                layer.end()

    def _through(self, index: int, data: bytes) -> Iterator[bytes]:
        if index == len(self._layers):
            yield data
            return
        for piece in self._layers[index].feed(data):
            self._count(len(piece))
            yield from self._through(index + 1, piece)

    def _count(self, size: int) -> None:
        # Over all layers together: a middle layer that explodes costs time, even where the last one shrinks
        # it again.
        self._expanded += size
        over_grace = self._expanded > self._limits.ratio_grace_bytes
        if over_grace and self._expanded > self._limits.ratio * self._received:
            raise BombError


def decoder_for(content_encoding: Iterable[str], limits: Limits) -> Decoder | None:
    """The decoder for the values of an answer's Content-Encoding, or None where it is not undone.

    Raises BombError for more layers than any honest server applies.
    """
    names = [name.strip(" \t").lower() for value in content_encoding for name in value.split(",")]
    names = [name for name in names if name and name != "identity"]
    if len(names) > limits.encodings:
        raise BombError
    makers: dict[str, type[_Gzip] | type[_Deflate]] = {"gzip": _Gzip, "x-gzip": _Gzip, "deflate": _Deflate}
    if any(name not in makers for name in names):
        return None
    return Decoder([makers[name]() for name in reversed(names)], limits)


class _Gzip:
    """Gzip, with its members one after another (RFC 1952, 2.2); what follows the last one is ignored."""

    def __init__(self) -> None:
        self._inflater = zlib.decompressobj(_GZIP_WINDOW)
        self._members = 0
        self._inside = False
        self._padding = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        while data and not self._padding:
            if self._members and not self._inside and data[0] != 0x1F:
                self._padding = True
                return
            self._inside = True
            yield from _inflate(self._inflater, data)
            if not self._inflater.eof:
                return
            data = self._inflater.unused_data
            self._inflater = zlib.decompressobj(_GZIP_WINDOW)
            self._inside = False
            self._members += 1

    def end(self) -> None:
        if self._inside or not self._members:
            raise DecodingError


class _Deflate:
    """Deflate, with the zlib wrapper that the standard asks for, or bare as some servers send it."""

    def __init__(self) -> None:
        self._inflater: zlib._Decompress | None = None
        self._first = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        if self._inflater is None:
            self._first += data
            if len(self._first) < 2:
                return
            data, self._first = self._first, b""
            # RFC 1950, 2.2: method 8, and the first two bytes as a number are a multiple of 31.
            wrapped = data[0] & 0x0F == 8 and int.from_bytes(data[:2], "big") % 31 == 0
            self._inflater = zlib.decompressobj(_ZLIB_WINDOW if wrapped else _RAW_WINDOW)
        if not self._inflater.eof:
            yield from _inflate(self._inflater, data)

    def end(self) -> None:
        if self._inflater is None or not self._inflater.eof:
            raise DecodingError


def _inflate(inflater: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    while True:
        try:
            piece = inflater.decompress(data, _STEP)
        except zlib.error as error:
            raise DecodingError from error
        if piece:
            yield piece
        data = inflater.unconsumed_tail
        if inflater.eof or (not data and len(piece) < _STEP):
            return
