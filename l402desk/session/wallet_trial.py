"""What a pasted connection is found to be: which kind, whom it reaches, what its credential may do, or why not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from l402desk.engine.connecting import try_out
from l402desk.engine.trusting import with_pin
from l402desk.protocol.text import visible
from l402desk.session.wallet_survey import trouble_of
from l402desk.session.wallet_view import Trouble
from l402desk.store.errors import VaultClosed
from l402desk.wallets.book import LONGEST_NAME, checked_name
from l402desk.wallets.connection import Connection, Kind, read_connection
from l402desk.wallets.errors import BadConnection, NameRefused, NotTrusted, WalletError
from l402desk.wallets.reading.schemes import KIND_OF

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.wallets.examining import Examination

_SHORT = {Kind.NWC: "NWC wallet", Kind.PLAY: "Play money"}


@dataclass(frozen=True, slots=True)
class Recognised:
    """A text that was typed. ``kind`` is empty while its beginning says nothing; ``problem`` None where it is whole.

    ``place`` shows no secret. ``name`` is one that no other wallet has.
    """

    text: str = field(repr=False)
    kind: str = ""
    place: str = ""
    watch_only: bool = False
    pinned: str = ""
    """The SHA-256 of the certificate that it pins."""
    problem: Trouble | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Distrusted:
    """A server that could not prove who it is, for a person to compare. ``pinned_text`` is the connection with its pin.

    That is empty where it must not, or cannot, be pinned. ``not_after`` is unix seconds; all else is foreign text.
    """

    reason: str
    fingerprint: str = ""
    names: tuple[str, ...] = ()
    not_after: int | None = None
    pinned_text: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Tried:
    """How a connection answered: an examination, or why there is none."""

    text: str = field(repr=False)
    examination: Examination | None = None
    trouble: Trouble | None = None
    distrusted: Distrusted | None = None
    name: str = ""
    """A better name to suggest, now that the wallet was heard; or empty."""


def in_one_piece(text: str) -> str:
    """Without the spaces and line breaks that a terminal, a mail or a screen has put into it: no connection has any."""
    return "".join(text.split())


async def recognise(services: Services, *, text: str) -> Recognised:
    """Read what was typed so far; asks nobody anything."""
    scheme = text.partition(":")[0].lower()
    kind = KIND_OF.get(scheme)
    try:
        connection = read_connection(text)
    except BadConnection as error:
        return Recognised(text, str(kind or ""), problem=trouble_of(error))
    return Recognised(
        text,
        str(connection.kind),
        visible(str(connection), 300),
        connection.watch_only,
        connection.pin.fingerprint if connection.pin is not None else "",
        name=await free_name(services, _first_name(connection)),
    )


async def try_text(services: Services, *, text: str) -> Tried:
    """Ask the wallet behind a connection; no money moves and nothing is stored."""
    try:
        found = await try_out(services, text)
    except NotTrusted as error:
        return Tried(text, trouble=trouble_of(error), distrusted=_distrusted(text, error))
    except WalletError as error:
        return Tried(text, trouble=trouble_of(error))
    name = await free_name(services, found.calls_itself) if _can_be_called(found.calls_itself) else ""
    return Tried(text, found, name=name)


async def free_name(services: Services, wanted: str) -> str:
    """This name, or with a number behind it where another wallet is called so."""
    known = {wallet.name.lower() for wallet in services.wallets}
    with suppress(VaultClosed):
        known |= {stored.name.lower() for stored in await services.wallet_book.list()}
    name, number = wanted, 1
    while name.lower() in known:
        number += 1
        name = f"{wanted[: LONGEST_NAME - 4]} {number}"
    return name


def _first_name(connection: Connection) -> str:
    from l402desk.wallets.catalogue import KINDS  # noqa: PLC0415 - the words of all kinds

    return _SHORT.get(connection.kind, KINDS[connection.kind].title)


def _can_be_called(name: str) -> bool:
    try:
        return bool(name) and checked_name(name) == name
    except NameRefused:
        return False


def _distrusted(text: str, error: NotTrusted) -> Distrusted:
    seen = error.seen
    if seen is None:
        return Distrusted(error.reason)
    names = tuple(visible(name, 100) for name in seen.names[:20])
    return Distrusted(error.reason, seen.fingerprint, names, seen.not_after, with_pin(text, error) or "")
