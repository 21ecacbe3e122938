"""What is presented after a payment: the credential as the server gave it, and the preimage."""

from __future__ import annotations

import re
from dataclasses import dataclass

from l402desk.protocol.errors import ProofError, ProtocolError
from l402desk.protocol.proof import Preimage

MOST_CREDENTIAL = 16 * 1024
SCHEMES = frozenset({"l402", "lsat"})

_UNSENDABLE = re.compile(r"[^\x21-\x7e]")
_HEADER_NAME = re.compile(r"Authorization[ \t]*:[ \t]*", re.IGNORECASE | re.ASCII)
_PREIMAGE = re.compile(r"[0-9a-fA-F]{64}")


class TokenError(ProtocolError):
    """A text that is no L402 credential with its preimage, or a credential that no header can carry."""


@dataclass(frozen=True, slots=True, repr=False)
class Token:
    """A paid credential. ``scheme`` and ``credential`` are kept byte for byte as the server sent them.

    Raises TokenError for another scheme than L402 or LSAT, and for a credential that is empty, longer than
    16 KiB or not visible ASCII: a line break in it would end the header. Its ``repr`` shows neither secret.
    """

    scheme: str
    credential: str
    preimage: Preimage

    def __post_init__(self) -> None:
        if self.scheme.lower() not in SCHEMES:
            raise TokenError("The scheme of a token is L402 or LSAT")
        if not self.credential:
            raise TokenError("This token has no credential")
        if len(self.credential) > MOST_CREDENTIAL:
            raise TokenError(
                f"This credential has {len(self.credential)} characters, at most {MOST_CREDENTIAL} are sent"
            )
        bad = _UNSENDABLE.search(self.credential)
        if bad:
            raise TokenError("This credential holds what no header can carry", f"character {bad.start() + 1}")

    def authorization(self) -> str:
        """The value of the one Authorization header: scheme, space, credential, colon, preimage in hex."""
        return f"{self.scheme} {self.credential}:{self.preimage.hex}"

    def __repr__(self) -> str:
        return f"Token({self.scheme}, {len(self.credential)} characters, preimage …)"

    __str__ = __repr__


def read_authorization(text: str) -> Token:
    """Read ``L402 <credential>:<preimage>``, with or without ``Authorization:`` before it. Raises TokenError.

    The credential ends at the last colon, since it may hold colons itself.
    """
    line = text.strip(" \t\r\n")
    named = _HEADER_NAME.match(line)
    scheme, _, rest = (line[named.end() :] if named else line).partition(" ")
    if scheme.lower() not in SCHEMES:
        raise TokenError("A token begins with the word L402 or LSAT")
    credential, colon, proof = rest.strip(" ").rpartition(":")
    if not colon:
        raise TokenError("This token has no preimage: nothing follows the credential after a colon")
    if not _PREIMAGE.fullmatch(proof):
        raise TokenError("What follows the last colon is no preimage of 64 hexadecimal digits")
    try:
        return Token(scheme, credential, Preimage.from_hex(proof))
    except ProofError as error:
        raise TokenError(error.message) from error
