"""Reads ``electrum+http://USER:PASSWORD@127.0.0.1:7777``."""

from __future__ import annotations

from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import fields, pin, place, shown, watches

SCHEMES = ("electrum+http", "electrum+https")
FORM = "electrum+http://USER:PASSWORD@127.0.0.1:7777"
MOST = 512
"""Characters of a user or a password; both travel in one header."""


def read(scheme: str, rest: str, text: str) -> Connection:
    """A connection to Electrum's RPC. Raises BadConnection.

    ``cert`` is for a proxy in front of it that speaks TLS, which Electrum itself does not.
    """
    bare = scheme.removeprefix("electrum+")
    at = place(bare, rest, FORM, may_log_in=True)
    found = fields(at.query, ("cert", "watch"))
    if not at.user or not at.password:
        raise BadConnection("Electrum's RPC is opened by a user and a password.", f"Write {FORM}.")
    if not (_can_be_sent(at.user) and _can_be_sent(at.password)) or ":" in at.user:
        raise BadConnection(
            "The user or password of this connection is too long, or has characters in it that none can have.",
            "Write them as Electrum has them, with %40 for @, %2F for /, %3A for : and %25 for %.",
        )
    pinned, watch = pin(found), watches(found)
    if bare == "http" and pinned is not None:
        raise BadConnection("Without TLS no certificate is ever shown.", "Leave “cert” out, or write electrum+https.")
    parts = {"cert": pinned is not None, "watch=1": watch}
    return Connection(
        Kind.ELECTRUM,
        at.url,
        at.password,
        watch_only=watch,
        text=text,
        user=at.user,
        pin=pinned,
        shown=shown("electrum+", at.url, parts),
    )


def _can_be_sent(value: str) -> bool:
    """Anything that can be printed: it is sent in base64. U+FFFD stands for what was no UTF-8."""
    return len(value) <= MOST and value.isprintable() and "\ufffd" not in value
