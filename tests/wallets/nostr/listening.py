"""What the tests of sessions share: keys, a session with relays of this process, an inbox to wait at."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from l402desk.wallets.nostr.event import Event, sign
from l402desk.wallets.nostr.keys import public_key
from l402desk.wallets.nostr.session import Session
from tests.harness.relay import LyingRelay

OURS, WALLETS, STRANGERS = b"\x07" * 32, b"\x09" * 32, b"\x0b" * 32
RESPONSES = {"kinds": [23_195], "authors": [public_key(WALLETS)]}
PAUSES_S = (0.02, 0.05, 0.1)


def no_tls() -> ssl.SSLContext:
    raise AssertionError("nothing here is reached over TLS")


def request(content: str = "pay") -> Event:
    return sign(OURS, 23_194, [["p", public_key(WALLETS)]], content, int(time.time()))


def response(content: str = "paid", secret: bytes = WALLETS) -> Event:
    return sign(secret, 23_195, [["p", public_key(OURS)]], content, int(time.time()))


def session_with(*relays: LyingRelay | str) -> Session:
    urls = [relay if isinstance(relay, str) else relay.url for relay in relays]
    return Session(urls, no_tls, secret=OURS, pauses_s=PAUSES_S)


@asynccontextmanager
async def relays(*lies: str) -> AsyncIterator[list[LyingRelay]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(LyingRelay(lie)) for lie in lies]


class Inbox:
    """What a subscription delivered, and a way to wait for it."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._came = asyncio.Event()

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        self._came.set()

    @property
    def contents(self) -> list[str]:
        return [event.content for event in self.events]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                self._came.clear()
                await self._came.wait()


async def until(holds: Callable[[], bool]) -> None:
    """For what a test's relay sees, which tells nobody of it."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.005)
