"""The command line of ``l402desk payments``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from l402desk.cli.subcommands import Subcommands
from l402desk.protocol.instants import read_instant

STATES = ("offered", "intent", "submitted", "settled", "failed", "unknown", "paid-without-proof")
DELIVERIES = ("undelivered", "delivered", "refused")
SUMS = ("host", "day", "month")
EPILOG = """\
ID is a payment's id or payment hash, or as much of its beginning as no other payment has.
Amounts are whole millisatoshi in JSON and CSV; times are UTC. Secrets are shown only with --reveal.

exit status: 0 done, settled or ended, 1 no such payment, or it is still open, 2 wrong usage
"""


def read_options(argv: Sequence[str]) -> argparse.Namespace:
    """``command``, ``as_json`` and what the command takes besides. Raises SystemExit, having said why."""
    made = Subcommands("payments", "What you paid for, written down before any money moved.", EPILOG)
    _add_list(made)
    shown = made.add("show", "all that is known of one payment", "id")
    shown.add_argument("--exchange", action="store_true", help="with both sides of what was said, secrets masked")
    shown.add_argument("--reveal", action="store_true", help="with its secrets: who has them has what was bought")
    resolved = made.add("resolve", "ask the wallet about an open payment, or tell the app how it ended", "id")
    word = resolved.add_mutually_exclusive_group()
    word.add_argument("--proof", metavar="TEXT", help="its proof (preimage), in hex or base64; - reads standard input")
    word.add_argument(
        "--not-paid", action="store_true", help="you looked: it was not paid; only once nobody can pay it any more"
    )
    options = made.read(argv, late={"list": "search"})
    if options.command == "list" and options.as_csv and (options.as_json or options.sums):
        made.refuse("--csv goes with neither --json nor --sums")
    return options


def _add_list(made: Subcommands) -> None:
    listed = made.add("list", "the payments, the newest first")
    listed.add_argument("search", nargs="?", default="", metavar="SEARCH", help="in title, host, path and method")
    listed.add_argument("--state", action="append", choices=STATES, default=[], help="can be repeated")
    listed.add_argument("--delivery", choices=DELIVERIES)
    listed.add_argument("--host", default="", metavar="HOST[:PORT]")
    listed.add_argument("--wallet", default="", metavar="NAME", help="the wallet that was given it, or phone")
    listed.add_argument("--since", type=_instant, metavar="ISO8601", help="from this time on")
    listed.add_argument("--until", type=_instant, metavar="ISO8601", help="before this time")
    listed.add_argument("--limit", type=_count, metavar="N", help="at most so many (in words: 50), 0 for all")
    listed.add_argument("--csv", action="store_true", dest="as_csv", help="comma-separated values (RFC 4180)")
    listed.add_argument("--sums", choices=SUMS, help="what they cost by host, day or month, instead of each")


def _instant(text: str) -> int:
    found = read_instant(text)
    if found is None:
        raise argparse.ArgumentTypeError("a time such as 2026-11-21 or 2026-11-21T12:00:00Z")
    return found


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        raise argparse.ArgumentTypeError("a whole number")
    return int(text)
