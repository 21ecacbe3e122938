"""Three Electrum wallets with Lightning on a chain of their own: alice pays, bob forwards, carol is paid.

``with lightning(folder) as network`` starts them, funds alice and bob, and opens alice's channel to bob and bob's to
carol. A node is reached by `Node.connection` (this app's form) or `Node.rpc`; `Payee` makes carol's invoices.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from tests.harness.market import ROOT
from tests.peers.electrum.prepare import Electrum, prepare
from tests.peers.running import Process, free_ports, listening, started

CAPACITY_BTC = "0.15"
FUNDS_SATS = 100_000_000
CONFIRMATIONS = 3
PATIENCE_S = 60.0
CALL_S = 30.0
IN_FLIGHT = 4
"""Electrum's word for how an invoice stands that it is paying."""


class RpcError(Exception):
    """What Electrum answered instead of a result."""


@dataclass(frozen=True, slots=True)
class Rpc:
    """Electrum's JSON-RPC."""

    url: str
    user: str
    password: str = field(repr=False)

    def call(self, method: str, within_s: float = CALL_S, **params: Any) -> Any:
        """The result. Raises RpcError."""
        with httpx.Client(trust_env=False, timeout=within_s) as client:
            return _result(client.post(self.url, auth=(self.user, self.password), json=_question(method, params)))

    async def ask(self, method: str, within_s: float = CALL_S, **params: Any) -> Any:
        """The same, without holding up the loop."""
        async with httpx.AsyncClient(trust_env=False, timeout=within_s) as client:
            told = await client.post(self.url, auth=(self.user, self.password), json=_question(method, params))
            return _result(told)


def _question(method: str, params: dict[str, Any]) -> dict[str, Any]:
    return {"id": 1, "jsonrpc": "2.0", "method": method, "params": params}


def _result(told: httpx.Response) -> Any:
    if told.status_code != 200:
        raise RpcError(f"status {told.status_code}")
    answer = told.json()
    if answer.get("error"):
        raise RpcError(answer["error"]["message"])
    return answer["result"]


@dataclass(slots=True)
class Node:
    """One daemon with its wallet. ``argv`` and ``folder`` are what it is started with, ``stack`` what ends it."""

    name: str
    rpc: Rpc
    folder: Path
    argv: list[str]
    stack: ExitStack = field(repr=False)
    process: Process = field(init=False)

    def start(self) -> None:
        """Not waited for: the three start side by side."""
        log = self.folder / "log"
        self.process = self.stack.enter_context(started(self.argv, log=log, env={"HOME": str(self.folder)}))

    def restart(self) -> None:
        """Killed at once, and started again with its wallet open."""
        self.process.kill()
        self.start()
        self.is_up()
        self.rpc.call("load_wallet")

    def is_up(self) -> None:
        """Wait until it answers."""
        _until(lambda: self.rpc.call("version"), self)

    @property
    def connection(self) -> str:
        """As this app connects to it."""
        return self.connection_at(self.rpc.url)

    def connection_at(self, url: str) -> str:
        """The same, where something stands before it."""
        return f"electrum+{url.replace('://', f'://{self.rpc.user}:{self.rpc.password}@')}"

    @property
    def port(self) -> int:
        return int(self.rpc.url.rpartition(":")[2])

    async def paid(self, payment_hash: str) -> bool:
        """Did money come in for this?"""
        history = await self.rpc.ask("lightning_history")
        return any(item.get("payment_hash") == payment_hash and item["amount_msat"] > 0 for item in history)

    async def unsettled_sats(self) -> int:
        """What it sent that neither arrived nor came back yet."""
        return sum(int(channel.get("local_unsettled_sent", 0)) for channel in await self.rpc.ask("list_channels"))


@dataclass(frozen=True, slots=True)
class Payee:
    """Invoices of a node, in whole satoshi as Electrum makes them."""

    node: Node

    async def invoice(self, msat: int, expiry_s: int = 3600) -> str:
        assert msat % 1000 == 0, "Electrum asks for whole satoshi"
        amount = f"{msat // 1000 / 1e8:.8f}"
        asked = await self.node.rpc.ask("add_request", amount=amount, memo="A request", expiration=expiry_s, force=True)
        return str(asked["lightning_invoice"])


