"""``l402desk doctor``: what a bug report needs and what keeps the app from working, without a secret."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Sequence
from dataclasses import replace

from l402desk.cli.doctor_section import Problem, Section
from l402desk.cli.opening import (
    FAILED,
    INTERRUPTED,
    OK,
    PASSPHRASE_FILE,
    USAGE,
    CommandFailed,
    make_plan,
    quiet_logs,
)
from l402desk.cli.output import OutputLost, complain, write_json, write_page, write_text
from l402desk.cli.page import DANGER, GOOD, INFO, Page
from l402desk.protocol.text import visible
from l402desk.settings import Folders
from l402desk.store.errors import StoreError
from l402desk.store.keys import OsKeyring

TEXT = """\
usage: l402desk doctor [--json]

Looks at versions, the screen, the folders, the keyring, the vault, open payments
and the wallets. Nothing is changed, nothing is paid, and no secret is shown.

exit status: 0 healthy, 1 not
"""


def run(argv: Sequence[str]) -> int:
    """Look, and say what is wrong and what to do: 0 healthy, 1 not, 2 wrong usage. Never raises."""
    if argv and argv[0] in ("--help", "-h"):
        write_text(TEXT)
        return OK
    if list(argv) not in ([], ["--json"]):
        complain("doctor", f"{visible(argv[0], 60)} is not understood here")
        return USAGE
    try:
        with quiet_logs():
            sections = asyncio.run(_examine())
        return _show(sections, as_json=bool(argv))
    except OutputLost as error:
        if not error.reader_left:
            complain("doctor", str(error))
        return FAILED
    except KeyboardInterrupt:
        return INTERRUPTED


async def _examine() -> list[Section]:
    from l402desk.cli import doctor_machine as machine  # noqa: PLC0415 - not for --help
    from l402desk.cli import doctor_vault as inside  # noqa: PLC0415 - not for --help

    found = Folders.find(os.environ)
    sections = [machine.versions(), machine.screen(os.environ), machine.tls(), machine.folders(found)]
    sections.append(await inside.keyring())
    if not (found.data / "desk.sqlite3").exists():
        sections.append(_no_vault(sections[-1]))
        return sections
    return [*sections, *await _look_inside()]


async def _look_inside() -> list[Section]:
    from l402desk.cli import doctor_vault as inside  # noqa: PLC0415 - not for --help
    from l402desk.services import open_services  # noqa: PLC0415 - not for --help

    sections: list[Section] = []
    try:
        plan = replace(make_plan(), keyring=OsKeyring(patience=inside.PATIENCE_S))
        async with open_services(plan) as services:
            sections.append(await inside.database(services.database))
            sections.append(await inside.vault(services))
            if services.is_unlocked:
                sections += [await inside.ledger(services), await inside.wallets(services)]
    except StoreError as error:
        sections.append(inside.not_open(error))
    except CommandFailed as error:
        sections.append(inside.not_open(StoreError(str(error), "")))
    return sections


def _no_vault(keyring: Section) -> Section:
    section = Section("vault", "Vault")
    section.tell("State", "state", "none", "none yet: it is made with the first purchase")
    file = os.environ.get(PASSPHRASE_FILE)
    if file and not os.access(file, os.R_OK):
        section.problems.append(
            Problem(f"The passphrase file {file} cannot be read.", f"Make it readable, or unset {PASSPHRASE_FILE}.")
        )
    if keyring.data["backend"] is None and not file:
        section.hints.append(
            Problem(
                "No keyring can keep the vault's key.",
                f"Choose a passphrase in the window, or name a file that holds one in {PASSPHRASE_FILE}.",
            )
        )
    return section


def _show(sections: Sequence[Section], *, as_json: bool) -> int:
    problems = [problem for section in sections for problem in section.problems]
    hints = [hint for section in sections for hint in section.hints]
    if as_json:
        write_json(
            {
                "healthy": not problems,
                "problems": [{"what": problem.what, "remedy": problem.remedy or None} for problem in problems],
                "hints": [{"what": hint.what, "remedy": hint.remedy or None} for hint in hints],
                **dict.fromkeys(("database", "vault", "ledger", "wallets")),  # None: it could not be looked at
                **{section.key: section.data for section in sections},
            }
        )
    else:
        write_page(_page(sections, problems, hints))
    return FAILED if problems else OK


def _page(sections: Sequence[Section], problems: Sequence[Problem], hints: Sequence[Problem]) -> Page:
    page = Page.for_stream(sys.stdout)
    if problems:
        page.heading(DANGER, "NOT WELL", "This keeps the app from working as it should.")
    else:
        page.heading(GOOD, "HEALTHY", "Nothing keeps the app from working.")
    if problems or hints:
        page.blank()
    for problem in problems:
        page.remark(DANGER, visible(problem.words))
    for hint in hints:
        page.remark(INFO, visible(hint.words))
    for section in sections:
        page.section(section.title)
        for label, value in section.rows:
            page.row(visible(label, 12), visible(value))
    return page
