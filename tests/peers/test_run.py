"""The one command knows every peer, and finds the tests of each."""

from __future__ import annotations

import pytest

from tests.harness.market import ROOT
from tests.peers.conftest import starts_peers
from tests.peers.run import HERE, PEERS, files_of, main

OF_NO_PEER = {"test_killing.py"}
"""Tests of what the tests of peers use; they run with all of them."""


@pytest.mark.parametrize("name", PEERS)
def test_every_peer_has_tests_that_exist(name: str) -> None:
    found = files_of([name])
    assert found
    assert all((ROOT / file).is_file() for file in found)


def test_every_test_that_starts_a_peer_can_be_asked_for_by_its_name() -> None:
    known = set(files_of(list(PEERS)))
    there = {str(file.relative_to(ROOT)) for file in HERE.rglob("test_*.py") if starts_peers(file)}
    assert {file.rpartition("/")[2] for file in there - known} <= OF_NO_PEER


def test_they_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(PEERS)


def test_a_peer_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["lnbit"])
    assert ended.value.code == 2
    assert "there is no peer called lnbit; there are lnbits" in capsys.readouterr().err
