"""Real peers are started only when they are asked for; what cannot be prepared here skips its tests and says why."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.peers.matrix import MatrixPlugin
from tests.peers.preparing import NotHere, must_run

if TYPE_CHECKING:
    from tests.peers.lnbits.server import LnbitsServer

HOW = "real peers are started by: python -m tests.peers.run"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "peers: starts software that nobody here wrote")
    config.addinivalue_line("markers", "case(subject, name): proves this cell of the matrix")
    if not config.pluginmanager.has_plugin("peers-matrix"):
        config.pluginmanager.register(MatrixPlugin(), "peers-matrix")


class NotAsked(pytest.Module):
    """A module whose peers nobody asked for: not even imported."""

    def collect(self) -> list[pytest.Item | pytest.Collector]:
        pytest.skip(HOW, allow_module_level=True)


def starts_peers(module: Path) -> bool:
    """Does this file carry the mark? Told without importing it."""
    return "pytest.mark.peers" in module.read_text(encoding="utf-8")


def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    if os.environ.get("L402DESK_PEERS") or not starts_peers(module_path):
        return None
    return NotAsked.from_parent(parent, path=module_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, object, object]:
    with _skipping():
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    with _skipping():
        return (yield)


class _skipping:  # noqa: N801 - reads as a word
    """A peer that is not here skips its test, unless all tests must run."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotHere) and not must_run():
            pytest.skip(str(error))


@pytest.fixture(scope="session")
def an_lnbits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LnbitsServer]:
    """An LNbits on FakeWallet for all tests: make an account of your own, and do not stop it."""
    from tests.peers.lnbits.server import lnbits

    with lnbits(tmp_path_factory.mktemp("lnbits")) as server:
        yield server
