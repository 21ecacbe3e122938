"""Reads ``phoenixd+https://:PASSWORD@HOST:9740``."""

from __future__ import annotations

from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import fields, pin, place, secret, shown, watches

SCHEMES = ("phoenixd+https", "phoenixd+http")
FORM = "phoenixd+https://:PASSWORD@HOST:9740"


def read(scheme: str, rest: str, text: str) -> Connection:
    """A connection to phoenixd. Raises BadConnection."""
    at = place(scheme.removeprefix("phoenixd+"), rest, FORM, may_log_in=True)
    found = fields(at.query, ("cert", "watch"))
    password = secret(at.password, "password")
    if password is None or at.user:
        raise BadConnection("phoenixd is opened by a password alone.", f"Write {FORM}.")
    pinned, watch = pin(found), watches(found)
    parts = {"cert": pinned is not None, "watch=1": watch}
    return Connection(
        Kind.PHOENIXD,
        at.url,
        password,
        watch_only=watch,
        text=text,
        pin=pinned,
        shown=shown("phoenixd+", at.url, parts),
    )
