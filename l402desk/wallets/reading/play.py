"""Reads ``play:``, the play money of a sandbox on this computer."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection

SCHEMES = ("play",)
FORM = "play:"
_PORT = re.compile(r"[1-9][0-9]{0,4}")


def read(scheme: str, rest: str, text: str) -> Connection:
    """``play:``, ``play:PORT`` or ``play:http://127.0.0.1:PORT``. Raises BadConnection."""
    url = _url(rest)
    return Connection(Kind.PLAY, url, text=text, shown=f"{scheme}:{url}")


def _url(rest: str) -> str:
    """Where the sandbox is; empty for "wherever one runs"."""
    if not rest:
        return ""
    if _PORT.fullmatch(rest) and int(rest) <= 65_535:
        return f"http://127.0.0.1:{rest}"
    wrong = BadConnection(
        "Play money is spent at a sandbox on this computer alone.",
        "Write play:, play:PORT or play:http://127.0.0.1:PORT.",
    )
    try:
        parts = urlsplit(rest)
        origin = Origin.of(rest)
    except (ValueError, OriginError) as error:
        raise wrong from error
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment and parts.username is None
    if origin.scheme != "http" or not origin.is_loopback or not plain or origin.port == 0:
        raise wrong
    return str(origin)
