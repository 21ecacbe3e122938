"""Reads ``lndconnect://HOST:8080?cert=CERTIFICATE&macaroon=MACAROON`` (LN-Zap's lnd_connect_uri.md)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from l402desk.protocol.errors import OriginError
from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.pinning import Pin
from l402desk.wallets.reading.parts import Place, bytes_of, fields, pin, place, shown, watches

SCHEMES = ("lndconnect", "lndconnect+https", "lndconnect+http")
FORM = "lndconnect://HOST:8080?cert=CERTIFICATE&macaroon=MACAROON"
REST_PORT, GRPC_PORT = 8080, 10009
MOST_MACAROON = 4_096
"""Bytes; a macaroon travels in a header."""
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")


def read(scheme: str, rest: str, text: str) -> Connection:
    """A connection to LND's REST interface. Raises BadConnection.

    ``cert`` is DER or PEM in base64, or PEM as it is; without one the system's authorities are believed. ``macaroon``
    is base64 of either alphabet, or hexadecimal as ``lncli bakemacaroon`` prints it. One that cannot pay only watches.
    ``lndconnect+http`` is for a node with ``no-rest-tls`` on this computer or behind an onion address.
    """
    http = scheme.endswith("+http")
    at = _place("http" if http else "https", rest)
    found = fields(at.query, ("cert", "macaroon", "watch"))
    macaroon, pinned, watch = _macaroon(found.get("macaroon", "")), _pin(found), watches(found)
    if http and pinned is not None:
        raise BadConnection("Without TLS no certificate is ever shown.", "Leave “cert” out, or write lndconnect://…")
    parts = {"cert": pinned is not None, "macaroon": True, "watch=1": watch}
    return Connection(
        Kind.LND,
        at.url,
        macaroon,
        watch_only=watch or not _may_pay(macaroon),
        text=text,
        pin=pinned,
        shown=shown("lndconnect+" if http else "lndconnect://", at.url.removeprefix("https://"), parts),
    )


def _place(scheme: str, rest: str) -> Place:
    """Where LND's REST listens: on its own port, where none is given."""
    try:
        parts = urlsplit(f"{scheme}:{rest}")
        if parts.port is None and parts.netloc and not parts.netloc.endswith(":"):
            rest = parts._replace(scheme="", netloc=f"{parts.netloc}:{REST_PORT}").geturl()
    except ValueError:
        pass  # `place` says so
    at = place(scheme, rest, FORM)
    try:
        port = at.port
    except OriginError as error:  # a host of dots alone
        raise BadConnection("The host of this connection cannot be read.", f"Write {FORM}.") from error
    if port == GRPC_PORT:
        offered = at.url.removeprefix(f"{scheme}://").replace(f":{GRPC_PORT}", f":{REST_PORT}")
        raise BadConnection(
            f"Port {GRPC_PORT} is where LND speaks gRPC, and this app speaks REST with it.",
            f"Write {offered} instead: {REST_PORT} is the port of REST, unless “restlisten” says another.",
        )
    return at


def _macaroon(value: str) -> str:
    """In hexadecimal, lower case. Raises BadConnection."""
    value = value.strip()
    raw = bytes.fromhex(value) if _HEX.fullmatch(value) else bytes_of(value, "macaroon")
    if not raw:
        raise BadConnection("There is no macaroon in this connection.", f"Write {FORM}.")
    if raw[0] != 2 or len(raw) > MOST_MACAROON:  # lnd makes no others than those of version 2
        raise BadConnection(
            "The macaroon in this connection is none of LND's.",
            "Copy what is in the .macaroon file in base64, or what “lncli bakemacaroon” prints.",
        )
    return raw.hex()


def _pin(found: Mapping[str, str]) -> Pin | None:
    value = found.get("cert", "").strip()
    if not value:
        return None  # some tools write “cert=” where they were told to leave it out
    if not value.startswith("-----BEGIN"):
        return pin({"cert": value})
    try:
        return Pin.read(value.replace("+CERTIFICATE", " CERTIFICATE").encode())
    except ValueError as error:
        raise BadConnection("The certificate of this connection cannot be read.", "Copy it again, whole.") from error


def _may_pay(macaroon: str) -> bool:
    from l402desk.wallets.lnd_rights import SEND, read_rights  # noqa: PLC0415 - it reads macaroons, the window starts

    return read_rights(macaroon).allow(SEND)
