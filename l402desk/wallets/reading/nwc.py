"""Reads ``nostr+walletconnect://KEY?relay=RELAY&secret=SECRET`` (NIP-47)."""

from __future__ import annotations

import re

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import fields, watches

SCHEMES = ("nostr+walletconnect", "nostrwalletconnect")
FORM = "nostr+walletconnect://KEY?relay=RELAY&secret=SECRET"
MOST_RELAYS = 8
_KEY = re.compile(r"[0-9a-f]{64}")


def read(_scheme: str, rest: str, text: str) -> Connection:
    """A connection over Nostr. Raises BadConnection."""
    peer, _, query = rest.removeprefix("//").partition("?")
    found = fields(query, ("lud16", "relay", "secret", "watch"), repeated="relay")
    peer, secret = peer.rstrip("/").lower(), found.get("secret", "").lower()
    if not _KEY.fullmatch(peer) or not _KEY.fullmatch(secret):
        raise BadConnection("The keys in this connection are not whole.", "Copy it again, in one piece.")
    relays = tuple(dict.fromkeys(_relay(relay) for relay in found.get("relay", "").split("\n") if relay))
    if not 0 < len(relays) <= MOST_RELAYS:
        raise BadConnection(f"This connection names {len(relays)} relays.", f"It has to name one to {MOST_RELAYS}.")
    watch = watches(found)
    return Connection(
        Kind.NWC,
        "",
        secret,
        watch_only=watch,
        text=text,
        peer=peer,
        relays=relays,
        lightning_address=found.get("lud16", ""),
        shown=f"nostr+walletconnect://{peer[:8]}… over {', '.join(relays)}" + (", looks only" if watch else ""),
    )


def _relay(url: str) -> str:
    """The relay's address as it is used. Raises BadConnection."""
    scheme, colon, rest = url.strip().partition(":")
    web = {"wss": "https", "ws": "http"}.get(scheme.lower())
    try:
        if not colon or web is None or not Origin.of(f"{web}:{rest}").is_private_enough:
            raise BadConnection(
                "A relay in this connection is not reached safely.",
                "Relays begin with wss://; ws:// is for this computer and .onion addresses alone.",
            )
    except OriginError as error:
        raise BadConnection("The address of a relay in this connection cannot be read.", f"Write {FORM}.") from error
    return f"{scheme.lower()}:{rest}".rstrip("/")
