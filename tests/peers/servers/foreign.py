"""The servers that nobody here wrote, by the name of each: how it is started, and what its tokens are like."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.peers.lnbits.server import LnbitsPayee, LnbitsServer
from tests.peers.preparing import HERE, do, node_env, python_env
from tests.peers.running import Process, free_port, listening, started

SATS = 21
PROGRAMS = Path(__file__).parent / "programs"
HOST = "127.0.0.1"


def _python(name: str) -> list[str]:
    venv = python_env(name, HERE / "python" / f"{name}.lock")
    return [str(venv / "bin" / "python"), str(PROGRAMS / f"{name}_server.py")]


def _node(name: str, script: str) -> list[str]:
    return ["node", str(node_env(name) / script)]


def boltwall() -> list[str]:
    """What starts it, made ready to run. Raises NotHere; so do the others."""
    return _node("boltwall", "server.cjs")


def alby() -> list[str]:
    return _node("alby-server", "server.mjs")


def l402kit() -> list[str]:
    return _python("l402kit")


def fewsats() -> list[str]:
    return _python("fewsats")


@dataclass(frozen=True, slots=True)
class Kind:
    """A foreign server. ``no_reuse`` and ``no_expiry`` say why its tokens cannot, where they cannot."""

    name: str
    package: str
    argv: Callable[[], list[str]]
    no_reuse: str = ""
    no_expiry: str = ""
    forgets_by_restart: bool = True
    """Started anew with other keys it refuses the tokens from before."""

    def version(self) -> str:
        start = self.argv()
        if start[0] == "node":
            package = Path(start[1]).parent / "node_modules" / self.package / "package.json"
            return f"{self.package} {json.loads(package.read_text())['version']}"
        program = f"from importlib.metadata import version; print(version('{self.package}'))"
        return f"{self.package} {do([start[0], '-c', program], self.name).strip()}"


BOLTWALL = Kind("boltwall", "boltwall", boltwall)
ALBY = Kind("Alby's server helper", "@getalby/lightning-tools", alby)
L402KIT = Kind(
    "l402kit",
    "l402kit",
    l402kit,
    no_reuse="l402kit's tokens are good for one use",
    forgets_by_restart=False,
)
FEWSATS = Kind("Fewsats' decorator", "l402", fewsats, no_expiry="Fewsats' tokens never run out")


class Foreign:
    """One that runs, and sells everything below ``url`` for `SATS`, to be paid to ``payee``."""

    def __init__(self, kind: Kind, lnbits: LnbitsServer, folder: Path) -> None:
        account = lnbits.account(kind.name)
        self.kind = kind
        self.payee: LnbitsPayee = lnbits.payee(account)
        self.port = free_port()
        self.url = f"http://{HOST}:{self.port}"
        self._folder = folder
        self._secret = secrets.token_hex(32)
        self._env = {
            "LNBITS_URL": lnbits.url,
            "LNBITS_KEY": account.admin,
            "SATS": str(SATS),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "LND_SOCKET": "none",  # boltwall asks for it; its ln-service of ours does not
            "LND_MACAROON": "00",
            "LND_TLS_CERT": "00",
        }

    def change_keys(self) -> None:
        """From its next start on it knows no token that it sold before."""
        self._secret = secrets.token_hex(32)

    @contextmanager
    def open(self, *, life_s: int = 3600, invoice_s: int = 3600, play: bool = False) -> Iterator[Process]:
        """Serve while the context lasts: tokens and invoices are good for so many seconds.

        ``play``: l402kit then has its own play money, which is no Lightning.
        """
        env: Mapping[str, str] = {
            **self._env,
            "SECRET": self._secret,
            "SESSION_SECRET": self._secret,
            "LIFE": str(life_s),
            "RATE": str(SATS / life_s),
            "INVOICE_EXPIRY": str(invoice_s),
            "PLAY": "1" if play else "",
        }
        with started(self.kind.argv(), env=env, ready=listening(self.port), log=self._folder / "log") as process:
            yield process

    async def received(self) -> int:
        """Sats that were paid to it."""
        return await self.payee.balance() // 1000
