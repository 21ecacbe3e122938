"""``l402desk inspect``: explain a challenge, response, invoice, macaroon or token without sending anything."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

from l402desk.cli.inspect_subject import Subject, read_subject
from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.findings import Verdict
from l402desk.protocol.instants import read_instant
from l402desk.protocol.text import visible

USAGE = """\
usage: l402desk inspect [TEXT|FILE|-] [--json] [--now ISO8601]

Explains a WWW-Authenticate challenge, a whole HTTP response (curl -i), a BOLT11
invoice, a macaroon or a paid token (Authorization). Nothing is sent anywhere.

  TEXT|FILE|-     what to read; - or nothing is standard input
  --json          one JSON object instead of the page
  --now ISO8601   judge as of this time (2026-11-21T12:00:00Z) instead of now

exit status: 0 payable, 1 something dangerous, 2 unreadable or wrong usage
"""

OK, DANGEROUS, UNREADABLE, INTERRUPTED = 0, 1, 2, 130
MOST_BYTES = 4 * 1024 * 1024
"""Read of a file or of standard input: challenges are small, and the body of a response is looked at only so far."""
_LONGEST_PATH = 4_096


class UsageError(Exception):
    """The command line or the source cannot be used; the sentence says why. ``usage`` asks to show the usage too."""

    def __init__(self, sentence: str, *, usage: bool = False) -> None:
        super().__init__(sentence)
        self.usage = usage


@dataclass(frozen=True, slots=True)
class Options:
    """The command line. ``source`` is None where it names none; ``now`` is seconds since 1970."""

    source: str | None
    as_json: bool
    now: int


def run(argv: Sequence[str]) -> int:
    """Print what was found: 0 payable (perhaps with care), 1 something dangerous, 2 unreadable. Never raises.

    The exit status is that of the best challenge: where one of several may be paid, it is 0.
    """
    if "--help" in argv or "-h" in argv:
        sys.stdout.write(USAGE)
        return OK
    try:
        options = read_options(argv)
        subject = _read(options)
    except UsageError as error:
        _complain(str(error), USAGE.split("\n", 1)[0] if error.usage else "")
        return UNREADABLE
    except ProtocolError as error:
        _complain(str(error))
        return UNREADABLE
    except KeyboardInterrupt:
        return INTERRUPTED
    try:
        _show(subject, options)
    except OSError as error:
        # What could not be written now must not be tried again when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        if not isinstance(error, BrokenPipeError):  # head or less has seen enough; a full disk is told
            _complain(f"The result cannot be written: {error.strerror or error}")
            return UNREADABLE
    return DANGEROUS if subject.inspections[0].verdict is Verdict.REFUSE else OK


def read_options(argv: Sequence[str]) -> Options:
    """Read the command line by hand: importing argparse alone costs a seventh of the whole command's time."""
    source: str | None = None
    as_json = False
    now: int | None = None
    rest = list(argv)
    literal = False
    while rest:
        argument = rest.pop(0)
        if argument == "--" and not literal:
            literal = True
        elif argument == "--json" and not literal:
            as_json = True
        elif (argument == "--now" or argument.startswith("--now=")) and not literal:
            now = _instant(argument.partition("=")[2] if "=" in argument else rest.pop(0) if rest else "")
        elif argument.startswith("-") and argument != "-" and not literal:
            raise UsageError(f"The option {visible(argument, 60)} is not known.", usage=True)
        elif source is not None:
            raise UsageError("One text or file at a time: put a text with spaces in quotes.", usage=True)
        else:
            source = argument
    return Options(source, as_json, int(time.time()) if now is None else now)


def _instant(text: str) -> int:
    now = read_instant(text)
    if now is None:
        words = f"--now needs a time such as 2026-11-21T12:00:00Z, not “{visible(text, 60)}”."
        raise UsageError(words, usage=True)
    return now


def _read(options: Options) -> Subject:
    source = options.source
    if source is None or source == "-":
        return read_subject(_standard_input(), options.now)
    content = _file(source)
    if content is not None:
        return read_subject(content, options.now)
    try:
        return read_subject(source, options.now)
    except ProtocolError as error:
        if "/" in source or ("." in source and " " not in source):
            words = f"{str(error).rstrip('.')}; and there is no file of that name"
            raise UsageError(words) from error
        raise


def _standard_input() -> str:
    # Never waits on a terminal: a person who typed only the command would see it hang.
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("There is nothing to read: give a text or a file, or pipe one in.", usage=True)
    try:
        return _decoded(sys.stdin.buffer.read(MOST_BYTES))
    except OSError as error:
        raise UsageError(f"Standard input cannot be read: {error.strerror or error}.") from error


def _file(name: str) -> str | None:
    """The text of a file of this name; None where there is no such file."""
    if len(name) > _LONGEST_PATH or "\n" in name or "\0" in name or not os.path.exists(name):
        return None
    try:
        with open(name, "rb") as file:
            return _decoded(file.read(MOST_BYTES))
    except OSError as error:
        words = f"The file “{visible(name, 60)}” cannot be read: {error.strerror or error}."
        raise UsageError(words) from error


def _decoded(raw: bytes) -> str:
    # PowerShell's ">" writes UTF-16 with a byte order mark.
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return raw.decode(encoding, "replace")


def _show(subject: Subject, options: Options) -> None:
    if sys.stdout is None:  # closed by the caller, who wants the exit status alone
        return
    if options.as_json:
        import json  # noqa: PLC0415 - not needed for the page, and the command should start at once

        from l402desk.protocol.report import report  # noqa: PLC0415 - only for this kind of output

        scheme = None if subject.paid is None else subject.paid.scheme
        text = json.dumps(report(subject.kind, subject.inspections, options.now, scheme), indent=2) + "\n"
    else:
        from l402desk.cli.inspect_text import page_of  # noqa: PLC0415 - only for this kind of output
        from l402desk.cli.page import Page  # noqa: PLC0415 - only for this kind of output

        text = page_of(subject, options.now, Page.for_stream(sys.stdout)).text()
    encoding = sys.stdout.encoding or "ascii"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
    sys.stdout.flush()


def _complain(sentence: str, more: str = "") -> None:
    """One line on standard error, and the usage below it where the command line was wrong."""
    if sys.stderr is None:
        return
    ending = "" if sentence.endswith((".", "!", "?")) else "."
    text = f"l402desk inspect: {sentence}{ending}\n" + (f"{more}\n" if more else "")
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(text.encode(encoding, "replace").decode(encoding))
