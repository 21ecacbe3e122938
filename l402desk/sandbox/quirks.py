"""The one registry of misbehaviours: what the sandbox can be told to do wrong, each in one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

WALLET_PREFIX = "wallet-"

QUIRKS: Mapping[str, str] = MappingProxyType(
    {
        "wrong-hash": "The token commits to another payment hash than the invoice's, so it unlocks nothing.",
        "bad-signature": "The invoice is signed by another key than the payee it names.",
        "amountless": "The invoice names no amount.",
        "expired": "The invoice expired an hour ago.",
        "mainnet-invoice": "The invoice is for the Bitcoin mainnet instead of the sandbox's regtest.",
        "402-forever": "A paid request is answered with the next 402.",
        "refuses-token": "A paid request is answered with 401, whatever token it brings.",
        "price-doubles": "Each challenge for the same thing costs twice the one before.",
        "slow-headers": "The header of an answer trickles in, one byte at a time.",
        "slow-body": "The body of an answer trickles in, one byte at a time.",
        "gzip-bomb": "The body of an answer is 230 bytes that unpack to one gibibyte (gzip, three times).",
        "huge-header": "An answer carries one header field of 256 KiB.",
        "redirect-elsewhere": "A paid request is redirected to another origin.",
        "hangs": "A request is taken and never answered.",
        "challenge-on-200": "The answer is given for free, with status 200 and a challenge in its header.",
        "bidi-description": "The invoice's description holds marks that reverse the direction of text.",
        "table-bomb-description": "The invoice's description is eighteen nested HTML tables.",
        "wallet-fails": "The play wallet finds no route: every payment fails and no money leaves.",
        "wallet-pending-then-paid": "The play wallet does not know at first; a later look-up finds it paid.",
        "wallet-pending-forever": "The play wallet never learns what became of the payment.",
        "wallet-paid-without-preimage": "The play wallet pays and hands out no preimage.",
        "wallet-wrong-preimage": "The play wallet pays and hands out another payment's preimage.",
    }
)


class UnknownQuirk(ValueError):  # noqa: N818 - it names what was asked for, not what failed
    """A name, or a pair of names, that the registry does not offer. ``str(error)`` says which there are."""


def read_quirks(names: Iterable[str]) -> frozenset[str]:
    """The names as a set. Raises UnknownQuirk for one that is not there, and for two wallet quirks."""
    asked = frozenset(names)
    unknown = sorted(asked - QUIRKS.keys())
    if unknown:
        raise UnknownQuirk(f"There is no quirk “{unknown[0]}”. There are: {', '.join(QUIRKS)}")
    if len([name for name in asked if name.startswith(WALLET_PREFIX)]) > 1:
        raise UnknownQuirk("The play wallet can misbehave in one way at a time")
    return asked


def wallet_quirk(quirks: frozenset[str]) -> str | None:
    """What is left for the wallet, without the prefix: ``pending-forever``; None when it behaves."""
    return next((name.removeprefix(WALLET_PREFIX) for name in quirks if name.startswith(WALLET_PREFIX)), None)
