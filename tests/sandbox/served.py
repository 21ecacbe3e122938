"""A sandbox on a real socket for tests, and the bytes that a client sees there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx

from l402desk.protocol.amount import ZERO
from l402desk.protocol.payment import Paid
from l402desk.sandbox.server import Sandbox, open_sandbox
from tests.sandbox.buyer import bill_of


@asynccontextmanager
async def serving(*quirks: str) -> AsyncIterator[tuple[Sandbox, httpx.AsyncClient]]:
    async with (
        open_sandbox(quirks=frozenset(quirks)) as sandbox,
        httpx.AsyncClient(base_url=sandbox.url, trust_env=False) as client,
    ):
        yield sandbox, client


async def raw_bytes(sandbox: Sandbox, path: str, *, patience_s: float) -> tuple[bytes, bool]:
    """What comes within the patience after a GET, and whether the server had ended the connection by then."""
    reader, writer = await asyncio.open_connection(sandbox.origin.host, sandbox.origin.port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: {sandbox.origin.authority}\r\n\r\n".encode())
    seen, ended = bytearray(), False
    with suppress(TimeoutError):
        async with asyncio.timeout(patience_s):
            while piece := await reader.read(65_536):
                seen += piece
            ended = True
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()
    return bytes(seen), ended


async def paid_header(sandbox: Sandbox, client: httpx.AsyncClient, path: str = "/weather") -> dict[str, str]:
    bill = bill_of(await client.get(path))
    result = await sandbox.wallet.pay(bill.invoice, fee_limit=ZERO)
    assert isinstance(result, Paid), result
    return bill.authorization(result.preimage)
