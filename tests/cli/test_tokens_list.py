"""``tokens list`` and ``tokens show``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from l402desk.cli.tokens import run
from l402desk.services import Services
from l402desk.vault.awaiting import Awaiting
from tests.fakes.desk import in_the_vault
from tests.fakes.purchased import credential_of, hash_of, new_token, preimage_of
from tests.vault.test_awaiting import pending


@pytest.fixture
def filled(unlocked: Path) -> dict[str, str]:
    """Three tokens, one of them in the trash, and one that waits; gives their ids."""

    async def fill(services: Services) -> dict[str, str]:
        first = await services.vault.keep(new_token(1))
        other = await services.vault.keep(new_token(2, "https://other.example/x", title="Else"))
        trashed = await services.vault.trash((await services.vault.keep(new_token(3))).id)
        waiting = await services.awaiting.keep(pending(4))
        return {"first": first.id, "other": other.id, "trashed": trashed.id, "waiting": waiting.id}

    return in_the_vault(fill)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert run([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_newest_first_the_trash_and_the_pending_apart(
    filled: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert [token["id"] for token in said(capsys, "list")] == [filled["other"], filled["first"]]
    assert [token["id"] for token in said(capsys, "list", "--trashed")] == [filled["trashed"]]
    assert [token["id"] for token in said(capsys, "list", "--pending")] == [filled["waiting"]]


def test_a_search_looks_in_hosts_titles_and_notes(filled: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert [token["title"] for token in said(capsys, "list", "other.example")] == ["Else"]
    assert said(capsys, "list", "nowhere") == []
    assert len(said(capsys, "list", "--pending", "BOUGHT ELSEWHERE")) == 1
    assert said(capsys, "list", "--pending", "nowhere") == []


def test_words_have_a_line_for_each_and_say_when_there_is_none(
    filled: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["list"]) == 0
    assert capsys.readouterr().out.count("\n") == 2
    assert run(["list", "--pending"]) == 0
    assert hash_of(4).hex in capsys.readouterr().out
    for more in (["nowhere"], ["--pending", "nowhere"]):
        assert run(["list", *more]) == 0
        quiet = capsys.readouterr()
        assert (quiet.out, quiet.err) == ("", "There is no such token.\n")


def test_one_token_by_the_beginning_of_its_id(filled: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "show", filled["first"][:12])["id"] == filled["first"]
    assert run(["show", filled["first"]]) == 0
    text = capsys.readouterr().out
    assert "api.example" in text
    assert preimage_of(1).hex not in text
    assert run(["show", filled["waiting"]]) == 0
    assert "waits for its proof" in capsys.readouterr().out


def test_secrets_only_where_they_are_asked_for(filled: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert preimage_of(1).hex not in json.dumps(said(capsys, "show", filled["first"]))
    assert said(capsys, "show", filled["first"], "--reveal")["preimage"] == preimage_of(1).hex
    assert said(capsys, "show", filled["waiting"], "--reveal")["credential"] == credential_of(4)
    assert run(["show", filled["first"], "--reveal"]) == 0
    assert f":{preimage_of(1).hex}\n" in capsys.readouterr().out
    assert run(["show", filled["waiting"], "--reveal"]) == 0
    assert f"Credential: {credential_of(4)}\n" in capsys.readouterr().out


def test_a_token_that_was_tampered_with_is_shown_and_not_revealed(
    filled: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    async def break_it(services: Services) -> int:
        sql = "UPDATE tokens SET secret = x'00' WHERE id = ?"
        return await services.database.write(lambda connection: connection.execute(sql, (filled["first"],)).rowcount)

    in_the_vault(break_it)
    assert said(capsys, "show", filled["first"])["intact"] is False
    assert run(["show", filled["first"]]) == 0
    assert "damaged" in capsys.readouterr().out
    assert run(["show", filled["first"], "--reveal"]) == 1
    assert "does not open" in capsys.readouterr().err


def test_a_pending_token_that_is_redeemed_this_moment_is_not_found(
    filled: dict[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def none(_self: Awaiting) -> list[object]:
        return []

    monkeypatch.setattr(Awaiting, "list", none)
    assert run(["show", filled["waiting"]]) == 1
    assert "There is no token" in capsys.readouterr().err