@dataclass(frozen=True, slots=True)
class Network:
    """The nodes, and how long it took from nothing to open channels."""

    alice: Node
    bob: Node
    carol: Node
    chain_port: int
    version: str
    seconds: float

    @property
    def payee(self) -> Payee:
        return Payee(self.carol)

    @contextmanager
    def stopped(self, node: Node) -> Iterator[None]:
        """The node stands still: what is sent to it, or over it, gets stuck until the context ends."""
        node.process.pause()
        try:
            yield
        finally:
            node.process.resume()


@contextmanager
def lightning(folder: Path) -> Iterator[Network]:
    """The network, while the context lasts. Raises NotHere where there is no Electrum."""
    electrum = prepare()
    began = time.monotonic()
    chain, listening_bob, listening_carol, *rpc = free_ports(6)
    listens = {"bob": listening_bob, "carol": listening_carol}
    with ExitStack() as stack:
        argv = [sys.executable, "-m", "tests.peers.electrum.chain", "--port", str(chain)]
        stack.enter_context(started(argv, log=folder / "chain.log", cwd=ROOT, ready=listening(chain)))
        nodes = {
            name: _node(stack, electrum, name, folder / name, port, chain, listens.get(name))
            for name, port in zip(("alice", "bob", "carol"), rpc, strict=True)
        }
        for node in nodes.values():
            node.start()
        for node in nodes.values():
            node.is_up()
            node.rpc.call("create")
            assert node.rpc.call("load_wallet")
        _connect(nodes["alice"].rpc, nodes["bob"].rpc, nodes["carol"].rpc, chain)
        yield Network(**nodes, chain_port=chain, version=electrum.version, seconds=time.monotonic() - began)


def _node(
    stack: ExitStack, electrum: Electrum, name: str, folder: Path, port: int, chain: int, listens: int | None
) -> Node:
    """A node with its settings, which was not started yet."""
    password = secrets.token_hex(12)
    config = {
        "config_version": 3,
        "server": f"127.0.0.1:{chain}:t",
        "oneserver": True,
        "auto_connect": False,
        "use_gossip": True,
        "check_updates": False,
        "lightning_to_self_delay": 144,
        "rpcuser": name,
        "rpcpassword": password,
        "rpcport": port,
    }
    if listens is not None:
        config |= {"lightning_listen": f"127.0.0.1:{listens}", "lightning_forward_payments": True}
    (folder / "regtest").mkdir(parents=True)
    (folder / "regtest" / "config").write_text(json.dumps(config))
    argv = [*electrum.argv, "--regtest", "-D", str(folder), "-v", "daemon"]
    return Node(name, Rpc(f"http://127.0.0.1:{port}", name, password), folder, argv, stack)


def _connect(alice: Rpc, bob: Rpc, carol: Rpc, chain: int) -> None:
    for payer in (alice, bob):
        on_chain(chain, "regtest.fund", payer.call("getunusedaddress"), FUNDS_SATS)
    on_chain(chain, "regtest.mine", 1)
    for payer, payee in ((alice, bob), (bob, carol)):
        _until(partial(_has_money, payer))
        payer.call("open_channel", connection_string=payee.call("nodeid"), amount=CAPACITY_BTC)
    on_chain(chain, "regtest.mine", CONFIRMATIONS)
    for node, count in ((alice, 1), (bob, 2), (carol, 1)):
        _until(partial(_has_open, node, count))


def _has_money(node: Rpc) -> bool:
    return float(node.call("getbalance")["confirmed"]) > 0


def _has_open(node: Rpc, channels: int) -> bool:
    return [channel["state"] for channel in node.call("list_channels")] == ["OPEN"] * channels


def _until(condition: Callable[[], object], node: Node | None = None) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with contextlib.suppress(httpx.TransportError, RpcError):
            if condition():
                return
        assert node is None or node.process.is_alive, "a node ended at once"
        assert time.monotonic() < deadline, f"this took more than {PATIENCE_S:g} s"
        time.sleep(0.05)


def on_chain(port: int, method: str, *params: object) -> Any:
    """Ask the chain itself: ``regtest.mine COUNT``, ``regtest.fund ADDRESS SATS``."""
    with socket.create_connection(("127.0.0.1", port), timeout=CALL_S) as line, line.makefile("rwb") as stream:
        stream.write(json.dumps({"id": 1, "method": method, "params": params}).encode() + b"\n")
        stream.flush()
        answer = json.loads(stream.readline())
    if answer.get("error"):
        raise RpcError(answer["error"]["message"])
    return answer["result"]
