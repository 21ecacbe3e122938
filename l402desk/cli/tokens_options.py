"""The command line of ``l402desk tokens``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from l402desk.cli.subcommands import Subcommands

KINDS = ("aperture", "lnget", "l402sdk", "fewsats", "fewsatscli", "402-mcp", "json", "sealed")
FORMATS = SEALED, LNGET = ("sealed", "lnget")
EPILOG = """\
ID is a token's id, or as much of its beginning as no other token has.
Secrets are shown only with --reveal. Imports keep what is new and leave the rest as it is.

exit status: 0 done, 1 no such token, or it cannot be done, 2 wrong usage
"""


def read_options(argv: Sequence[str]) -> argparse.Namespace:
    """``command``, ``as_json`` and what the command takes besides. Raises SystemExit, having said why."""
    made = Subcommands("tokens", "The tokens you bought or imported, sealed in the vault.", EPILOG)
    _add_looking(made)
    _add_moving(made)
    forget = made.add("forget", "put a token into the trash, or delete it from there for ever", "id")
    forget.add_argument("--for-ever", action="store_true", help="delete what is in the trash; nothing brings it back")
    forget.add_argument("--yes", action="store_true", help="also one that was paid for and never used")
    made.add("restore", "take a token out of the trash", "id")
    return made.read(argv, late={"list": "search", "export": "ids"})


def _add_looking(made: Subcommands) -> None:
    listed = made.add("list", "the tokens, the newest first")
    listed.add_argument("search", nargs="?", default="", metavar="SEARCH", help="in title, host, path and note")
    shelf = listed.add_mutually_exclusive_group()
    shelf.add_argument("--trashed", action="store_true", help="those in the trash")
    shelf.add_argument("--pending", action="store_true", help="imported ones that wait for a proof of payment")
    shown = made.add("show", "all that is known of one token", "id")
    shown.add_argument("--reveal", action="store_true", help="with its secrets: who has them has the token")


def _add_moving(made: Subcommands) -> None:
    out = made.add("export", "write all tokens, or those named, to a new file, or for lnget")
    out.add_argument("file", metavar="FILE", help="a new file; with --format lnget a folder, such as ~/.lnget")
    out.add_argument("ids", nargs="*", metavar="ID")
    out.add_argument("--format", choices=FORMATS, default=SEALED, help="default: sealed, under a passphrase of its own")
    out.add_argument("--passphrase-file", metavar="FILE", help="its first line seals the export")
    into = made.add("import", "take tokens in from another client, or from a sealed export")
    into.add_argument("path", metavar="PATH", help="its file or folder")
    kinds = f"whose it is: {', '.join(KINDS)}; without it, told by what is there"
    into.add_argument("--from", choices=KINDS, dest="kind", metavar="KIND", help=kinds)
    into.add_argument(
        "--origin", metavar="URL", help="where tokens belong that come without an address; a path narrows it"
    )
    into.add_argument("--key-file", metavar="FILE", help="the key of a sealed store (402-mcp: encryption.key)")
    into.add_argument("--passphrase-file", metavar="FILE", help="its first line opens a sealed export")
