"""The real I/O thread over the scripted shop, for the tests of sessions."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from pytestqt.qtbot import QtBot

from l402desk.services import Services
from l402desk.wallets.wallet import Wallet
from l402desk.worker.thread import IoThread
from tests.engine.shop import Shop, a_desk


class Desk:
    """`io` as sessions use it; `do` runs something on the loop and waits for it."""

    def __init__(self, qtbot: QtBot, io: IoThread[Services]) -> None:
        self.io = io
        self._qtbot = qtbot
        self.services: Services | None = None

    def do(self, job: Callable[[Services], object]) -> object:
        async def run(services: Services) -> object:
            self.services = services
            outcome = job(services)
            return await outcome if asyncio.iscoroutine(outcome) else outcome

        call = self.io.submit(run)
        told: list[object] = []
        call.succeeded.connect(told.append)
        self._qtbot.waitUntil(lambda: call.outcome is not None)
        assert told, call.outcome
        return told[0]


@contextmanager
def a_thread(qtbot: QtBot, folder: Path, shop: Shop, *wallets: Wallet, locked: bool = False) -> Iterator[Desk]:
    @asynccontextmanager
    async def opened() -> AsyncIterator[Services]:
        async with a_desk(folder, shop, *wallets, locked=locked) as services:
            yield services

    io: IoThread[Services] = IoThread(functools.partial(opened))
    with qtbot.waitSignal(io.opened):
        io.begin()
    try:
        yield Desk(qtbot, io)
    finally:
        assert io.close()
