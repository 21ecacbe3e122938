"""Reads ``phoenixd+https://:PASSWORD@HOST:9740``."""

from __future__ import annotations

from urllib.parse import urlsplit

from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import Place, fields, pin, place, shown, watches

SCHEMES = ("phoenixd+https", "phoenixd+http")
FORM = "phoenixd+https://:PASSWORD@HOST:9740"
PORT = 9740
MOST = 512


def read(scheme: str, rest: str, text: str) -> Connection:
    """A connection to phoenixd. Raises BadConnection.

    What in the password would end it (``@ / ? # %`` and spaces) is written as ``%40`` and so on. phoenixd speaks no TLS
    itself: https leads to what stands before it, http to its own port, 9740 unless another is given.
    """
    at = _place(scheme.removeprefix("phoenixd+"), rest)
    found = fields(at.query, ("cert", "watch"))
    if at.user or not at.password:
        raise BadConnection(
            "phoenixd is opened by a password alone, which stands between a colon and an at sign.", f"Write {FORM}."
        )
    if len(at.password) > MOST or not at.password.isprintable():
        raise BadConnection("The password of this connection is too long, or not readable.", "Copy it again.")
    pinned, watch = pin(found), watches(found)
    parts = {"cert": pinned is not None, "watch=1": watch}
    return Connection(
        Kind.PHOENIXD,
        at.url,
        at.password,
        watch_only=watch,
        text=text,
        pin=pinned,
        shown=shown("phoenixd+", at.url.replace("://", "://:…@", 1), parts),
    )


def _place(protocol: str, rest: str) -> Place:
    try:
        parts = urlsplit(f"http:{rest}")
        if protocol == "http" and parts.port is None and parts.hostname and not parts.netloc.endswith(":"):
            rest = parts._replace(scheme="", netloc=f"{parts.netloc}:{PORT}").geturl()
    except ValueError:
        pass  # `place` says so
    return place(protocol, rest, FORM, may_log_in=True)
