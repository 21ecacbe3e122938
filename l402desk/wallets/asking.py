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
from l402desk.wallets.connection import Connection
from l402desk.wallets.errors import NoAnswer, NotReached
from l402desk.wallets.pinning import Pin
from l402desk.wallets.tls import Trust, distrust, trust_for

CONNECT_S = 10.0
CONNECTING = httpx.Timeout(None, connect=CONNECT_S)  # the whole question has a deadline of its own
MOST_BYTES = 1024 * 1024
MOST_LOOKS = 500
_NO_KEEPING = httpx.Limits(max_keepalive_connections=0)
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

    def lines(self) -> list[Mapping[str, Any]]:
        """The JSON objects that the body has, one a line; what cannot be read is left out."""
        found: list[Mapping[str, Any]] = []
        for line in self.body.splitlines():
            try:
                value = json.loads(line)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, dict):
                found.append(value)
        return found


class Server:
    """Where a wallet is asked. ``url`` has no slash at its end; ``trust`` is called once, when TLS is first needed.

    ``tor`` is "HOST:PORT" of the SOCKS proxy through which hidden services are reached. ``pin`` is named where another
    certificate is shown, and an answer of more than ``most_bytes`` is not read. Each question has a connection of its
    own: a kept one may have been closed by the other side meanwhile, and then nobody could tell whether a payment was
    ordered.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        trust: Trust,
        tor: str | None = None,
        pin: Pin | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._url = url
        self._origin = Origin.of(url)
        self._headers = {
            "Accept": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "l402desk",
            **headers,
        }
        self._trust = trust
        self._tor = tor
        self._pin = pin
        self._most_bytes = most_bytes
        self._context: ssl.SSLContext | None = None

    @classmethod
    def of(
        cls,
        connection: Connection,
        headers: Mapping[str, str],
        trust: Trust,
        tor: str | None = None,
        most_bytes: int = MOST_BYTES,
    ) -> Server:
        """The server of a connection, believed as the connection says. ``trust`` is the system's."""
        return cls(connection.url, headers, trust_for(connection, trust), tor, connection.pin, most_bytes)

    @property
    def host(self) -> str:
        return self._origin.authority

    async def ask(
        self,
        method: str,
        path: str,
        *,
        within_s: float,
        body: object = None,
        form: Mapping[str, str] | None = None,
        with_headers: bool = True,
        enough: Callable[[bytes], bool] | None = None,
    ) -> Reply:
        """Send, and read the whole answer, whatever its status. ``with_headers`` False leaves our key at home.

        ``body`` goes out as JSON, ``form`` as a form. Where ``enough`` says so of the lines that came, the rest is
        not waited for. Raises NotReached when it is certain that nothing was sent, NoAnswer when it is not.
        """
        transport = httpx.AsyncHTTPTransport(
            verify=await self._verification(), trust_env=False, limits=_NO_KEEPING, proxy=self._proxy()
        )
        headers, url, dialled = self._headers if with_headers else {}, self._url + path, _Dialled()
        try:
            async with (
                asyncio.timeout(within_s),
                httpx.AsyncClient(transport=transport, trust_env=False, timeout=CONNECTING) as client,
                client.stream(
                    method, url, headers=headers, json=body, data=form, extensions={"trace": dialled.note}
                ) as response,
            ):
                return await self._whole(response, enough)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            await dialled.hang_up()
            raise await self._not_reached(error) from error
        except TimeoutError as error:
            raise NoAnswer(f"{self.host} did not answer within {within_s:g} seconds.", _TRY_AGAIN) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
            raise NoAnswer(f"The connection to {self.host} broke off.", _TRY_AGAIN) from error

    def _proxy(self) -> httpx.Proxy | None:
        """Tor for a hidden service, whose name is never looked up in the DNS (RFC 7686, 2); nothing for others."""
        if not self._origin.host.endswith(".onion"):
            return None
        if self._tor is None:
            raise NotReached(
                f"{self.host} is a hidden service, which only Tor can reach.",
                "Start Tor and give its SOCKS address in the settings, or use an https address.",
            )
        return httpx.Proxy(f"socks5h://{self._tor}")

    async def _not_reached(self, error: Exception) -> NotReached:
        for cause in _causes(error):
            if isinstance(cause, ssl.SSLCertVerificationError) and self._proxy() is None:
                return await distrust(self._origin.host, self._origin.port, cause, self._pin)
        if self._proxy() is not None:
            return NotReached(
                f"{self.host} cannot be reached through Tor at {self._tor}: {_reason(error)}.",
                "Check that Tor runs there, and that the hidden service does.",
            )
        return NotReached(f"{self.host} cannot be reached: {_reason(error)}.", _TRY_AGAIN)

    async def _whole(self, response: httpx.Response, enough: Callable[[bytes], bool] | None) -> Reply:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise NoAnswer(f"{self.host} answered in an encoding that was not asked for.", _TRY_AGAIN)
        body, looks = bytearray(), 0
        async for piece in response.aiter_raw():
            body += piece
            if len(body) > self._most_bytes:
                raise NoAnswer(f"{self.host} answered with more than a wallet has to say.", _TRY_AGAIN)
            if enough is None or b"\n" not in piece:
                continue
            looks += 1
            if looks > MOST_LOOKS:  # each look costs as much as there is: a trickle of lines would keep the loop busy
                raise NoAnswer(f"{self.host} answered with more than a wallet has to say.", _TRY_AGAIN)
            if enough(bytes(body)):
                break
        return Reply(response.status_code, bytes(body))

    async def _verification(self) -> ssl.SSLContext:
        if self._context is None:
            if self._origin.scheme == "https":
                try:
                    self._context = await asyncio.to_thread(self._trust)  # it reads the system's certificates
                except (ssl.SSLError, OSError) as error:
                    raise NotReached(
                        f"No encrypted connection to {self.host} can be made: a certificate or key cannot be used.",
                        "Connect the wallet again; if that does not help, see to this computer's root certificates.",
                    ) from error
            else:
                self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used, and it would trust nobody
        return self._context


class _Dialled:
    """The connection of one question: httpcore leaves it open where a SOCKS proxy refuses to lead on."""

    def __init__(self) -> None:
        self._stream: Any = None

    async def note(self, event: str, told: Mapping[str, Any]) -> None:
        if event.endswith("connect_tcp.complete"):
            self._stream = told["return_value"]

    async def hang_up(self) -> None:
        if self._stream is not None:
            await self._stream.aclose()


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
