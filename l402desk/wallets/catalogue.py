"""The kinds of wallet that can be connected: how each is written, where to find that, and what speaks to it.

A further kind is a `Kind`, its reader in `reading`, a module with its adapter, a row in `KINDS` and a case in
`Catalogue.open`; the tests hold it to ``tests/wallets/contract.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, assert_never

from l402desk.wallets import beacon
from l402desk.wallets.connection import Connection, Kind
from l402desk.wallets.examining import Examinable
from l402desk.wallets.reading import cln, electrum, lnbits, lnd, nwc, phoenixd, play
from l402desk.wallets.wallet import Wallet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from l402desk.wallets.pairing import Pairing, Wish
    from l402desk.wallets.tls import Trust


class Adapter(Wallet, Examinable, Protocol):
    """What every kind gives: a wallet, which can be tried."""


@dataclass(frozen=True, slots=True)
class About:
    """A kind as people meet it. ``form`` is how a connection is written, ``advice`` where its parts are found.

    ``rights`` is how a credential is made that can do no more than this app needs: a command to copy, or sentences.
    """

    title: str
    form: str
    advice: str
    rights: str = ""


KINDS = {
    Kind.NWC: About(
        "Nostr Wallet Connect",
        nwc.FORM,
        "Alby Hub, Zeus, coinos and many more have it in their settings under “Connections” or “Wallet Connect”.",
        "Allow pay_invoice, lookup_invoice, get_info, get_balance and list_transactions, and nothing else.\n"
        "Give the connection a budget that renews, fees included: the wallet alone decides its fees.\n"
        "At Alby Hub an isolated app has a balance of its own, and can spend no more than that.",
    ),
    Kind.LND: About(
        "LND",
        lnd.FORM,
        "“lndconnect --url” on the node prints it. Or put it together: the macaroon as “lncli bakemacaroon” prints it, "
        "“base64 -w0 tls.cert” as the certificate, and the port of REST, which is 8080 unless it was changed.",
        "lncli bakemacaroon uri:/routerrpc.Router/SendPaymentV2 uri:/routerrpc.Router/TrackPaymentV2 "
        "uri:/lnrpc.Lightning/GetInfo uri:/lnrpc.Lightning/ChannelBalance",
    ),
    Kind.CLN: About(
        "Core Lightning",
        cln.FORM,
        "clnrest listens on port 3010 unless it was changed; a rune is made by “lightning-cli createrune”.",
        'lightning-cli createrune restrictions=\'[["method=xpay","method=listpays","method=getinfo",'
        '"method=listpeerchannels"],["method/xpay","pinvinvstring_amount<1000001"],["rate=60"]]\'',
    ),
    Kind.LNBITS: About(
        "LNbits",
        lnbits.FORM,
        "The key stands on the wallet's page under “API keys”: the admin key pays, the invoice key only looks.",
        "Make a wallet of its own in LNbits for this app, and keep no more in it than you spend.",
    ),
    Kind.PHOENIXD: About(
        "phoenixd",
        phoenixd.FORM,
        "The password is “http-password” in ~/.phoenix/phoenix.conf; “http-password-limited-access” cannot pay.",
        "phoenixd has one password that pays, and it can do everything: keep no more there than you spend.",
    ),
    Kind.ELECTRUM: About(
        "Electrum",
        electrum.FORM,
        "“electrum getconfig rpcuser” and “rpcpassword” tell the user and password; “electrum setconfig rpcport 7777” "
        "fixes the port, and is read at the next start.",
        "Electrum's RPC has one password, and it can do everything. Run one of its own for this app (“electrum -D "
        "FOLDER …”), and keep no more in its wallet than you spend.",
    ),
    Kind.PLAY: About(
        "Play money",
        play.FORM,
        "The sandbox's own wallet. play:PORT names the sandbox, where several run.",
    ),
}


class Catalogue:
    """Makes adapters. ``trust`` is whom TLS trusts, ``cache_folder`` where running sandboxes leave their addresses.

    ``tor`` is "HOST:PORT" of Tor's SOCKS proxy, for hidden services; None where there is none.
    """

    def __init__(self, trust: Trust, cache_folder: Path, tor: str | None = None) -> None:
        self._trust = trust
        self._cache_folder = cache_folder
        self._tor = tor

    def open(self, name: str, connection: Connection) -> Adapter:
        """The wallet behind a connection, under this name. Asks nobody anything."""
        match connection.kind:
            case Kind.NWC:
                from l402desk.wallets.nwc import NwcWallet  # noqa: PLC0415 - each kind is loaded where it is used

                return NwcWallet(name, connection, self._trust, self._tor)
            case Kind.LND:
                from l402desk.wallets.lnd import LndWallet  # noqa: PLC0415

                return LndWallet(name, connection, self._trust, self._tor)
            case Kind.CLN:
                from l402desk.wallets.cln import ClnWallet  # noqa: PLC0415

                return ClnWallet(name, connection, self._trust, self._tor)
            case Kind.LNBITS:
                from l402desk.wallets.lnbits import LnbitsWallet  # noqa: PLC0415

                return LnbitsWallet(name, connection, self._trust, self._tor)
            case Kind.PHOENIXD:
                from l402desk.wallets.phoenixd import PhoenixdWallet  # noqa: PLC0415

                return PhoenixdWallet(name, connection, self._trust, self._tor)
            case Kind.ELECTRUM:
                from l402desk.wallets.electrum import ElectrumWallet  # noqa: PLC0415

                return ElectrumWallet(name, connection, self._trust, self._tor)
            case Kind.PLAY:
                from l402desk.wallets.play_elsewhere import PlayElsewhere  # noqa: PLC0415

                return PlayElsewhere(name, lambda: self._sandboxes(connection), self._trust)
        assert_never(connection.kind)

    def pairing(self, wish: Wish, relays: Sequence[str]) -> Pairing:
        """A wish that a wallet can grant over Nostr. Raises BadConnection for relays that cannot be used."""
        from l402desk.wallets.pairing import Pairing  # noqa: PLC0415

        return Pairing(self._trust, wish, relays, self._tor)

    def _sandboxes(self, connection: Connection) -> tuple[str, ...]:
        return (connection.url,) if connection.url else beacon.places(self._cache_folder)
