"""Sending a draft: one request per user action, within every limit, and with secrets only where they belong.

httpx is used at the level of its transport, requests and responses. Its client adds what has to be off here:
cookies that outlive an answer, proxies and passwords from the environment, redirects that carry headers
along.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import httpx

from l402desk.client.answer import Answer, Progress
from l402desk.client.errors import Kind, SendError, Trouble
from l402desk.client.limits import Limits
from l402desk.client.outgoing import build_request, first_hop, types_authorization
from l402desk.client.reach import is_private_address, is_private_host
from l402desk.client.receiving import Received, Reception, total_timeout
from l402desk.client.redirects import Follow, Hop, Refusal, Trail
from l402desk.client.request import RequestDraft
from l402desk.client.spool import Spool
from l402desk.client.timing import Stopwatch
from l402desk.client.translation import FOREIGN, explain, headers_too_large
from l402desk.client.transport import PoolTransport
from l402desk.client.trust import os_trust


class HttpClient:
    """Sends drafts. Made and closed on the loop; any number of sends may run at once.

    ``trust`` decides about certificates (the operating system's roots by default); ``transport`` replaces the
    network.
    """

    def __init__(
        self,
        limits: Limits,
        spool_dir: Path,
        *,
        trust: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        for name in ("httpx", "httpcore"):  # they log whole URLs, and with them the secrets in queries
            logging.getLogger(name).setLevel(logging.WARNING)
        self._limits = limits
        self._spool_dir = spool_dir
        self._replaced = transport
        self._trust = trust or (os_trust() if transport is None else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
        self._transport = transport or PoolTransport(limits, self._trust)
        self._disk = ThreadPoolExecutor(max_workers=2, thread_name_prefix="spool")
        self.follow = Follow.SAME_ORIGIN
        """How far redirects are followed where a send does not say so itself."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections; running sends are to be cancelled first."""
        await self._transport.aclose()
        self._disk.shutdown()

    async def send(
        self,
        draft: RequestDraft,
        *,
        authorization: str | None = None,
        follow: Follow | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Answer:
        """Send the draft and receive its answer.

        ``authorization`` is the value of the one Authorization header, in place of a typed one; it goes to
        the draft's own origin only. Raises SendError (DraftError where the draft is at fault) as long as
        there is no answer; what ends a body early is told by the answer itself. A cancelled send leaves
        nothing behind.
        """
        hop = first_hop(draft, authorization)
        stopwatch = Stopwatch()
        deadline = asyncio.get_running_loop().time() + self._limits.total_s
        trail = Trail(follow or self.follow, self._limits)
        async with AsyncExitStack() as cleanup:
            while True:
                response = await self._ask(hop, authorization, stopwatch, deadline, cleanup)
                following = _next(trail, hop, response)
                if not isinstance(following, Hop):
                    break
                await response.aclose()
                hop = following
                stopwatch.next_hop()
            stopwatch.body_began()
            received = await self._receive(hop, response, deadline, on_progress)
            stopwatch.body_ended()
        return replace(
            _answer(hop, response, received, following, stopwatch),
            redirects=tuple(trail.passed),
            authorization_sent=hop.home and authorization is not None,
            authorization_replaced=authorization is not None and types_authorization(draft),
        )

    async def _ask(
        self,
        hop: Hop,
        authorization: str | None,
        stopwatch: Stopwatch,
        deadline: float,
        cleanup: AsyncExitStack,
    ) -> httpx.Response:
        host = hop.url.origin.authority
        transport = self._transport
        if not hop.home and self._replaced is None:
            # What an origin was trusted with, its connections included, does not outlive it.
            transport = PoolTransport(self._limits, self._trust, public_only=hop.guarded)
            cleanup.push_async_callback(transport.aclose)
        request = await build_request(hop, authorization, self._limits, stopwatch.trace)
        try:
            async with asyncio.timeout_at(deadline):
                response = await transport.handle_async_request(request)
        except TimeoutError as error:
            raise SendError(total_timeout(host, self._limits)) from error
        except FOREIGN as error:
            raise SendError(explain(error, host, self._limits)) from error
        cleanup.push_async_callback(response.aclose)
        self._check_head(response, host)
        return response

    def _check_head(self, response: httpx.Response, host: str) -> None:
        raw = response.headers.raw
        size = sum(len(name) + len(value) + 4 for name, value in raw)
        if len(raw) > self._limits.header_fields or size > self._limits.header_bytes:
            raise SendError(headers_too_large(host, self._limits))
        if response.status_code == 101:
            raise SendError(
                Trouble(Kind.BAD_ANSWER, "Not a valid HTTP answer", f"{host} switched to another protocol.")
            )

    async def _receive(
        self,
        hop: Hop,
        response: httpx.Response,
        deadline: float,
        on_progress: Callable[[Progress], None] | None,
    ) -> Received:
        lengths = _values(response, "content-length")
        reception = Reception(
            host=hop.url.origin.authority,
            status=response.status_code,
            content_encoding=tuple(_values(response, "content-encoding")),
            expected=int(lengths[0]) if lengths and lengths[0].isdecimal() and len(lengths[0]) < 20 else None,
            limits=self._limits,
            on_progress=on_progress,
        )
        assert isinstance(response.stream, httpx.AsyncByteStream)
        spool = Spool(self._spool_dir, self._limits.memory_bytes, self._disk)
        return await reception.receive(response.stream, spool, deadline)


def _headers(response: httpx.Response) -> tuple[tuple[str, str], ...]:
    """As received: RFC 9110, 5.5 leaves bytes beyond ASCII opaque, and Latin-1 keeps every one of them."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)


def _values(response: httpx.Response, wanted: str) -> list[str]:
    return [value for name, value in _headers(response) if name.lower() == wanted]


def _next(trail: Trail, hop: Hop, response: httpx.Response) -> Hop | Refusal | None:
    private = _is_private_peer(response, hop)
    return trail.next_hop(hop, response.status_code, _values(response, "location"), from_private=private)


def _is_private_peer(response: httpx.Response, hop: Hop) -> bool:
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    return is_private_address(str(peer[0])) if peer else is_private_host(hop.url.origin.host)


def _answer(
    hop: Hop,
    response: httpx.Response,
    received: Received,
    refusal: Refusal | None,
    stopwatch: Stopwatch,
) -> Answer:
    trouble = received.trouble
    if trouble is None and refusal is not None:
        trouble = Trouble(refusal.kind, "Redirect not followed", refusal.sentence)
    return Answer(
        status=response.status_code,
        reason=response.reason_phrase,
        http_version=response.http_version,
        url=str(hop.url),
        headers=_headers(response),
        body=received.body,
        timings=stopwatch.timings(),
        redirect_refused=None if refusal is None else refusal.sentence,
        undecoded=received.undecoded,
        trouble=trouble,
        method=hop.method,
    )
