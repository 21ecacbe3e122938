"""A customer of the sandbox for its tests: asks, reads the challenge, pays, asks again."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pymacaroons import Macaroon

from l402desk.protocol.amount import ZERO
from l402desk.protocol.payment import Paid
from l402desk.protocol.proof import Preimage
from l402desk.sandbox.app import Parts, build_app

NOW = 1_795_000_000.0
_TOKEN = re.compile(r"(?:macaroon|token)=[\"']?([^\"',\s]+)")
_INVOICE = re.compile(r"invoice=[\"']?(ln[a-z0-9]+)")
_SCHEME = re.compile(r"(?:^|, )(L402|LSAT) ", re.IGNORECASE)


class Clock:
    """Time that stands still until it is told to move. In unix seconds."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> float:
        return self.now


@dataclass(frozen=True)
class Bill:
    """What a 402 asks for, as its first L402 or LSAT challenge says."""

    scheme: str
    token: str
    invoice: str
    headers: tuple[str, ...]

    def authorization(self, preimage: Preimage) -> dict[str, str]:
        return {"Authorization": f"{self.scheme} {self.token}:{preimage.hex}"}


def narrowed(token: str, caveat: str) -> str:
    """A copy with one more caveat, as any holder can make it, in padded standard base64."""
    macaroon = Macaroon.deserialize(token)
    macaroon.add_first_party_caveat(caveat)
    text = macaroon.serialize()
    return base64.b64encode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))).decode()


def bill_of(answer: httpx.Response) -> Bill:
    headers = answer.headers.get_list("www-authenticate")
    line = next(h for h in headers if _SCHEME.search(h))
    scheme, token, invoice = _SCHEME.search(line), _TOKEN.search(line), _INVOICE.search(line)
    assert scheme is not None
    assert token is not None
    assert invoice is not None
    return Bill(scheme[1], token[1], invoice[1], tuple(headers))


class Buyer:
    """One sandbox without a socket, and a customer with its play wallet."""

    def __init__(self, parts: Parts, client: httpx.AsyncClient, clock: Clock) -> None:
        self.parts = parts
        self.client = client
        self.clock = clock

    async def pay(self, invoice: str) -> Preimage:
        result = await self.parts.wallet.pay(invoice, fee_limit=ZERO)
        assert isinstance(result, Paid), result
        return result.preimage

    async def buy(self, path: str, method: str = "GET", **request: Any) -> tuple[Bill, dict[str, str]]:
        """Ask, pay, and hand out the header that opens the door."""
        answer = await self.client.request(method, path, **request)
        assert answer.status_code in {401, 402}, answer.text
        bill = bill_of(answer)
        return bill, bill.authorization(await self.pay(bill.invoice))


@asynccontextmanager
async def a_buyer(quirks: Sequence[str] = ()) -> AsyncIterator[Buyer]:
    clock = Clock()
    parts = Parts.make(clock, frozenset(quirks))
    transport = httpx.ASGITransport(app=build_app(parts))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8402") as client:
        yield Buyer(parts, client, clock)
