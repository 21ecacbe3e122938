"""Every test starts clean and fails on the unexpected: warnings, logs, Qt messages, threads, timers, windows."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt

import gc
import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
VECTORS = ROOT.parent / "shared" / "vectors"

settings.register_profile(
    "desk",
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("desk")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def vectors() -> Any:
    """Load a public test vector by its name below the vectors folder; the test skips where the folder is not."""

    def load(name: str) -> Any:
        file = VECTORS / name
        if not file.exists():
            pytest.skip(f"the shared vector {name} is not here")
        return json.loads(file.read_text(encoding="utf-8"))

    return load


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All state of the app in a folder of this test; no keyring, proxy or session bus of the machine is reached."""
    folder = tmp_path / "home"
    monkeypatch.setenv("L402DESK_HOME", str(folder))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'no-bus'}")
    monkeypatch.delenv("L402DESK_PASSPHRASE_FILE", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture(autouse=True)
def no_unexpected_log(caplog: pytest.LogCaptureFixture, request: pytest.FixtureRequest) -> Iterator[None]:
    """A warning in the log is a failure, unless the test asked for `caplog` and so looks at it itself."""
    yield
    if "caplog" in request.fixturenames and _asks_for(request, "caplog"):
        return
    loud = [r for when in ("setup", "call") for r in caplog.get_records(when) if r.levelno >= logging.WARNING]
    assert not loud, "unexpected log: " + "; ".join(f"{r.name}: {r.getMessage()}" for r in loud)


def _asks_for(request: pytest.FixtureRequest, name: str) -> bool:
    function = getattr(request, "function", None)
    return function is not None and name in function.__code__.co_varnames[: function.__code__.co_argcount]


@pytest.fixture(autouse=True)
def no_stray_threads() -> Iterator[None]:
    """A thread that outlives its test makes a later one fail at random: name it here instead."""
    before = set(threading.enumerate())
    yield
    # A thread that Qt made is no Python thread, only known as one: `no_dangling_qt_objects` watches those.
    own = [t for t in set(threading.enumerate()) - before if not isinstance(t, threading._DummyThread)]
    for thread in own:
        thread.join(2)
    alive = [t.name for t in own if t.is_alive()]
    assert not alive, f"threads still running: {alive}. Close what started them before the test ends."


@pytest.fixture(autouse=True)
def no_dangling_qt_objects(request: pytest.FixtureRequest) -> Iterator[None]:
    """No QThread, active QTimer or visible top-level widget may outlive a test that used Qt."""
    if "qtbot" not in request.fixturenames and "qapp" not in request.fixturenames:
        yield
        return
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThreadPool
    from PySide6.QtWidgets import QApplication

    known = {id(o) for o in _threads_and_timers()}
    app = request.getfixturevalue("qapp")
    yield
    assert QThreadPool.globalInstance().waitForDone(2_000)
    for widget in QApplication.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.clipboard().clear()
    gc.collect()
    assert isinstance(app, QObject)
    _assert_quiet([o for o in _threads_and_timers() if id(o) not in known])


def _threads_and_timers() -> list[Any]:
    """By type: what a weak proxy stands for may be gone, and then even its class cannot be asked for."""
    from PySide6.QtCore import QThread, QTimer

    return [o for o in gc.get_objects() if issubclass(type(o), (QThread, QTimer))]


def _assert_quiet(objects: list[Any]) -> None:
    from PySide6.QtCore import QThread
    from shiboken6 import isValid

    for thing in objects:
        if not isValid(thing):
            continue
        running = thing.isRunning() if isinstance(thing, QThread) else thing.isActive()
        assert not running, f"still running after the test: {thing!r}. Stop it, or give it a parent that dies."
