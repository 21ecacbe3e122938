"""Receiving one body: from the wire through the decoder into the spool, and in words why it ended early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, Callable
from dataclasses import dataclass

from l402desk.client.answer import Progress
from l402desk.client.decoding import BombError, Decoder, DecodingError, decoder_for
from l402desk.client.errors import Kind, Trouble
from l402desk.client.limits import MIB, Limits
from l402desk.client.spool import Spool, SpooledBody, SpoolError
from l402desk.client.translation import FOREIGN, explain


class _TooLargeError(Exception):
    """The decoded body is larger than the limit."""


@dataclass(frozen=True, slots=True)
class Received:
    """A body, why it is still encoded, and what ended it early."""

    body: SpooledBody
    undecoded: str | None
    trouble: Trouble | None


@dataclass(frozen=True, slots=True)
class Reception:
    """What receiving a body depends on."""

    host: str
    status: int
    content_encoding: tuple[str, ...]
    expected: int | None
    limits: Limits
    on_progress: Callable[[Progress], None] | None = None

    async def receive(self, stream: AsyncIterable[bytes], spool: Spool, deadline: float) -> Received:
        """Take the body until its end or until ``deadline`` (loop time). Trouble is told, not raised.

        What had arrived is kept: it may have been paid for. Only a cancellation discards it.
        """
        undecoded, encoding_trouble, decoder = self._decoder()
        ended: Trouble | None = None
        try:
            try:
                async with asyncio.timeout_at(deadline):
                    await self._pump(stream, decoder, spool)
            except (DecodingError, BombError, _TooLargeError, *FOREIGN) as error:
                ended = self._told(error)
            body, ended = await _finished(spool, ended)
            return Received(body, undecoded, ended or encoding_trouble)
        except BaseException:
            await spool.abandon()
            raise

    def _decoder(self) -> tuple[str | None, Trouble | None, Decoder]:
        names = ", ".join(self.content_encoding)
        identity = Decoder((), self.limits)
        try:
            decoder = decoder_for(self.content_encoding, self.limits)
        except BombError:
            return (
                f"The body is encoded more than {self.limits.encodings} times over and is kept as received.",
                self._told(BombError()),
                identity,
            )
        if decoder is None:
            return f"The body is encoded as {_printable(names)} and is kept as received.", None, identity
        return None, None, decoder

    async def _pump(self, stream: AsyncIterable[bytes], decoder: Decoder, spool: Spool) -> None:
        received = 0
        async for chunk in stream:
            received += len(chunk)
            for piece in decoder.feed(chunk):
                room = self.limits.body_bytes - spool.size
                await spool.write(piece[:room])
                if len(piece) > room:
                    raise _TooLargeError
            if self.on_progress is not None:
                self.on_progress(Progress(self.status, received, spool.size, self.expected))
        decoder.end()

    def _told(self, error: BaseException) -> Trouble:
        match error:
            case DecodingError():
                return Trouble(
                    Kind.BAD_ENCODING,
                    "Damaged answer",
                    f"The compressed body from {self.host} is damaged or ends too early.",
                    "Send again, with the header Accept-Encoding: identity.",
                )
            case BombError():
                return Trouble(
                    Kind.BOMB,
                    "Answer refused",
                    f"The compressed body from {self.host} expands more than {self.limits.ratio} times, or is "
                    f"encoded more than {self.limits.encodings} times over. It was stopped.",
                    "No honest server sends that.",
                )
            case _TooLargeError():
                size = f"{self.limits.body_bytes / MIB:g} MiB"
                return Trouble(
                    Kind.TOO_LARGE,
                    "Answer too large",
                    f"The body was stopped at {size}.",
                    "Allow more in the settings.",
                )
            case TimeoutError():
                return total_timeout(self.host, self.limits)
            case SpoolError():
                return _disk(error)
        return explain(error, self.host, self.limits)


def total_timeout(host: str, limits: Limits) -> Trouble:
    return Trouble(
        Kind.TOTAL_TIMEOUT,
        "No answer in time",
        f"{host} did not finish within {limits.total_s:g} seconds.",
        "Try again; allow more time in the settings.",
    )


def _disk(error: SpoolError) -> Trouble:
    return Trouble(
        Kind.DISK,
        "The answer could not be kept",
        f"Writing it to the disk failed: {error.strerror or 'no reason given'}.",
        "Make room on the disk and send again.",
    )


async def _finished(spool: Spool, ended: Trouble | None) -> tuple[SpooledBody, Trouble | None]:
    if ended is None or ended.kind is not Kind.DISK:
        try:
            return await spool.finish(stopped_because=ended.sentence if ended else None), ended
        except SpoolError as error:
            ended = _disk(error)
    return await spool.salvage(ended.sentence), ended


def _printable(text: str) -> str:
    return "".join(ch for ch in text if " " <= ch <= "~")[:60]
