"""lnget's folder: ``tokens/<host[_port]>/l402.token[.pending]`` with a ``.domain`` beside it, and its ``events.db``.

The folder name is the host, with its port behind an underscore unless that is 80 or 443; whether it was http or https
is not written down (lnget, l402/store.go). ``.domain`` holds the name before it was made safe for a file system.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from l402desk.protocol.errors import OriginError
from l402desk.protocol.origin import Origin
from l402desk.protocol.text import visible
from l402desk.vault.foreign.aperture import files_in, read_entry
from l402desk.vault.foreign.entries import Entry, EntryRefused, ImportRefused, Problem
from l402desk.vault.foreign.files import folders_in, is_plain_file, is_plain_folder, read_file
from l402desk.vault.foreign.lnget_events import Event

DOMAIN, EVENTS, TOKENS = ".domain", "events.db", "tokens"
_MOST_DOMAIN = 300
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,252})")


def safe_name(domain: str) -> str:
    """The folder of a domain: colons become underscores, what is no letter, digit, ``.``, ``-`` or ``_`` is dropped."""
    return _UNSAFE.sub("", domain.replace(":", "_"))


def token_folder(folder: Path) -> Path | None:
    """Where the folders of the hosts are: below ``tokens``, or right here; None where this is nothing of lnget's."""
    below = folder / TOKENS
    if is_plain_folder(below):
        return below
    if is_plain_file(folder / DOMAIN) and files_in(folder):
        return folder.parent
    return folder if any(files_in(host) for host in folders_in(folder)) else None


def events_file(folder: Path) -> Path:
    """Where the events of this folder are: beside ``tokens``, and nowhere that is not lnget's."""
    home = next((above.parent for above in (folder, folder.parent) if above.name == TOKENS), folder)
    return home / EVENTS


def entries_in(folder: Path, events: Mapping[str, Event]) -> Iterator[Entry | Problem]:
    """Every token below the folder the user named. ``events`` are by payment hash. Raises ImportRefused."""
    hosts = [folder] if is_plain_file(folder / DOMAIN) else folders_in(token_folder(folder) or folder)
    for host in hosts:
        for file in files_in(host):
            where = visible(f"{host.name}/{file.name}", 120)
            try:
                entry = read_entry(file, where)
                event = events.get(entry.payment_hash.hex) if entry.payment_hash else None
                yield _known(entry, _url(_domain(host), event), event)
            except (EntryRefused, ImportRefused) as error:
                yield Problem(where, getattr(error, "sentence", str(error)))


def _domain(host: Path) -> str:
    """``.domain`` where it belongs to this folder, else the folder's name read backwards. Raises EntryRefused."""
    note = host / DOMAIN
    if is_plain_file(note):
        domain = read_file(note, _MOST_DOMAIN).decode("utf-8", "replace").strip()
        if safe_name(domain) != host.name:
            raise EntryRefused(f"its {DOMAIN} file names another server than its folder does.")
        return domain
    name, underscore, port = host.name.rpartition("_")
    return f"{name}:{port}" if underscore and port.isascii() and port.isdecimal() else host.name


def _url(domain: str, event: Event | None) -> str:
    """http for this machine and hidden services, https for all others; unless lnget's own events say it. Law 8 holds.

    Raises EntryRefused.
    """
    host, colon, port = domain.partition(":")
    if ":" in port:
        raise EntryRefused("its server is an IPv6 address, whose port lnget does not keep apart; import it by itself.")
    if not _HOST.fullmatch(host) or (colon and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536)):
        raise EntryRefused("the name of its folder is no server's.")
    if event is not None and _domain_of(event.url) == domain.lower():
        with contextlib.suppress(OriginError):
            return str(Origin.of(event.url))
    scheme = "http" if _is_private(host) else "https"
    return f"{scheme}://{domain}"


def _domain_of(url: str) -> str | None:
    """How lnget names the server of this URL."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    host = parts.hostname or ""
    return host if port in (None, 80, 443) else f"{host}:{port}"


def _is_private(host: str) -> bool:
    if host == "localhost" or host.endswith((".localhost", ".onion")):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _known(entry: Entry, url: str, event: Event | None) -> Entry:
    """The entry with what the events say of the payment: more than the file knows."""
    if event is None:
        return replace(entry, url=url)
    return replace(
        entry,
        url=url,
        price=entry.price if event.amount is None else event.amount,
        at=event.at or entry.at,
        note=event.note,
        uses=event.uses,
        last_used_at=event.last_used_at,
        last_status=event.last_status,
    )
