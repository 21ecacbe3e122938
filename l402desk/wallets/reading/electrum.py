"""Reads ``electrum+http://USER:PASSWORD@127.0.0.1:7777``."""

from __future__ import annotations

from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import fields, pin, place, secret, shown, watches

SCHEMES = ("electrum+http", "electrum+https")
FORM = "electrum+http://USER:PASSWORD@127.0.0.1:7777"


def read(scheme: str, rest: str, text: str) -> Connection:
    """A connection to Electrum's RPC. Raises BadConnection."""
    at = place(scheme.removeprefix("electrum+"), rest, FORM, may_log_in=True)
    found = fields(at.query, ("cert", "watch"))
    password = secret(at.password, "password")
    if password is None or not at.user:
        raise BadConnection("Electrum's RPC is opened by a user and a password.", f"Write {FORM}.")
    pinned, watch = pin(found), watches(found)
    parts = {"cert": pinned is not None, "watch=1": watch}
    return Connection(
        Kind.ELECTRUM,
        at.url,
        password,
        watch_only=watch,
        text=text,
        user=at.user,
        pin=pinned,
        shown=shown("electrum+", at.url, parts),
    )
