"""Finds Electrum on this machine: the system's package, run by the system's Python."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from tests.peers.preparing import NotHere, apt, do

SYSTEM_PYTHON = Path("/usr/bin/python3")
# Run as a file, the folder that it lies in would hide modules of Python's own, like logging.
_RUN = "import runpy, sys; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
_WHERE = (
    "import electrum.version as v, pathlib; print(v.ELECTRUM_VERSION, pathlib.Path(v.__file__).parent / 'electrum')"
)


@dataclass(frozen=True, slots=True)
class Electrum:
    """``argv`` is how it is called."""

    version: str
    argv: tuple[str, ...]


def prepare() -> Electrum:
    """Electrum without its window. Raises NotHere."""
    if shutil.which(str(SYSTEM_PYTHON)) is None:
        raise NotHere("Electrum is run by the system's Python, and there is none")
    try:
        return _found()
    except NotHere:
        apt("python3-electrum")
        return _found()


def _found() -> Electrum:
    version, file = do([SYSTEM_PYTHON, "-c", _WHERE], "Electrum", within_s=30).split(maxsplit=1)
    script = Path(file.strip()).with_name("electrum")
    return Electrum(version, (str(SYSTEM_PYTHON), "-c", _RUN, str(script)))
