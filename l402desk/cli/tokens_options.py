"""The command line of ``l402desk tokens``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence

KINDS = ("aperture", "lnget", "l402sdk", "fewsats", "fewsatscli", "402-mcp", "json", "sealed")
FORMATS = SEALED, LNGET = ("sealed", "lnget")
EPILOG = """\
ID is a token's id, or as much of its beginning as no other token has.
Secrets are shown only with --reveal. Imports keep what is new and leave the rest as it is.

exit status: 0 done, 1 no such token, or it cannot be done, 2 wrong usage
"""

Command = Callable[[str, str], argparse.ArgumentParser]


def read_options(argv: Sequence[str]) -> argparse.Namespace:
    """``command``, ``as_json`` and what the command takes besides. Raises SystemExit, having said why.

    argparse gives up on words that may be missing once it has seen an option: ``export FILE --format lnget ID``.
    """
    made = _parser()
    options, rest = made.parse_known_args(argv)
    if options.command == "export" and not any(word.startswith("-") for word in rest):
        options.ids += rest
    elif options.command == "list" and len(rest) == 1 and not options.search and not rest[0].startswith("-"):
        options.search = rest[0]
    elif rest:
        made.error(f"unrecognized arguments: {' '.join(rest)}")
    return options


def _parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="l402desk tokens",
        description="The tokens you bought or imported, sealed in the vault.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = made.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, words: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=words, description=words[:1].upper() + words[1:] + ".")
        one.add_argument("--json", action="store_true", dest="as_json", help="JSON instead of words")
        return one

    _add_looking(command)
    _add_moving(command)
    forget = command("forget", "put a token into the trash, or delete it from there for ever")
    forget.add_argument("id", metavar="ID")
    forget.add_argument("--for-ever", action="store_true", help="delete what is in the trash; nothing brings it back")
    forget.add_argument("--yes", action="store_true", help="also one that was paid for and never used")
    command("restore", "take a token out of the trash").add_argument("id", metavar="ID")
    return made


def _add_looking(command: Command) -> None:
    listed = command("list", "the tokens, the newest first")
    listed.add_argument("search", nargs="?", default="", metavar="SEARCH", help="in title, host, path and note")
    shelf = listed.add_mutually_exclusive_group()
    shelf.add_argument("--trashed", action="store_true", help="those in the trash")
    shelf.add_argument("--pending", action="store_true", help="imported ones that wait for a proof of payment")
    shown = command("show", "all that is known of one token")
    shown.add_argument("id", metavar="ID")
    shown.add_argument("--reveal", action="store_true", help="with its secrets: who has them has the token")


def _add_moving(command: Command) -> None:
    out = command("export", "write all tokens, or those named, to a new file, or for lnget")
    out.add_argument("file", metavar="FILE", help="a new file; with --format lnget a folder, such as ~/.lnget")
    out.add_argument("ids", nargs="*", metavar="ID")
    out.add_argument("--format", choices=FORMATS, default=SEALED, help="default: sealed, under a passphrase of its own")
    out.add_argument("--passphrase-file", metavar="FILE", help="its first line seals the export")
    into = command("import", "take tokens in from another client, or from a sealed export")
    into.add_argument("path", metavar="PATH", help="its file or folder")
    kinds = f"whose it is: {', '.join(KINDS)}; without it, told by what is there"
    into.add_argument("--from", choices=KINDS, dest="kind", metavar="KIND", help=kinds)
    into.add_argument(
        "--origin", metavar="URL", help="where tokens belong that come without an address; a path narrows it"
    )
    into.add_argument("--key-file", metavar="FILE", help="the key of a sealed store (402-mcp: encryption.key)")
    into.add_argument("--passphrase-file", metavar="FILE", help="its first line opens a sealed export")
