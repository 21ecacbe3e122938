"""The file that L402DESK_PASSPHRASE_FILE names: its first line opens the vault without a prompt."""

from __future__ import annotations

import asyncio
from pathlib import Path

from l402desk.store.errors import KeyUnavailable


class PassphraseFileUnreadable(KeyUnavailable):
    """The file that L402DESK_PASSPHRASE_FILE names cannot be read."""

    def __init__(self, file: str) -> None:
        super().__init__(
            f"The passphrase file {file} cannot be read.",
            "Make it readable for you alone, or start without L402DESK_PASSPHRASE_FILE.",
        )


async def first_line(file: Path) -> str:
    """Without its line end. Raises PassphraseFileUnreadable."""
    return await asyncio.to_thread(_first_line, file)


def _first_line(file: Path) -> str:
    try:
        with file.open(encoding="utf-8") as lines:
            return lines.readline().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise PassphraseFileUnreadable(str(file)) from error
