"""An L402 server of ours whose invoices a real payee makes: what a real wallet buys from in the tests of wallets.

Every path is a thing of its own, sold for one price; each 402 carries a new invoice. A token is good for the path it
was sold for, with the preimage of its invoice, and as often as it is shown.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.proof import PaymentHash, Preimage
from tests.fakes.challenges import mint_token

PRICE_MSAT = 21_000
_CREDENTIAL = re.compile(r"(?:L402|LSAT) ([A-Za-z0-9+/_=-]+):([0-9a-f]{64})")


class Payee(Protocol):
    """Somebody whom a wallet can really pay."""

    async def invoice(self, msat: int, expiry_s: int = 3600) -> str:
        """A new BOLT11 invoice for so many millisatoshi that can be paid for so many seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Bill:
    """One challenge as it went out."""

    path: str
    invoice: str
    payment_hash: PaymentHash
    credential: str


@dataclass(slots=True)
class Stall:
    """``url`` has no slash at its end. ``refuses`` answers every token with 401; ``expiry_s`` is for the next bills."""

    payee: Payee
    msat: int
    expiry_s: int
    url: str = ""
    scheme: str = "L402"
    refuses: bool = False
    billed: list[Bill] = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    """The paths that were given for a token, in order."""

    def bills(self, path: str) -> list[Bill]:
        return [bill for bill in self.billed if bill.path == path]

    def _paid_for(self, path: str, authorization: str) -> bool:
        shown = _CREDENTIAL.fullmatch(authorization)
        if shown is None:
            return False
        with contextlib.suppress(ProtocolError):
            preimage = Preimage.from_hex(shown[2])
            return any(bill.credential == shown[1] and preimage.proves(bill.payment_hash) for bill in self.bills(path))
        return False

    async def _answer(self, path: str, authorization: str) -> tuple[int, bytes, str]:
        if authorization and self.refuses:
            return 401, b'{"error":"this token is not accepted"}', f"WWW-Authenticate: {self.scheme}\r\n"
        if self._paid_for(path, authorization):
            self.delivered.append(path)
            return 200, b'{"thing":"' + path.encode() + b'"}', ""
        invoice = await self.payee.invoice(self.msat, self.expiry_s)
        payment_hash = read_invoice(invoice).payment_hash
        credential = mint_token(payment_hash, b"services=thing:0")
        self.billed.append(Bill(path, invoice, payment_hash, credential))
        challenge = f'WWW-Authenticate: {self.scheme} macaroon="{credential}", invoice="{invoice}"\r\n'
        return 402, b'{"error":"pay first"}', challenge

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                first, *lines = head.decode("latin-1").split("\r\n")
                fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
                await reader.readexactly(int(fields.get("content-length", "0")))
                path = first.split(" ")[1].partition("?")[0]
                status, body, more = await self._answer(path, fields.get("authorization", ""))
                length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                writer.write(f"HTTP/1.1 {status} -\r\n{length}{more}\r\n".encode("latin-1") + body)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the other side has what it wanted, or the test is over
        finally:
            writer.close()


@asynccontextmanager
async def selling(payee: Payee, msat: int = PRICE_MSAT, *, expiry_s: int = 3600) -> AsyncIterator[Stall]:
    """Sell on a free port of this machine while the context lasts, in this process's loop."""
    stall = Stall(payee, msat, expiry_s)
    tasks: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        await stall._connected(reader, writer)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    stall.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield stall
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
