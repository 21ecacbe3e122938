"""A server that cannot prove who it is gets no request, and the reason is told in words."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from l402desk.client.client import HttpClient
from l402desk.client.errors import Kind, SendError
from l402desk.client.limits import Limits
from l402desk.client.request import RequestDraft
from tests.fakes.certificates import certificate_file, server_context, trusting
from tests.fakes.raw_server import RawServer, response

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def refusal(
    folder: Path, pem: Path, *, trust: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> AsyncIterator[SendError]:
    async with RawServer([response(b"secret")], tls=server_context(pem)) as server:
        client = HttpClient(Limits(), folder, trust=trust)
        with pytest.raises(SendError) as refused:
            await client.send(RequestDraft(url=f"https://{host}:{server.port}"), authorization="L402 a:b")
        await client.aclose()
        yield refused.value
        assert server.requests == []


async def test_a_trusted_certificate_is_accepted_and_its_handshake_timed(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    client = HttpClient(Limits(), tmp_path, trust=trusting(pem))
    async with RawServer([response(b"safe")], tls=server_context(pem)) as server, client:
        answer = await client.send(RequestDraft(url=server.url), authorization="L402 a:b")
    assert answer.body.data == b"safe"
    assert answer.authorization_sent
    assert answer.timings.tls_ms is not None


async def test_a_self_signed_certificate_is_refused_even_if_the_environment_trusts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pem = certificate_file(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    async with refusal(tmp_path, pem) as error:
        assert error.kind is Kind.TLS
        assert "self-signed" in error.sentence
    assert not (tmp_path / "keys.log").exists()


async def test_an_expired_certificate_is_refused(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path, from_days=-10, to_days=-1)
    async with refusal(tmp_path, pem, trust=trusting(pem)) as error:
        assert "expired" in error.sentence


async def test_a_certificate_from_the_future_is_refused(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path, from_days=5, to_days=9)
    async with refusal(tmp_path, pem, trust=trusting(pem)) as error:
        assert "not valid yet" in error.sentence


async def test_a_certificate_of_another_host_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lookup = socket.getaddrinfo

    def getaddrinfo(_host: str, port: int, **more: Any) -> list[Any]:
        return lookup("127.0.0.1", port, **more)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    pem = certificate_file(tmp_path, host="good.example")
    async with refusal(tmp_path, pem, trust=trusting(pem), host="evil.example") as error:
        assert "another host name" in error.sentence
    async with refusal(tmp_path, pem, trust=trusting(pem)) as error:
        assert "another IP address" in error.sentence


Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(handler: Handler) -> AsyncIterator[str]:
    """The https address of a server that does not speak TLS."""
    server = await asyncio.start_server(handler, "127.0.0.1", 0)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_a_server_without_tls_is_told_and_never_asked_in_the_open(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(1000))
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    async with listening(plain) as url, HttpClient(Limits(), tmp_path) as client:
        with pytest.raises(SendError) as refused:
            await client.send(RequestDraft(url=url), authorization="L402 a:b")
    assert refused.value.kind is Kind.TLS
    assert len(heard) == 1
    assert heard[0].startswith(b"\x16\x03"), "a TLS handshake and nothing else"


async def test_a_stalled_handshake_ends_at_the_connect_deadline_or_when_cancelled(tmp_path: Path) -> None:
    async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()  # until the client gives up
        writer.close()

    loop = asyncio.get_running_loop()
    async with listening(stall) as url:
        async with HttpClient(Limits(connect_s=0.2), tmp_path) as client:
            with pytest.raises(SendError) as refused:
                await client.send(RequestDraft(url=url))
            assert refused.value.kind is Kind.CONNECT_TIMEOUT
        async with HttpClient(Limits(), tmp_path) as client:
            task = asyncio.ensure_future(client.send(RequestDraft(url=url)))
            await asyncio.sleep(0.1)
            begun = loop.time()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert loop.time() - begun < 0.5
        await asyncio.sleep(0.01)  # the server sees the end
