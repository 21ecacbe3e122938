"""``tokens export``: sealed under its own passphrase, or for lnget."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from l402desk.cli.tokens import run
from l402desk.services import Services
from l402desk.vault.bundle import open_bundle
from l402desk.vault.foreign.reading import read_store
from l402desk.vault.scope import Reach
from tests.fakes.desk import in_the_vault
from tests.fakes.purchased import new_token
from tests.vault.test_awaiting import pending


@pytest.fixture
def words(tmp_path: Path) -> str:
    (tmp_path / "words").write_text("of the export\n")
    return str(tmp_path / "words")


@pytest.fixture
def ids(unlocked: Path) -> list[str]:
    """A usable token, a spent one, one in the trash, one that waits."""

    async def fill(services: Services) -> list[str]:
        usable = await services.vault.keep(new_token(1, reach=Reach.HOST))
        expired = await services.vault.keep(new_token(2, "https://b.example/x", caveats=("expires_at=1700000000",)))
        trashed = await services.vault.trash((await services.vault.keep(new_token(3, "https://c.example/x"))).id)
        return [usable.id, expired.id, trashed.id, (await services.awaiting.keep(pending(4))).id]

    return in_the_vault(fill)


def test_everything_goes_into_one_sealed_file(
    ids: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(["export", str(out), "--passphrase-file", words]) == 0
    assert capsys.readouterr().out == f"4 tokens sealed in {out}.\n"
    contents = asyncio.run(open_bundle(out.read_bytes(), "of the export"))
    assert len(contents.tokens) == 3
    assert [carried.is_trashed for carried in contents.tokens].count(True) == 1
    assert contents.pending[0].title == "Demo"


def test_named_ones_alone(ids: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    assert run(["export", str(out), ids[0][:10], "--passphrase-file", words, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "tokens": 1, "pending": 0, "skipped": []}
    assert run(["export", str(tmp_path / "no"), ids[3], "--passphrase-file", words]) == 1
    assert run(["export", str(tmp_path / "no"), "zzz", "--passphrase-file", words]) == 1
    assert not (tmp_path / "no").exists()


def test_nothing_is_overwritten_and_nobody_is_waited_for(
    ids: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_text("mine")
    assert run(["export", str(tmp_path / "out"), "--passphrase-file", words]) == 1
    assert "already" in capsys.readouterr().err
    assert (tmp_path / "out").read_text() == "mine"
    assert run(["export", str(tmp_path / "other")]) == 2
    assert run(["export", str(tmp_path / "missing" / "out"), "--passphrase-file", words]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_for_lnget_what_is_worth_sending(ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "tokens"
    assert run(["export", str(out), "--format", "lnget", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [written["domain"] for written in said["written"]] == ["api.example"]
    assert {skipped["id"] for skipped in said["skipped"]} == set(ids[1:3])
    assert [str(carried.token.origin) for carried in read_store(out).tokens] == ["https://api.example"]
    assert run(["export", str(out), "--format", "lnget", ids[0]]) == 1
    assert "already" in capsys.readouterr().err


def test_a_token_the_user_names_is_taken_at_their_word(
    ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["export", str(tmp_path / "tokens"), ids[1], ids[2], "--format", "lnget"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("1 token written for lnget")
    assert "They lie there unsealed." in said.out
    assert "It is in the trash." in said.err


def test_a_damaged_token_is_told_and_the_others_are_exported(
    ids: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def break_it(services: Services) -> int:
        sql = "UPDATE tokens SET secret = x'00' WHERE id = ?"
        return await services.database.write(lambda connection: connection.execute(sql, (ids[0],)).rowcount)

    in_the_vault(break_it)
    assert run(["export", str(tmp_path / "out"), "--passphrase-file", words]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("3 tokens sealed")
    assert "does not open" in said.err


def test_a_folder_that_cannot_be_made_is_one_line(
    ids: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert run(["export", str(tmp_path / "file"), "--format", "lnget"]) == 1
    assert capsys.readouterr().err.count("\n") >= 1
