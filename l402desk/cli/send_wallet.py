"""Which wallet pays: the one that is named or written out; else the host's default, or the general; else the only."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from l402desk.cli.send_options import UsageError
from l402desk.store.errors import StoreError
from l402desk.wallets.connection import Connection, read_connection
from l402desk.wallets.errors import BadConnection

if TYPE_CHECKING:
    from l402desk.protocol.origin import Origin
    from l402desk.services import Services

ADD = "Connect one: l402desk wallets add NAME CONNECTION"
_WRITTEN_OUT = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class NoWallet(Exception):  # noqa: N818 - named for what is
    """No wallet can be asked to pay; the sentence says why and what to do."""


def written_out(text: str | None) -> Connection | None:
    """The connection that ``--wallet`` spells out; None where it is a name. Raises UsageError, without its secret."""
    if text is None or not _WRITTEN_OUT.match(text):
        return None
    try:
        return read_connection(text)
    except BadConnection as error:
        raise UsageError(str(error)) from error


def connect(services: Services, connection: Connection) -> str:
    """Connect it for this run; its name, under which the ledger keeps its payments.

    The name is the same in every run and another one for every key: a payment is looked up where it was made.
    """
    place = str(connection).partition("?")[0]
    mark = hashlib.sha256(connection.text.encode()).hexdigest()[:6]
    name = f"{place} #{mark}" if connection.key is not None else place
    if services.wallets.find(name) is None:
        services.wallets.connect(services.catalogue.open(name, connection))
    return name


async def choose(services: Services, named: str | None, origin: Origin) -> str:
    """The name of the wallet to ask for a payment at this origin. Raises NoWallet."""
    if named is not None:
        return _able(services, named)
    default = await _default(services, origin)
    if default is not None and services.wallets.find(default) is not None:
        return _able(services, default)
    able = [wallet.name for wallet in services.wallets.payers()]
    if not able:
        raise NoWallet(f"No wallet is connected that can pay. {ADD}")
    if len(able) > 1:
        names = ", ".join(f"“{name}”" for name in able)
        raise NoWallet(f"Several wallets can pay ({names}): name one with --wallet, or choose l402desk wallets default")
    return able[0]


def _able(services: Services, name: str) -> str:
    wallet = services.wallets.find(name)
    if wallet is None:
        raise NoWallet(f"There is no wallet “{name}”. {ADD}, or see l402desk wallets list")
    if not wallet.capabilities.pays:
        raise NoWallet(f"“{name}” is connected to look payments up, not to pay")
    return name


async def _default(services: Services, origin: Origin) -> str | None:
    try:
        found = await services.wallet_book.default_for(str(origin))
    except StoreError:
        return None
    return None if found is None else found.name
