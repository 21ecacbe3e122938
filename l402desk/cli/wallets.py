"""``l402desk wallets``: the stored wallets: list, show, add, try, choose, connect, let pay by itself, remove."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from l402desk.cli.opening import FAILED, OK, USAGE, CommandFailed, can_ask, run_with_services
from l402desk.cli.output import complain, tell, write_json, write_text
from l402desk.cli.subcommands import run_read
from l402desk.cli.wallets_options import read_options
from l402desk.cli.wallets_words import as_json, examination_as_json, examination_in_words, listed, shown
from l402desk.protocol.text import visible
from l402desk.wallets.connection import LONGEST, read_connection
from l402desk.wallets.errors import BadConnection, NameRefused, NoSuchWallet, NotTrusted, WalletError

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.wallets.examining import Examination

Command = Callable[[argparse.Namespace, "Services"], Awaitable[int]]


def run(argv: Sequence[str]) -> int:
    """Do one of the subcommands; the exit status. Never raises."""
    return run_read(argv, read_options, _do)


def _do(options: argparse.Namespace) -> int:
    command = f"wallets {options.command}"
    try:
        if options.command == "add":
            options.connection = _connection(options.connection)
        if options.command == "default" and options.off and not options.host:
            raise CommandFailed("--off takes a host from a wallet: name it with --host", USAGE)
    except (BadConnection, CommandFailed) as error:
        complain(command, str(error))
        return USAGE
    return run_with_services(partial(_do_with, options), command)


def _connection(text: str) -> str:
    """The connection as it was written, checked. Raises BadConnection, and CommandFailed where none comes."""
    if text == "-":
        text = _typed() if can_ask() and sys.stdin.isatty() else _piped()
    read_connection(text)
    return text


def _typed() -> str:
    from getpass import getpass  # noqa: PLC0415 - only where somebody is asked

    try:
        return getpass("Connection (not shown): ")
    except (EOFError, KeyboardInterrupt, OSError) as error:
        raise CommandFailed("No connection was typed", USAGE) from error


def _piped() -> str:
    if sys.stdin is None:
        raise CommandFailed("There is no standard input to read the connection from", USAGE)
    try:
        return sys.stdin.read(LONGEST + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandFailed("Standard input cannot be read", USAGE) from error


async def _do_with(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.connecting import HostRefused  # noqa: PLC0415 - brings the network along: not for --help

    try:
        return await _COMMANDS[options.command](options, services)
    except (BadConnection, NameRefused, HostRefused) as error:
        raise CommandFailed(str(error), USAGE) from error
    except WalletError as error:
        raise CommandFailed(str(error), FAILED) from error


async def _list(options: argparse.Namespace, services: Services) -> int:
    wallets, armed = await services.wallet_book.list(), await services.ledger.armed()
    secrets = {
        wallet.name: await services.wallet_book.reveal(wallet.name)
        for wallet in wallets
        if options.reveal and wallet.is_intact
    }
    if options.as_json:
        write_json([as_json(wallet, armed, secrets.get(wallet.name)) for wallet in wallets])
    elif wallets:
        write_text(listed(wallets, armed, secrets))
    else:
        tell("No wallet is stored. Add one: l402desk wallets add NAME CONNECTION (l402desk wallets --help).")
    return OK


async def _show(options: argparse.Namespace, services: Services) -> int:
    wallet, armed = await services.wallet_book.find(options.name), await services.ledger.armed()
    reveals = options.reveal and wallet.is_intact
    secret = await services.wallet_book.reveal(options.name) if reveals else None
    if options.as_json:
        write_json(as_json(wallet, armed, secret))
    else:
        write_text(shown(wallet, armed, secret))
    return OK


async def _add(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.connecting import add  # noqa: PLC0415 - brings the network along: not for --help

    text = await _pinned(options, services) if options.pin else options.connection
    added = await add(services, options.name, text, watch_only=options.watch)
    if options.as_json:
        report = examination_as_json(added.wallet, added.examination, added.trouble)
        write_json(as_json(added.wallet, frozenset()) | {"test": report})
        return OK
    name = visible(added.wallet.name, 60)
    write_text(f"“{name}” is stored{' and pays where no wallet is named' if added.wallet.is_default else ''}.\n")
    if added.examination is not None:
        write_text(examination_in_words(added.wallet, added.examination))
    if added.trouble is not None:
        tell(f"It could not be tried: {added.trouble.sentence} Try again: l402desk wallets test NAME.")
        if isinstance(added.trouble, NotTrusted) and added.trouble.seen is not None and not options.pin:
            tell(f"It shows SHA-256 {added.trouble.seen.fingerprint}: compared, it is pinned by adding it with --pin.")
    return OK


async def _pinned(options: argparse.Namespace, services: Services) -> str:
    """The connection with the certificate pinned whose fingerprint was given. Raises CommandFailed where it is another.

    One that the system believes anyway needs no pin.
    """
    from l402desk.engine.connecting import try_out  # noqa: PLC0415 - brings the network along: not for --help
    from l402desk.engine.trusting import with_pin  # noqa: PLC0415 - as above

    wanted = options.pin.replace(":", "").replace(" ", "").upper()
    try:
        await try_out(services, options.connection)
    except NotTrusted as error:
        if error.seen is None or error.seen.fingerprint.replace(":", "") != wanted:
            raise CommandFailed(f"{error.sentence} That is not the one of --pin: nothing was stored.") from error
        text = with_pin(options.connection, error)
        if text is None:
            raise CommandFailed(f"{error} It cannot be pinned: nothing was stored.") from error
        return text
    raise CommandFailed("Its server is believed without a pin: leave --pin out. Nothing was stored.", USAGE)


async def _test(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.connecting import examine  # noqa: PLC0415 - brings the network along: not for --help

    wallet = await services.wallet_book.find(options.name)
    found: Examination | None = None
    trouble: WalletError | None = None
    try:
        found = await examine(services, options.name)
    except NoSuchWallet:
        raise
    except WalletError as error:
        trouble = error
    if options.as_json:
        write_json(examination_as_json(wallet, found, trouble))
    elif found is not None:
        write_text(examination_in_words(wallet, found))
    if trouble is not None:
        complain("wallets test", str(trouble))
    return FAILED if trouble is not None else OK


async def _default(options: argparse.Namespace, services: Services) -> int:
    if options.host:
        return await _default_at(options, services)
    wallet = await services.wallet_book.set_default(options.name)
    return await _told(options, services, wallet.name, "pays where no wallet is named.")


async def _default_at(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.connecting import origin_of, prefer  # noqa: PLC0415 - brings the network along: not for --help

    wallet, origin = await services.wallet_book.find(options.name), origin_of(options.host)
    if not options.off:
        await prefer(services, options.host, options.name)
        return await _told(options, services, wallet.name, f"pays at {origin} where no wallet is named.")
    if str(origin) in wallet.hosts:
        await prefer(services, options.host, None)
    return await _told(options, services, wallet.name, f"is no longer chosen for {origin}.")


async def _connect(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.connecting import connect, disconnect  # noqa: PLC0415 - as above

    if options.command == "connect":
        wallet = await connect(services, options.name)
        return await _told(options, services, wallet.name, "is connected again.")
    wallet = await disconnect(services, options.name)
    return await _told(options, services, wallet.name, "is kept, and asked nothing until it is connected again.")


async def _arm(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.connecting import arm  # noqa: PLC0415 - brings the network along: not for --help

    is_armed = options.command == "arm"
    wallet = await arm(services, options.name, is_armed)
    if is_armed and not (await services.ledger.caps()).is_complete:
        tell("Nothing is paid without a question before all three budgets are set: a payment, a host's day, a day.")
    words = "may pay by itself, inside all three budgets." if is_armed else "pays only when you say so."
    return await _told(options, services, wallet.name, words)


async def _rename(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.connecting import rename  # noqa: PLC0415 - brings the network along: not for --help

    wallet = await rename(services, options.name, options.new)
    return await _told(options, services, wallet.name, f"is the new name of “{visible(options.name, 60)}”.")


async def _remove(options: argparse.Namespace, services: Services) -> int:
    from l402desk.engine.connecting import StillOpen, remove  # noqa: PLC0415 - as above

    try:
        await remove(services, options.name, despite_open=options.anyway)
    except StillOpen as error:
        raise CommandFailed(f"{error} --anyway removes it all the same.") from error
    if options.as_json:
        write_json({"name": options.name, "removed": True})
    else:
        write_text(f"“{visible(options.name, 60)}” is forgotten. What it paid stays in the ledger.\n")
    return OK


async def _told(options: argparse.Namespace, services: Services, name: str, words: str) -> int:
    if options.as_json:
        write_json(as_json(await services.wallet_book.find(name), await services.ledger.armed()))
    else:
        write_text(f"“{visible(name, 60)}” {words}\n")
    return OK


_COMMANDS: dict[str, Command] = {
    "list": _list,
    "show": _show,
    "add": _add,
    "test": _test,
    "default": _default,
    "connect": _connect,
    "disconnect": _connect,
    "arm": _arm,
    "disarm": _arm,
    "rename": _rename,
    "remove": _remove,
}
