"""What the commands about tokens share."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

import pytest

from l402desk.cli.opening import CommandFailed
from l402desk.cli.tokens_opening import count_words, find, run_job, tell_state
from l402desk.services import Services
from l402desk.vault.errors import NoSuchToken
from tests.fakes.purchased import new_token

OPTIONS = Namespace(command="show", as_json=False)


def test_a_token_that_vanishes_while_the_command_runs_is_not_found(
    unlocked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def job(_services: Services) -> int:
        raise NoSuchToken("abc")

    assert run_job(job, OPTIONS) == 1
    assert capsys.readouterr().err == "l402desk tokens show: There is no token “abc”.\n"


def test_a_token_is_found_by_the_beginning_of_its_id(unlocked: Path) -> None:
    async def job(services: Services) -> int:
        kept = await services.vault.keep(new_token(1))
        assert (await find(services, kept.id[:9])).id == kept.id
        with pytest.raises(CommandFailed, match="no token"):
            await find(services, "zzz")
        return 7

    assert run_job(job, OPTIONS) == 7


def test_what_became_of_a_token_is_told_in_words_or_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert tell_state(OPTIONS, "abc", "trashed", "It is in the trash.") == 0
    assert capsys.readouterr().out == "It is in the trash.\n"
    tell_state(Namespace(as_json=True), "abc", "trashed", "It is in the trash.")
    assert json.loads(capsys.readouterr().out) == {"id": "abc", "state": "trashed"}


def test_tokens_are_counted_in_words() -> None:
    assert [count_words(number) for number in (0, 1, 2)] == ["0 tokens", "1 token", "2 tokens"]
