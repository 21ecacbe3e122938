"""``l402desk payments``: every purchase, what was spent, and what became of one that is open."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from l402desk.cli.payments_options import read_options
from l402desk.cli.subcommands import run_read


def run(argv: Sequence[str]) -> int:
    """Do one of the subcommands; 0 done (settled or ended), 1 no such payment or still open, 2 usage. Never raises."""
    return run_read(argv, read_options, _do)


def _do(options: argparse.Namespace) -> int:
    match options.command:
        case "list":
            from l402desk.cli.payments_list import list_them  # noqa: PLC0415 - only what the command needs

            return list_them(options)
        case "show":
            from l402desk.cli.payments_show import show  # noqa: PLC0415 - only what the command needs

            return show(options)
    from l402desk.cli.payments_resolve import resolve  # noqa: PLC0415 - only what the command needs

    return resolve(options)
