"""``tokens import``: every store, each token once, every refusal in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from l402desk.cli.tokens import run
from l402desk.services import Services
from tests.fakes.desk import in_the_vault
from tests.fakes.purchased import credential_of, hash_of, new_token, preimage_of
from tests.vault.foreign import stores
from tests.vault.foreign.stores import KEY, paid_file, pending_file

WHEN = "2024-04-25 11:44:08"


def said(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    assert run(["import", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_lngets_folder_twice(unlocked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stores.lnget_host(tmp_path / "tokens", "api.example", paid_file(1), domain="api.example")
    stores.lnget_host(tmp_path / "tokens", "b.example", pending_file(2), pending=True)
    stores.lnget_host(tmp_path / "tokens", "c.example", b"damaged")
    row = ("api.example", "https://api.example/", "GET", hash_of(1).hex, 21, 2, "success", 200, WHEN)
    stores.lnget_events(tmp_path / "events.db", [row])
    first = said(capsys, str(tmp_path))
    assert (len(first["new"]), len(first["pending_new"]), first["kind"]) == (1, 1, "lnget")
    assert [problem["where"] for problem in first["problems"]] == ["c.example/l402.token"]
    assert first["history"] == {"payments": 1, "failed": 0, "hosts": 1, "spent_msat": 21_000, "fees_msat": 2_000}
    again = said(capsys, str(tmp_path))
    assert (again["new"], again["known"]) == ([], first["new"])
    assert (again["pending_new"], again["pending_known"]) == ([], first["pending_new"])
    assert run(["import", str(tmp_path)]) == 0
    words = capsys.readouterr()
    assert words.out.startswith("From lnget: 0 new, 1 held already.\nWithout a proof of payment: 0 new, 1 waiting")
    assert "1 payment to 1 host, 21 sats and 2 sats in fees; 0 failed." in words.out
    assert words.err == "left out c.example/l402.token: The file is no token file, or was cut short.\n"


def test_a_token_file_needs_the_name_of_its_server(
    unlocked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "l402.token").write_bytes(paid_file(1))
    assert run(["import", str(tmp_path / "l402.token")]) == 1
    assert "--origin" in capsys.readouterr().err
    for wrong in ("http://api.example", "nonsense"):
        assert run(["import", str(tmp_path / "l402.token"), "--origin", wrong]) == 2
        assert "cannot be a token's home" in capsys.readouterr().err
    assert len(said(capsys, str(tmp_path / "l402.token"), "--origin", "https://api.example")["new"]) == 1


def test_402_mcp_with_its_key(unlocked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "credentials.json").write_text(stores.mcp402_sealed({"https://a.example": stores.mcp402_credential(1)}))
    assert run(["import", str(tmp_path / "credentials.json")]) == 1
    assert "--key-file" in capsys.readouterr().err
    (tmp_path / "key").write_text(KEY.hex())
    assert len(said(capsys, str(tmp_path), "--key-file", str(tmp_path / "key"), "--from", "402-mcp")["new"]) == 1


def test_a_proof_that_is_held_needs_no_waiting(
    unlocked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def hold(services: Services) -> object:
        return await services.vault.keep(new_token(1, "https://api.example/", caveats=()))

    in_the_vault(hold)
    (tmp_path / "l402.token.pending").write_bytes(pending_file(1))
    found = said(capsys, str(tmp_path), "--origin", "https://api.example")
    assert (found["pending_paid"], found["pending_new"]) == ([hash_of(1).hex], [])
    assert run(["import", str(tmp_path), "--origin", "https://api.example"]) == 0
    assert "held here with its proof: 1." in capsys.readouterr().out


def test_a_store_of_nothing_but_problems_is_a_failure(
    unlocked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = ("https://a.example/x", credential_of(1), preimage_of(2).hex, 7, None)
    file = stores.l402sdk(tmp_path / "a.db", [row])
    assert said(capsys, str(file), status=1)["new"] == []
    assert run(["import", str(file)]) == 1
    assert "left out row 1: The proof of payment" in capsys.readouterr().err


def test_what_is_no_store_opens_no_vault(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "x").write_bytes(b"nonsense")
    for path in ("x", "missing", "."):
        assert run(["import", str(tmp_path / path)]) == 1
        assert capsys.readouterr().err.count("\n") == 1
    assert not (home / "data").exists()


def test_a_sealed_export_with_its_passphrase_and_with_a_wrong_one(
    unlocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fill(services: Services) -> object:
        return await services.vault.note((await services.vault.keep(new_token(1))).id, "Mine.")

    in_the_vault(fill)
    (tmp_path / "words").write_text("right\n")
    (tmp_path / "wrong").write_text("wrong\n")
    out = str(tmp_path / "out")
    assert run(["export", out, "--passphrase-file", str(tmp_path / "words")]) == 0
    assert run(["import", out]) == 2
    assert run(["import", out, "--passphrase-file", str(tmp_path / "wrong")]) == 1
    assert "does not open" in capsys.readouterr().err
    monkeypatch.setenv("L402DESK_HOME", str(tmp_path / "another"))
    assert len(said(capsys, out, "--passphrase-file", str(tmp_path / "words"))["new"]) == 1
    assert run(["import", out, "--from", "sealed", "--passphrase-file", str(tmp_path / "words")]) == 0
    assert "0 new, 1 held already." in capsys.readouterr().out
    assert run(["list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["note"] == "Mine."


def test_a_person_is_asked_for_the_passphrase_before_anything_is_open(
    unlocked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("l402desk.cli.tokens_secret.can_ask", lambda: True)
    typed = ["right", "right", "right"]
    monkeypatch.setattr("getpass.getpass", lambda _prompt: typed.pop(0))
    assert run(["export", str(tmp_path / "out")]) == 0
    assert run(["import", str(tmp_path / "out")]) == 0
    assert typed == []
    assert "0 new, 0 held already" in capsys.readouterr().out
