"""A command that has subcommands, read by argparse: each takes ``--json``, and words may stand behind options."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

from l402desk.cli.opening import USAGE


class Subcommands:
    """The command line of ``l402desk NAME``; ``epilog`` ends its help as it is laid out."""

    def __init__(self, name: str, description: str, epilog: str) -> None:
        self._parser = argparse.ArgumentParser(
            prog=f"l402desk {name}",
            description=description,
            epilog=epilog,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self._commands = self._parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(self, name: str, words: str, *arguments: str) -> argparse.ArgumentParser:
        """A subcommand that needs these arguments; what is optional is added to what this gives."""
        made = self._commands.add_parser(name, help=words, description=f"{words[:1].upper()}{words[1:]}.")
        for argument in arguments:
            made.add_argument(argument, metavar=argument.upper())
        made.add_argument("--json", action="store_true", dest="as_json", help="JSON instead of words")
        return made

    def read(self, argv: Sequence[str], late: Mapping[str, str] | None = None) -> argparse.Namespace:
        """``command``, ``as_json`` and what the command takes besides. Raises SystemExit, having said why.

        argparse gives up on words that may be missing once it has seen an option: ``list --json shop``. ``late`` names
        the argument of a subcommand that takes them.
        """
        options, rest = self._parser.parse_known_args(argv)
        if rest and not _took(options, (late or {}).get(options.command), rest):
            self.refuse(f"unrecognized arguments: {' '.join(rest)}")
        return options

    def refuse(self, words: str) -> NoReturn:
        """Say why the command line makes no sense. Raises SystemExit."""
        self._parser.error(words)


def run_read(
    argv: Sequence[str],
    read: Callable[[Sequence[str]], argparse.Namespace],
    do: Callable[[argparse.Namespace], int],
) -> int:
    """Read the command line and do what it says; the exit status, also where it was wrong or asked for the help."""
    try:
        options = read(argv)
    except SystemExit as end:  # argparse has said why, or shown the help
        return end.code if isinstance(end.code, int) else USAGE
    return do(options)


def _took(options: argparse.Namespace, name: str | None, words: list[str]) -> bool:
    """Does this argument take the words: any number where it is a list, else one where it has none?"""
    if name is None or any(word.startswith("-") for word in words):
        return False
    now = getattr(options, name)
    if isinstance(now, list):
        now += words
        return True
    if now or len(words) > 1:
        return False
    setattr(options, name, words[0])
    return True
