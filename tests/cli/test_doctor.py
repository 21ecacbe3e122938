"""The doctor says what is wrong and what to do, changes nothing, shows no secret, and ends with a status."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from l402desk.cli import opening
from l402desk.cli.opening import run_with_services
from l402desk.services import Services
from tests.cli.site import Shell, a_shell

shell = pytest.fixture(a_shell)
PASSPHRASE = "correct horse battery staple"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def passphrase_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "passphrase"
    file.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    monkeypatch.setenv(opening.PASSPHRASE_FILE, str(file))
    return file


async def nothing(_services: Services) -> int:
    return 0


def test_a_new_machine_is_healthy_and_nothing_is_made(shell: Shell, home: Path) -> None:
    said = shell("doctor")
    assert (said.status, said.err) == (0, "")
    assert "HEALTHY" in said.out
    assert "L402DESK_PASSPHRASE_FILE" in said.out  # there is no keyring here
    assert not home.exists()


def test_the_object_has_every_part_whether_it_could_be_looked_at_or_not(shell: Shell) -> None:
    found = shell("doctor", "--json").json
    assert set(found) == {
        "healthy", "problems", "hints", "versions", "screen", "tls", "folders", "keyring", "database", "vault",
        "ledger", "wallets",
    }  # fmt: skip
    assert (found["healthy"], found["problems"]) == (True, [])
    assert (found["vault"]["state"], found["database"], found["wallets"]) == ("none", None, None)
    assert found["screen"]["qt_platform"] == "offscreen"


def test_a_vault_in_use_is_told_whole_and_without_secrets(shell: Shell, passphrase_file: Path) -> None:
    async def add(services: Services) -> int:
        await services.wallet_book.add("home", f"lnbits+http://127.0.0.1:9?key={KEY}")
        return 0

    run_with_services(add, "test")
    said = shell("doctor", "--json")
    assert said.status == 1  # the wallet does not answer
    assert said.json["vault"] == {"sealed_by": "your passphrase", "has_recovery_code": False, "state": "open"}
    assert said.json["database"]["integrity"] == "ok"
    assert said.json["ledger"] == {"open": 0, "undelivered": 0, "tokens": 0}
    (wallet,) = said.json["wallets"]["stored"]
    assert (wallet["name"], wallet["kind"], wallet["reachable"]) == ("home", "lnbits", False)
    assert "home" in said.json["problems"][0]["what"]
    for text in (said.out, shell("doctor").out):
        assert KEY not in text
        assert PASSPHRASE not in text


def test_a_locked_vault_is_well(shell: Shell, passphrase_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_with_services(nothing, "test")
    monkeypatch.delenv(opening.PASSPHRASE_FILE)
    said = shell("doctor", "--json")
    assert (said.status, said.json["vault"]["state"], said.json["ledger"]) == (0, "locked", None)


def test_a_wrong_passphrase_is_not_well(shell: Shell, passphrase_file: Path) -> None:
    run_with_services(nothing, "test")
    passphrase_file.write_text("wrong\n", encoding="utf-8")
    said = shell("doctor")
    assert said.status == 1
    assert "NOT WELL" in said.out
    assert "does not open the vault" in said.out


def test_a_passphrase_file_that_is_gone_is_not_well(shell: Shell, passphrase_file: Path) -> None:
    passphrase_file.unlink()
    said = shell("doctor", "--json")
    assert said.status == 1
    assert "cannot be read" in said.json["problems"][0]["what"]


def test_a_file_that_is_no_database_is_not_well_and_left_alone(shell: Shell, home: Path, passphrase_file: Path) -> None:
    run_with_services(nothing, "test")
    file = home / "data" / "desk.sqlite3"
    for beside in file.parent.glob("desk.sqlite3-*"):
        beside.unlink()
    file.write_bytes(b"this is no database" * 100)
    said = shell("doctor", "--json")
    assert (said.status, said.json["database"]["integrity"], said.json["vault"]) == (1, None, None)
    assert "left untouched" in said.json["problems"][0]["what"]
    assert file.read_bytes() == b"this is no database" * 100


def test_folders_that_others_can_read_are_not_well(shell: Shell, home: Path) -> None:
    (home / "logs").mkdir(parents=True)
    (home / "logs").chmod(0o755)
    said = shell("doctor", "--json")
    assert (said.status, said.json["folders"]["logs"]["mode"]) == (1, "0755")


def test_what_is_not_understood_is_wrong_usage(shell: Shell) -> None:
    assert shell("doctor", "--frobnicate").status == 2
    assert shell("doctor", "--json", "x").status == 2
    assert shell("doctor", "--help").out.startswith("usage: l402desk doctor")


def test_the_page_is_eighty_columns_wide(shell: Shell, passphrase_file: Path) -> None:
    run_with_services(nothing, "test")
    assert max(map(len, shell("doctor").out.splitlines())) <= 80
    assert json.loads(shell("doctor", "--json").out)
