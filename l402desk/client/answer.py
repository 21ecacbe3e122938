"""What came back: status, headers, the spooled body, and how long each part took."""

from __future__ import annotations

from dataclasses import dataclass, field

from l402desk.client.errors import Trouble
from l402desk.client.spool import SpooledBody


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds; None where the part did not happen (a kept connection has no look-up) or was not reached.

    All but ``total_ms`` are about the last hop. ``first_byte_ms`` runs from the first byte of the request to
    the end of the answer's header block; ``total_ms`` covers the whole send, redirects included.
    """

    dns_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None
    first_byte_ms: float | None = None
    body_ms: float | None = None
    total_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a send is: bytes received, decoded bytes kept, and the bytes announced, if they were."""

    status: int
    received: int
    kept: int
    expected: int | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The last answer of a send.

    ``headers`` as received, in their order and case. ``redirect_refused`` says where a 3xx points and why it was not
    followed. ``authorization_sent``: the request that was answered carried the held token; after a redirect to
    another origin it did not. ``authorization_replaced``: a typed Authorization header was left out for the token.
    ``undecoded`` says why ``body`` is still encoded as received. ``trouble`` is what kept the body from being whole,
    or the redirect from being followed.
    """

    status: int
    reason: str
    http_version: str
    url: str = field(repr=False)
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: SpooledBody
    timings: Timings
    redirects: tuple[str, ...] = field(default=(), repr=False)
    redirect_refused: str | None = None
    authorization_sent: bool = False
    authorization_replaced: bool = False
    undecoded: str | None = None
    trouble: Trouble | None = None
    method: str = "GET"
    """The method of the last hop: after a 303 not the one that was sent first (RFC 9110, 15.4.4)."""

    def header_values(self, name: str) -> tuple[str, ...]:
        """All values of a header, in their order, whatever the case of its name."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty where none was sent."""
        values = self.header_values("Content-Type")
        return values[0].partition(";")[0].strip().lower() if values else ""
