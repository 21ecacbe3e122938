"""One lnd, run as a process, and its REST interface as whoever owns the node uses it."""

from __future__ import annotations

import base64
import contextlib
import os
import secrets
import ssl
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from tests.peers.lightning.chain import PASSWORD, USER, Chain
from tests.peers.running import Process, free_ports, started

TAGS = "signrpc walletrpc chainrpc invoicesrpc peersrpc"
"""What lnd's own releases are built with, as far as it matters here; hold invoices are in invoicesrpc."""
UP_S = 90.0
POLL_S = 0.05
QUIET_S = 60.0


def until(what: str, true: Callable[[], object], within_s: float = UP_S) -> None:
    """Ask until the answer is true."""
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, f"not within {within_s:.0f} s: {what}"
        time.sleep(POLL_S)


def told(argv: Sequence[str | Path], env: Mapping[str, str] | None = None, within_s: float = 90) -> str:
    """What a program says on standard output. Raises Refused where it does not end well."""
    words = [str(word) for word in argv]
    done = subprocess.run(
        words,
        env={**os.environ, **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )
    if done.returncode != 0:
        raise Refused(f"{Path(words[0]).name} ended with status {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


class Refused(AssertionError):  # noqa: N818 - what is the case
    """A program of others did not do what it was asked."""


class Node:
    """One node. It keeps its ports and its folder when it is stopped and started again."""

    def __init__(self, lnd: Path, name: str, folder: Path, chain: Chain, *, has_wallet: bool = True) -> None:
        self.name = name
        self.folder = folder
        self._lnd = lnd
        self._wallet = ("--noseedbackup",) if has_wallet else ()
        self._chain = chain
        self._peer_port, self._grpc_port, self._rest_port = free_ports(3)
        self._running: started | None = None
        self._process: Process | None = None
        self._client: httpx.Client | None = None
        self.public_key = ""

    # Where it is

    @property
    def rest(self) -> str:
        """HOST:PORT of REST."""
        return f"127.0.0.1:{self._rest_port}"

    @property
    def grpc(self) -> str:
        return f"127.0.0.1:{self._grpc_port}"

    @property
    def tls(self) -> Path:
        return self.folder / "tls.cert"

    @property
    def macaroons(self) -> Path:
        """The folder of ``admin.macaroon``, ``readonly.macaroon`` and ``invoice.macaroon``."""
        return self.folder / "data" / "chain" / "bitcoin" / "regtest"

    def macaroon(self, name: str = "admin") -> bytes:
        return (self.macaroons / f"{name}.macaroon").read_bytes()

    def connection(self, macaroon: bytes | None = None, *, pin: bool = True) -> str:
        """The text by which the app connects: with the node's certificate, unless told otherwise."""
        parts = {"macaroon": macaroon or self.macaroon()}
        if pin:
            parts["cert"] = ssl.PEM_cert_to_DER_cert(self.tls.read_text())
        query = "&".join(f"{key}={base64.urlsafe_b64encode(raw).decode().rstrip('=')}" for key, raw in parts.items())
        return f"lndconnect://{self.rest}?{query}"

    # Running

    def start(self) -> None:
        """Begin to start; `wait_until_up` is for the rest. Only from a thread that lasts: the process ends with it."""
        self._running = started([self._lnd, *self._options()], log=self.folder / f"{self.name}.log", cwd=self.folder)
        self._process = self._running.__enter__()

    def wait_until_up(self) -> None:
        """Until it answers and knows the chain's tip."""
        until(f"{self.name} is up", self._is_up)

    def stop(self) -> None:
        """In order, as its owner would; nothing happens where it does not run."""
        if self._client is not None:
            self._client.close()
        if self._running is not None:
            self._running.__exit__(None, None, None)
        self._running = self._process = self._client = None

    def start_again(self, *, new_certificate: bool = False) -> None:
        self.stop()
        if new_certificate:
            self.tls.unlink()
            self.folder.joinpath("tls.key").unlink()
        self.start()
        self.wait_until_up()

    @property
    def process(self) -> Process:
        assert self._process is not None, f"{self.name} does not run"
        return self._process

    def _options(self) -> Sequence[str]:
        return (
            f"--lnddir={self.folder}",
            f"--alias={self.name}",
            *self._wallet,
            "--nobootstrap",
            "--bitcoin.regtest",
            "--bitcoin.node=btcd",
            f"--btcd.rpchost={self._chain.rpc}",
            f"--btcd.rpcuser={USER}",
            f"--btcd.rpcpass={PASSWORD}",
            f"--btcd.rpccert={self._chain.certificate}",
            "--bitcoin.defaultchanconfs=1",
            "--bitcoin.defaultremotedelay=4",
            f"--listen=127.0.0.1:{self._peer_port}",
            f"--rpclisten={self.grpc}",
            f"--restlisten={self.rest}",
            "--trickledelay=50",
            "--gossip.sub-batch-delay=5ms",
            "--db.batch-commit-interval=10ms",
            "--minbackoff=200ms",
            "--maxbackoff=1s",
            "--accept-keysend",
        )

    def _is_up(self) -> bool:
        assert self.process.is_alive, f"{self.name} ended:\n{self.process.said()[-2000:]}"
        with contextlib.suppress(httpx.TransportError, FileNotFoundError, ssl.SSLError):
            info = self._asked("GET", "/v1/getinfo", None)
            if info.status_code == 200 and info.json()["synced_to_chain"]:
                self.public_key = info.json()["identity_pubkey"]
                return True
        return False

    # REST

    def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One call with the admin macaroon that has to succeed."""
        reply = self._asked(method, path, body)
        assert reply.status_code == 200, f"{self.name} refuses {method} {path}: {reply.text}"
        told: dict[str, Any] = reply.json()
        return told

    def _asked(self, method: str, path: str, body: object) -> httpx.Response:
        if self._client is None:
            trust = ssl.create_default_context(cafile=self.tls)
            self._client = httpx.Client(
                base_url=f"https://{self.rest}",
                headers={"Grpc-Metadata-macaroon": self.macaroon().hex()},
                verify=trust,
                timeout=QUIET_S,
                trust_env=False,
            )
        return self._client.request(method, path, json=body)

    def address(self) -> str:
        return str(self.ask("GET", "/v1/newaddress?type=0")["address"])

    def coins(self) -> int:
        """Confirmed and on the chain, in satoshi."""
        return int(self.ask("GET", "/v1/balance/blockchain")["confirmed_balance"])

    def open_channel(self, other: Node, sats: int, *, theirs: int) -> None:
        """Connect and open; it has to be mined."""
        to = {"pubkey": other.public_key, "host": f"127.0.0.1:{other._peer_port}"}
        self.ask("POST", "/v1/peers", {"addr": to, "perm": True, "timeout": "10"})
        until(f"{other.name} is a peer", lambda: other.public_key in self._peers())
        parts = {"local_funding_amount": str(sats), "push_sat": str(theirs), "sat_per_vbyte": "5"}
        key = base64.b64encode(bytes.fromhex(other.public_key)).decode()
        self.ask("POST", "/v1/channels", {"node_pubkey": key, **parts})

    def _peers(self) -> list[str]:
        return [peer["pub_key"] for peer in self.ask("GET", "/v1/peers")["peers"]]

    def channels(self) -> list[dict[str, Any]]:
        """Those over which payments can go now."""
        return list(self.ask("GET", "/v1/channels?active_only=true")["channels"])

    def knows_channels(self) -> int:
        """How many the node's map of the network has, with both sides' fees."""
        edges = self.ask("GET", "/v1/graph")["edges"]
        return sum(1 for edge in edges if edge["node1_policy"] and edge["node2_policy"])

    def spendable(self) -> int:
        """What its channels hold on its side, in msat."""
        return int(self.ask("GET", "/v1/balance/channels")["local_balance"]["msat"])

    # As one who is paid

    def invoice(self, msat: int, expiry_s: int = 3600, memo: str = "A request") -> str:
        body = {"value_msat": str(msat), "expiry": str(expiry_s), "memo": memo}
        return str(self.ask("POST", "/v1/invoices", body)["payment_request"])

    def hold_invoice(self, msat: int, preimage: bytes | None = None, expiry_s: int = 3600) -> Held:
        """An invoice whose payment arrives and stays open until `Held.settle` or `Held.cancel`."""
        secret = preimage or secrets.token_bytes(32)
        hashed = base64.b64encode(sha256(secret).digest()).decode()
        body = {"hash": hashed, "value_msat": str(msat), "expiry": str(expiry_s)}
        return Held(self, str(self.ask("POST", "/v2/invoices/hodl", body)["payment_request"]), secret)

    def settled(self) -> list[str]:
        """The payment hash of every invoice that was paid, in hexadecimal."""
        invoices = self.ask("GET", "/v1/invoices?num_max_invoices=10000")["invoices"]
        return [base64.b64decode(one["r_hash"]).hex() for one in invoices if one["state"] == "SETTLED"]

    def made(self) -> int:
        """How many invoices it wrote, paid or not."""
        return len(self.ask("GET", "/v1/invoices?num_max_invoices=10000")["invoices"])

    def payments(self) -> list[dict[str, Any]]:
        """What it paid or tried to."""
        return list(self.ask("GET", "/v1/payments?include_incomplete=true&max_payments=10000")["payments"])


class Held:
    """A hold invoice and its preimage, which its payer gets only when it is settled."""

    def __init__(self, payee: Node, invoice: str, preimage: bytes) -> None:
        self.invoice = invoice
        self.preimage = preimage
        self._payee = payee
        self._hash = sha256(preimage).digest()

    @property
    def state(self) -> str:
        """OPEN, ACCEPTED (the money is there and held), SETTLED or CANCELED."""
        return str(self._payee.ask("GET", f"/v1/invoice/{self._hash.hex()}")["state"])

    def wait_until_held(self) -> None:
        until("the payment is held", lambda: self.state == "ACCEPTED", 20)

    def settle(self) -> None:
        self._payee.ask("POST", "/v2/invoices/settle", {"preimage": base64.b64encode(self.preimage).decode()})

    def cancel(self) -> None:
        self._payee.ask("POST", "/v2/invoices/cancel", {"payment_hash": base64.b64encode(self._hash).decode()})
