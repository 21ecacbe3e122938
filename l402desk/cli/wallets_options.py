"""The command line of ``l402desk wallets``; its help tells all kinds of connections, as the catalogue knows them."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence

from l402desk.cli.subcommands import Subcommands
from l402desk.wallets.catalogue import KINDS, About

_BEFORE = """\
A connection is one string. On a command line other users of this computer may see it: - reads it from standard input.
&watch=1 makes one that never pays, whatever its key could; http is for this computer and .onion addresses alone.

"""
_AFTER = """
exit status: 0 done, 1 no such wallet, or it does not answer, 2 wrong usage
"""
_WIDTH, _INDENT = 116, " " * 6


def read_options(argv: Sequence[str]) -> argparse.Namespace:
    """``command``, ``as_json`` and what the command takes besides. Raises SystemExit, having said why."""
    made = Subcommands("wallets", "The wallets that can pay for you, or look up what another wallet paid.", _epilog())
    _add_looking(made)
    _add_making(made)
    _add_choosing(made)
    return made.read(argv)


def _add_looking(made: Subcommands) -> None:
    made.add("list", "the stored wallets").add_argument(
        "--reveal", action="store_true", help="with their connections, secrets and all"
    )
    made.add("show", "all that is known of one wallet; asks it nothing", "name").add_argument(
        "--reveal", action="store_true", help="with its connection, secret and all"
    )
    made.add("test", "ask what the credential may do, and the balance; no money moves", "name")


def _add_making(made: Subcommands) -> None:
    added = made.add("add", "store a wallet; - reads the connection from standard input", "name", "connection")
    added.add_argument("--watch", action="store_true", help="look payments up with it, and never pay")
    added.add_argument(
        "--pin", metavar="SHA256", default="", help="believe the certificate that its server shows, if it is this one"
    )
    made.add("rename", "give it another name", "name", "new")
    made.add("disconnect", "keep it, and ask it nothing until it is connected again", "name")
    made.add("connect", "ask it again", "name")
    made.add("remove", "forget a wallet; its payments stay in the ledger", "name").add_argument(
        "--anyway", action="store_true", help="also while a payment of it is open"
    )


def _add_choosing(made: Subcommands) -> None:
    default = made.add("default", "let this wallet pay where none is named", "name")
    default.add_argument("--host", metavar="ORIGIN", default="", help="at this host alone (https://api.example.com)")
    default.add_argument("--off", action="store_true", help="with --host: no longer")
    made.add("arm", "let this wallet pay by itself, inside all three budgets", "name")
    made.add("disarm", "let this wallet pay only when you say so", "name")


def _epilog() -> str:
    return _BEFORE + "\n".join(_kind(about) for about in KINDS.values()) + _AFTER


def _kind(about: About) -> str:
    """How it is written, where it is found, and how it is made weak: that is a command to copy, so it is not broken."""
    said = [f"  {about.form}", *_wrapped(f"{about.title}. {about.advice}")]
    if about.rights:
        said += _wrapped("As little power as possible:")
        said += [f"{_INDENT}  {line}" for line in about.rights.splitlines()]
    return "\n".join(said) + "\n"


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT, break_on_hyphens=False)
