"""Starts peers as processes on loopback, waits until they are ready, and ends them with all that they started.

``with started([...], ready="listening", log=folder / "it.log") as peer`` and ``async with`` do the same.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

import httpx

from tests.peers.preparing import NotHere

READY_S = 60.0
ENDS_S = 5.0
POLL_S = 0.05
Ready = Callable[[], object]
"""True when it is ready; may be a coroutine where the peer is started with ``async with``."""
NOT_YET = (OSError, httpx.TransportError)
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


class DidNotStart(AssertionError):  # noqa: N818 - what is the case
    """A peer ended or stayed silent; the message has the end of what it said."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> list[int]:
    """As many different ones."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [int(probe.getsockname()[1]) for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def listening(port: int, host: str = "127.0.0.1") -> Ready:
    """Ready when the port takes connections."""

    def ready() -> bool:
        with socket.create_connection((host, port), timeout=1):
            return True

    return ready


class Process:
    """A peer that runs. ``log`` has all that it says, on both streams."""

    def __init__(self, popen: subprocess.Popen[bytes], log: Path) -> None:
        self.popen = popen
        self.log = log
        self.pid = popen.pid

    @property
    def is_alive(self) -> bool:
        return self.popen.poll() is None

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def signal(self, number: int) -> None:
        """To the whole process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def pause(self) -> None:
        """It keeps its connections and answers nothing until `resume`."""
        self.signal(signal.SIGSTOP)

    def resume(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """At once, with no chance to tidy up."""
        self.signal(signal.SIGKILL)
        self.popen.wait()

    def stop(self) -> None:
        """As a service manager does: asked first, killed after some seconds. Nothing of its group is left."""
        self.resume()
        self.signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.popen.wait(ENDS_S)
        self.kill()


class started:  # noqa: N801 - reads as a function, as in "with started(...)"
    """Runs ``argv`` while the context lasts.

    ``env`` is added to this process's environment, without any proxy of it; ``ready`` is what its log must match, or a
    question that must be answered truly (None: at once). Raises DidNotStart, and NotHere where there is no such
    program.
    """

    def __init__(
        self,
        argv: Sequence[str | Path],
        *,
        log: Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        ready: str | re.Pattern[str] | Ready | None = None,
        within_s: float = READY_S,
    ) -> None:
        self._argv = [str(word) for word in argv]
        self._log = log
        self._env = {k: v for k, v in os.environ.items() if k not in _PROXIES} | dict(env or {})
        self._cwd = cwd
        self._ready = re.compile(ready) if isinstance(ready, str) else ready
        self._within_s = within_s
        self._process: Process | None = None

    def __enter__(self) -> Process:
        process = self._start()
        try:
            deadline = time.monotonic() + self._within_s
            while not self._is_ready(process, self._asked()):
                self._see_to(process, deadline)
                time.sleep(POLL_S)
        except BaseException:
            process.stop()
            raise
        return process

    async def __aenter__(self) -> Process:
        process = self._start()
        try:
            deadline = time.monotonic() + self._within_s
            while not self._is_ready(process, await self._asked_async()):
                self._see_to(process, deadline)
                await asyncio.sleep(POLL_S)
        except BaseException:
            process.stop()
            raise
        return process

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if self._process is None:
            return
        self._process.stop()
        if error is not None and isinstance(error, Exception) and not isinstance(error, NotHere):
            error.add_note(f"{self._argv[0]} said:\n{_tail(self._process)}")

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.__exit__(kind, error, trace)

    def _start(self) -> Process:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        # A test run that is itself killed leaves no peer behind.
        leash = ["setpriv", "--pdeathsig", "KILL", "--"] if shutil.which("setpriv") else []
        if shutil.which(self._argv[0]) is None:
            raise NotHere(f"there is no {self._argv[0]} on this machine")
        with self._log.open("ab") as out:
            popen = subprocess.Popen(
                [*leash, *self._argv],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=self._env,
                cwd=self._cwd,
                start_new_session=True,
            )
        self._process = Process(popen, self._log)
        return self._process

    def _asked(self) -> object:
        if not callable(self._ready):
            return None
        try:
            return self._ready()
        except NOT_YET:
            return False

    async def _asked_async(self) -> object:
        answer = self._asked()
        if not inspect.isawaitable(answer):
            return answer
        try:
            asked: Awaitable[object] = answer
            return await asked
        except NOT_YET:
            return False

    def _is_ready(self, process: Process, answer: object) -> bool:
        if not process.is_alive:
            return False
        if isinstance(self._ready, re.Pattern):
            return self._ready.search(process.said()) is not None
        return self._ready is None or bool(answer)

    def _see_to(self, process: Process, deadline: float) -> None:
        if not process.is_alive:
            raise DidNotStart(f"{self._argv[0]} ended with status {process.popen.returncode}:\n{_tail(process)}")
        if time.monotonic() > deadline:
            raise DidNotStart(f"{self._argv[0]} was not ready within {self._within_s:.0f} s:\n{_tail(process)}")


def _tail(process: Process) -> str:
    return "\n".join(process.said().splitlines()[-40:])
