"""Opening and closing the sandbox inside a running loop."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import time

import httpx
import pytest

import l402desk.sandbox
from l402desk.protocol.origin import Origin
from l402desk.sandbox.endpoints import ENDPOINTS
from l402desk.sandbox.quirks import UnknownQuirk
from l402desk.sandbox.server import open_sandbox
from tests.sandbox.buyer import Clock
from tests.sandbox.served import paid_header, raw_bytes, serving

pytestmark = pytest.mark.anyio


async def test_it_serves_on_a_free_loopback_port_until_it_is_left() -> None:
    async with open_sandbox() as sandbox:
        assert sandbox.origin == Origin.of(sandbox.url)
        assert sandbox.origin.host == "127.0.0.1"
        assert sandbox.endpoints == ENDPOINTS
        async with httpx.AsyncClient(trust_env=False) as client:
            assert (await client.get(f"{sandbox.url}/free")).status_code == 200
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(sandbox.origin.host, sandbox.origin.port)


async def test_the_journey_over_a_real_socket() -> None:
    async with serving() as (sandbox, client):
        answer = await client.get("/weather?city=Oslo", headers=await paid_header(sandbox, client))
        assert answer.json()["city"] == "Oslo"
        assert (await sandbox.wallet.balance()).value == 99_979_000


async def test_two_sandboxes_have_nothing_in_common() -> None:
    async with serving() as (one, client), serving() as (_, other_client):
        header = await paid_header(one, client)
        assert (await client.get("/weather", headers=header)).status_code == 200
        assert (await other_client.get("/weather", headers=header)).status_code == 401


async def test_the_same_port_can_be_taken_again_at_once() -> None:
    async with open_sandbox() as sandbox:
        port = sandbox.origin.port
        await raw_bytes(sandbox, "/free", patience_s=0.1)
    async with open_sandbox(port=port) as again:
        assert again.origin.port == port


async def test_a_taken_port_is_an_os_error() -> None:
    async with open_sandbox() as sandbox:
        with pytest.raises(OSError, match="in use"):
            async with open_sandbox(port=sandbox.origin.port):
                pytest.fail("it opened")


async def test_an_unknown_quirk_opens_nothing() -> None:
    with pytest.raises(UnknownQuirk):
        async with open_sandbox(quirks=frozenset({"explodes"})):
            pytest.fail("it opened")


@pytest.mark.parametrize("path", ["/free", "/weather", "/stream"])
async def test_closing_takes_less_than_a_second_and_leaves_no_task(path: str) -> None:
    before = asyncio.all_tasks()
    async with open_sandbox(quirks=frozenset({"hangs"})) as sandbox:
        _, writer = await asyncio.open_connection(sandbox.origin.host, sandbox.origin.port)
        writer.write(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        _, idle = await asyncio.open_connection(sandbox.origin.host, sandbox.origin.port)
        await raw_bytes(sandbox, "/free", patience_s=0.1)
        begun = time.perf_counter()
    assert time.perf_counter() - begun < 1
    assert asyncio.all_tasks() == before
    for each in (writer, idle):
        each.close()


async def test_a_long_download_is_dropped_at_the_end() -> None:
    async with serving() as (sandbox, client):
        header = await paid_header(sandbox, client, "/big.json")
        reader, writer = await asyncio.open_connection(sandbox.origin.host, sandbox.origin.port)
        lines = f"GET /big.json?mb=200 HTTP/1.1\r\nHost: x\r\nAuthorization: {header['Authorization']}\r\n\r\n"
        writer.write(lines.encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        begun = time.perf_counter()
    assert time.perf_counter() - begun < 1
    writer.close()


async def test_an_error_inside_comes_out_and_closes_the_sandbox() -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_sandbox() as sandbox:
            raise ZeroDivisionError
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(sandbox.origin.host, sandbox.origin.port)


async def test_cancelling_closes_the_sandbox() -> None:
    opened: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def forever() -> None:
        async with open_sandbox() as sandbox:
            opened.set_result(sandbox.url)
            await asyncio.Event().wait()

    task = asyncio.get_running_loop().create_task(forever())
    origin = Origin.of(await opened)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection(origin.host, origin.port)


async def test_garbage_is_answered_with_400_and_no_word_in_the_log() -> None:
    async with open_sandbox() as sandbox:
        reader, writer = await asyncio.open_connection(sandbox.origin.host, sandbox.origin.port)
        writer.write(b"\x00\xff garbage\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 400")
        writer.close()


async def test_time_can_be_lent() -> None:
    clock = Clock()
    async with open_sandbox(clock=clock) as sandbox, httpx.AsyncClient(base_url=sandbox.url) as client:
        header = await paid_header(sandbox, client, "/expires")
        clock.now += 20
        assert (await client.get("/expires", headers=header)).status_code == 402


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
async def test_an_ipv6_address_is_written_in_brackets() -> None:
    try:
        async with open_sandbox(host="::1") as sandbox:
            assert sandbox.url.startswith("http://[::1]:")
            assert sandbox.origin.host == "::1"
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")


async def test_the_package_opens_it_too() -> None:
    async with l402desk.sandbox.open_sandbox(quirks=frozenset({"wallet-fails"})) as sandbox:
        assert sandbox.wallet.quirk == "fails"


async def test_importing_the_package_brings_no_server_along() -> None:
    heavy = "{'starlette', 'uvicorn', 'bolt11', 'pymacaroons', 'anyio'} & {m.partition('.')[0] for m in sys.modules}"
    code = f"import sys, l402desk.sandbox, l402desk.sandbox.endpoints; print(sorted({heavy}))"
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
