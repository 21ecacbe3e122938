"""An httpx transport that dials through our own `Dialer`; httpx's own one has no door for that."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterable, AsyncIterator

import httpcore
import httpx

from l402desk.client.dialing import Dialer
from l402desk.client.limits import Limits


class PoolTransport(httpx.AsyncBaseTransport):
    """A pool of HTTP/1.1 connections. No proxy, no environment, no retry: one request is one request."""

    def __init__(self, limits: Limits, trust: ssl.SSLContext, *, public_only: bool = False) -> None:
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust,
            keepalive_expiry=limits.keep_alive_s,
            retries=0,
            http2=False,
            network_backend=Dialer(public_only=public_only),
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send, and return with the header block read. Raises httpcore's exceptions."""
        assert isinstance(request.stream, httpx.AsyncByteStream)
        response = await self._pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.extensions["wire_target"],
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        assert isinstance(response.stream, AsyncIterable)
        return httpx.Response(
            response.status,
            headers=response.headers,
            stream=_ReceivedStream(response),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._pool.aclose()


class _ReceivedStream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._response.aiter_stream():
            yield chunk

    async def aclose(self) -> None:
        await self._response.aclose()
