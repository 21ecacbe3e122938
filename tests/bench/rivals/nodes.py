"""The two lnd nodes of the bench: one pays for every client, the other is paid."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.rivals.drivers import ByProcess, Client
from tests.bench.rivals.lnd import Node
from tests.peers.lightning import lnget, paywall
from tests.peers.lightning.node import Node as Running
from tests.peers.lightning.topology import Lightning, lightning


@dataclass(frozen=True, slots=True)
class Nodes:
    """Both over REST, and the network that they are of."""

    payer: Node
    payee: Node
    network: Lightning
    paywall: str
    """The URL of what aperture sells; the payee's node makes its invoices."""

    def clients(self) -> list[Client]:
        """Those that are programs of Go and pay by gRPC: aperture's own client code, and lnget where it is there."""
        alice = self.network.alice
        found: list[Client] = [
            ByProcess("aperture's client", paywall.version(), lambda home: _Aperture(home, alice), False)
        ]
        if lnget.is_here():
            found.append(ByProcess("lnget", lnget.version(), lambda home: lnget.Lnget(home / ".lnget", alice)))
        else:
            print(f"without lnget: {lnget.ABSENT}", file=sys.stderr)
        return found


class _Aperture:
    """aperture's client with the payer's node at hand."""

    def __init__(self, home: Path, node: Running) -> None:
        self._client, self._node = paywall.Client(home), node

    def buy(self, url: str) -> str:
        return self._client.buy(url, self._node)

    def reuse(self, url: str) -> str:
        return self._client.get(url)


@contextmanager
def two_nodes() -> Iterator[Nodes]:
    """Start them with a channel between them. Raises NotHere."""
    with (
        tempfile.TemporaryDirectory() as folder,
        lightning(Path(folder)) as network,
        paywall.paywall(Path(folder) / "aperture", network.bob) as server,
    ):
        yield Nodes(_rest(network.alice), _rest(network.bob), network, server.thing())


def _rest(node: Running) -> Node:
    return Node(f"https://{node.rest}", node.macaroon().hex(), str(node.tls))
