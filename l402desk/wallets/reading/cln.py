"""Reads ``clnrest+https://HOST:3010?rune=RUNE`` (Core Lightning's app-development guide)."""

from __future__ import annotations

from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import fields, pin, place, secret, shown, watches

SCHEMES = ("clnrest+https", "clnrest+http")
FORM = "clnrest+https://HOST:3010?rune=RUNE"


def read(scheme: str, rest: str, text: str) -> Connection:
    """A connection to Core Lightning's REST interface. Raises BadConnection."""
    at = place(scheme.removeprefix("clnrest+"), rest, FORM)
    found = fields(at.query, ("cert", "rune", "watch"))
    rune = secret(found.get("rune"), "rune")
    if rune is None:
        raise BadConnection("There is no rune in this connection.", f"Write {FORM}.")
    pinned, watch = pin(found), watches(found)
    parts = {"rune": True, "cert": pinned is not None, "watch=1": watch}
    return Connection(
        Kind.CLN, at.url, rune, watch_only=watch, text=text, pin=pinned, shown=shown("clnrest+", at.url, parts)
    )
