"""Reads a wallet connection: one string that says where a wallet is and holds the secret that opens it (DESIGN §5)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote, urlsplit

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.wallets.errors import BadConnection

LONGEST = 8_192
_KEY = re.compile(r"[\x21-\x7e]{1,512}")  # what an HTTP header can carry
_PATH = re.compile(r"(?:/[A-Za-z0-9._~%!$'()*,;=:@+-]*)*")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
LNBITS_FORM = "lnbits+https://HOST?key=KEY"
KNOWN_FORMS = f"An LNbits wallet is written {LNBITS_FORM}, the sandbox's play money is written play:."
# What starts a connection of a kind that this version cannot open yet.
LATER = {
    "nostr+walletconnect": "Nostr Wallet Connect",
    "nostrwalletconnect": "Nostr Wallet Connect",
    "lndconnect": "LND",
    "clnrest": "Core Lightning",
    "clnrest+https": "Core Lightning",
    "clnrest+http": "Core Lightning",
    "phoenixd": "phoenixd",
    "phoenixd+https": "phoenixd",
    "phoenixd+http": "phoenixd",
    "electrum+http": "Electrum",
    "electrum+https": "Electrum",
}


class Kind(StrEnum):
    """The kinds of wallet that this version connects; `catalogue` has an adapter for each."""

    LNBITS = "lnbits"
    PLAY = "play"


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection that was read. Neither its ``repr`` nor ``str`` shows a secret; ``text`` is the whole string.

    ``url`` is where the wallet's server is, without a slash at its end; empty where it has to be found (``play:``).
    ``key`` is None where none was given. A ``watch_only`` one is never asked to pay.
    """

    kind: Kind
    url: str
    key: str | None = field(default=None, repr=False)
    watch_only: bool = False
    text: str = field(default="", repr=False, compare=False)

    def __str__(self) -> str:
        """What can be shown: the place, and that there is a secret."""
        if self.kind is Kind.PLAY:
            return f"play:{self.url}"
        parts = ["key=…"] if self.key is not None else []
        parts += ["watch=1"] if self.watch_only else []
        return f"{self.kind}+{self.url}" + (f"?{'&'.join(parts)}" if parts else "")


def read_connection(text: str) -> Connection:
    """Read what a person pasted. Raises BadConnection, and nothing else, for whatever it cannot use."""
    text = text.strip()
    if not text:
        raise BadConnection("No wallet connection was given.", KNOWN_FORMS)
    if len(text) > LONGEST:
        raise BadConnection("This is far too long for a wallet connection.", KNOWN_FORMS)
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise BadConnection(
            "A wallet connection has no spaces, line breaks or letters beyond ASCII in it.",
            "Copy it again, in one piece.",
        )
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    if colon and scheme == "play":
        return Connection(Kind.PLAY, _play_url(rest), text=text)
    if colon and scheme in ("lnbits+https", "lnbits+http"):
        return _lnbits(scheme.removeprefix("lnbits+"), rest, text)
    raise _not_understood(scheme if colon else "")


def _not_understood(scheme: str) -> BadConnection:
    if scheme in LATER:
        return BadConnection(
            f"This is a connection to {LATER[scheme]}, which comes with a later version of this app.",
            "Connect an LNbits wallet for now, or pay with a wallet on your phone.",
        )
    if scheme in ("http", "https"):
        return BadConnection(
            "A web address does not say which kind of wallet is there, nor which key opens it.", KNOWN_FORMS
        )
    if scheme == "lnbits":
        return BadConnection("It has to be said how LNbits is reached.", f"Write {LNBITS_FORM}.")
    return BadConnection("This is no wallet connection that this app knows.", KNOWN_FORMS)


def _lnbits(scheme: str, rest: str, text: str) -> Connection:
    url, query = _server(scheme, rest, "lnbits")
    fields = _fields(query, frozenset({"key", "watch"}))
    key = fields.get("key")
    if key is not None and not _KEY.fullmatch(key):
        raise BadConnection("The key of this connection is empty, too long, or has spaces in it.", "Copy it again.")
    watch = fields.get("watch", "0")
    if watch not in ("0", "1"):
        raise BadConnection("“watch” is 1 for a wallet that is only looked at, or 0.", "Correct it, or leave it out.")
    return Connection(Kind.LNBITS, url, key, watch_only=watch == "1" or key is None, text=text)


def _server(scheme: str, rest: str, kind: str) -> tuple[str, str]:
    """The address of the server in one canonical form, and the query."""
    try:
        parts = urlsplit(f"{scheme}:{rest}")
        origin = Origin.of(f"{scheme}:{rest}")
    except (ValueError, OriginError) as error:  # urlsplit raises ValueError for a broken bracket
        raise BadConnection("The host or port of this connection cannot be read.", f"Write {LNBITS_FORM}.") from error
    if not rest.startswith("//") or parts.username is not None or parts.fragment or origin.port == 0:
        raise BadConnection(
            "The address in this connection has parts that do not belong there.", f"Write {LNBITS_FORM}."
        )
    if not origin.is_private_enough:
        raise BadConnection(
            "Without TLS everybody on the way could read the key, and spend.",
            f"Write {kind}+https://…; http is for this computer and .onion addresses alone.",
        )
    path = parts.path.rstrip("/")
    if not _PATH.fullmatch(path) or ".." in path.split("/"):
        raise BadConnection("The path in this connection is no plain path.", f"Write {LNBITS_FORM}.")
    return f"{origin}{path}", parts.query


def _fields(query: str, known: frozenset[str]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for part in filter(None, query.split("&")):
        name, equals, value = part.partition("=")  # a key in base64 ends in further ones
        if not equals or name not in known:
            # Passed over, a mistyped watch=1 would connect a wallet that may spend.
            raise BadConnection(
                "A part of this connection is not known.", f"What may follow the host: {', '.join(sorted(known))}."
            )
        if name in fields:
            raise BadConnection(f"“{name}” is given twice in this connection.", "Leave one of them out.")
        fields[name] = unquote(value)
    return fields


def _play_url(rest: str) -> str:
    """Where the sandbox is; empty for "wherever one runs". Raises BadConnection."""
    if not rest:
        return ""
    if _PORT.fullmatch(rest) and int(rest) <= 65_535:
        return f"http://127.0.0.1:{rest}"
    wrong = BadConnection(
        "Play money is spent at a sandbox on this computer alone.",
        "Write play:, play:PORT or play:http://127.0.0.1:PORT.",
    )
    try:
        parts = urlsplit(rest)
        origin = Origin.of(rest)
    except (ValueError, OriginError) as error:
        raise wrong from error
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment and parts.username is None
    if origin.scheme != "http" or not origin.is_loopback or not plain or origin.port == 0:
        raise wrong
    return str(origin)
