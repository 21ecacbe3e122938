"""The two lnd nodes of the bench: one pays for every client, the other is paid."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.rivals.drivers import Client
from tests.bench.rivals.lnd import Node
from tests.peers.lightning.node import Node as Running
from tests.peers.lightning.topology import Lightning, lightning


@dataclass(frozen=True, slots=True)
class Nodes:
    """Both over REST; `clients` are those that need the payer otherwise."""

    payer: Node
    payee: Node
    network: Lightning

    def clients(self) -> list[Client]:
        return []


@contextmanager
def two_nodes() -> Iterator[Nodes]:
    """Start them with a channel between them. Raises NotHere."""
    with tempfile.TemporaryDirectory() as folder, lightning(Path(folder)) as network:
        yield Nodes(_rest(network.alice), _rest(network.bob), network)


def _rest(node: Running) -> Node:
    return Node(f"https://{node.rest}", node.macaroon().hex(), str(node.tls))
