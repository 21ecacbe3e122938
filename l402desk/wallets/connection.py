"""A wallet connection: one string that says where a wallet is and holds the secret that opens it (DESIGN §5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from l402desk.wallets.errors import BadConnection
from l402desk.wallets.pinning import Pin

LONGEST = 16_384
FORMS = (
    "A connection begins with nostr+walletconnect://, lndconnect://, clnrest+https://, lnbits+https://, "
    "phoenixd+https:// or electrum+http://; the sandbox's play money is written play:."
)


class Kind(StrEnum):
    """The kinds of wallet that can be connected; `catalogue` has an adapter for each."""

    NWC = "nwc"
    LND = "lnd"
    CLN = "cln"
    LNBITS = "lnbits"
    PHOENIXD = "phoenixd"
    ELECTRUM = "electrum"
    PLAY = "play"


@dataclass(frozen=True, slots=True)
class Connection:
    """A connection that was read. Neither its ``repr`` nor ``str`` shows a secret; ``text`` is the whole string.

    ``url`` is where the wallet's server is, without a slash at its end; empty where there is none (``play:``, NWC).
    ``key`` is what opens the wallet, None where none was given: LNbits' key, LND's macaroon and NWC's secret in
    lower-case hexadecimal, a rune, a password. A ``watch_only`` one is never asked to pay.
    """

    kind: Kind
    url: str
    key: str | None = field(default=None, repr=False)
    watch_only: bool = False
    text: str = field(default="", repr=False, compare=False)
    user: str = ""
    """Electrum's RPC user."""
    pin: Pin | None = None
    """The only certificate that its server is believed with."""
    authority_pem: str | None = field(default=None, repr=False)
    """Who signs the server's certificate, where that is the node itself."""
    client_pem: str | None = field(default=None, repr=False)
    """The key and certificate that the server wants to see of us."""
    peer: str = ""
    """The wallet service's Nostr key, 64 hexadecimal digits."""
    relays: tuple[str, ...] = field(default=(), repr=False)
    """Whole addresses: what stands behind the host may open a private relay."""
    lightning_address: str = ""
    shown: str = field(default="", compare=False)
    """The place, and that there is a secret; its reader writes it."""

    def __str__(self) -> str:
        """What can be shown."""
        return self.shown


def read_connection(text: str) -> Connection:
    """Read what a person pasted. Raises BadConnection, and nothing else, for whatever it cannot use."""
    from l402desk.wallets.reading.schemes import READERS, about_unknown  # noqa: PLC0415 - it needs what stands above

    text = text.strip()
    if not text:
        raise BadConnection("No wallet connection was given.", FORMS)
    if len(text) > LONGEST:
        raise BadConnection("This is far too long for a wallet connection.", FORMS)
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise BadConnection(
            "A wallet connection has no spaces, line breaks or letters beyond ASCII in it.",
            "Copy it again, in one piece.",
        )
    scheme, colon, rest = text.partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in READERS:
        raise about_unknown(scheme if colon else "")
    return READERS[scheme](scheme, rest, text)
