"""The command line of ``l402desk send``, read by hand as curl reads its own: a request, and the word to pay for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from l402desk.client.body import Body, FileBody, NoBody, TextBody
from l402desk.client.errors import DraftError
from l402desk.client.fields import Field
from l402desk.client.request import RequestDraft
from l402desk.protocol.amount import Msat
from l402desk.protocol.errors import AmountError
from l402desk.protocol.text import visible

USAGE = """\
usage: l402desk send METHOD URL [-H 'N: v']... [-d DATA|@FILE] [--wallet NAME] [--pay] [--max-sats N]
                     [--wait SECONDS] [--no-token] [--follow] [-o FILE] [--json]

Sends one request. A token in the vault that fits is sent along. What asks for money is explained on standard
error and not paid, unless you say so.

  -H, --header 'N: v'  a header; can be repeated
  -d, --data DATA      the body as given; @FILE reads a file byte for byte, @- standard input. Its Content-Type is
                       application/x-www-form-urlencoded, as curl's is, unless you give another with -H
  --pay                pay what the server asks: once, and never what the inspection refuses, more than
                       --max-sats, or more than a budget of yours; a challenge on a 401 is only shown
  --max-sats N         the most that may be paid, in sats, without the wallet's own fee
  --wallet NAME        a wallet of yours (l402desk wallets list), or a connection string; else the default wallet
  --wait SECONDS       how long to wait for the wallet (default: 60). It may still pay later: run the same command
                       again, which looks the payment up and pays nothing twice
  --no-token           send no token, and pay even where one that was paid for is refused
  --follow             follow redirects; only what was asked for by the same origin is paid
  -o, --output FILE    write the body to FILE, whole or not at all; nothing is written where payment is required
  --json               one object on standard output in place of the body and the page: outcome, status, final_url,
                       headers (an object; names in lower case, repeated ones joined by a comma, cookies by a line
                       break), paid, token_used, purchase, findings, timing_ms, and the body as body_file, body
                       or body_base64

exit status: 0 answered (whatever the HTTP status), 3 payment required and not made, 4 payment unresolved,
             5 network, 6 refused as unsafe, 2 wrong usage, 1 the app's own files cannot be used
"""
FORM = "application/x-www-form-urlencoded"
WAIT_S, LONGEST_WAIT_S = 60.0, 86_400.0
STDIN = Path("-")
"""Stands for standard input as a body; `send` puts a file in its place."""


class UsageError(Exception):
    """The command line cannot be used; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Options:
    """What is asked for. ``wait_s`` in seconds; ``max_amount`` None is no limit beside the budgets."""

    draft: RequestDraft
    wallet: str | None = None
    pay: bool = False
    max_amount: Msat | None = None
    wait_s: float = WAIT_S
    use_token: bool = True
    follow: bool = False
    output: Path | None = None
    as_json: bool = False

    @property
    def reads_stdin(self) -> bool:
        return isinstance(self.draft.body, FileBody) and self.draft.body.path == STDIN


def read_options(argv: Sequence[str]) -> Options:
    """Raises UsageError. Nothing is looked at but the words themselves."""
    words, headers, given = _split(argv)
    if len(words) != 2:
        raise UsageError("A method and an address are needed, as in: l402desk send GET https://example.com/data")
    method, url = words
    draft = RequestDraft(method, url, headers=tuple(headers), body=_body(given.get("--data")))
    try:
        replace(draft, body=NoBody()).check()
    except DraftError as error:
        raise UsageError(f"{error.sentence.rstrip('.')}. {error.remedy}".strip()) from error
    output = given.get("--output")
    return Options(
        draft,
        wallet=given.get("--wallet"),
        pay="--pay" in given,
        max_amount=_amount(given.get("--max-sats")),
        wait_s=_seconds(given.get("--wait")),
        use_token="--no-token" not in given,
        follow="--follow" in given,
        output=None if output is None else Path(output),
        as_json="--json" in given,
    )


_SHORT = {"-H": "--header", "-d": "--data", "-o": "--output"}
_VALUED = frozenset({"--header", "--data", "--wallet", "--max-sats", "--wait", "--output"})
_FLAGS = frozenset({"--pay", "--no-token", "--follow", "--json"})


def _split(argv: Sequence[str]) -> tuple[list[str], list[Field], dict[str, str]]:
    """The words that are no options, the headers, and every other option with its value."""
    words: list[str] = []
    headers: list[Field] = []
    given: dict[str, str] = {}
    rest = list(argv)
    while rest:
        argument = rest.pop(0)
        if argument == "--":
            words += rest
            break
        if not argument.startswith("-") or argument == "-":
            words.append(argument)
            continue
        name, value = _option(argument, lambda: rest.pop(0) if rest else None)
        if name == "--header":
            headers.append(_header(value))
        elif name in given:
            raise UsageError(f"{name} is there twice")
        else:
            given[name] = value
    return words, headers, given


def _option(argument: str, following: Callable[[], str | None]) -> tuple[str, str]:
    """An option by its long name, and its value: joined (-dDATA, --data=DATA), or the word that follows."""
    joined: str | None = None
    if argument.startswith("--"):
        name, equals, after = argument.partition("=")
        joined = after if equals else None
    else:
        name, joined = _SHORT.get(argument[:2], argument), argument[2:] or None
    if name in _FLAGS and joined is None:
        return name, ""
    if name not in _VALUED:
        raise UsageError(f"The option {visible(argument.partition('=')[0], 60)} is not known here")
    value = following() if joined is None else joined
    if value is None:
        raise UsageError(f"{name} needs a value")
    return name, value


def _header(text: str) -> Field:
    name, colon, value = text.partition(":")
    if not colon or not name.strip():
        raise UsageError("A header is written as 'Name: value'")  # what was typed instead may be a key
    return Field(name.strip(), value.strip())


def _body(data: str | None) -> Body:
    if data is None:
        return NoBody()
    if data.startswith("@"):
        if not data[1:]:
            raise UsageError("-d @FILE needs the name of a file, or - for standard input")
        return FileBody(Path(data[1:]), FORM)
    return TextBody(data, FORM)


def _amount(text: str | None) -> Msat | None:
    if text is None:
        return None
    sats = int(text) if text.isascii() and text.isdecimal() and len(text) <= 16 else -1
    try:
        if sats >= 0:
            return Msat.of_sats(sats)
    except AmountError:
        pass
    raise UsageError(f"--max-sats needs a whole number of sats, not “{visible(text, 40)}”")


def _seconds(text: str | None) -> float:
    if text is None:
        return WAIT_S
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_WAIT_S:
        raise UsageError(f"--wait needs a number of seconds, at most a day, not “{visible(text, 40)}”")
    return seconds
