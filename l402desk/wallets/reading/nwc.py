"""Reads ``nostr+walletconnect://KEY?relay=RELAY&secret=SECRET`` (NIP-47)."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading.parts import fields, watches

SCHEMES = ("nostr+walletconnect", "nostrwalletconnect")
FORM = "nostr+walletconnect://KEY?relay=RELAY&secret=SECRET"
MOST_RELAYS = 8
FIELDS = ("lud16", "relay", "secret", "watch", "encryption", "name", "pubkey")
"""Those after ``watch`` are written by some wallets and say nothing that the wallet does not say itself."""
_KEY = re.compile(r"[0-9a-f]{64}")
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,253}(?::\d{1,5})?")
_PATH = re.compile(r"[A-Za-z0-9._~%!$&'()*,;:@/?=-]*")
AGAIN = "Copy it again at the wallet, in one piece."


def read(_scheme: str, rest: str, text: str) -> Connection:
    """A connection over Nostr. Raises BadConnection.

    Both slashes may be missing; ``relay`` may stand there several times; ``watch=1`` makes it look only.
    """
    peer, _, query = rest.removeprefix("//").partition("?")
    found = fields(query.partition("#")[0], FIELDS, repeated="relay")
    peer = _key(unquote(peer).rstrip("/"), "the wallet's key")
    if "secret" not in found:
        raise BadConnection("There is no secret in this connection: it does not say which key is ours.", AGAIN)
    secret = _key(found["secret"], "our secret")
    _see_to_keys(peer, secret)
    relays = tuple(dict.fromkeys(_relay(relay) for relay in found.get("relay", "").split("\n") if relay.strip()))
    if not 0 < len(relays) <= MOST_RELAYS:
        count = f"{len(relays)} relays" if relays else "no relay"
        raise BadConnection(f"This connection names {count}.", f"It has to name one to {MOST_RELAYS}.")
    watch, address = watches(found), found.get("lud16", "").strip()
    return Connection(
        Kind.NWC,
        "",
        secret,
        watch_only=watch,
        text=text,
        peer=peer,
        relays=relays,
        lightning_address=address if _ADDRESS.fullmatch(address) else "",
        shown=f"nostr+walletconnect://{peer[:8]}… over {_hosts(relays)}" + (", looks only" if watch else ""),
    )


def _hosts(relays: tuple[str, ...]) -> str:
    """The relays without their paths and queries, which may hold what opens a private one."""
    return ", ".join(dict.fromkeys("/".join(relay.split("?")[0].split("/")[:3]) for relay in relays))


def _key(value: str, what: str) -> str:
    """Raises BadConnection."""
    key = value.strip().lower()
    if _KEY.fullmatch(key):
        return key
    if key.startswith(("npub1", "nsec1")):
        raise BadConnection(f"In this connection {what} is written as {key[:4]}.", "NWC has it as 64 hex digits.")
    raise BadConnection(f"In this connection {what} is not whole: it has 64 hex digits.", AGAIN)


def _see_to_keys(peer: str, secret: str) -> None:
    """Raises BadConnection unless these are keys on the curve, and of two parties."""
    from l402desk.wallets.nostr.errors import Undecipherable  # noqa: PLC0415 - the window starts without the curve
    from l402desk.wallets.nostr.keys import public_key, shared_x  # noqa: PLC0415

    raw = bytes.fromhex(secret)
    try:
        ours = public_key(raw)
    except Undecipherable as error:
        raise BadConnection("The secret in this connection is no key that there can be.", AGAIN) from error
    try:
        shared_x(raw, peer)
    except Undecipherable as error:
        raise BadConnection("The wallet's key in this connection is no key that there can be.", AGAIN) from error
    if peer in (ours, secret):
        raise BadConnection(
            "The secret in this connection is the wallet's own key, not one made for this app.",
            "Make a new connection at the wallet, and tell nobody this one.",
        )


def _relay(url: str) -> str:
    """The relay's address as it is used. Raises BadConnection."""
    scheme, colon, rest = url.strip().partition(":")
    scheme = scheme.lower()
    web = {"wss": "https", "ws": "http"}.get(scheme)
    try:
        origin = Origin.of(f"{web}:{rest}") if colon and web is not None and rest.startswith("//") else None
        if origin is None or not origin.is_private_enough:
            raise BadConnection(
                "A relay in this connection is not reached safely.",
                "Relays begin with wss://; ws:// is for this computer and .onion addresses alone.",
            )
        parts = urlsplit(f"{web}:{rest}")
    except (OriginError, ValueError) as error:
        raise BadConnection("The address of a relay in this connection cannot be read.", f"Write {FORM}.") from error
    more = parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    if parts.username is not None or parts.password is not None or not _PATH.fullmatch(more) or origin.port == 0:
        raise BadConnection("The address of a relay in this connection has parts that do not belong there.", AGAIN)
    return f"{scheme}://{origin.authority}{more}"
