"""A wallet of every kind with a recognisable secret, at addresses of this machine where nobody listens."""

from __future__ import annotations

from dataclasses import dataclass

SERVICE = "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"


@dataclass(frozen=True, slots=True)
class Purse:
    """``connection`` holds the ``secret`` that is called ``canary``."""

    canary: str
    secret: str
    connection: str


def _purse(canary: str, secret: str, connection: str) -> Purse:
    return Purse(canary, secret, connection.format(secret=secret))


PURSES = {
    "Nwc": _purse(
        "an NWC secret",
        "d1f0a7c3b5e9241860f7a2c4e6b8d0915a3c7e9f1b2d4860a8c0e2f4163852d7",
        f"nostr+walletconnect://{SERVICE}?relay=ws%3A%2F%2F127.0.0.1%3A9&secret={{secret}}",
    ),
    "Lnd": _purse(
        "an LND macaroon",
        "AgEDbG5kAvgBAwoQcanaryLNDmacaroonE0TX2Yn8RbZ1kQp5sVw3x9u7t5r3p1n0mLkJh",
        "lndconnect://127.0.0.1:9?macaroon={secret}",
    ),
    "Cln": _purse(
        "a rune",
        "Y2FuYXJ5LXJ1bmUtNmE4YzBlMmY0MTYzODUyZDdmMWI5ZDNlNWE3YzkxMGY9MQ",
        "clnrest+https://127.0.0.1:9?rune={secret}",
    ),
    "Phoenixd": _purse("phoenixd's password", "canary-phoenixd-2e4a6c8b0d", "phoenixd+http://:{secret}@127.0.0.1:9"),
    "Electrum": _purse(
        "Electrum's password", "canary-electrum-9f7d5b3a1c", "electrum+http://user:{secret}@127.0.0.1:9"
    ),
}
"""By the name under which each is stored."""
