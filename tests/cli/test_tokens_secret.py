"""A passphrase comes from a file or from a person; nobody else is waited for."""

from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.cli import tokens_secret
from l402desk.cli.opening import CommandFailed
from l402desk.cli.tokens_secret import passphrase_for


@pytest.fixture
def person(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Somebody at a terminal, who types these lines when asked."""
    typed: list[str] = []
    monkeypatch.setattr(tokens_secret, "can_ask", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: typed.pop(0))
    return typed


def test_the_first_line_of_a_file_is_the_passphrase(tmp_path: Path) -> None:
    (tmp_path / "words").write_bytes("caf\u00e9 au lait \r\nsecond\n".encode())
    assert passphrase_for(str(tmp_path / "words"), "Words", twice=True) == "caf\u00e9 au lait "


@pytest.mark.parametrize("content", [b"", b"\nsecond", b"\xff\xfe"])
def test_a_file_without_one_is_a_usage_error(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "words").write_bytes(content)
    for name in ("words", "missing", "nul\0"):
        with pytest.raises(CommandFailed) as failed:
            passphrase_for(str(tmp_path / name), "Words", twice=False)
        assert failed.value.status == 2


def test_without_a_terminal_nobody_is_asked() -> None:
    with pytest.raises(CommandFailed, match="--passphrase-file") as failed:
        passphrase_for(None, "Words", twice=False)
    assert failed.value.status == 2


def test_a_person_types_it_twice_to_seal_and_once_to_open(person: list[str]) -> None:
    person += ["words", "words", "other"]
    assert passphrase_for(None, "Words", twice=True) == "words"
    assert passphrase_for(None, "Words", twice=False) == "other"


def test_what_was_mistyped_or_not_typed_seals_nothing(person: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    person += ["words", "wards"]
    with pytest.raises(CommandFailed, match="differ"):
        passphrase_for(None, "Words", twice=True)
    person += [""]
    with pytest.raises(CommandFailed, match="No passphrase"):
        passphrase_for(None, "Words", twice=True)

    def leave(_prompt: str) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr("getpass.getpass", leave)
    with pytest.raises(CommandFailed, match="No passphrase"):
        passphrase_for(None, "Words", twice=False)
