"""The transport sends the target as it is given and keeps connections for the next request."""

from __future__ import annotations

import ssl

import httpx
import pytest

from l402desk.client.limits import Limits
from l402desk.client.transport import PoolTransport
from tests.fakes.raw_server import RawServer, response

pytestmark = pytest.mark.anyio


async def test_the_target_is_sent_byte_for_byte_and_the_connection_is_kept() -> None:
    transport = PoolTransport(Limits(), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT))
    async with RawServer([response(b"one")]) as server:
        for _ in range(2):
            request = httpx.Request("GET", server.url, extensions={"wire_target": b"/a/%2e%2E/'x'?[]"})
            answer = await transport.handle_async_request(request)
            assert isinstance(answer.stream, httpx.AsyncByteStream)
            assert b"".join([chunk async for chunk in answer.stream]) == b"one"
            await answer.aclose()
        await transport.aclose()
    assert server.requests[0].startswith(b"GET /a/%2e%2E/'x'?[] HTTP/1.1\r\n")
    assert server.connections == 1
