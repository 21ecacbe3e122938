"""One WebSocket connection to one relay: where it may lead, whom TLS believes, how much the other side may say."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, ProxyError, WebSocketException
from websockets.frames import Frame, Opcode
from websockets.protocol import Event, State

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.wallets.errors import NotReached
from l402desk.wallets.nostr.patience import Patience

CONNECT_S = 10.0
CONNECT_OVER_TOR_S = 40.0
SEND_S = 5.0
CLOSE_S = 0.5
PING_S = 20.0
MOST_BYTES = 262_144
"""Of one message. The longest plaintext of NIP-44 makes an event of about 88 kB."""
MOST_WAITING = 16
"""Frames that came and were not read yet; beyond them the relay has to wait."""
MOST_FRAGMENTS = 256
"""That one message may come in; relays send each in one."""
LOOK = "Check the relay's address and this computer's connection, then try again."

TlsContext = Callable[[], Awaitable[ssl.SSLContext]]


class Gone(Exception):  # noqa: N818 - it is named for what happened
    """The connection has ended, whoever ended it. Never leaves this package."""


class Relay:
    """An open connection. ``place`` is the relay's host as a person reads it: paths and queries may hold secrets."""

    def __init__(self, place: str, connection: ClientConnection) -> None:
        self.place = place
        self._connection = connection

    @property
    def is_open(self) -> bool:
        return self._connection.state is State.OPEN

    async def send(self, message: str) -> None:
        """Hand over one message. Raises Gone; what was begun may have arrived all the same."""
        try:
            async with asyncio.timeout(SEND_S):
                await self._connection.send(message)
        except (ConnectionClosed, TimeoutError, OSError) as error:
            raise Gone from error

    async def receive(self) -> tuple[list[Any] | None, int]:
        """The next message, and its length; None in place of one that no relay sends. Raises Gone."""
        try:
            message = await self._connection.recv()
        except (ConnectionClosed, OSError) as error:
            raise Gone from error
        return (_read(message) if isinstance(message, str) else None), len(message)

    async def close(self) -> None:
        """Say good-bye, and hang up at last. Never raises."""
        try:
            async with asyncio.timeout(CLOSE_S):
                await self._connection.close()
        except TimeoutError:
            pass  # it does not even take what we say
        finally:
            self._connection.transport.abort()
        await self._connection.wait_closed()


def place_of(url: str) -> Origin:
    """Who is at ``wss://…``, as the https origin that it is. Raises NotReached for what would not be private."""
    scheme, colon, rest = url.partition(":")
    web = {"wss": "https", "ws": "http"}.get(scheme.lower())
    try:
        if colon and web is not None and (origin := Origin.of(f"{web}:{rest}")).is_private_enough:
            return origin
    except OriginError:
        pass
    raise NotReached(
        "A relay of this wallet is not reached safely.",
        "Relays begin with wss://; ws:// is for this computer and .onion addresses alone.",
    )


async def dial(url: str, tls: TlsContext, tor: str | None) -> Relay:
    """Connect. ``tls`` makes the context where one is needed; ``tor`` is "HOST:PORT" of its SOCKS proxy.

    Proxies of the environment are not used, redirects not followed: nobody but the relay learns of this wallet.
    Raises NotReached.
    """
    origin = place_of(url)
    proxy = _proxy(origin, tor)
    context = await tls() if origin.scheme == "https" else None
    try:
        connection = await _Straight(
            url,
            ssl=context,
            proxy=proxy,
            compression=None,  # what is compressed may be a bomb, and ciphertext does not shrink
            user_agent_header="l402desk",
            open_timeout=CONNECT_S if proxy is None else CONNECT_OVER_TOR_S,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            close_timeout=CLOSE_S,
            max_size=MOST_BYTES,
            max_queue=MOST_WAITING,
            logger=_silent(),
            create_connection=_Wary,
        )
    except (OSError, WebSocketException, ValueError, EOFError) as error:  # TimeoutError is an OSError
        raise _not_reached(origin, error, tor if proxy else None) from error
    return Relay(origin.authority, connection)


class _Wary(ClientConnection):
    """Bears few pings and few fragments.

    Each ping has to be answered, and whoever floods us with them need not read the answers; a message in endless
    fragments that hold nothing is never too long.
    """

    def __init__(self, *positional: Any, **named: Any) -> None:  # noqa: ANN401 - as the base class has them
        super().__init__(*positional, **named)
        self._patience = Patience()
        self._fragments = 0

    def process_event(self, event: Event) -> None:
        super().process_event(event)
        if isinstance(event, Frame) and not self._bears(event):
            self.transport.abort()

    def _bears(self, frame: Frame) -> bool:
        if frame.opcode in (Opcode.PING, Opcode.PONG):
            return self._patience.bears(0)
        self._fragments = 0 if frame.fin else self._fragments + 1
        return self._fragments <= MOST_FRAGMENTS


class _Straight(connect):
    """Goes where it was told to, and nowhere else."""

    def process_redirect(self, exc: Exception) -> Exception:
        return exc


def _silent() -> logging.Logger:
    """A logger that nobody hears: at DEBUG, websockets logs every frame, and all of them are a wallet's."""
    logger = logging.Logger("relay")  # noqa: LOG001 - in nobody's tree, so that no configuration wakes it
    logger.disabled = True
    return logger


def _proxy(origin: Origin, tor: str | None) -> str | None:
    """Tor for a hidden service, whose name is never looked up in the DNS (RFC 7686, 2); nothing for others."""
    if not origin.host.endswith(".onion"):
        return None
    if tor is None:
        raise NotReached(
            f"{origin.authority} is a hidden service, which only Tor can reach.",
            "Start Tor and give its SOCKS address in the settings, or use another relay.",
        )
    return f"socks5h://{tor}"


def _not_reached(origin: Origin, error: Exception, tor: str | None) -> NotReached:
    through = "" if tor is None else f" through Tor at {tor}"
    return NotReached(f"The relay {origin.authority} cannot be reached{through}: {_reason(error)}.", LOOK)


def _reason(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"it could not prove who it is ({error.verify_message or 'certificate not trusted'})"
    if isinstance(error, ssl.SSLError):
        return "no encrypted connection came about"
    if isinstance(error, socket.gaierror):
        return "its name is not known"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    if isinstance(error, ConnectionError):
        return "it hung up"
    if isinstance(error, TimeoutError):
        return "it did not greet us in time"
    if isinstance(error, InvalidStatus):
        return f"it answered {error.response.status_code} and opened no WebSocket"
    if isinstance(error, ProxyError):
        return "no way leads there from here"
    if isinstance(error, (WebSocketException, EOFError)):
        return "what answers there is no relay"
    return "no way leads there from here"


def _read(message: str) -> list[Any] | None:
    try:
        value = json.loads(message, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list) and value and isinstance(value[0], str) else None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
