"""The kinds of wallet that can be connected: how each is written, where to find that, and what speaks to it.

A further kind is a `Kind`, its reading in `connection`, a module with its adapter, a row in `KINDS` and a case in
`Catalogue.open`; the tests hold it to ``tests/wallets/contract.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, assert_never

from l402desk.wallets import beacon
from l402desk.wallets.asking import Trust
from l402desk.wallets.connection import LNBITS_FORM, Connection, Kind
from l402desk.wallets.examining import Examinable
from l402desk.wallets.lnbits import LnbitsWallet
from l402desk.wallets.play_elsewhere import PlayElsewhere
from l402desk.wallets.wallet import Wallet


class Adapter(Wallet, Examinable, Protocol):
    """What every kind gives: a wallet, which can be tried."""


@dataclass(frozen=True, slots=True)
class About:
    """A kind as people meet it. ``form`` is how a connection is written, ``advice`` where its parts are found."""

    title: str
    form: str
    advice: str


KINDS = {
    Kind.LNBITS: About(
        "LNbits",
        LNBITS_FORM,
        "The key stands on the wallet's page under “API keys”: the admin key pays, the invoice key only looks.",
    ),
    Kind.PLAY: About(
        "Play money",
        "play:",
        "The sandbox's own wallet. play:PORT names the sandbox, where several run.",
    ),
}


class Catalogue:
    """Makes adapters. ``trust`` is whom TLS trusts, ``cache_folder`` where running sandboxes leave their addresses."""

    def __init__(self, trust: Trust, cache_folder: Path) -> None:
        self._trust = trust
        self._cache_folder = cache_folder

    def open(self, name: str, connection: Connection) -> Adapter:
        """The wallet behind a connection, under this name. Asks nobody anything."""
        match connection.kind:
            case Kind.LNBITS:
                return LnbitsWallet(name, connection, self._trust)
            case Kind.PLAY:
                return PlayElsewhere(name, lambda: self._sandboxes(connection), self._trust)
        assert_never(connection.kind)

    def _sandboxes(self, connection: Connection) -> tuple[str, ...]:
        return (connection.url,) if connection.url else beacon.places(self._cache_folder)
