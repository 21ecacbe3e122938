"""Prepares real peers, runs the app against them, and prints what works with what: ``python -m tests.peers.run``.

``python -m tests.peers.run lnbits lnd``   these alone
``python -m tests.peers.run --list``       which there are
``python -m tests.peers.run --prepare``    download and build, start nothing

With no peer named, everything below this folder that starts one is run. What is downloaded and built stays in
``$L402DESK_PEERS_CACHE``, or in the user's cache folder. Words after ``--`` go to pytest. Exit status 1: a test failed.
"""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.harness.market import ROOT
from tests.peers.preparing import NotHere, must_run, took

HERE = ROOT / "tests" / "peers"


@dataclass(frozen=True, slots=True)
class Peer:
    """``tests`` are globs below this folder; ``prepare`` is “module:function” to call ahead, downloads and builds."""

    about: str
    tests: tuple[str, ...]
    prepare: str = ""


PEERS = {
    "lnbits": Peer("LNbits with FakeWallet, as a wallet", ("lnbits/test_*.py",), "tests.peers.lnbits.server:prepare"),
    "boltwall": Peer(
        "boltwall, a server for Node", ("servers/test_boltwall.py",), "tests.peers.servers.foreign:boltwall"
    ),
    "alby-server": Peer(
        "a server made with Alby's lightning-tools, for Node",
        ("servers/test_alby.py",),
        "tests.peers.servers.foreign:alby",
    ),
    "l402kit": Peer("l402kit, for Flask", ("servers/test_l402kit.py",), "tests.peers.servers.foreign:l402kit"),
    "fewsats": Peer(
        "Fewsats' decorator for Flask", ("servers/test_fewsats.py",), "tests.peers.servers.foreign:fewsats"
    ),
    "lightning": Peer(
        "btcd, two lnd, aperture and lnget: a chain, its nodes, a paywall, another client",
        ("test_lightning*.py", "test_lnd*.py", "test_aperture*.py", "test_lnget*.py", "lightning/test_*.py"),
        "tests.peers.lightning.prepare:prepare",
    ),
    "electrum": Peer(
        "three Electrum nodes on a chain of their own",
        ("test_electrum*.py", "electrum/test_*.py"),
        "tests.peers.electrum.prepare:prepare",
    ),
    "nwc": Peer(
        "Nostr relays and Alby's wallet service",
        ("test_nwc*.py", "test_nostr*.py", "nostr/test_*.py"),
        "tests.peers.nostr.prepare:prepare",
    ),
}


def files_of(names: Sequence[str]) -> list[str]:
    """The files with tests of these peers, relative to the checkout."""
    found = [file for name in names for pattern in PEERS[name].tests for file in sorted(HERE.glob(pattern))]
    return [str(file.relative_to(ROOT)) for file in dict.fromkeys(found)]


def prepare(names: Sequence[str]) -> list[str]:
    """Download and build; sentences about what is not to be had here."""
    lacking = []
    for name in names:
        began = time.monotonic()
        before = took()
        try:
            _function(PEERS[name].prepare)()
        except NotHere as reason:
            lacking.append(f"{name}: {reason}")
            print(f"{name}: not to be had here. {reason}", flush=True)
            continue
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith("tests.peers"):
                raise
            continue  # its tests prepare it
        parts = ", ".join(f"{part} {s:.0f} s" for part, s in took().items() if part not in before)
        made = f" (made in: {parts})" if parts else ""
        print(f"{name}: prepared in {time.monotonic() - began:.1f} s{made}", flush=True)
    return lacking


def _function(where: str) -> Callable[[], object]:
    module, _, name = where.partition(":")
    found: Callable[[], object] = getattr(importlib.import_module(module), name)
    return found


def main(argv: Sequence[str] | None = None) -> int:
    words = list(sys.argv[1:] if argv is None else argv)
    words, more = (words[: words.index("--")], words[words.index("--") + 1 :]) if "--" in words else (words, [])
    parser = _parser()
    options = parser.parse_args(words)
    names = options.peer or list(PEERS)
    if unknown := [name for name in names if name not in PEERS]:
        parser.error(f"there is no peer called {unknown[0]}; there are {', '.join(PEERS)}")
    if options.list:
        for name in names:
            print(f"{name:12} {PEERS[name].about}")
        return 0
    lacking = prepare(names)
    if options.prepare:
        return int(bool(lacking) and must_run())
    files = files_of(names) if options.peer else [str(HERE.relative_to(ROOT))]
    if not files:
        print(f"there are no tests of {', '.join(names)}", file=sys.stderr)
        return 2
    environ = {**os.environ, "L402DESK_PEERS": "1", "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "pytest", "-q", "-m", "peers", "-p", "no:randomly", *more, *files]
    return subprocess.run(command, cwd=ROOT, env=environ, check=False).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.peers.run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("peer", nargs="*", metavar="PEER", help="all, if none is named")
    parser.add_argument("--list", action="store_true", help="name the peers and end")
    parser.add_argument("--prepare", action="store_true", help="download and build, and end")
    return parser


if __name__ == "__main__":
    sys.exit(main())
