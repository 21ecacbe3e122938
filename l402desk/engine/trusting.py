"""Pins the certificate that a person has compared: into the connection itself, so that it is sealed with it."""

from __future__ import annotations

import re

from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import BadConnection, Distrust, NotTrusted
from l402desk.wallets.pinning import Pin

_EMPTY = re.compile(r"(?<=[?&])cert=(?:&|$)")
_ONES_OWN = (Distrust.UNKNOWN_AUTHORITY, Distrust.WRONG_HOST)
"""What the certificate of one's own node is distrusted for; anything else a pin would not help, or must not."""


def with_pin(text: str, error: NotTrusted) -> str | None:
    """The connection with the certificate pinned that its server shows; None where no person's word can make it right.

    That is so where another one is pinned already (it must not be replaced by what somebody in between may show), and
    where the time of the one shown is over.
    """
    if error.seen is None or error.reason not in _ONES_OWN:
        return None
    try:
        pin = Pin.read(error.seen.der)
        bare = _EMPTY.sub("", text.strip()).rstrip("?&")
        pinned = f"{bare}{'&' if '?' in bare else '?'}cert={pin.as_parameter()}"
        before, after = read_connection(text), read_connection(pinned)
    except (BadConnection, ValueError):
        return None
    return pinned if before.pin is None and after.pin == pin else None
