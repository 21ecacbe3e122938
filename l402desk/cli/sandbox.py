"""``l402desk sandbox``: the sandbox server alone, until Ctrl+C."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import textwrap
from collections.abc import Iterable, Sequence

from l402desk.sandbox import open_sandbox
from l402desk.sandbox.endpoints import Endpoint
from l402desk.sandbox.quirks import QUIRKS, UnknownQuirk, read_quirks
from l402desk.settings import Folders
from l402desk.wallets.beacon import announced

PORT = 8402
OK, FAILED, USAGE = 0, 1, 2


def run(argv: Sequence[str]) -> int:
    """Serve until SIGINT or SIGTERM: 0; 1 where the address is not to be had; 2 for a wrong command line."""
    try:
        options = _parser().parse_args(argv)
        quirks = read_quirks(options.quirk)
    except UnknownQuirk as error:
        print(f"l402desk sandbox: {error}", file=sys.stderr)
        return USAGE
    except SystemExit as end:  # argparse has said why
        return end.code if isinstance(end.code, int) else USAGE
    try:
        asyncio.run(_serve(options.host, options.port, quirks))
    except OSError as error:
        print(
            f"l402desk sandbox: {options.host} port {options.port} is not to be had: "
            f"{error.strerror or error}. Choose another with --port, or a free one with --port 0.",
            file=sys.stderr,
        )
        return FAILED
    except KeyboardInterrupt:  # where the loop cannot take signals (Windows)
        return OK
    return OK


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="l402desk sandbox",
        description="A paid API on this machine that costs only play money: to try, learn and test with.",
        epilog=_quirks_in_words(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="default: 127.0.0.1, for this machine alone",
    )
    parser.add_argument("--port", type=_port_number, default=PORT, help=f"port, 0 for a free one (default: {PORT})")
    parser.add_argument(
        "--quirk", action="append", default=[], metavar="NAME", help="misbehave in this way; can be repeated"
    )
    return parser


def _port_number(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() and len(text) <= 5 else -1
    if not 0 <= port <= 65_535:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _quirks_in_words() -> str:
    wide = max(map(len, QUIRKS)) + 4
    lines = ["quirks (about priced answers; wallet-… about the play wallet):"]
    for name, sentence in QUIRKS.items():
        lines += textwrap.wrap(sentence, 100, initial_indent=f"  {name}".ljust(wide), subsequent_indent=" " * wide)
    return "\n".join(lines)


async def _serve(host: str, port: int, quirks: frozenset[str]) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    async with (
        open_sandbox(host=host, port=port, quirks=quirks) as sandbox,
        announced(Folders.find(os.environ).cache, sandbox.url),  # so that ``play:`` finds it at any port
    ):
        for number in (signal.SIGINT, signal.SIGTERM):
            try:
                loop.add_signal_handler(number, ended.set)
            except NotImplementedError:  # Windows: KeyboardInterrupt ends the loop instead
                break
        print(_greeting(sandbox.url, sandbox.endpoints, quirks), flush=True)
        await ended.wait()


def _greeting(url: str, endpoints: Iterable[Endpoint], quirks: frozenset[str]) -> str:
    return "\n".join(
        [
            f"The sandbox is at {url} and costs only play money. Ctrl+C ends it.",
            *(f"It misbehaves: {QUIRKS[name]}" for name in sorted(quirks)),
            "",
            *_table(url, endpoints),
            "",
            "The journey by hand:",
            f"  curl -i '{url}/weather?city=Lisbon'",
            f'  curl -d \'{{"invoice": "INVOICE"}}\' {url}/wallet/pay',
            f"  curl -H 'Authorization: L402 MACAROON:PREIMAGE' '{url}/weather?city=Lisbon'",
        ]
    )


def _table(url: str, endpoints: Iterable[Endpoint]) -> list[str]:
    rows = [
        (
            e.method,
            url + e.example,
            e.price.words() if e.price else "free",
            ", ".join(filter(None, (e.title, e.promise))),
        )
        for e in endpoints
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [
        f"  {method:<{widths[0]}}  {address:<{widths[1]}}  {price:>{widths[2]}}  {title}"
        for method, address, price, title in rows
    ]
