"""Which scheme begins which kind of connection, and what to say of those that begin none."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from l402desk.wallets.connection import FORMS, Connection, Kind
from l402desk.wallets.errors import BadConnection
from l402desk.wallets.reading import cln, electrum, lnbits, lnd, nwc, phoenixd, play

Reader = Callable[[str, str, str], Connection]
"""Scheme in lower case, what follows its colon, and the whole text. Raises BadConnection."""
_OF_KIND = {
    Kind.NWC: nwc,
    Kind.LND: lnd,
    Kind.CLN: cln,
    Kind.LNBITS: lnbits,
    Kind.PHOENIXD: phoenixd,
    Kind.ELECTRUM: electrum,
    Kind.PLAY: play,
}
READERS: Mapping[str, Reader] = {scheme: module.read for module in _OF_KIND.values() for scheme in module.SCHEMES}
KIND_OF: Mapping[str, Kind] = {scheme: kind for kind, module in _OF_KIND.items() for scheme in module.SCHEMES}
"""What a text that begins with this scheme will be, before it is whole."""


def about_unknown(scheme: str) -> BadConnection:
    """What is wrong with a text that begins with none of them."""
    if scheme in ("http", "https"):
        return BadConnection("A web address does not say which kind of wallet is there, nor which key opens it.", FORMS)
    if scheme in ("lnbits", "phoenixd", "electrum"):
        return BadConnection("It has to be said how this wallet is reached.", f"Write {scheme}+https://… instead.")
    return BadConnection("This is no wallet connection that this app knows.", FORMS)
