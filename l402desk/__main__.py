"""The command `l402desk`: a window, or one of the terminal commands, each importing only what it needs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from l402desk import __version__

USAGE = """\
usage: l402desk [URL]                   the window, with URL filled in (never sent by itself)
       l402desk --sandbox               the window beside its own sandbox API, paid with play money
       l402desk inspect [TEXT|FILE|-]   explain a challenge, a response, an invoice, a macaroon or a token
       l402desk send METHOD URL         send a request, with a token you hold; pay what it costs only with --pay
       l402desk wallets COMMAND         the wallets that pay: list, add, test, default, arm, disarm, rename, remove
       l402desk tokens COMMAND          what the vault holds: list, show, export, import, forget, restore
       l402desk payments COMMAND        what was paid: list, show, resolve
       l402desk sandbox                 the sandbox server alone
       l402desk doctor                  what a bug report needs: versions, folders, keyring, vault, wallets
       l402desk --measure-start         paint the first frame, print its time and memory as JSON, and end
       l402desk --version | --help

l402desk COMMAND --help tells more about a command.
L402DESK_HOME puts all state under one folder; L402DESK_PASSPHRASE_FILE names a file whose first line unlocks the vault.
"""


def main(argv: Sequence[str] | None = None) -> int:
    arguments = list(sys.argv[1:] if argv is None else argv)
    _keep_private()
    match arguments:
        case ["inspect", *rest]:
            from l402desk.cli import inspect  # noqa: PLC0415 - only what the command needs

            return inspect.run(rest)
        case ["send", *rest]:
            from l402desk.cli import send  # noqa: PLC0415 - only what the command needs

            return send.run(rest)
        case ["wallets", *rest]:
            from l402desk.cli import wallets  # noqa: PLC0415 - only what the command needs

            return wallets.run(rest)
        case ["tokens", *rest]:
            from l402desk.cli import tokens  # noqa: PLC0415 - only what the command needs

            return tokens.run(rest)
        case ["payments", *rest]:
            from l402desk.cli import payments  # noqa: PLC0415 - only what the command needs

            return payments.run(rest)
        case ["doctor", *rest]:
            from l402desk.cli import doctor  # noqa: PLC0415 - only what the command needs

            return doctor.run(rest)
        case ["sandbox", *rest]:
            from l402desk.cli import sandbox  # noqa: PLC0415 - only what the command needs

            return sandbox.run(rest)
        case ["--version"]:
            print(f"l402desk {__version__}")
            return 0
        case ["--help" | "-h"]:
            print(USAGE, end="")
            return 0
    return _window(arguments)


def _keep_private() -> None:
    """Law 9: whatever this process writes is for its user alone, and it never leaves its memory in a core dump."""
    os.umask(0o077)
    if os.name == "posix":
        import resource  # noqa: PLC0415 - exists there only

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _is_no_address(argument: str) -> bool:
    """A bare word is a mistyped command, not a host to ask."""
    return argument.isalpha() and argument != "localhost"


def _unreadable(address: str) -> str:
    """Why the window would not ask there; empty where it could. A link is never opened as anything but an address."""
    from l402desk.client.urls import UrlError, read_url  # noqa: PLC0415 - only where there is one

    try:
        read_url(address)
    except UrlError as error:
        return str(error)
    return ""


def _window(arguments: Sequence[str]) -> int:
    with_sandbox = "--sandbox" in arguments
    measure = "--measure-start" in arguments
    rest = [argument for argument in arguments if argument not in ("--sandbox", "--measure-start")]
    # A link handler passes one address and nothing else: whatever looks like an option ends the program.
    if len(rest) > 1 or any(argument.startswith("-") or _is_no_address(argument) for argument in rest):
        wrong = next((a for a in rest if a.startswith("-") or _is_no_address(a)), rest[-1])
        print(f"l402desk: {wrong!r} is not understood here.\n{USAGE}", end="", file=sys.stderr)
        return 2
    if rest and (wrong_address := _unreadable(rest[0])):
        print(f"l402desk: {wrong_address}.\n{USAGE}", end="", file=sys.stderr)
        return 2
    from l402desk import app  # noqa: PLC0415 - only what the command needs

    return app.run(url=rest[0] if rest else "", with_sandbox=with_sandbox, measure=measure)


if __name__ == "__main__":
    sys.exit(main())
