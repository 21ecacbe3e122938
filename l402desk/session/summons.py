"""What a second start tells the first window: an address to fill in, and the word that lets it come forward."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 64 * 1024
"""Of one summons: the longest address, twice."""
MOST_TOKEN_CHARS = 256
_LONGEST_PATH = 96
"""sun_path holds 104 bytes on macOS and 108 on Linux (unix(7)); Qt makes the socket under a shorter name first."""


@dataclass(frozen=True, slots=True)
class Summons:
    """``url`` is an address that can be asked for, or empty. ``activation`` is an XDG activation token, or empty."""

    url: str = ""
    activation: str = ""


def write_summons(summons: Summons) -> bytes:
    """One line of JSON."""
    return json.dumps({"url": summons.url, "activation": summons.activation}).encode("ascii") + b"\n"


def read_summons(line: bytes) -> Summons | None:
    """What a line says; None where it is none. Only what an address bar could send is taken for an address.

    The line comes from any process of this user: a link that some page made may be in it (T-URI-1).
    """
    from l402desk.client.urls import UrlError, read_url  # noqa: PLC0415 - not before the first frame

    try:
        said = json.loads(line)
        url, activation = said["url"], said["activation"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(url, str) or not isinstance(activation, str):
        return None
    if url:
        try:
            url = str(read_url(url))
        except UrlError:
            return None
    plain = activation.isascii() and activation.isprintable() and len(activation) <= MOST_TOKEN_CHARS
    return Summons(url, activation if plain else "")


def socket_name(folder: Path) -> str:
    """Where the first window of this data folder listens: in the folder, which is this user's alone.

    Where its path is too long for a socket, in a private folder of the session. Raises OSError where that folder is
    another's.
    """
    import hashlib  # noqa: PLC0415 - not before the first frame

    digest = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:24]
    if os.name != "posix":
        return f"l402desk-{digest}"
    inside = folder / "instance.socket"
    if len(os.fsencode(inside)) <= _LONGEST_PATH:
        return str(inside)
    return str(_private_folder() / f"{digest}.socket")


def _private_folder() -> Path:
    """A folder of this user alone outside the home; a shared /tmp may hold one that somebody else has put there."""
    import tempfile  # noqa: PLC0415 - not before the first frame

    folder = Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"l402desk-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        raise OSError(f"{folder} is not private")
    return folder
