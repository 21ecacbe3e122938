"""Reads ``lndconnect://HOST:8080?cert=CERTIFICATE&macaroon=MACAROON`` (LN-Zap's lnd_connect_uri.md)."""

from __future__ import annotations

from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import bytes_of, fields, pin, place, shown, watches

SCHEMES = ("lndconnect",)
FORM = "lndconnect://HOST:8080?cert=CERTIFICATE&macaroon=MACAROON"
GRPC_PORT = 10009


def read(_scheme: str, rest: str, text: str) -> Connection:
    """A connection to LND's REST interface. Raises BadConnection."""
    at = place("https", rest, FORM)
    found = fields(at.query, ("cert", "macaroon", "watch"))
    if at.port == GRPC_PORT:
        raise BadConnection(
            f"Port {GRPC_PORT} is where LND speaks gRPC; this app speaks REST with it.",
            "Put the port of “restlisten” there, which is 8080 unless it was changed.",
        )
    macaroon = bytes_of(found.get("macaroon", ""), "macaroon")
    if not macaroon:
        raise BadConnection("There is no macaroon in this connection.", f"Write {FORM}.")
    pinned, watch = pin(found), watches(found)
    parts = {"cert": pinned is not None, "macaroon": True, "watch=1": watch}
    return Connection(
        Kind.LND,
        at.url,
        macaroon.hex(),
        watch_only=watch,
        text=text,
        pin=pinned,
        shown=shown("lndconnect://", at.url.removeprefix("https://"), parts),
    )
