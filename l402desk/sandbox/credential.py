"""Reads the Authorization header of L402: scheme, token and preimage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from l402desk.protocol.proof import Preimage
from l402desk.sandbox.refusal import Refused, payment_required

_CREDENTIAL = re.compile(r"(?P<scheme>[A-Za-z0-9-]+) +(?P<token>[^:\s]+):(?P<preimage>[0-9a-fA-F]*)")
SCHEMES = ("L402", "LSAT")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a client brought. ``scheme`` and ``token`` are as it wrote them."""

    scheme: str
    token: str
    preimage: Preimage


@dataclass(frozen=True, slots=True)
class Manners:
    """How particular a server is about the header.

    The default takes L402 and LSAT in any case (RFC 9110: schemes have none) and, as aperture does, the
    preimage in lower-case hexadecimal only.
    """

    schemes: tuple[str, ...] = SCHEMES
    exact_case: bool = False
    upper_hex: bool = False

    def knows(self, scheme: str) -> bool:
        return scheme in self.schemes if self.exact_case else scheme.upper() in self.schemes


def read_credential(values: Sequence[str], manners: Manners = Manners()) -> Credential:
    """The one credential in the values of Authorization.

    Raises Refused: 402 where none of ours is there, 401 for a broken one.
    """
    if not values:
        raise payment_required()
    if len(values) > 1:
        raise Refused("two-credentials", "Send exactly one Authorization header.")
    if not manners.knows(values[0].partition(" ")[0]):
        # Another scheme is none of ours: what boltwall does with L402, and l402-kit with LSAT.
        raise payment_required()
    found = _CREDENTIAL.fullmatch(values[0])
    if found is None:
        raise Refused("credential-unreadable", "Write it as “L402 <token>:<preimage in hexadecimal>”.")
    preimage = found["preimage"]
    if len(preimage) != 64 or (not manners.upper_hex and preimage != preimage.lower()):
        raise Refused("preimage-unreadable", "The preimage is 64 hexadecimal digits in lower case.")
    if not any(bytes.fromhex(preimage)):
        raise Refused("wrong-preimage", "A preimage of zeros proves nothing.")
    return Credential(found["scheme"], found["token"], Preimage.from_hex(preimage))
