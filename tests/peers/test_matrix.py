"""The matrix counts what was proven, and says why what was skipped was skipped; nothing of it starts a peer."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harness.market import ROOT
from tests.peers.matrix import FAILED, MISSING, PASSED, SKIPPED, Cell, Matrix, case

TESTS = """
import pytest
from tests.peers.matrix import case, versions
from tests.peers.preparing import NotHere

pytestmark = pytest.mark.MARK

@pytest.fixture(scope="module")
def peer():
    raise NotHere("there is no such wallet")

@case("Purse", "paid")
def test_paid():
    versions("Purse", "purse 1.0")

@case("Purse", "expired")
def test_expired():
    raise AssertionError

@case("Purse", "no route")
@pytest.mark.parametrize("number", [1, 2])
def test_no_route(peer, number):
    raise AssertionError

class TestShop:
    subject = "Shop"

    @case("", "buy")
    def test_buy(self):
        raise NotHere("there is no such shop")
"""


def ran(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """A test run in a folder that borrows the peers' conftest."""
    (folder / "conftest.py").write_text((ROOT / "tests" / "peers" / "conftest.py").read_text())
    (folder / "pytest.ini").write_text(f"[pytest]\npythonpath = {ROOT}\naddopts = --strict-markers -ra\n")
    (folder / "test_it.py").write_text(TESTS.replace("MARK", "peers"))
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider", "."],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "HOME": str(folder), "L402DESK_PEERS_CACHE": str(folder / "cache"), **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_nothing_is_imported_unless_it_was_asked_for(tmp_path: Path) -> None:
    done = ran(tmp_path)
    assert "1 skipped" in done.stdout
    assert "python -m tests.peers.run" in done.stdout
    assert "real peers ==" not in done.stdout
    assert "real peers --" not in done.stdout


def test_the_table_has_passes_failures_and_skips_with_their_reason(tmp_path: Path) -> None:
    done = ran(tmp_path, L402DESK_PEERS="1")
    assert "1 failed, 1 passed, 3 skipped" in done.stdout
    assert "[1] there is no such wallet" in done.stdout
    assert "Purse: purse 1.0" in done.stdout
    told = json.loads((tmp_path / "cache" / "matrix.json").read_text())
    cells = {(cell["subject"], cell["case"]): (cell["outcome"], cell["reasons"]) for cell in told["cells"]}
    assert cells == {
        ("Purse", "paid"): (PASSED, []),
        ("Purse", "expired"): (FAILED, []),
        ("Purse", "no route"): (SKIPPED, ["there is no such wallet"]),
        ("Shop", "buy"): (SKIPPED, ["there is no such shop"]),
    }
    assert told["versions"] == {"Purse": "purse 1.0"}


def test_what_is_not_here_fails_where_all_must_run(tmp_path: Path) -> None:
    assert "2 failed, 1 passed, 2 errors" in ran(tmp_path, L402DESK_PEERS="1", L402DESK_TESTS_MUST_RUN="1").stdout


def test_the_worst_of_a_cell_counts() -> None:
    cell = Cell()
    assert cell.word == MISSING
    for outcome, word in ((SKIPPED, SKIPPED), (PASSED, PASSED), (FAILED, FAILED), (PASSED, FAILED)):
        cell.add(outcome)
        assert cell.word == word


def test_the_table_shows_what_nobody_proved() -> None:
    matrix = Matrix()
    matrix.cell("Shop", "buy").add(PASSED)
    assert matrix.table({})[1:3] == ["server  buy   reuse  expire  refuse", "Shop    pass  –      –       –"]


def test_a_mistyped_case_is_an_error() -> None:
    with pytest.raises(ValueError, match="no case"):
        case("Purse", "payed")
