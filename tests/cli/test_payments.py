"""The command by itself: help and wrong usage end with their statuses, and each subcommand is reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.__main__ import main
from l402desk.cli.payments import run


def test_help_says_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(word in said for word in ("list", "show", "resolve", "exit status"))


@pytest.mark.parametrize("arguments", [[], ["pay"], ["show"], ["list", "--state", "rich"]])
def test_wrong_usage_is_two(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    assert "usage: l402desk payments" in capsys.readouterr().err


def test_the_command_is_reached_by_its_name(unlocked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["payments", "list", "--json"]) == 0
    assert capsys.readouterr().out == "[]\n"
    for command in ("show", "resolve"):
        assert main(["payments", command, "nobody"]) == 1
        assert "There is no payment “nobody”" in capsys.readouterr().err
