"""``tokens forget`` and ``tokens restore``: nothing paid for is lost by one word too few."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from l402desk.cli.tokens import run
from l402desk.services import Services
from tests.fakes.desk import in_the_vault
from tests.fakes.purchased import NOW, new_token
from tests.vault.test_awaiting import pending


@pytest.fixture
def ids(unlocked: Path) -> dict[str, str]:
    """An unused paid token, a used one, and one that waits."""

    async def fill(services: Services) -> dict[str, str]:
        unused = await services.vault.keep(new_token(1, title="Unused"))
        used = await services.vault.keep(new_token(2, title="Used"))
        await services.vault.record_use(used.id, 200, NOW)
        return {"unused": unused.id, "used": used.id, "waiting": (await services.awaiting.keep(pending(3))).id}

    return in_the_vault(fill)


def listed(capsys: pytest.CaptureFixture[str], *more: str) -> list[str]:
    capsys.readouterr()
    assert run(["list", "--json", *more]) == 0
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return [token["id"] for token in found]


def test_the_trash_first_and_back_again(ids: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forget", ids["used"]]) == 0
    assert f"Bring it back: l402desk tokens restore {ids['used'][:10]}" in capsys.readouterr().out
    assert run(["forget", ids["used"]]) == 0
    assert listed(capsys, "--trashed") == [ids["used"]]
    assert run(["restore", ids["used"][:10]]) == 0
    assert capsys.readouterr().out == "“Used” is usable.\n"
    assert listed(capsys, "--trashed") == []


def test_then_for_ever(ids: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["forget", ids["used"], "--for-ever"]) == 2
    assert "not in the trash" in capsys.readouterr().err
    run(["forget", ids["used"]])
    assert run(["forget", ids["used"], "--for-ever", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.split("\n", 1)[1]) == {"id": ids["used"], "state": "deleted"}
    assert run(["show", ids["used"]]) == 1


def test_what_was_paid_for_and_never_used_needs_a_word_more(
    ids: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["forget", ids["unused"]]) == 2
    assert "“Unused” was paid for 21 sats and never used" in capsys.readouterr().err
    assert listed(capsys, "--trashed") == []
    assert run(["forget", ids["unused"], "--yes"]) == 0
    assert run(["forget", ids["unused"], "--for-ever"]) == 2
    assert listed(capsys, "--trashed") == [ids["unused"]]
    assert run(["forget", ids["unused"], "--for-ever", "--yes"]) == 0
    assert listed(capsys, "--trashed") == []


def test_one_that_waits_for_its_proof_has_no_trash(ids: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    for words in ([], ["--yes"], ["--for-ever"]):
        assert run(["forget", ids["waiting"], *words]) == 2
    assert "may still settle" in capsys.readouterr().err
    assert run(["restore", ids["waiting"]]) == 2
    assert listed(capsys, "--pending") == [ids["waiting"]]
    assert run(["forget", ids["waiting"], "--for-ever", "--yes"]) == 0
    assert listed(capsys, "--pending") == []
