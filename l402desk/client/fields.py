"""Rows of a request: parameters, form fields and headers, and which headers may be sent (RFC 9110, 5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from l402desk.client.errors import DraftError

TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2

# What frames the message or steers the connection follows from the address and the body. A typed one could
# only contradict them: Host would send a token past the origin it is bound to, two lengths are how requests
# are smuggled.
_OURS = {
    "host": "The Host header follows from the address",
    "content-length": "The Content-Length header follows from the body",
    "transfer-encoding": "The Transfer-Encoding header follows from the body",
    "upgrade": "Another protocol cannot be switched to",
    "http2-settings": "Another protocol cannot be switched to",
    "connection": "The connection is looked after by the app",
    "keep-alive": "The connection is looked after by the app",
    "proxy-connection": "The connection is looked after by the app",
    "te": "The connection is looked after by the app",
    "trailer": "Trailers cannot be sent",
    "expect": "The body is always sent at once",
}
_SINGLE = {"authorization", "content-type", "proxy-authorization"}


@dataclass(frozen=True, slots=True)
class Field:
    """One row of a table: a name, its value, and whether it takes part. Values may be keys: no ``repr`` shows them."""

    name: str
    value: str = dataclass_field(repr=False)
    enabled: bool = True

    @property
    def counts(self) -> bool:
        """False for a row that is switched off or still blank."""
        return self.enabled and bool(self.name.strip() or self.value.strip())


def checked_headers(fields: Iterable[Field]) -> tuple[tuple[str, str], ...]:
    """The headers that will be sent, in their order, spaces around names and values removed. Raises DraftError."""
    headers: list[tuple[str, str]] = []
    for field in fields:
        if field.counts:
            name, value = field.name.strip(" \t"), field.value.strip(" \t")
            check_header(name, value)
            headers.append((name, value))
    names = [name.lower() for name, _value in headers]
    for name in sorted(_SINGLE & set(names)):
        if names.count(name) > 1:
            raise DraftError("headers", f"The header {name.title()} is there twice", "Switch one of them off.")
    return tuple(headers)


def check_header(name: str, value: str) -> None:
    """Raises DraftError unless the header can stand on one line of the wire and is the user's to set."""
    if not TOKEN.fullmatch(name):
        raise DraftError(
            "headers",
            "A header's name has letters, digits and - only" if name else "A header has a value but no name",
        )
    if name.lower() in _OURS:
        raise DraftError("headers", f"{_OURS[name.lower()]} and is not typed", f"Remove the header {name}.")
    check_header_value(name, value)


def check_header_value(name: str, value: str) -> None:
    """RFC 9110, 5.5: CR, LF and NUL are dangerous, other controls invalid; the wire carries Latin-1 only."""
    for character in value:
        if (character < " " and character != "\t") or character == "\x7f":
            raise DraftError("headers", f"The header {name} contains a control character (U+{ord(character):04X})")
        if character > "\xff":
            raise DraftError(
                "headers",
                f"The header {name} contains a character that headers cannot carry (U+{ord(character):04X})",
                "Send it in the body, or percent-encode it.",
            )
        if "\x80" <= character <= "\x9f":
            raise DraftError("headers", f"The header {name} contains a control character (U+{ord(character):04X})")
