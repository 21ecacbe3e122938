"""``l402desk send``: one request from the terminal, by the same engine and ledger as the window's."""

from __future__ import annotations

import contextlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from l402desk.cli import send_body
from l402desk.cli.opening import FAILED, INTERRUPTED, OK, run_with_services
from l402desk.cli.output import OutputLost, complain, tell, write_json, write_text
from l402desk.cli.send_options import USAGE, Options, UsageError, read_options
from l402desk.cli.send_result import Outcome, Result, to_json
from l402desk.client.body import FileBody
from l402desk.protocol.text import visible

if TYPE_CHECKING:
    from l402desk.cli.send_errand import Errand
    from l402desk.services import Services

WRONG_USAGE = 2
MOST_STDIN_BYTES = 256 * 1024 * 1024
MOST_CHARS = 4_000


def run(argv: Sequence[str]) -> int:
    """Send, perhaps pay, and write what came: the exit status of DESIGN §5. Never raises."""
    if "--help" in argv or "-h" in argv:
        return _help()
    with contextlib.ExitStack() as files:
        try:
            errand, options = _prepare(argv, files)
        except UsageError as error:
            complain("send", str(error))
            tell(USAGE.split("\n\n", 1)[0])
            return WRONG_USAGE
        except KeyboardInterrupt:
            return INTERRUPTED
        return _perform(errand, options)


def _help() -> int:
    with contextlib.suppress(OutputLost):
        write_text(USAGE)
    return OK


def _prepare(argv: Sequence[str], files: contextlib.ExitStack) -> tuple[Errand, Options]:
    """Everything that can be wrong before the first byte is sent. Raises UsageError."""
    options = read_options(argv)
    from l402desk.cli.send_errand import Errand  # noqa: PLC0415 - brings the engine along: not for wrong usage
    from l402desk.cli.send_wallet import written_out  # noqa: PLC0415 - only where the line can be used

    if options.wallet == "-":
        if options.reads_stdin:
            raise UsageError("Standard input is either the wallet's connection or the body")
        options = replace(options, wallet=_stdin(8_192).decode("ascii", "replace").strip())
    connection = written_out(options.wallet)
    if options.output is not None:
        try:
            options = replace(options, output=send_body.check_file(options.output))
        except send_body.NotWritten as error:
            raise UsageError(str(error)) from error
    if options.reads_stdin:
        options = replace(options, draft=replace(options.draft, body=_body_from_stdin(options, files)))
    elif isinstance(options.draft.body, FileBody):
        body = replace(options.draft.body, path=options.draft.body.path.absolute())
        options = replace(options, draft=replace(options.draft, body=body))
    return Errand(options, connection, _quiet if options.as_json else _say), options


def _body_from_stdin(options: Options, files: contextlib.ExitStack) -> FileBody:
    """Standard input in a private file: a body may be sent twice, first for the price and then for the thing."""
    assert isinstance(options.draft.body, FileBody)
    folder = Path(tempfile.mkdtemp(prefix="l402desk-"))
    files.callback(shutil.rmtree, folder, ignore_errors=True)
    file = folder / "body"
    try:
        file.write_bytes(_stdin(MOST_STDIN_BYTES))
    except OSError as error:
        raise UsageError(f"Standard input cannot be kept for sending: {error.strerror}") from error
    return replace(options.draft.body, path=file)


def _stdin(most: int) -> bytes:
    # Never waits on a terminal: a person who typed only the command would see it hang.
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError("There is nothing on standard input: pipe it in")
    try:
        read = sys.stdin.buffer.read(most + 1)
    except OSError as error:
        raise UsageError(f"Standard input cannot be read: {error.strerror}") from error
    if len(read) > most:
        raise UsageError("There is too much on standard input")
    return read


def _perform(errand: Errand, options: Options) -> int:
    async def job(services: Services) -> int:
        try:
            result = await errand.run(services)
        except UsageError as error:
            complain("send", str(error))
            return WRONG_USAGE
        with contextlib.suppress(ValueError):  # not in the main thread
            signal.signal(signal.SIGINT, signal.default_int_handler)  # what blocks from here on is a write
        try:
            return _write(result, options, services.now())
        finally:
            if result.answer is not None:
                result.answer.body.discard()

    failed = Outcome.PAYMENT_REQUIRED.status if options.pay else FAILED
    status = run_with_services(job, "send", unlock=False, failed=failed)
    if status == INTERRUPTED and errand.is_paying:
        complain("send", "Interrupted. Run the same command again: it looks the payment up, and pays nothing twice")
        return Outcome.UNRESOLVED.status
    return status


def _write(result: Result, options: Options, now: int) -> int:
    """The body or the object to standard output or the file, all else to standard error; the exit status."""
    try:
        body_file = _write_file(result, options)
        if options.as_json:
            write_json(to_json(result, body_file))
        else:
            _tell_page(result, now)
            if result.gives_body and result.answer is not None and options.output is None:
                _say(send_body.write_out(result.answer))
    except send_body.NotWritten as error:
        complain("send", f"{error}. What was bought is in the vault: sending again costs nothing")
        return FAILED
    except OutputLost as error:
        if not error.reader_left:
            complain("send", str(error))
            return FAILED
    except OSError as error:
        complain("send", f"The answer was received, and is gone from the disk: {error.strerror or error}")
        return FAILED
    return result.outcome.status


def _write_file(result: Result, options: Options) -> Path | None:
    """The file that holds the body now; None where it was not asked for, or nothing whole came."""
    if options.output is None or result.answer is None or result.outcome is not Outcome.ANSWERED:
        return None
    send_body.write_file(result.answer, options.output)
    return options.output


def _tell_page(result: Result, now: int) -> None:
    """For people: the bill explained, or one line about the answer; then what has to be said."""
    answer = result.answer
    if answer is not None and result.inspections and not result.gives_body:
        from l402desk.cli.inspect_subject import Subject  # noqa: PLC0415 - only where there is a bill
        from l402desk.cli.inspect_text import page_of  # noqa: PLC0415 - only where there is a bill
        from l402desk.cli.page import Page  # noqa: PLC0415 - only where there is a bill
        from l402desk.protocol.challenge import read_demand  # noqa: PLC0415 - only where there is a bill

        demand = read_demand(answer.status, answer.headers, answer.body.head(64 * 1024))
        subject = Subject("challenge", tuple(result.inspections), demand)
        tell(page_of(subject, now, Page.for_stream(sys.stderr)).text())
    elif answer is not None:
        token = ", with the token" if answer.authorization_sent else ""
        reason = f" {visible(answer.reason, 60)}" if answer.reason else ""
        _say(f"{answer.status}{reason}, {answer.body.size:,} bytes in {result.took_ms:,.0f} ms{token}")
    _say(result.message)


def _say(words: str) -> None:
    for line in words.splitlines():
        tell(visible(line, MOST_CHARS))


def _quiet(_words: str) -> None:
    """With --json everything is in the object."""
