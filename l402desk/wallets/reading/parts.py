"""What the readers of connections share: the server's address, the parameters behind it, and the bytes in those."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.pinning import Pin

_PATH = re.compile(r"(?:/[A-Za-z0-9._~%!$'()*,;:@+-]*)*")
"""Without an equals sign: a key behind a mistyped “/” for “?” would be shown as part of the place."""
HEADER_TEXT = re.compile(r"[\x21-\x7e]{1,2048}")
"""What an HTTP header can carry as a secret."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is: ``url`` in one canonical form, without a slash at its end; ``query`` unread."""

    url: str
    query: str
    user: str = ""
    password: str | None = None

    @property
    def port(self) -> int:
        return Origin.of(self.url).port


def place(scheme: str, rest: str, form: str, *, may_log_in: bool = False) -> Place:
    """Read what follows the scheme's colon, ``//host:port/path?query``; ``scheme`` is http or https.

    ``form`` is how such a connection is written, for the sentence of a refusal; its scheme is named there. A user and
    password stand before the host only where one ``may_log_in`` so. Raises BadConnection.
    """
    try:
        parts = urlsplit(f"{scheme}:{rest}")
        origin = Origin.of(f"{scheme}:{rest}")
        user, password = parts.username, parts.password
    except (ValueError, OriginError):  # urlsplit raises ValueError for a broken bracket
        # From nobody: what it was raised for may repeat a piece of the password.
        raise BadConnection("The host or port of this connection cannot be read.", f"Write {form}.") from None
    logs_in = user is not None or password is not None
    if not rest.startswith("//") or (logs_in and not may_log_in) or parts.fragment or origin.port == 0:
        raise BadConnection("The address in this connection has parts that do not belong there.", f"Write {form}.")
    if not origin.is_private_enough:
        raise BadConnection(
            "Without TLS everybody on the way could read the key, and spend.",
            "Use https; http is for this computer and .onion addresses alone.",
        )
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or ".." in path.split("/"):
        raise BadConnection("The path in this connection is no plain path.", f"Write {form}.")
    return Place(f"{origin}{path}", parts.query, unquote(user or ""), None if password is None else unquote(password))


def fields(query: str, known: Collection[str], repeated: str = "") -> dict[str, str]:
    """The parameters by name, unquoted. Raises BadConnection for those not known, or given twice.

    The values of one that may be ``repeated`` are joined by line breaks, which none of them can hold.
    """
    found: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        name, equals, value = part.partition("=")  # a key in base64 ends in further ones
        if not equals or name not in known:
            # Passed over, a mistyped watch=1 would connect a wallet that may spend.
            raise BadConnection(
                "A part of this connection is not known.", f"What may follow the host: {', '.join(sorted(known))}."
            )
        plain = unquote(value)
        if name in found and name != repeated:
            raise BadConnection(f"“{name}” is given twice in this connection.", "Leave one of them out.")
        found[name] = f"{found[name]}\n{plain}" if name in found else plain
    return found


def watches(found: Mapping[str, str]) -> bool:
    """Does it say ``watch=1``? Raises BadConnection for what is neither 1 nor 0."""
    watch = found.get("watch", "0")
    if watch not in ("0", "1"):
        raise BadConnection("“watch” is 1 for a wallet that is only looked at, or 0.", "Correct it, or leave it out.")
    return watch == "1"


def secret(value: str | None, what: str) -> str | None:
    """A secret that an HTTP header can carry; None stays None. Raises BadConnection."""
    if value is not None and not HEADER_TEXT.fullmatch(value):
        raise BadConnection(f"The {what} of this connection is empty, too long, or has spaces in it.", "Copy it again.")
    return value


def bytes_of(value: str, what: str) -> bytes:
    """What a parameter holds in base64, of either alphabet, padded or not. Raises BadConnection."""
    plain = value.strip().translate({43: "-", 47: "_"}).rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadConnection(f"The {what} of this connection is not whole.", "Copy it again, in one piece.") from error


def pin(found: Mapping[str, str]) -> Pin | None:
    """The certificate behind ``cert=``: base64 of DER or of PEM. Raises BadConnection."""
    value = found.get("cert")
    if value is None:
        return None
    try:
        return Pin.read(bytes_of(value, "certificate"))
    except ValueError as error:
        raise BadConnection("The certificate of this connection cannot be read.", "Copy it again, whole.") from error


def shown(prefix: str, at: str, parts: Mapping[str, bool]) -> str:
    """How a connection is shown: its place, and which parts it has, secrets left out."""
    there = [name if "=" in name else f"{name}=…" for name, is_there in parts.items() if is_there]
    return f"{prefix}{at}" + (f"?{'&'.join(there)}" if there else "")
