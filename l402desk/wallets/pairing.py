"""Connects a wallet with one click: our wish as ``nostr+walletauth://``, and its answer as an NWC connection.

The wallet reads the wish (a link, or a QR code), its owner agrees, and its service publishes an info event (13194)
that names our key in a ``p`` tag; so do Alby Hub and Alby Go, after the draft of NIPs' pull request 851. The key is
made here and never leaves: who sees the wish can answer it, and nothing more. So whoever answers first is connected,
and the person has to be shown who that is.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import quote, urlsplit

from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.wallets.connection import read_connection
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.nostr.event import Event
from l402desk.wallets.nostr.keys import fresh_secret, public_key
from l402desk.wallets.nostr.session import Session
from l402desk.wallets.nwc_offer import BALANCE, INFO, LIST, LOOK_UP, PAY, PAYMENT_SENT, Offer
from l402desk.wallets.nwc_talk import OFFER
from l402desk.wallets.tls import Trust

NAME = "L402 Desk"
METHODS = (PAY, LOOK_UP, INFO, BALANCE, LIST)
"""What this app asks of a wallet; a watch-only connection does without the first."""
RELAYS = ("wss://relay.getalby.com", "wss://relay2.getalby.com")
"""Those that Alby Hub listens at unless it was told others. Wallet and app have to meet at one of ours."""
RENEWALS = ("never", "daily", "weekly", "monthly", "yearly")
_SUFFIX = re.compile(r"[a-z0-9-]{0,20}")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the wallet is asked for; it can grant less. ``expires_at`` is unix seconds, None: no end.

    ``budget`` is what may be spent per period of ``renews``, None: that is the wallet's to decide. Raises ValueError
    for what no wallet could grant.
    """

    name: str = NAME
    budget: Msat | None = None
    renews: str = "monthly"
    expires_at: int | None = None
    watch_only: bool = False

    def __post_init__(self) -> None:
        if self.renews not in RENEWALS:
            raise ValueError(f"a budget is not renewed {self.renews!r}")
        if self.budget is not None and not self.budget:
            raise ValueError("a budget of nothing buys nothing")

    @property
    def methods(self) -> tuple[str, ...]:
        return METHODS[1:] if self.watch_only else METHODS

    def parts(self) -> dict[str, str]:
        """The parameters that wallets know, by name; amounts in msat."""
        parts = {"name": self.name, "request_methods": " ".join(self.methods), "notification_types": PAYMENT_SENT}
        if self.budget is not None and not self.watch_only:
            parts |= {"max_amount": str(self.budget.value), "budget_renewal": self.renews}
        if self.expires_at is not None:
            parts["expires_at"] = str(self.expires_at)
        return parts


@dataclass(slots=True)
class Pairing:
    """One wish with a key of its own. ``uri`` is what the wallet reads; ``await pairing.wait()`` is its answer.

    Raises BadConnection for relays that cannot be used.
    """

    trust: Trust = field(repr=False)
    wish: Wish = field(default_factory=Wish)
    relays: Sequence[str] = RELAYS
    tor: str | None = None
    secret: bytes = field(default_factory=fresh_secret, repr=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        self.key = public_key(self.secret)
        self.relays = read_connection(self._connection(public_key(fresh_secret()))).relays  # as they will be stored

    @property
    def uri(self) -> str:
        """The wish as text, and for a QR code. Holds no secret; whoever sees it can answer it."""
        return self.uri_for("")

    def uri_for(self, wallet: str) -> str:
        """The wish in the scheme of one wallet alone: “alby” for Alby Go and Hub, others for theirs."""
        assert _SUFFIX.fullmatch(wallet)
        return f"nostr+walletauth{'+' if wallet else ''}{wallet}://{self.key}?{self._query(with_relays=True)}"

    def hub_url(self, page: str) -> str:
        """The page of an Alby Hub where its owner agrees: ``https://my.albyhub.com/apps/new``, or one's own.

        Raises BadConnection unless that is https, or on this computer, or an onion address.
        """
        try:
            is_fine = Origin.of(page).is_private_enough and not urlsplit(page).username
        except (OriginError, ValueError):
            is_fine = False
        if not is_fine or "/#/" in page:
            raise BadConnection("This is no address of an Alby Hub.", "It begins with https:// and ends in /apps/new.")
        joint = "&" if "?" in page else "?"
        return f"{page.partition('#')[0]}{joint}pubkey={self.key}&{self._query(with_relays=False)}"

    def _query(self, *, with_relays: bool) -> str:
        pairs = list(self.wish.parts().items())
        pairs += [("relay", relay) for relay in self.relays] if with_relays else []
        return "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs)

    def _connection(self, peer: str) -> str:
        """The answer of this wallet as a connection string. A secret."""
        relays = "&".join(f"relay={quote(relay, safe='')}" for relay in self.relays)
        watch = "&watch=1" if self.wish.watch_only else ""
        return f"nostr+walletconnect://{peer}?{relays}&secret={self.secret.hex()}{watch}"

    async def wait(self) -> str:
        """Wait until a wallet answers, for as long as it takes: the connection to store, which is a secret.

        The first answer that offers something counts, and later ones of others change nothing. Relays that come and
        go are waited for. Raises NotReached where none can be reached at the start.
        """
        answered: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def heard(event: Event) -> None:
            offer = Offer.read(event.content, event.tags)
            if offer.methods and offer.speaks and event.pubkey != self.key and not answered.done():
                answered.set_result(event.pubkey)

        async with Session(self.relays, self.trust, self.tor, secret=self.secret) as session:
            asked = {"kinds": [OFFER], "#p": [self.key]}
            subscription = await session.subscribe(asked, heard)
            try:
                return self._connection(await answered)
            finally:
                subscription.close()
