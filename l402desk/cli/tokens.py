"""``l402desk tokens``: what the vault holds: list, show, export, import, forget, restore."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from l402desk.cli.subcommands import run_read
from l402desk.cli.tokens_options import read_options


def run(argv: Sequence[str]) -> int:
    """Do one of the subcommands; the exit status: 0 done, 1 no such token or not possible, 2 usage. Never raises."""
    return run_read(argv, read_options, _do)


def _do(options: argparse.Namespace) -> int:
    match options.command:
        case "export":
            from l402desk.cli.tokens_export import export  # noqa: PLC0415 - only what the command needs

            return export(options)
        case "import":
            from l402desk.cli.tokens_import import take_in  # noqa: PLC0415 - only what the command needs

            return take_in(options)
        case "forget" | "restore":
            from l402desk.cli.tokens_trash import forget, restore  # noqa: PLC0415 - only what the command needs

            return forget(options) if options.command == "forget" else restore(options)
    from l402desk.cli.tokens_list import list_them, show  # noqa: PLC0415 - only what the command needs

    return list_them(options) if options.command == "list" else show(options)
