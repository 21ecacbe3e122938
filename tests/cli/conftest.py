"""What the tests of the terminal's commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.cli import opening


@pytest.fixture
def unlocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault under a passphrase that the environment names; gives the file."""
    file = tmp_path / "vault-passphrase"
    file.write_text("the vault's own words\n", encoding="utf-8")
    monkeypatch.setenv(opening.PASSPHRASE_FILE, str(file))
    return file
