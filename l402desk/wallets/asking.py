"""One question to a wallet's server: own connection, no redirect, a deadline, a limited answer, the system's trust."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from l402desk.protocol.origin import Origin
from l402desk.wallets.errors import NoAnswer, NotReached

CONNECT_S = 10.0
CONNECTING = httpx.Timeout(None, connect=CONNECT_S)  # the whole question has a deadline of its own
MOST_BYTES = 1024 * 1024
Trust = Callable[[], ssl.SSLContext]
_TRY_AGAIN = "Check that it runs and that this computer is connected, then try again."


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, whole. The body is foreign and may hold a preimage: it stays out of the ``repr``."""

    status: int
    body: bytes = field(repr=False)

    def json(self) -> Mapping[str, Any]:
        """The JSON object that the body is. Raises NoAnswer for anything else."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError) as error:  # UnicodeDecodeError is a ValueError
            raise NoAnswer("The wallet's server answered something that is no JSON.", _TRY_AGAIN) from error
        if not isinstance(value, dict):
            raise NoAnswer("The wallet's server answered something unexpected.", _TRY_AGAIN)
        return value

    def json_or_empty(self) -> Mapping[str, Any]:
        """For answers whose status says enough."""
        try:
            return self.json()
        except NoAnswer:
            return {}


class Server:
    """Where a wallet is asked. ``url`` has no slash at its end; ``trust`` is called once, when TLS is first needed.

    Each question has a connection of its own: a kept one may have been closed by the other side meanwhile, and then
    nobody could tell whether a payment was ordered.
    """

    def __init__(self, url: str, headers: Mapping[str, str], trust: Trust) -> None:
        self._url = url
        self._origin = Origin.of(url)
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "l402desk",
            **headers,
        }
        self._trust = trust
        self._context: ssl.SSLContext | None = None

    @property
    def host(self) -> str:
        return self._origin.authority

    async def ask(
        self, method: str, path: str, *, within_s: float, body: object = None, with_headers: bool = True
    ) -> Reply:
        """Send, and read the whole answer, whatever its status. ``with_headers`` False leaves our key at home.

        Raises NotReached when it is certain that nothing was sent, NoAnswer when it is not.
        """
        if self._origin.host.endswith(".onion"):  # RFC 7686, 2: such a name is never looked up in the DNS
            raise NotReached(f"{self.host} is a hidden service, which only Tor can reach.", "Use an https address.")
        transport = httpx.AsyncHTTPTransport(
            verify=await self._verification(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )
        headers = self._headers if with_headers else {}
        try:
            async with (
                asyncio.timeout(within_s),
                httpx.AsyncClient(transport=transport, trust_env=False, timeout=CONNECTING) as client,
                client.stream(method, self._url + path, headers=headers, json=body, follow_redirects=False) as response,
            ):
                return await self._whole(response)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotReached(f"{self.host} cannot be reached: {_reason(error)}.", _TRY_AGAIN) from error
        except TimeoutError as error:
            raise NoAnswer(f"{self.host} did not answer within {within_s:g} seconds.", _TRY_AGAIN) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise NoAnswer(f"The connection to {self.host} broke off.", _TRY_AGAIN) from error

    async def _whole(self, response: httpx.Response) -> Reply:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise NoAnswer(f"{self.host} answered in an encoding that was not asked for.", _TRY_AGAIN)
        body = bytearray()
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > MOST_BYTES:
                raise NoAnswer(f"{self.host} answered with more than a wallet has to say.", _TRY_AGAIN)
        return Reply(response.status_code, bytes(body))

    async def _verification(self) -> ssl.SSLContext:
        if self._context is None:
            if self._origin.scheme == "https":
                self._context = await asyncio.to_thread(self._trust)  # it reads the system's certificates
            else:
                self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used, and it would trust nobody
        return self._context


def _reason(error: BaseException) -> str:
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"it could not prove who it is ({cause.verify_message or 'certificate not trusted'})"
        if isinstance(cause, ssl.SSLError):
            return "no encrypted connection came about"
        if isinstance(cause, socket.gaierror):
            return "its name is not known"
        if isinstance(cause, ConnectionRefusedError):
            return "nothing listens there"
    if any(isinstance(cause, (TimeoutError, httpx.TimeoutException)) for cause in causes):
        return f"no connection within {CONNECT_S:g} seconds"
    return "no way leads there from here"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting = [error]
    while waiting:
        current = waiting.pop()
        if current is None or current in seen:
            continue
        seen.append(current)
        yield current
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(current.exceptions)
        waiting.extend((current.__context__, current.__cause__))
