"""What the peers over Nostr need: Alby's SDK for Node, a relay in Python, and rust-nostr's relay from the test lock."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from tests.peers.electrum.prepare import Electrum
from tests.peers.electrum.prepare import prepare as electrum
from tests.peers.preparing import HERE, NotHere, do, node_env, python_env

RELAY_IN_PYTHON = "nostr-relay 1.14"


@dataclass(frozen=True, slots=True)
class Prepared:
    """The folder with the service's script, the environment with the relay in it, and whose money is paid with."""

    alby: Path
    relay: Path
    electrum: Electrum


def prepare() -> Prepared:
    """Raises NotHere."""
    return Prepared(alby(), relay_in_python(), electrum())


def alby() -> Path:
    """The folder with Alby's SDK and ``service.mjs``. Raises NotHere."""
    return node_env("alby-nwc")


def alby_version() -> str:
    program = "console.log(require('./node_modules/@getalby/sdk/package.json').version)"
    return "@getalby/sdk " + do(["node", "-e", program], "Alby's SDK", cwd=alby()).strip()


def relay_in_python() -> Path:
    """Raises NotHere."""
    return python_env("nostr-relay", HERE / "python" / "nostr-relay.lock")


def relay_of_rust() -> str:
    """Its version; it is one of the packages that the tests run with. Raises NotHere where there is no wheel of it."""
    if importlib.util.find_spec("nostr_sdk") is None:
        raise NotHere("nostr-sdk has no wheel for this machine")
    from importlib.metadata import version

    return f"nostr-sdk {version('nostr-sdk')} LocalRelay"
