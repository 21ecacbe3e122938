"""Web origins: scheme, host and port in one canonical form, so that tokens go home only (RFC 6454)."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from l402desk.protocol.errors import OriginError

DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request goes. ``host`` is lower case and ASCII (punycode, bracketless IPv6), without a trailing dot."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Origin:
        """The origin of an absolute http or https URL. Raises OriginError."""
        try:
            parts = urlsplit(url)
            port = parts.port
            host = (parts.hostname or "").removesuffix(".")
            host = host if host.isascii() else host.encode("idna").decode("ascii")
        except ValueError as error:  # UnicodeError is one
            raise OriginError("This address has no readable host or port") from error
        scheme = parts.scheme.lower()
        if scheme not in DEFAULT_PORTS:
            raise OriginError("An address starts with http:// or https://")
        # RFC 1034, 3.1: no label is empty but that of the root
        if "" in host.split(".") or any(ch <= " " or ch == "\x7f" for ch in host):
            raise OriginError("This address names no host")
        return cls(scheme, host, DEFAULT_PORTS[scheme] if port is None else port)

    @property
    def authority(self) -> str:
        """Host, and the port unless it is the scheme's own: what a person reads as "who"."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        if self.host == "localhost" or self.host.endswith(".localhost"):
            return True
        try:
            # What stands behind "%" is a zone, or is not: that the resolver decides, and it may ask others (RFC 4007).
            return ipaddress.ip_address(self.host).is_loopback and "%" not in self.host
        except ValueError:
            return False

    @property
    def is_private_enough(self) -> bool:
        """May a credential travel there: over TLS, to this very machine, or to a hidden service (law 8)."""
        return self.scheme == "https" or self.is_loopback or self.host.endswith(".onion")

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}"


def path_of(url: str) -> str:
    """The path of a URL, never empty, without query and fragment."""
    return urlsplit(url).path or "/"
