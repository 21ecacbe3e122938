"""A shop in a process of its own: every 402 carries a new invoice, and what was asked and given is written down.

``python -m tests.harness.shop --mint FOLDER --record FILE [--port N] [--msat N]`` prints its URL and serves until it is
ended. The first segment of a path says how it behaves (``MANNERS``); whatever follows names the purchase, so that one
shop serves many of them at once. ``?ahead=SECONDS`` is where its clock stands for this request. FILE gets one JSON
object a line: ``{"what", "path", "hash", "status"}``.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import time
from dataclasses import dataclass
from pathlib import Path

from l402desk.protocol.proof import PaymentHash, Preimage
from tests.fakes.challenges import mint_token
from tests.harness.mint import Mint

MANNERS = {
    "good": "gives what was paid for",
    "forever": "asks for money again, whatever was paid",
    "refuse": "answers 401 to a paid token",
    "fail": "answers 500 to a paid token",
    "drop": "hangs up on a paid token",
    "once": "drops the first paid request and answers the second",
}
MSAT = 21_000
_CREDENTIAL = re.compile(rb"(?:L402|LSAT) ([A-Za-z0-9+/_=-]+):([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what the shop looks at."""

    method: str
    path: str
    authorization: bytes | None


class Shop:
    """Answers requests on one port of this machine. ``msat`` is the price of everything."""

    def __init__(self, mint: Mint, record: Path, msat: int = MSAT) -> None:
        self._mint = mint
        self._record = record.open("a", encoding="utf-8", buffering=1)
        self._msat = msat
        self._sold: dict[str, tuple[str, PaymentHash]] = {}
        self._dropped: set[str] = set()

    async def serve(self, port: int) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", port, backlog=200)
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
        async with server:
            await server.serve_forever()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                asked = await _read(reader)
                answer = self.answer(asked)
                if answer is None:
                    break
                writer.write(answer)
                await writer.drain()
        writer.close()

    def answer(self, asked: Asked) -> bytes | None:
        """The bytes to answer with; None to hang up."""
        path, _, query = asked.path.partition("?")
        ahead = int(query.removeprefix("ahead=")) if query.startswith("ahead=") else 0
        payment_hash = self._paid_for(path, asked.authorization)
        if payment_hash is None:
            return self._bill(path, "refused" if asked.authorization else "asked", ahead)
        manner = path.split("/")[1]
        match manner:
            case "forever":
                return self._bill(path, "paid")
            case "refuse":
                return self._said("paid", path, payment_hash, 401, b'{"error":"no"}', "WWW-Authenticate: L402\r\n")
            case "fail":
                return self._said("paid", path, payment_hash, 500, b'{"error":"oops"}')
            case "drop":
                return self._hang_up(path, payment_hash)
            case "once" if path not in self._dropped:
                self._dropped.add(path)
                return self._hang_up(path, payment_hash)
        return self._said("paid", path, payment_hash, 200, b'{"thing":"' + path.encode() + b'"}')

    def _paid_for(self, path: str, authorization: bytes | None) -> PaymentHash | None:
        found = _CREDENTIAL.fullmatch(authorization or b"")
        if found is None:
            return None
        sold = self._sold.get(found[1].decode())
        if sold is None or sold[0] != path or not Preimage.from_hex(found[2].decode()).proves(sold[1]):
            return None
        return sold[1]

    def _bill(self, path: str, what: str, ahead: int = 0) -> bytes:
        invoice, _, payment_hash = self._mint.new(self._msat, timestamp=int(time.time()) + ahead)
        credential = mint_token(payment_hash, b"services=thing:0", b"path=" + path.encode()[:60])
        self._sold[credential] = (path, payment_hash)
        header = f'WWW-Authenticate: L402 macaroon="{credential}", invoice="{invoice}"\r\n'
        return self._said(what, path, payment_hash, 402, b'{"error":"pay first"}', header)

    def _hang_up(self, path: str, payment_hash: PaymentHash) -> bytes | None:
        self._note("paid", path, payment_hash, 0)
        return None

    def _said(self, what: str, path: str, payment_hash: PaymentHash, status: int, body: bytes, more: str = "") -> bytes:
        self._note(what, path, payment_hash, status)
        head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n{more}\r\n"
        return head.encode("ascii") + body

    def _note(self, what: str, path: str, payment_hash: PaymentHash, status: int) -> None:
        line = {"what": what, "path": path, "hash": payment_hash.hex, "status": status}
        self._record.write(json.dumps(line) + "\n")


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(b":") for line in lines)}
    await reader.readexactly(int(fields.get(b"content-length", b"0")))
    method, target, _ = first.decode("latin-1").split(" ", 2)
    return Asked(method, target, fields.get(b"authorization"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.harness.shop")
    parser.add_argument("--mint", type=Path, required=True)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--msat", type=int, default=MSAT)
    options = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(Shop(Mint(options.mint), options.record, options.msat).serve(options.port))


if __name__ == "__main__":
    main()
