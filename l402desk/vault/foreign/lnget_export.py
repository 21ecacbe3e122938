"""Tokens written into lnget's folder, so that lnget can use them: one per host, and only what it cannot misuse.

lnget keeps a token by host and port and folds http and https, 80 and 443 into one (l402/store.go): what would travel
further there than here is left out, with the reason.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from l402desk.protocol.errors import MacaroonError
from l402desk.protocol.macaroon import Macaroon, read_token
from l402desk.protocol.origin import DEFAULT_PORTS, Origin
from l402desk.protocol.token_text import undressings
from l402desk.vault.foreign.aperture import TokenFile
from l402desk.vault.foreign.entries import EntryRefused, Problem
from l402desk.vault.foreign.lnget import DOMAIN, TOKENS, safe_name
from l402desk.vault.scope import Reach
from l402desk.vault.tokens import NewToken
from l402desk.vault.whole_file import NotWritten, make_folder, write_whole

TOKEN_FILE = "l402.token"
HOME = ".lnget"
"""What lnget's own folder is called; its ``tokens`` are made with its first run."""
_NANO = 10**9


@dataclass(frozen=True, slots=True)
class Written:
    """A token as lnget will find it: which one, for which of its domains, in which file."""

    where: str
    domain: str
    file: Path


@dataclass(frozen=True, slots=True)
class LngetExport:
    written: tuple[Written, ...]
    skipped: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Ready:
    where: str
    new: NewToken
    domain: str
    contents: bytes


def export_to_lnget(folder: Path, tokens: Iterable[tuple[str, NewToken]], now: int) -> LngetExport:
    """Write the tokens, each with a name for people, below ``folder``: lnget's own, its ``tokens``, or a new one.

    Of several for one host that with the widest scope is written, then the newest. A folder that holds a token already
    is left as it is. ``now`` is unix seconds, for a token without a date. Blocking. Raises NotWritten where the folder
    itself cannot be made.
    """
    ready: dict[str, list[_Ready]] = {}
    skipped: list[Problem] = []
    for where, new in tokens:
        try:
            one = _ready(where, new, now)
        except EntryRefused as error:
            skipped.append(Problem(where, str(error)))
            continue
        ready.setdefault(one.domain, []).append(one)
    base = folder / TOKENS if folder.name == HOME or (folder / TOKENS).is_dir() else folder
    make_folder(base)
    written: list[Written] = []
    for domain, found in ready.items():
        best, others = _best(found)
        skipped += others
        try:
            written.append(Written(best.where, domain, _write(base, best)))
        except (NotWritten, EntryRefused) as error:
            skipped.append(Problem(best.where, getattr(error, "sentence", str(error))))
    return LngetExport(tuple(written), tuple(skipped))


def domain_of(origin: Origin) -> str:
    """How lnget names this server. Raises EntryRefused where that name would stand for another one too."""
    try:
        is_v6 = ipaddress.ip_address(origin.host).version == 6
    except ValueError:
        is_v6 = False
    if is_v6:
        raise EntryRefused("lnget cannot tell the port of an IPv6 address from the address.")
    default = DEFAULT_PORTS[origin.scheme]
    if origin.port in DEFAULT_PORTS.values() and origin.port != default:
        words = f"lnget would also send it to port {default}: it takes {origin.port} for the same server."
        raise EntryRefused(words)
    domain = origin.host if origin.port == default else f"{origin.host}:{origin.port}"
    if safe_name(domain) != domain.replace(":", "_") or domain.startswith("."):
        raise EntryRefused("lnget cannot keep a host of this name.")
    return domain


def _ready(where: str, new: NewToken, now: int) -> _Ready:
    if not new.origin.is_private_enough:
        raise EntryRefused("It would travel over plain http.")
    if new.token.scheme.upper() != "L402":
        words = f"Its server asked for the scheme {new.token.scheme}, and lnget presents every kept token as L402."
        raise EntryRefused(words)
    domain = domain_of(new.origin)
    preimage = new.token.preimage
    file = TokenFile(
        macaroon=_binary(new.token.credential),
        payment_hash=preimage.payment_hash(),
        preimage=preimage.raw,
        amount_msat=0 if new.price is None else new.price.value,
        fee_msat=0,
        created_ns=(now if new.bought_at is None else new.bought_at) * _NANO,
    )
    return _Ready(where, new, domain, file.pack())


def _binary(credential: str) -> bytes:
    """The bytes of a binary V2 macaroon; lnget has no room for anything else. Raises EntryRefused."""
    try:
        token = read_token(credential)
    except MacaroonError as error:
        raise EntryRefused(f"{error.message}.") from error
    if not isinstance(token, Macaroon):
        raise EntryRefused("It is no macaroon, and lnget keeps nothing else.")
    if token.format != "v2":
        raise EntryRefused(f"Its macaroon is of the format {token.format}, and lnget's file holds binary V2.")
    return next(dress.raw for dress in undressings(credential.strip()) if dress.encoding == token.encoding)


def _best(found: list[_Ready]) -> tuple[_Ready, list[Problem]]:
    """The one that is written, and why each other is not; a token for https goes before one for http."""

    def rank(one: _Ready) -> tuple[bool, int, int]:
        reach = (Reach.EXACT, Reach.PREFIX, Reach.HOST).index(one.new.reach)
        return one.new.origin.scheme == "https", reach, one.new.bought_at or 0

    ordered = sorted(found, key=rank, reverse=True)
    best = ordered[0]
    others = []
    for other in ordered[1:]:
        words = f"lnget keeps one token per host, and for {best.domain} another one was taken."
        if other.new.origin.scheme != best.new.origin.scheme:
            words = f"lnget cannot tell http from https, and a token for https://{best.domain} goes first."
        others.append(Problem(other.where, words))
    return best, others


def _write(base: Path, one: _Ready) -> Path:
    """The name of the server first, the token last: a crash between them leaves nothing that lnget would use."""
    folder = base / safe_name(one.domain)
    if folder.is_symlink() or any(
        (folder / f"{name}.token{end}").exists() for name in ("l402", "lsat") for end in ("", ".pending")
    ):
        raise EntryRefused(f"lnget holds a token for {one.domain} already, and it was left as it is.")
    make_folder(folder)
    note = folder / DOMAIN
    if not note.exists():
        write_whole(note, one.domain.encode("utf-8"))
    elif note.read_bytes()[:300].decode("utf-8", "replace").strip() != one.domain:
        raise EntryRefused(f"The folder of {one.domain} belongs to another server.")
    file = folder / TOKEN_FILE
    write_whole(file, one.contents)
    return file
