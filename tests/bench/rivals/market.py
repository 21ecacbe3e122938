"""The server that all clients of the bench buy from: the sandbox, its invoices made by a real node.

``python -m tests.bench.rivals.market --node JSON`` prints its URL and serves until it is ended; ``GET /record`` tells
every invoice that was made and every request that was answered. The node is `lnd.Node`, the one that is paid.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import socket
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.responses import JSONResponse

from l402desk.protocol.invoice import read_invoice
from l402desk.protocol.proof import PaymentHash, Preimage
from l402desk.sandbox.app import Parts, build_app
from l402desk.sandbox.connection import configured
from l402desk.sandbox.dialect_door import Tokens
from l402desk.sandbox.gate import Gate
from l402desk.sandbox.macaroons import Bakery
from l402desk.sandbox.minting import EXPIRY_S, Clock, Mint, Minted, Order
from l402desk.sandbox.opaque import PlainJson, SignedJson
from l402desk.sandbox.payment_auth import PaymentAuth
from l402desk.sandbox.wallet import PlayWallet
from tests.bench.rivals.lnd import Node

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class NodeMint(Mint):
    """Its invoices are the node's, so that only real payments open anything."""

    def __init__(self, clock: Clock, node: Node) -> None:
        super().__init__(clock)
        self._node = node
        self.made: list[str] = []

    def is_settled(self, payment_hash: PaymentHash) -> bool:
        return self._node.is_paid(payment_hash.hex)

    def mint(self, order: Order) -> Minted:
        preimage = Preimage(secrets.token_bytes(32))
        assert order.amount is not None
        text = self._node.invoice(order.amount.value, preimage, order.description)
        minted = Minted(text, order, read_invoice(text).payment_hash, preimage, int(time.time()) + EXPIRY_S)
        self._remember(minted)
        self.made.append(minted.payment_hash.hex)
        return minted


class Recording:
    """The application, with its invoices and answers written down."""

    def __init__(self, node: Node) -> None:
        clock, no_quirks = time.time, frozenset[str]()
        self._mint = mint = NodeMint(clock, node)
        bakery = Bakery(mint, clock)
        tokens = Tokens(bakery, SignedJson(mint), PlainJson(clock), PaymentAuth(mint, clock))
        gate = Gate(mint, bakery, clock, no_quirks)
        parts = Parts(clock, no_quirks, mint, tokens, gate, PlayWallet(mint, clock, None))
        self._app = build_app(parts)
        self._answers: list[dict[str, object]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/record":
            told = JSONResponse({"made": self._mint.made, "answers": self._answers})
            self._mint.made, self._answers = [], []
            await told(scope, receive, send)
        else:
            await self._app(scope, receive, self._noting(scope, send))

    def _noting(self, scope: Scope, send: Send) -> Send:
        sent = [value.decode("latin-1") for name, value in scope["headers"] if name == b"authorization"]

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                schemes = [value.partition(" ")[0] for value in sent]
                self._answers.append({"path": scope["path"], "status": message["status"], "schemes": schemes})
            await send(message)

        return note


async def serve(node: Node) -> None:
    # Named, or asyncio would leave Nagle on, and each answer on a kept connection would take 40 ms.
    with socket.socket(proto=socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.setblocking(False)
        server = configured(Recording(node))
        task = asyncio.get_running_loop().create_task(server.serve(sockets=[listener]))
        await server.begun(task)
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        await task


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--node", required=True)
    asyncio.run(serve(Node(**json.loads(parser.parse_args().node))))
