"""lnget, where this machine has it: no registry serves its module, so it cannot be built as the others are."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.peers.lightning.node import Node, told

ABSENT = (
    "lnget is not on this machine, and the Go module proxy does not serve its module, so that it cannot be built from "
    "a go.mod as the other peers are; name the program in L402DESK_LNGET, or have it on the PATH. The same tests run "
    "with aperture's own client code, by which lnget keeps its tokens."
)


def is_here() -> bool:
    return bool(_found())


def _found() -> str | None:
    return os.environ.get("L402DESK_LNGET") or shutil.which("lnget")


def program() -> Path:
    """Where it is. Skips the test where it is not: that is no fault of this machine, even where all tests must run."""
    found = _found()
    if not found:
        pytest.skip(ABSENT)
    return Path(found)


def version() -> str:
    return told([program(), "--version"]).strip()


class Lnget:
    """One user of it: ``home`` is what ``~/.lnget`` is for others."""

    def __init__(self, home: Path, node: Node) -> None:
        self.home = home
        self._program = program()
        home.mkdir(parents=True, exist_ok=True)
        lnd = {
            "host": node.grpc,
            "tls_cert": str(node.tls),
            "macaroon": str(node.macaroons / "admin.macaroon"),
            "network": "regtest",
        }
        told = {
            "ln": {"mode": "lnd", "lnd": lnd, "lnc": {"sessions_dir": str(home / "lnc")}},
            "tokens": {"dir": str(home / "tokens")},
            "events": {"enabled": True, "db_path": str(home / "events.db")},
            "http": {"allow_insecure": True},
        }
        (home / "config.yaml").write_text(json.dumps(told))  # JSON is YAML

    def buy(self, url: str) -> str:
        return self._run(url)

    def reuse(self, url: str) -> str:
        """Raises Refused where the token does not open it."""
        return self._run("--no-pay", url)

    def _run(self, *words: str) -> str:
        files = [f"--config={self.home / 'config.yaml'}", f"--logfile={self.home / 'lnget.log'}"]
        return told([self._program, "-q", *files, *words], env={"HOME": str(self.home.parent)})
