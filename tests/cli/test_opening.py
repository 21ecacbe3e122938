"""A command finds its folders, its vault and its end: every failure is one line and a status."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest

from l402desk.cli import opening
from l402desk.cli.opening import CommandFailed, run_with_services
from l402desk.cli.output import OutputLost
from l402desk.services import Services
from l402desk.store.errors import DiskFull

PASSPHRASE = "correct horse battery staple"


@pytest.fixture
def passphrase_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\nsecond line\n", encoding="utf-8")
    monkeypatch.setenv(opening.PASSPHRASE_FILE, str(file))
    return file


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody at a terminal, who types these lines when asked."""
    typed: list[str] = []
    monkeypatch.setattr(opening, "can_ask", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: typed.pop(0))
    return typed


async def tell_state(services: Services) -> int:
    print("open" if services.is_unlocked else "locked", services.database.path)
    return 7


async def stop(_services: Services) -> int:
    raise CommandFailed("There is no such token", 1)


def test_the_job_gets_an_open_vault_in_the_folder_of_the_environment(
    passphrase_file: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_with_services(tell_state, "try") == 7
    assert capsys.readouterr().out == f"open {home / 'data' / 'desk.sqlite3'}\n"


def test_without_a_key_there_is_one_line_and_no_job(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_with_services(tell_state, "tokens list", failed=3) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("l402desk tokens list: There is no usable keyring: ")
    assert said.err.count("\n") == 1


def test_a_job_that_needs_no_vault_runs_without_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_with_services(tell_state, "try", unlock=False) == 7
    assert capsys.readouterr().out.startswith("locked ")


def test_a_wrong_passphrase_file_is_not_asked_about(
    passphrase_file: Path, person: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    run_with_services(tell_state, "try")
    passphrase_file.write_text("wrong\n", encoding="utf-8")
    person.append(PASSPHRASE)
    capsys.readouterr()
    assert run_with_services(tell_state, "try") == 1
    assert capsys.readouterr().err.startswith("l402desk try: This passphrase does not open the vault.")
    assert person == [PASSPHRASE]


def test_a_person_at_a_terminal_is_asked_and_may_mistype(
    passphrase_file: Path, person: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_with_services(tell_state, "try")
    monkeypatch.delenv(opening.PASSPHRASE_FILE)
    person += ["wrong", PASSPHRASE]
    capsys.readouterr()
    assert run_with_services(tell_state, "try") == 7
    said = capsys.readouterr()
    assert said.out.startswith("open ")
    assert said.err.count("does not open the vault") == 1


def test_nobody_is_asked_more_than_three_times(
    passphrase_file: Path, person: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run_with_services(tell_state, "try")
    monkeypatch.delenv(opening.PASSPHRASE_FILE)
    person += ["wrong"] * 5
    assert run_with_services(tell_state, "try") == 1
    assert len(person) == 2


def test_without_a_terminal_nobody_is_asked(
    passphrase_file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run_with_services(tell_state, "try")
    monkeypatch.delenv(opening.PASSPHRASE_FILE)
    assert not opening.can_ask()
    assert run_with_services(tell_state, "try") == 1
    assert "The vault is protected by a passphrase." in capsys.readouterr().err


def test_a_passphrase_file_that_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(opening.PASSPHRASE_FILE, str(tmp_path / "gone"))
    assert run_with_services(tell_state, "try") == 1
    assert capsys.readouterr().err == (
        f"l402desk try: The passphrase file {tmp_path / 'gone'} cannot be read."
        " Make it readable for you alone, or start without L402DESK_PASSPHRASE_FILE.\n"
    )


def test_a_home_that_is_a_file_is_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.write_text("", encoding="utf-8")
    assert run_with_services(tell_state, "try", unlock=False) == 1
    said = capsys.readouterr().err
    assert "Set L402DESK_HOME to a folder of yours." in said
    assert said.count("\n") == 1


def test_a_job_that_cannot_go_on_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_with_services(stop, "tokens show", unlock=False) == 1
    assert capsys.readouterr().err == "l402desk tokens show: There is no such token.\n"


def test_trouble_with_the_disk_inside_the_job_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    async def fill(_services: Services) -> int:
        raise DiskFull

    assert run_with_services(fill, "try", unlock=False, failed=5) == 5
    assert capsys.readouterr().err.startswith("l402desk try: Nothing was saved, because the disk is full.")


def test_a_reader_who_left_is_no_reason_for_words(capsys: pytest.CaptureFixture[str]) -> None:
    async def write(_services: Services) -> int:
        raise OutputLost(BrokenPipeError())

    assert run_with_services(write, "try", unlock=False) == 1
    assert capsys.readouterr().err == ""


def test_an_interrupted_job_ends_as_interrupted() -> None:
    async def interrupt(_services: Services) -> int:
        await asyncio.sleep(0)
        raise KeyboardInterrupt

    assert run_with_services(interrupt, "try", unlock=False) == opening.INTERRUPTED


def test_no_library_prints_its_log_meanwhile(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    logger = logging.getLogger("somebody.else")
    logger.propagate = False
    before = logging.lastResort

    async def log(_services: Services) -> int:
        logger.error("a record of a library")
        return 0

    assert run_with_services(log, "try", unlock=False) == 0
    assert logging.lastResort is before
    assert capsys.readouterr().err == ""
