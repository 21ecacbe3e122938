"""Wallets in every state, for tests and pictures of the page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from l402desk.ledger.budgets import Caps
from l402desk.protocol.amount import Msat
from l402desk.protocol.network import Network
from l402desk.session.wallet_view import Shelf, State, Trouble, WalletView
from l402desk.wallets.book import StoredWallet
from l402desk.wallets.examining import Examination, WalletBudget
from l402desk.wallets.wallet import Capabilities
from l402desk.worker.call import Call

PAYS = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=True)
NO_LIMIT = Capabilities(pays=True, looks_up=True, fee_limit=False, tells_balance=True)
WATCHES = Capabilities(pays=False, looks_up=True, fee_limit=True, tells_balance=True)
PLAY = Capabilities(pays=True, looks_up=True, fee_limit=True, tells_balance=True, is_play=True)
PLENTY = Caps(Msat.of_sats(100), Msat.of_sats(1_000), Msat.of_sats(5_000))
NOW = 1_800_000_000


def stored(name: str, kind: str, place: str, **more: Any) -> StoredWallet:
    values: dict[str, Any] = {"watch_only": False, "is_default": False, "added_at": 1, "is_intact": True}
    return StoredWallet(name=name, kind=kind, place=place, **(values | more))


HUB = WalletView(
    "Alby Hub", "nwc", State.ANSWERS,
    stored("Alby Hub", "nwc", "nostr+walletconnect://5c0c523f… over wss://relay.getalby.com", is_default=True,
           hosts=("https://api.example.com", "http://127.0.0.1:8402")),
    NO_LIMIT, Network.MAINNET, Msat.of_sats(182_340),
    Examination(True, Msat.of_sats(182_340), "Alby Hub", (
        "The wallet decides the routing fee by itself.",
    ), ("look payments up", "tell the balance", "pay"), Network.MAINNET,
        WalletBudget(Msat.of_sats(2_150), Msat.of_sats(10_000), "monthly", NOW)),
    is_armed=True,
)  # fmt: skip
NODE = WalletView(
    "Home node", "lnd", State.ANSWERS,
    stored("Home node", "lnd", "lndconnect://node.home.example:8080?cert=…&macaroon=…"),
    PAYS, Network.MAINNET, Msat.of_sats(1_204_000),
    Examination(True, Msat.of_sats(1_204_000), "home", (
        "This macaroon can do everything this node can. Bake a smaller one: lncli bakemacaroon uri:/routerrpc.Router/"
        "SendPaymentV2 uri:/routerrpc.Router/TrackPaymentV2 uri:/lnrpc.Lightning/GetInfo",
        "The node is not synced to the graph yet.",
    ), ("look payments up", "tell the balance", "pay", "make invoices", "spend on-chain coins"), Network.MAINNET),
)  # fmt: skip
SILENT = WalletView(
    "Market stall", "lnbits", State.SILENT,
    stored("Market stall", "lnbits", "lnbits+https://lnbits.market.example:5000?key=…"),
    NO_LIMIT, None, None, None,
    Trouble("lnbits.market.example could not be reached: connection refused.", "Check that it runs, and try again."),
)  # fmt: skip
WATCHING = WalletView(
    "Phone at home", "phoenixd", State.ANSWERS,
    stored("Phone at home", "phoenixd", "phoenixd+http://:…@127.0.0.1:9740?watch=1", watch_only=True),
    WATCHES, Network.MAINNET, Msat.of_sats(4_100),
)  # fmt: skip
OFF = WalletView(
    "Old electrum", "electrum", State.DISCONNECTED,
    stored("Old electrum", "electrum", "electrum+http://user:…@127.0.0.1:7777", is_connected=False),
)  # fmt: skip
DAMAGED = WalletView("Shop", "cln", State.DAMAGED, stored("Shop", "cln", "", is_intact=False))
SANDBOX = WalletView("Play wallet", "play", State.ANSWERS, None, PLAY, Network.REGTEST, Msat.of_sats(99_958))
ASKED = WalletView(
    "A long name of forty letters, quite fully", "cln", State.CONNECTED,
    stored("A long name of forty letters, quite fully", "cln",
           "clnrest+https://a-very-long-name-of-a-node-that-goes-on.and-on.and-on.example:3010/some/path?rune=…"),
    PAYS, asked_by=7,
)  # fmt: skip
ALL = (SANDBOX, HUB, NODE, SILENT, WATCHING, OFF, DAMAGED, ASKED)


def shelf(*wallets: WalletView, caps: Caps | None = PLENTY, is_open: bool = True) -> Shelf:
    return Shelf(wallets, is_open, caps, number=1)


class SilentIo:
    """Takes every job and never answers; `jobs` keeps them."""

    def __init__(self) -> None:
        self.jobs: list[Callable[..., Awaitable[object]]] = []

    def submit(self, job: Callable[..., Awaitable[object]]) -> Call:
        self.jobs.append(job)
        return Call(int)

    def submit_reporting(self, job: Callable[..., Awaitable[object]]) -> Call:
        return self.submit(job)
