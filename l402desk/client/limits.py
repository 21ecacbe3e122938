"""Every bound on what a server may make us hold, wait for or follow, each with its reason."""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and counts. The defaults: what a person waits for, and a desktop holds unnoticed."""

    total_s: float = 60.0
    """A whole send with its redirects and its body: a byte a second is not an answer."""
    idle_s: float = 15.0
    """Silence in either direction: longer than any proxy's hiccup, shorter than patience."""
    connect_s: float = 10.0
    """Finding and reaching the host, and once more the TLS handshake: three lost packets fit in."""
    keep_alive_s: float = 4.0
    """Below the shortest common server time-out (5 s): no request meets a connection being closed."""
    body_bytes: int = 256 * MIB
    """A decoded body on disk. Beyond this the answer is stopped and says so."""
    memory_bytes: int = 1 * MIB
    """Up to here a body stays in memory; most answers never touch the disk."""
    header_bytes: int = 100 * KIB
    """The header block of an answer; browsers stop at about 256 KiB, servers at 8 to 64."""
    header_fields: int = 200
    """A gateway sends some thirty; more is a memory attack, or a mistake."""
    encodings: int = 2
    """Layers of Content-Encoding: one is normal, two happen behind careless proxies, three are a bomb."""
    ratio: int = 200
    """Bytes decoded per byte received; text compresses 3 to 20 times, zeros about 1,000 times per layer."""
    ratio_grace_bytes: int = 1 * MIB
    """Below this the ratio is not looked at: small repetitive answers compress well and hurt nobody."""
    redirects: int = 10
    """Hops of one send; a real chain has one to three."""
    url_chars: int = 32 * KIB
    """An address; servers refuse from 8 KiB on."""


DEFAULT_LIMITS = Limits()
