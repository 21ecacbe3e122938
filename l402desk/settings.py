"""Every preference once, and the folders the app keeps its state in."""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import platformdirs

Theme = Literal["system", "light", "dark"]

LONGEST_MINUTES = 24 * 60
_TOR = re.compile(r"(?:[A-Za-z0-9.-]{1,200}|\[[0-9A-Fa-f:.]{2,45}\]):(?!0)[0-9]{1,5}")
_APP = "l402desk"
_HOME = "L402DESK_HOME"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the user chose; changed by ``dataclasses.replace``. Raises ValueError for what is no choice."""

    theme: Theme = "system"
    lock_after_minutes: int = 15
    """The vault is locked when nobody has touched the app for so long; 0: never."""
    tor: str = "127.0.0.1:9050"
    """HOST:PORT of Tor's SOCKS proxy, through which hidden services are reached; empty: by none."""

    def __post_init__(self) -> None:
        if self.theme not in get_args(Theme):
            raise ValueError("the theme is system, light or dark")
        minutes = self.lock_after_minutes
        if type(minutes) is not int or not 0 <= minutes <= LONGEST_MINUTES:
            raise ValueError("the vault is locked after 0 to 1,440 minutes")
        if type(self.tor) is not str or (self.tor and not _TOR.fullmatch(self.tor)):
            raise ValueError("Tor's address is HOST:PORT")


@dataclass(frozen=True, slots=True)
class Folders:
    """The four places of the app; all absolute, none made yet."""

    config: Path
    data: Path
    cache: Path
    logs: Path

    @classmethod
    def find(cls, environ: Mapping[str, str]) -> Folders:
        """All under ``L402DESK_HOME`` where that is set, else where the desktop wants them."""
        home = environ.get(_HOME, "")
        if home:
            root = Path(home).expanduser().absolute()
            return cls(root / "config", root / "data", root / "cache", root / "logs")
        found = platformdirs.PlatformDirs(_APP, appauthor=False)
        return cls(
            found.user_config_path.absolute(),
            found.user_data_path.absolute(),
            found.user_cache_path.absolute(),
            found.user_log_path.absolute(),
        )

    def make(self) -> None:
        """Make what is missing, for this user only. Raises OSError."""
        for folder in (self.config, self.data, self.cache, self.logs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.json"

    @property
    def window_file(self) -> Path:
        return self.config / "window.ini"


def load(file: Path) -> Settings:
    """The settings in ``file``; defaults where there is none.

    A file that cannot be understood is kept beside as ``….broken`` and told in the log; a single value that
    cannot is its default. Raises OSError where the file is there and cannot be read.
    """
    try:
        found = _read(file)
    except FileNotFoundError:
        return Settings()
    except ValueError:
        aside = file.with_name(f"{file.name}.broken")
        os.replace(file, aside)
        _log.warning("the settings file cannot be understood; it is kept as %s and defaults are used", aside)
        return Settings()
    chosen = Settings()
    for name in asdict(chosen).keys() & found.keys():
        with suppress(ValueError):
            chosen = replace(chosen, **{name: found[name]})
    return chosen


def save(file: Path, settings: Settings) -> None:
    """Write the settings whole or not at all; keys that this version does not know stay. Raises OSError."""
    try:
        found = _read(file)
    except (FileNotFoundError, ValueError):
        found = {}
    text = json.dumps(found | asdict(settings), indent=2, ensure_ascii=False) + "\n"
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        with beside.open("w", encoding="utf-8") as out:
            beside.chmod(0o600)
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        os.replace(beside, file)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    """The new name survives a power cut only when the folder is written too; not every system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _read(file: Path) -> dict[str, Any]:
    """The object in the file. Raises FileNotFoundError, OSError, or ValueError for anything but an object."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("not an object")
    return found
