"""All relays of a wallet at once: what is asked, is asked everywhere; what comes, comes once, verified and wanted."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import TracebackType
from typing import Self

from l402desk.wallets.errors import NoAnswer, NotReached
from l402desk.wallets.nostr.changes import Changes
from l402desk.wallets.nostr.conversation import Conversation
from l402desk.wallets.nostr.event import Event
from l402desk.wallets.nostr.filters import Filter
from l402desk.wallets.nostr.line import PAUSES_S, Line
from l402desk.wallets.nostr.publication import Publication, Published
from l402desk.wallets.nostr.relay import LOOK, dial, place_of
from l402desk.wallets.nostr.subscription import Subscription
from l402desk.wallets.tls import Trust

REACH_S = 10.0
"""How long an open session waits for any relay to be there."""
GATHER_S = 1.0
"""How long the relays that are slower than the first one are waited for."""
HURRY_EVERY_S = 1.0
ANSWER_S = 10.0
MOST_STORED = 500


class Session:
    """An async context manager; it has to be left by the task that entered it.

    ``trust`` is the system's, called once, when TLS is first needed; ``tor`` is "HOST:PORT" of its SOCKS proxy, for
    hidden services alone. ``secret`` proves our key to a relay that insists on it (NIP-42). Entering it raises
    NotReached unless at least one relay is there; those that are not are dialled again all the while.
    """

    def __init__(
        self,
        relays: Sequence[str],
        trust: Trust,
        tor: str | None = None,
        *,
        secret: bytes | None = None,
        clock: Callable[[], float] = time.time,
        pauses_s: Sequence[float] = PAUSES_S,
    ) -> None:
        self._trust = trust
        self._tor = tor
        self._secret = secret
        self._clock = clock
        self._subscriptions: dict[str, Subscription] = {}
        self._changes = Changes()
        self._context: ssl.SSLContext | None = None
        self._making_context = asyncio.Lock()
        self._lines = [self._line(url, place, pauses_s) for url, place in _places(relays).items()]
        self._running: AbstractAsyncContextManager[None] | None = None

    def __repr__(self) -> str:
        return f"Session({len(self._lines)} relays, {len(self._open())} open)"

    async def __aenter__(self) -> Self:
        self._running = self._run()
        await self._running.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        assert self._running is not None
        return await self._running.__aexit__(kind, error, trace)

    @property
    def open_relays(self) -> tuple[str, ...]:
        """The relays that are connected now."""
        return tuple(conversation.place for conversation in self._open())

    async def subscribe(self, asked: Filter, on_event: Callable[[Event], None]) -> Subscription:
        """Ask all relays, now and whenever one comes back, until the subscription is closed.

        Returns when the relays that are open have taken it, or after GATHER_S. ``on_event`` gets each event that
        matches, once, verified, from within the loop; it must not raise. Raises NotReached where no relay is open or
        all of them refuse, ValueError for what is no filter.
        """
        subscription = Subscription(asked, on_event, self._unsubscribe, self._clock)
        there = await self._reached(REACH_S)
        self._ask(subscription, there)
        try:
            await self._changes.until(lambda: self._is_answered(subscription, there), GATHER_S)
            if refused := self._refused_by_all(subscription, there):
                raise NotReached(f"No relay of this wallet lets us listen: {refused}.", LOOK)
        except BaseException:
            subscription.close()
            raise
        return subscription

    async def publish(self, event: Event, within_s: float = ANSWER_S) -> Published:
        """Send an event to every relay that is open, each once, and return when one has taken it, or all answered.

        Slower relays get it all the same. Where none is open, one is waited for. Raises NotReached where it is certain
        that nothing was sent to any, NoAnswer where something was and nobody answered in time. What is published again
        may arrive twice: it is for the receiver to know its id.
        """
        began = time.monotonic()
        publication = Publication(event)
        for conversation in await self._reached(within_s):
            conversation.hand_in(publication)
        left_s = max(within_s - (time.monotonic() - began), 0.0)
        await self._changes.until(lambda: publication.is_accepted or publication.is_over, left_s)
        if publication.was_sent_nowhere:
            raise NotReached("The relays hung up before anything was sent.", LOOK)
        published = publication.published()
        if not published.accepted and not published.refused:
            names = ", ".join(published.unanswered)
            raise NoAnswer(f"No relay said that it passes the question on: {names}.", LOOK)
        return published

    async def stored(self, asked: Filter, within_s: float = ANSWER_S) -> tuple[Event, ...]:
        """What the relays have stored, newest first (at one time, the lowest id first, as NIP-01 says).

        Relays slower by GATHER_S than the first are not waited for. Raises NotReached where no relay is open or all
        refuse, NoAnswer where none answered in time.
        """
        began, events = time.monotonic(), list[Event]()
        subscription = Subscription(asked, events.append, self._unsubscribe, self._clock)
        there = await self._reached(within_s)
        self._ask(subscription, there)
        left_s = max(within_s - (time.monotonic() - began), 0.0)
        try:
            await self._changes.until(lambda: self._is_heard(subscription, there, events), left_s)
            left_s = max(within_s - (time.monotonic() - began), 0.0)
            await self._changes.until(
                lambda: self._is_answered(subscription, there) or len(events) >= MOST_STORED, min(GATHER_S, left_s)
            )
            if not events and not subscription.heard:
                if refused := self._refused_by_all(subscription, there):
                    raise NotReached(f"No relay of this wallet lets us ask: {refused}.", LOOK)
                raise NoAnswer(f"No relay answered within {within_s:g} seconds.", LOOK)
        finally:
            subscription.close()
        return tuple(sorted(events[:MOST_STORED], key=lambda event: (-event.created_at, event.id)))

    @asynccontextmanager
    async def _run(self) -> AsyncIterator[None]:
        failure: Exception | None = None
        async with asyncio.TaskGroup() as group:
            keeping = [group.create_task(line.keep()) for line in self._lines]
            try:
                await self._first_contacts()
                yield
            except Exception as error:  # noqa: BLE001 - raised again outside of the group, which would wrap it
                failure = error
            finally:
                for task in keeping:
                    task.cancel()
        if failure is not None:
            raise failure

    async def _first_contacts(self) -> None:
        await self._changes.until(lambda: bool(self._open()) or all(line.was_tried for line in self._lines), None)
        await self._changes.until(lambda: all(line.was_tried for line in self._lines), GATHER_S)
        if not self._open():
            raise self._nobody()

    async def _reached(self, within_s: float) -> list[Conversation]:
        """The conversations that are open, at least one. Raises NotReached."""
        until = time.monotonic() + within_s
        while not self._open() and (left_s := until - time.monotonic()) > 0:
            for line in self._lines:
                line.hurry()
            await self._changes.until(lambda: bool(self._open()), min(left_s, HURRY_EVERY_S))
        there = self._open()
        if not there:
            raise self._nobody()
        return there

    def _open(self) -> list[Conversation]:
        return [conversation for line in self._lines if (conversation := line.open) is not None]

    def _nobody(self) -> NotReached:
        failures = [line.failure for line in self._lines if line.failure is not None]
        if len(failures) == 1:
            return failures[0]
        why = " ".join(failure.sentence for failure in failures) or "It names none."
        return NotReached(f"No relay of this wallet is there. {why}", LOOK)

    def _ask(self, subscription: Subscription, there: Sequence[Conversation]) -> None:
        self._subscriptions[subscription.id] = subscription
        for conversation in there:
            conversation.ask(subscription)

    def _unsubscribe(self, subscription: Subscription) -> None:
        if self._subscriptions.pop(subscription.id, None) is not None:
            for conversation in self._open():
                conversation.stop_asking(subscription)

    def _is_answered(self, subscription: Subscription, there: Sequence[Conversation]) -> bool:
        return all(one.place in subscription.heard | subscription.refused.keys() or not one.is_open for one in there)

    def _is_heard(self, subscription: Subscription, there: Sequence[Conversation], events: Sequence[Event]) -> bool:
        return bool(subscription.heard) or len(events) >= MOST_STORED or self._is_answered(subscription, there)

    def _refused_by_all(self, subscription: Subscription, there: Sequence[Conversation]) -> str:
        live = [one.place for one in there if one.is_open]
        if not live or not all(place in subscription.refused for place in live):
            return ""
        return "; ".join(f"{place} says “{subscription.refused[place]}”" for place in live)

    def _line(self, url: str, place: str, pauses_s: Sequence[float]) -> Line:
        return Line(
            lambda: dial(url, self._tls, self._tor),
            lambda relay: Conversation(
                relay, place, url, self._subscriptions, self._changes, self._secret, self._clock
            ),
            self._changes,
            pauses_s,
        )

    async def _tls(self) -> ssl.SSLContext:
        async with self._making_context:
            if self._context is None:
                self._context = await asyncio.to_thread(self._trust)  # it reads the system's certificates
            return self._context


def _places(relays: Sequence[str]) -> dict[str, str]:
    """What each relay is called before people: its host, and a number where one host has several."""
    places: dict[str, str] = {}
    for url in dict.fromkeys(relays):
        try:
            host = place_of(url).authority
        except NotReached:  # so says its line, when it dials
            host = "?"
        number = sum(place.partition(" ")[0] == host for place in places.values()) + 1
        places[url] = host if number == 1 else f"{host} ({number})"
    return places
