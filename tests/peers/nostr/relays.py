"""Real relays as processes on loopback: rust-nostr's, which keeps no requests, and one in Python, which keeps all.

``python -m tests.peers.nostr.relays --port N`` is rust-nostr's own, in a process so that it can be stopped and killed.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness.market import ROOT
from tests.peers.nostr.prepare import RELAY_IN_PYTHON, relay_in_python, relay_of_rust
from tests.peers.running import Process, free_port, listening, started

# It wants secrets and a folder of its own; the limit is above every request that we send.
_CONFIG = """
storage:
  sqlalchemy.url: sqlite+aiosqlite:///{folder}/events.sqlite3
  validators:
    - nostr_relay.validators.is_signed
    - nostr_relay.validators.is_recent
verification:
  nip05_verification: disabled
gunicorn:
  bind: 127.0.0.1:{port}
  workers: 1
authentication:
  enabled: false
"""


@dataclass(frozen=True, slots=True)
class RealRelay:
    """``url`` begins with ws:// and has no slash at its end."""

    url: str
    version: str
    process: Process

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@contextmanager
def rust_relay(folder: Path) -> Iterator[RealRelay]:
    """rust-nostr's LocalRelay. Raises NotHere."""
    version, port = relay_of_rust(), free_port()
    argv = [sys.executable, "-m", "tests.peers.nostr.relays", "--port", str(port)]
    with started(argv, log=folder / "rust-relay.log", cwd=ROOT, ready=listening(port)) as process:
        yield RealRelay(f"ws://127.0.0.1:{port}", version, process)


@contextmanager
def python_relay(folder: Path) -> Iterator[RealRelay]:
    """nostr-relay under gunicorn. Raises NotHere."""
    venv, port = relay_in_python(), free_port()
    home = folder / "python-relay"
    home.mkdir()
    config = home / "config.yaml"
    config.write_text(_CONFIG.format(folder=home, port=port))
    argv: list[str | Path] = [venv / "bin" / "nostr-relay", "-c", config, "serve"]
    env = {"HOME": str(home)}
    with started(argv, log=home / "log", cwd=home, env=env, ready=listening(port)) as process:
        yield RealRelay(f"ws://127.0.0.1:{port}", RELAY_IN_PYTHON, process)


RELAYS: dict[str, Callable[[Path], AbstractContextManager[RealRelay]]] = {"rust": rust_relay, "python": python_relay}


async def _serve(port: int) -> None:
    nostr_sdk = importlib.import_module("nostr_sdk")  # which has no types
    limit = nostr_sdk.RateLimit(
        max_reqs=1_000, notes_per_minute=10_000
    )  # of itself, 60: the tests are faster than people
    relay = (
        nostr_sdk.LocalRelayBuilder().addr("127.0.0.1").port(port).rate_limit(limit).build()
    )  # dropped, it would end
    await relay.run()
    print(await relay.url(), flush=True)
    await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.peers.nostr.relays", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    try:
        asyncio.run(_serve(parser.parse_args().port))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
