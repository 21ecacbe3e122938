"""A Lightning network on one machine: btcd, and three lnd's in a row, alice -> bob -> carol, with money in channels."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.peers.lightning.chain import Chain, chain
from tests.peers.lightning.node import TAGS, Node, told, until
from tests.peers.preparing import do, go_tool

COMMANDS = {
    "btcd": "github.com/btcsuite/btcd",
    "lnd": "github.com/lightningnetwork/lnd/cmd/lnd",
    "lncli": "github.com/lightningnetwork/lnd/cmd/lncli",
}
COINS = 10**9
"""Satoshi that alice and bob each get on the chain."""
CAPACITY, PUSHED = 5_000_000, 1_000_000
"""Satoshi of each channel, and how many of them are the payee's to begin with."""


def tools() -> dict[str, Path]:
    """btcd, lnd and lncli, built once. Raises NotHere."""
    return go_tool("lnd", COMMANDS, tags=TAGS, env={"CGO_ENABLED": "0", "GOTOOLCHAIN": "local"})


def versions() -> dict[str, str]:
    """What runs, as the programs themselves say. Raises NotHere."""
    built = tools()
    said = {name: do([built[name], "--version"], name, within_s=20).split() for name in ("btcd", "lnd")}
    return {name: f"{name} {words[2]}" for name, words in said.items()}  # "lnd version 0.21.2-beta commit="


@dataclass(frozen=True, slots=True)
class Lightning:
    """The network that runs. Alice pays; to carol there is no way but over bob, who takes a fee for it.

    ``took`` has the seconds since the start at which each step was done.
    """

    chain: Chain
    alice: Node
    bob: Node
    carol: Node
    lncli: Path
    took: dict[str, float] = field(default_factory=dict)

    @property
    def nodes(self) -> tuple[Node, Node, Node]:
        return self.alice, self.bob, self.carol

    def lncli_at(self, node: Node, *words: str) -> str:
        """What lnd's own command line says when the node's owner uses it."""
        files = [f"--tlscertpath={node.tls}", f"--macaroonpath={node.macaroons / 'admin.macaroon'}"]
        argv: list[str | Path] = [self.lncli, "--network=regtest", f"--rpcserver={node.grpc}", *files, *words]
        return told(argv)


@contextmanager
def lightning(folder: Path) -> Iterator[Lightning]:
    """Start everything, with its data in ``folder``; ends it whatever happens. Raises NotHere.

    Alice and bob have money in a channel each, carol is paid through bob.
    """
    built = tools()
    began = time.monotonic()
    took: dict[str, float] = {}
    with contextlib.ExitStack() as stack:
        blocks = stack.enter_context(chain(built["btcd"], folder / "btcd"))
        took["chain"] = time.monotonic() - began
        alice, bob, carol = (Node(built["lnd"], name, folder / name, blocks) for name in ("alice", "bob", "carol"))
        network = Lightning(blocks, alice, bob, carol, built["lncli"], took)
        for node in network.nodes:  # all at once
            stack.callback(node.stop)
            node.folder.mkdir(parents=True, exist_ok=True)
            node.start()
        for node in network.nodes:
            node.wait_until_up()
        took["nodes"] = time.monotonic() - began
        _fund(network)
        took["funded"] = time.monotonic() - began
        _connect(network)
        took["channels"] = time.monotonic() - began
        yield network


def _fund(network: Lightning) -> None:
    alice, bob = network.alice, network.bob
    network.chain.fund({alice.address(): COINS, bob.address(): COINS})
    network.chain.mine(1)
    for node in (alice, bob):
        until(f"{node.name} has coins", lambda node=node: node.coins() >= COINS)  # type: ignore[misc]


def _connect(network: Lightning) -> None:
    alice, bob, carol = network.nodes
    alice.open_channel(bob, CAPACITY, theirs=PUSHED)
    bob.open_channel(carol, CAPACITY, theirs=PUSHED)
    network.chain.mine(6)  # so many until the others are told of a channel
    wait_until_routable(network)


def wait_until_routable(network: Lightning) -> None:
    """Until both channels are open and alice knows the way to carol, at first and after a node was started again."""
    for node, count in zip(network.nodes, (1, 2, 1), strict=True):
        until(f"{node.name}'s channels are open", lambda n=node, c=count: len(n.channels()) == c)  # type: ignore[misc]
    until("alice knows both channels", lambda: network.alice.knows_channels() == 2)
