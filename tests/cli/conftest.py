"""What the tests of the terminal's commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from l402desk.cli import opening
from l402desk.store.passphrase import Cost


def _brief(passes: int = 1, memory_kib: int = 64, lanes: int = 1) -> Cost:
    return Cost(passes, memory_kib, lanes)


@pytest.fixture
def unlocked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault under a passphrase that the environment names, stretched briefly; gives the file.

    A command opens the vault anew each time, and the real cost is half a second by design.
    """
    monkeypatch.setattr("l402desk.store.vault_key.Cost", _brief)
    monkeypatch.setattr("l402desk.vault.bundle.Cost", _brief)
    file = tmp_path / "vault-passphrase"
    file.write_text("the vault's own words\n", encoding="utf-8")
    monkeypatch.setenv(opening.PASSPHRASE_FILE, str(file))
    return file
