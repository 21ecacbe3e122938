"""btcd on a regtest chain of its own: blocks on demand, and coins for whoever asks."""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.peers.lightning.coins import Miner, witness_script
from tests.peers.running import free_ports, started

USER, PASSWORD = "regtest", "regtest"  # loopback only, for as long as the test lasts
SEGWIT_AT = 3 * 144
"""Blocks until SegWit and CSV are active on regtest: one window each to begin, to signal and to lock in (BIP 9)."""
SUBSIDY = 50 * 10**8
QUIET_S = 60.0


class Chain:
    """The chain that runs; ``rpc`` is HOST:PORT, ``certificate`` what its RPC is known by."""

    def __init__(self, rpc: str, certificate: Path, miner: Miner) -> None:
        self.rpc = rpc
        self.certificate = certificate
        self._miner = miner
        self._spent = 0
        self._client: httpx.Client | None = None

    def ask(self, method: str, *params: object) -> Any:
        """One call of btcd's JSON-RPC."""
        reply = self._connected().post("/", json={"jsonrpc": "1.0", "id": 1, "method": method, "params": params})
        told = reply.json()
        assert told["error"] is None, f"btcd refuses {method}: {told['error']}"
        return told["result"]

    def is_up(self) -> bool:
        """For `started`: it answers."""
        try:
            self.ask("getblockcount")
        except httpx.TransportError:
            return False
        return True

    def mine(self, blocks: int) -> None:
        self.ask("generate", blocks)

    def fund(self, amounts: Mapping[str, int]) -> None:
        """Give these witness addresses so many satoshi out of one coinbase; not mined yet."""
        self._spent += 1
        txid = self.ask("getblock", self.ask("getblockhash", self._spent), 1)["tx"][0]
        outputs = [(witness_script(address), amount) for address, amount in amounts.items()]
        self.ask("sendrawtransaction", self._miner.spend(txid, SUBSIDY, outputs))

    def close(self) -> None:
        if self._client is not None:
            self._client.close()

    def _connected(self) -> httpx.Client:
        if self._client is None:
            if not self.certificate.exists():
                raise FileNotFoundError(self.certificate)  # btcd has not come so far
            trust = ssl.create_default_context(cafile=self.certificate)
            self._client = httpx.Client(
                base_url=f"https://{self.rpc}", verify=trust, auth=(USER, PASSWORD), timeout=QUIET_S, trust_env=False
            )
        return self._client


@contextmanager
def chain(btcd: Path, folder: Path) -> Iterator[Chain]:
    """Run btcd with its data in ``folder``; SegWit is active, and there are coins to give away."""
    miner, (peers, rpc) = Miner(), free_ports(2)
    certificate = folder / "rpc.cert"
    made = Chain(f"127.0.0.1:{rpc}", certificate, miner)
    options: Sequence[str] = (
        f"--configfile={folder / 'none.conf'}",
        "--regtest",
        "--txindex",
        "--rejectnonstd",
        "--nobanning",
        "--nostalldetect",
        "--trickleinterval=100ms",
        "--debuglevel=warn",
        "--rpcmaxwebsockets=50",
        f"--listen=127.0.0.1:{peers}",
        f"--rpclisten=127.0.0.1:{rpc}",
        f"--rpcuser={USER}",
        f"--rpcpass={PASSWORD}",
        f"--rpccert={certificate}",
        f"--rpckey={folder / 'rpc.key'}",
        f"--datadir={folder / 'data'}",
        f"--logdir={folder / 'logs'}",
        f"--miningaddr={miner.address}",
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "none.conf").write_text("")
    with contextlib.closing(made), started([btcd, *options], log=folder / "btcd.log", ready=made.is_up, cwd=folder):
        made.mine(SEGWIT_AT)
        yield made
