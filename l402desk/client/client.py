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

from l402desk import __version__
from l402desk.client.answer import Answer, Progress
from l402desk.client.body import file_size, payload_of
from l402desk.client.decoding import ACCEPT_ENCODING
from l402desk.client.errors import Kind, SendError, Trouble
from l402desk.client.fields import check_header_value
from l402desk.client.limits import Limits
from l402desk.client.reach import is_private_address, is_private_host
from l402desk.client.receiving import Received, Reception, total_timeout
from l402desk.client.redirects import Follow, Hop, Refusal, Trail
from l402desk.client.request import RequestDraft
from l402desk.client.spool import Spool
from l402desk.client.timing import Stopwatch
from l402desk.client.translation import FOREIGN, explain, headers_too_large
from l402desk.client.transport import PoolTransport
from l402desk.client.trust import os_trust
from l402desk.client.uploading import FileStream

_DEFAULTS = (
    ("User-Agent", f"l402desk/{__version__}"),
    ("Accept", "*/*"),
    ("Accept-Encoding", ACCEPT_ENCODING),
)
_CREDENTIAL_SCHEMES = {"l402", "lsat"}


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
        follow: Follow = Follow.SAME_ORIGIN,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Answer:
        """Send the draft and receive its answer.

        ``authorization`` is the value of the one Authorization header, in place of a typed one; it goes to
        the draft's own origin only. Raises SendError (DraftError where the draft is at fault) as long as
        there is no answer; what ends a body early is told by the answer itself. A cancelled send leaves
        nothing behind.
        """
        hop, replaced = _first_hop(draft, authorization)
        stopwatch = Stopwatch()
        deadline = asyncio.get_running_loop().time() + self._limits.total_s
        trail = Trail(follow, self._limits)
        async with AsyncExitStack() as cleanup:
            while True:
                response = await self._ask(hop, authorization, stopwatch, deadline, cleanup)
                headers = tuple((n.decode("latin-1"), v.decode("latin-1")) for n, v in response.headers.raw)
                locations = [value for name, value in headers if name.lower() == "location"]
                private = _is_private_peer(response, hop)
                following = trail.next_hop(hop, response.status_code, locations, from_private=private)
                if isinstance(following, Hop):
                    await response.aclose()
                    hop = following
                    stopwatch.next_hop()
                    continue
                stopwatch.body_began()
                received = await self._receive(hop, response, headers, deadline, on_progress)
                stopwatch.body_ended()
                answer = _answer(hop, response, headers, received, following, stopwatch)
                return replace(
                    answer,
                    redirects=tuple(trail.passed),
                    authorization_sent=hop.home and authorization is not None,
                    authorization_replaced=replaced,
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
        request = await self._request(hop, authorization, stopwatch)
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

    async def _request(self, hop: Hop, authorization: str | None, stopwatch: Stopwatch) -> httpx.Request:
        headers = [("Host", hop.url.origin.authority), *hop.headers]
        if authorization is not None and hop.home:
            headers.append(("Authorization", authorization))
        typed = {name.lower() for name, _value in headers}
        headers += [(name, value) for name, value in _DEFAULTS if name.lower() not in typed]
        content: bytes | FileStream
        payload = payload_of(hop.body)
        if isinstance(payload, Path):
            size = await asyncio.to_thread(file_size, payload)
            headers.append(("Content-Length", str(size)))
            content = FileStream(payload, size)
        else:
            content = payload
        request = httpx.Request(
            hop.method,
            str(hop.url),
            headers=[(name.encode("ascii"), value.encode("latin-1")) for name, value in headers],
            content=content,
            extensions={
                "timeout": {
                    "connect": self._limits.connect_s,
                    "read": self._limits.idle_s,
                    "write": self._limits.idle_s,
                    "pool": self._limits.connect_s,
                },
                "trace": stopwatch.trace,
                "wire_target": hop.url.target.encode("ascii"),
            },
        )
        request.method = hop.method  # httpx puts it in capitals; a custom method is sent as typed
        return request

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
        headers: tuple[tuple[str, str], ...],
        deadline: float,
        on_progress: Callable[[Progress], None] | None,
    ) -> Received:
        lengths = [value for name, value in headers if name.lower() == "content-length"]
        reception = Reception(
            host=hop.url.origin.authority,
            status=response.status_code,
            content_encoding=tuple(value for name, value in headers if name.lower() == "content-encoding"),
            expected=int(lengths[0]) if lengths and lengths[0].isdecimal() and len(lengths[0]) < 20 else None,
            limits=self._limits,
            on_progress=on_progress,
        )
        assert isinstance(response.stream, httpx.AsyncByteStream)
        spool = Spool(self._spool_dir, self._limits.memory_bytes, self._disk)
        return await reception.receive(response.stream, spool, deadline)


def _first_hop(draft: RequestDraft, authorization: str | None) -> tuple[Hop, bool]:
    draft.check()
    url, headers = draft.address(), draft.wire_headers()
    typed = [value for name, value in headers if name.lower() == "authorization"]
    credentials = [v for v in typed if v.partition(" ")[0].lower() in _CREDENTIAL_SCHEMES]
    if authorization is not None:
        check_header_value("Authorization", authorization)
        headers = tuple(pair for pair in headers if pair[0].lower() != "authorization")
        credentials = [authorization]
    if credentials and not url.origin.is_private_enough:
        raise SendError(
            Trouble(
                Kind.INSECURE,
                "A token would travel in the open",
                f"{url.origin} is not encrypted, and everyone on the way could read and use the token.",
                "Use https://, or send without the token.",
            )
        )
    return Hop(url, draft.method, headers, draft.body), authorization is not None and bool(typed)


def _is_private_peer(response: httpx.Response, hop: Hop) -> bool:
    stream = response.extensions.get("network_stream")
    peer = stream.get_extra_info("server_addr") if stream is not None else None
    return is_private_address(str(peer[0])) if peer else is_private_host(hop.url.origin.host)


def _answer(
    hop: Hop,
    response: httpx.Response,
    headers: tuple[tuple[str, str], ...],
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
        headers=headers,
        body=received.body,
        timings=stopwatch.timings(),
        redirect_refused=None if refusal is None else refusal.sentence,
        undecoded=received.undecoded,
        trouble=trouble,
    )
