"""A file on its way out: read piece by piece in a thread, and never more or less than was announced."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx

from l402desk.client.errors import DraftError

_PIECE = 256 * 1024


class FileStream(httpx.AsyncByteStream):
    """The first ``size`` bytes of a file. Raises DraftError where it became shorter, or cannot be read."""

    def __init__(self, path: Path, size: int) -> None:
        self._path = path
        self._size = size

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = self._size
        try:
            with await asyncio.to_thread(self._path.open, "rb") as file:
                while left and (piece := await asyncio.to_thread(file.read, min(left, _PIECE))):
                    left -= len(piece)
                    yield piece
        except OSError as error:
            raise DraftError("body", f"The file {self._path.name} cannot be read", "Choose another file.") from error
        if left:
            raise DraftError("body", f"The file {self._path.name} became shorter while it was sent", "Send again.")
