"""The passphrase of a sealed export: from a file, or typed by a person at a terminal; nobody else is waited for."""

from __future__ import annotations

from pathlib import Path

from l402desk.cli.opening import USAGE, CommandFailed, can_ask
from l402desk.protocol.text import visible

_MOST_CHARS = 4_096
_HOW = "Name a file whose first line is the passphrase with --passphrase-file"


def passphrase_for(file: str | None, prompt: str, *, twice: bool) -> str:
    """Never empty. ``twice`` asks for it again, so that nobody seals under what was mistyped. Raises CommandFailed."""
    if file is not None:
        return _first_line(Path(file))
    if not can_ask():
        raise CommandFailed(f"A passphrase is needed, and there is no terminal to ask at. {_HOW}", USAGE)
    return _typed(prompt, twice)


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as lines:
            line = lines.readline(_MOST_CHARS).rstrip("\r\n")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        words = f"The passphrase file {visible(str(file), 200)} cannot be read"
        raise CommandFailed(words, USAGE) from error
    if not line:
        raise CommandFailed(f"The first line of {visible(str(file), 200)} is empty. {_HOW}", USAGE)
    return line


def _typed(prompt: str, twice: bool) -> str:
    from getpass import getpass  # noqa: PLC0415 - only where somebody is asked

    try:
        passphrase = getpass(f"{prompt}: ")
        again = getpass(f"{prompt}, again: ") if passphrase and twice else passphrase
    except (EOFError, KeyboardInterrupt, OSError) as error:
        raise CommandFailed("No passphrase was typed", USAGE) from error
    if not passphrase:
        raise CommandFailed("No passphrase was typed", USAGE)
    if again != passphrase:
        raise CommandFailed("The two passphrases differ. Nothing was written", USAGE)
    return passphrase
