"""aperture, the paywall of Lightning Labs, before a small server of files; a node of the network is paid."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.peers.lightning.node import Node, told
from tests.peers.preparing import do, go_tool
from tests.peers.running import Process, free_ports, listening, started

COMMANDS = {
    "aperture": "github.com/lightninglabs/aperture/cmd/aperture",
    "client": "l402desk/tests/peers/go/aperture/client",
}
MODULE = "github.com/lightninglabs/aperture"
PRICE_SATS = 21
SHORT_S = 4
"""For how long a token of the brief service is good."""
SERVICES = {"data": 3600, "brief": SHORT_S}
"""What is sold below a path of its name, and for how many seconds a token of it is good."""


def tools() -> dict[str, Path]:
    """aperture, and a client around its own client code (`Client`), built once. Raises NotHere."""
    return go_tool("aperture", COMMANDS, env={"CGO_ENABLED": "0", "GOTOOLCHAIN": "local"})


def version() -> str:
    """The version of the module: the program itself does not say it. Raises NotHere."""
    built = do(["go", "version", "-m", tools()["aperture"]], "aperture", within_s=60)
    lines = [line.split() for line in built.splitlines()]
    return next(words[2] for words in lines if len(words) > 2 and words[1] == MODULE)


class Client:
    """A client of aperture's own making, with its tokens as files in a folder: see tests/peers/go/aperture/client."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._program = tools()["client"]

    def token(self) -> dict[str, Any]:
        """The token that the folder holds, as aperture's code reads it."""
        found: dict[str, Any] = json.loads(self._do("read"))
        return found

    def get(self, url: str) -> str:
        """The body, with the folder's token and without paying. Raises Refused where that does not open it."""
        return self._do("get", url)

    def buy(self, url: str, node: Node) -> str:
        """The body; the node pays if the server asks for it, and the folder has the token then."""
        return self._do("buy", url, node.grpc, str(node.tls), str(node.macaroons))

    def _do(self, what: str, *more: str) -> str:
        return told([self._program, what, self.folder, *more])


@dataclass(frozen=True, slots=True)
class Paywall:
    """``url`` has no slash at its end; every service sells ``{url}/{service}/thing`` and what else is below it."""

    url: str
    node: Node
    process: Process
    files: Process

    def thing(self, service: str = "data") -> str:
        return f"{self.url}/{service}/thing"

    def delivered(self, service: str = "data") -> int:
        """How often the server behind it was let to answer for this service."""
        return self.files.said().count(f'"GET /{service}/thing HTTP/1.1" 200')

    def billed(self) -> int:
        """How many invoices the node behind it wrote so far."""
        return self.node.made()

    def paid(self) -> list[str]:
        """The payment hash of every invoice that was paid to the node."""
        return self.node.settled()


@contextmanager
def paywall(folder: Path, node: Node, *, mpp: bool = False, port: int = 0) -> Iterator[Paywall]:
    """Run aperture with its data in ``folder``; ``node`` is paid. Raises NotHere.

    With ``mpp`` it asks by the Payment scheme as well, with an invoice of its own. ``port`` 0 is a free one.
    """
    free, behind = free_ports(2)
    port = port or free
    served = folder / "served"
    for service in SERVICES:
        (served / service).mkdir(parents=True)
        (served / service / "thing").write_text(f"This is the {service}.\n")
    config = folder / "aperture.yaml"
    config.write_text(json.dumps(_config(folder, port, behind, node, mpp=mpp)))  # JSON is YAML
    files: list[str | Path] = [
        sys.executable,
        "-u",
        "-m",
        "http.server",
        str(behind),
        "--bind",
        "127.0.0.1",
        "--directory",
        served,
    ]
    with (
        started(files, log=folder / "files.log", ready=listening(behind)) as server,
        started(
            [tools()["aperture"], f"--configfile={config}"],
            log=folder / "aperture.log",
            ready=listening(port),
            cwd=folder,
        ) as process,
    ):
        yield Paywall(f"http://127.0.0.1:{port}", node, process, server)


def _config(folder: Path, port: int, behind: int, node: Node, *, mpp: bool) -> dict[str, object]:
    return {
        "listenaddr": f"127.0.0.1:{port}",
        "insecure": True,
        "basedir": str(folder),
        "debuglevel": "info",
        "dbbackend": "sqlite",
        "sqlite": {"databasefilename": str(folder / "aperture.db")},  # as its YAML reader names "dbfile"
        "authenticator": {
            "network": "regtest",
            "lndhost": node.grpc,
            "tlspath": str(node.tls),
            "macdir": str(node.macaroons),
            "enablempp": mpp,
            "mpprealm": "paywall",
        },
        "services": [
            {
                "name": name,
                "hostregexp": ".*",
                "pathregexp": f"^/{name}/.*$",
                "address": f"127.0.0.1:{behind}",
                "protocol": "http",
                "price": PRICE_SATS,
                "timeout": seconds,
                "authscheme": "l402+mpp" if mpp else "l402",
            }
            for name, seconds in SERVICES.items()
        ],
    }
