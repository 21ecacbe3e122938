from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from l402desk.wallets import looking
from l402desk.wallets.looking import look_at_certificate
from tests.fakes.certificates import certificate_file, server_context
from tests.wallets.test_tls import der_of, speaking

pytestmark = pytest.mark.anyio


async def test_nothing_is_sent_when_a_certificate_is_looked_at(tmp_path: Path) -> None:
    pem = certificate_file(tmp_path)
    async with speaking(server_context(pem)) as (port, heard):
        seen = await look_at_certificate("127.0.0.1", port)
    assert seen is not None
    assert seen.der == der_of(pem)
    assert heard == []
    assert await look_at_certificate("127.0.0.1", port) is None  # nobody is there any more


async def test_a_server_that_never_shakes_hands_is_not_waited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "LOOK_S", 0.2)
    server = await asyncio.get_running_loop().create_server(asyncio.Protocol, "127.0.0.1", 0)
    async with server:
        assert await look_at_certificate("127.0.0.1", server.sockets[0].getsockname()[1]) is None


async def test_what_speaks_no_tls_shows_none() -> None:
    class Plain(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(b"SSH-2.0-OpenSSH\r\n")

    server = await asyncio.get_running_loop().create_server(Plain, "127.0.0.1", 0)
    async with server:
        assert await look_at_certificate("127.0.0.1", server.sockets[0].getsockname()[1]) is None
