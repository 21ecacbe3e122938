"""What a terminal command says: results to standard output, sentences to standard error, and never a traceback."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, TextIO

from l402desk.protocol.text import visible

if TYPE_CHECKING:
    from l402desk.cli.page import Page

MOST_CHARS = 2_000
"""Of one sentence: a path or a server's words in it may be long."""


class OutputLost(Exception):  # noqa: N818 - named for what happened
    """Standard output takes no more: the reader has gone (then there is nothing to say), or the disk is full."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"The result cannot be written: {error.strerror or error}.")
        self.reader_left = isinstance(error, BrokenPipeError)


def write_text(text: str) -> None:
    """Write to standard output at once, in its character set. Raises OutputLost; without one it does nothing."""
    try:
        _write(sys.stdout, text)
    except OSError as error:
        abandon_stdout()
        raise OutputLost(error) from error


def write_json(value: object) -> None:
    """One value as indented JSON, a line break at its end. Raises OutputLost."""
    write_text(json.dumps(value, indent=2) + "\n")


def write_page(page: Page) -> None:
    """A page made by `Page.for_stream(sys.stdout)`. Raises OutputLost."""
    write_text(page.text())


def complain(command: str, sentence: str) -> None:
    """One line on standard error, named after the command."""
    ending = "" if sentence.endswith((".", "!", "?")) else "."
    tell(visible(f"l402desk {command}: {sentence}{ending}", MOST_CHARS))


def tell(text: str) -> None:
    """A line, or several, on standard error; where nobody reads it, nobody misses it."""
    try:
        _write(sys.stderr, f"{text}\n")
    except OSError:
        return


def abandon_stdout() -> None:
    """What could not be written must not be tried again when the interpreter ends, with a traceback."""
    try:
        number = sys.stdout.fileno()
    except (OSError, ValueError, AttributeError):
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def _write(stream: TextIO | None, text: str) -> None:
    if stream is None:  # closed by whoever started the command
        return
    encoding = stream.encoding or "ascii"
    stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()
