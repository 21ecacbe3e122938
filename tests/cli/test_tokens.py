"""``l402desk tokens`` as a user types it: statuses, one line for every failure, no waiting."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from l402desk.__main__ import main
from l402desk.cli.tokens import run
from l402desk.services import Services
from tests.fakes.desk import in_the_vault
from tests.fakes.purchased import credential_of, new_token, preimage_of
from tests.vault.foreign import stores

COMMANDS = ["list", "show", "export", "import", "forget", "restore"]


WRONG = (
    *("", "nonsense", "show", "export", "import", "forget"),
    *("list --trashed --pending", "list a b", "import x --from nobody"),
)


@pytest.mark.parametrize("line", WRONG)
def test_a_wrong_command_line_is_a_usage_error(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line.split()) == 2
    assert "usage: l402desk tokens" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    assert f"usage: l402desk tokens {command}" in capsys.readouterr().out


def test_the_program_knows_the_command(unlocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["tokens", "list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert main(["--help"]) == 0
    assert "l402desk tokens COMMAND" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments", [["list"], ["show", "a"], ["forget", "a"], ["restore", "a"], ["export", "out", "--format", "lnget"]]
)
def test_a_locked_vault_is_one_line_and_nothing_waits(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"l402desk tokens {arguments[0]}: ")
    assert said.err.count("\n") == 1


@pytest.mark.parametrize("command", ["show", "forget", "restore"])
@pytest.mark.parametrize("token_id", ["abc", "nonsense", "%", "\x1b[31m"])
def test_an_unknown_id_is_not_found(
    unlocked: Path, command: str, token_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, token_id]) == 1
    said = capsys.readouterr().err
    assert "There is no token" in said
    assert "\x1b" not in said


def test_an_id_that_two_tokens_begin_with_is_not_guessed(unlocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def fill(services: Services) -> None:
        for number in range(17):  # of seventeen ids two begin alike
            await services.vault.keep(new_token(number))

    in_the_vault(fill)
    assert run(["list", "--json"]) == 0
    ids = [token["id"] for token in json.loads(capsys.readouterr().out)]
    shared = next(first for first in {i[0] for i in ids} if sum(i[0] == first for i in ids) > 1)
    assert run(["forget", shared, "--yes"]) == 1
    assert "More than one token" in capsys.readouterr().err
    assert run(["list", "--trashed", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


def test_the_whole_way_through_real_processes(unlocked: Path, tmp_path: Path) -> None:
    """Imported from another client, exported sealed, forgotten for ever, and back again."""
    store = stores.l402sdk(
        tmp_path / "sdk.db", [("https://a.example/x", credential_of(1), preimage_of(1).hex, 1_714_045_448, None)]
    )
    words, sealed = tmp_path / "words", tmp_path / "out.sealed"
    words.write_text("of the export\n")

    def tokens(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "l402desk", "tokens", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)

    assert tokens("import", str(store)).stdout == "From L402sdk: 1 new, 0 held already.\n"
    (token,) = json.loads(tokens("list", "--json").stdout)
    exported = tokens("export", str(sealed), "--passphrase-file", str(words))
    assert (exported.returncode, exported.stderr) == (0, "")
    assert sealed.stat().st_mode & 0o777 == 0o600
    assert tokens("forget", token["id"][:8]).returncode == 0
    assert tokens("forget", token["id"][:8], "--for-ever").returncode == 0
    assert tokens("show", token["id"]).returncode == 1
    back = tokens("import", str(sealed), "--passphrase-file", str(words))
    assert (back.returncode, back.stderr) == (0, "")
    (again,) = json.loads(tokens("list", "--json").stdout)
    assert {**again, "id": token["id"]} == token
