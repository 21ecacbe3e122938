"""Alby's wallet service, which pays from an Electrum node: a wallet over Nostr that nobody here wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from l402desk.wallets.nostr.keys import fresh_secret, public_key
from tests.peers.electrum.nodes import Rpc
from tests.peers.nostr.prepare import alby
from tests.peers.running import Process, started

READY = r'\{"wallet":.*\}'


@dataclass(frozen=True, slots=True)
class AlbyService:
    """``secret`` is the service's key, ``client`` that of the connection it was made for."""

    process: Process
    key: str
    relay: str
    secret: bytes = field(repr=False)
    client: bytes = field(repr=False)
    wish: dict[str, Any]
    """What it read out of a pairing link; empty where there was none."""

    def connection(self, client: bytes | None = None, relay: str = "") -> str:
        """As its owner would copy it; for another client, or over another address of the relay, if one is given."""
        relay = quote(relay or self.relay, safe="")
        return f"nostr+walletconnect://{self.key}?relay={relay}&secret={(client or self.client).hex()}"


@contextmanager
def alby_service(
    folder: Path, relay: str, rpc: Rpc, *, wish: str = "", secret: bytes = b"", client: bytes = b""
) -> Iterator[AlbyService]:
    """Run one at this relay for one connection; or, with a ``wish``, for whoever wrote that pairing link."""
    secret, client = secret or fresh_secret(), client or fresh_secret()
    asked: dict[str, Any] = {
        "relay": relay,
        "secret": secret.hex(),
        "rpc": {"url": rpc.url, "user": rpc.user, "password": rpc.password},
    }
    asked |= {"wish": wish} if wish else {"client": public_key(client)}
    argv: list[str | Path] = ["node", alby() / "service.mjs", json.dumps(asked)]
    log = folder / f"alby-{public_key(secret)[:8]}.log"
    with started(argv, log=log, ready=READY) as process:
        told = next(json.loads(line) for line in process.said().splitlines() if line.startswith('{"wallet"'))
        yield AlbyService(process, told["wallet"], told["relay"], secret, client, told.get("wish") or {})
