"""Reads ``lnbits+https://HOST?key=KEY``."""

from __future__ import annotations

from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.reading.parts import fields, pin, place, secret, shown, watches

SCHEMES = ("lnbits+https", "lnbits+http")
FORM = "lnbits+https://HOST?key=KEY"


def read(scheme: str, rest: str, text: str) -> Connection:
    """An LNbits connection; without a key it looks payments up alone. Raises BadConnection."""
    at = place(scheme.removeprefix("lnbits+"), rest, FORM)
    found = fields(at.query, ("cert", "key", "watch"))
    key, pinned, watch = secret(found.get("key"), "key"), pin(found), watches(found)
    parts = {"key": key is not None, "cert": pinned is not None, "watch=1": watch}
    return Connection(
        Kind.LNBITS,
        at.url,
        key,
        watch_only=watch or key is None,
        text=text,
        pin=pinned,
        shown=shown("lnbits+", at.url, parts),
    )
