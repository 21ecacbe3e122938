"""An event loop in which waiting takes no time, and a pool that has no threads: a day of an engine in milliseconds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class TravelLoop(asyncio.SelectorEventLoop):
    """Where nothing is left to do now, its clock goes on to whatever is due next."""

    def __init__(self) -> None:
        super().__init__()
        self._ahead = 0.0
        self.set_default_executor(InlinePool())

    def time(self) -> float:
        return super().time() + self._ahead

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]
        if not ready and scheduled:
            self._ahead += max(scheduled[0].when() - self.time(), 0.0)
        super()._run_once()  # type: ignore[misc]


class InlinePool(ThreadPoolExecutor):
    """Does the work where it was asked for."""

    def __init__(self) -> None:
        super().__init__(max_workers=1)

    def submit(self, work: Callable[..., T], /, *arguments: Any, **named: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(work(*arguments, **named))
        except BaseException as error:  # noqa: BLE001 - as a thread would hand it over
            future.set_exception(error)
        return future
