"""Talks to one wallet service over Nostr: agrees on an encryption, asks, and believes only signed answers to that."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any

from l402desk.protocol.proof import PaymentHash
from l402desk.protocol.text import visible
from l402desk.wallets.connection import Connection
from l402desk.wallets.errors import NoAnswer, WalletError
from l402desk.wallets.nostr.event import Event
from l402desk.wallets.nostr.session import Session
from l402desk.wallets.nwc_envelope import Envelopes
from l402desk.wallets.nwc_offer import INFO, Info, Offer, Speech
from l402desk.wallets.nwc_words import UNSUPPORTED, Said
from l402desk.wallets.tls import Trust

OFFER, RESPONSE = 13_194, 23_195
NOTIFICATIONS = (23_196, 23_197)
OFFER_S = 4.0
PROBE_S = 5.0
"""How long a service that shows no info event is given to answer in each encryption."""
HANDING_S = 5.0
"""How long a relay may take to say that it passes an event on; some never say it."""
HINT_S = 1.5
"""How long the answer is waited for, once a notification says that the payment was sent."""
WAIT = "See that the wallet runs and is connected to the same relay, then try again."


class _Kept:
    """The session of one task that asks several questions in a row."""

    def __init__(self, talk: Talk) -> None:
        self.talk = talk
        self.session: Session | None = None
        self.stack = AsyncExitStack()


_KEPT: ContextVar[_Kept | None] = ContextVar("_KEPT", default=None)


class Talk:
    """One connection's talk. ``offer`` and ``info`` are what the service told last, None before it did.

    Once the service is known to understand NIP-44 it is never spoken to in NIP-04 again while this lives: a relay that
    hides or withholds the info event changes nothing. Answers are read in whatever they are encrypted with, because
    the service has signed them.
    """

    def __init__(
        self, connection: Connection, trust: Trust, tor: str | None = None, now: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._trust = trust
        self._tor = tor
        self._now = now
        self._peer = connection.peer
        self._secret = bytes.fromhex(connection.key or "")
        self._envelopes = Envelopes(self._secret, self._peer)
        self.speech: Speech | None = None
        self.offer: Offer | None = None
        self.info: Info | None = None

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Use one session for all that this task asks while the context lasts. It is opened by the first question."""
        kept = _Kept(self)
        token = _KEPT.set(kept)
        try:
            async with kept.stack:
                yield
        finally:
            _KEPT.reset(token)

    @asynccontextmanager
    async def _session(self) -> AsyncIterator[Session]:
        kept = _KEPT.get()
        if kept is None or kept.talk is not self:
            async with self._new_session() as session:
                yield session
            return
        if kept.session is None:
            kept.session = await kept.stack.enter_async_context(self._new_session())
        yield kept.session

    def _new_session(self) -> Session:
        return Session(self._connection.relays, self._trust, self._tor, secret=self._secret)

    async def ask(
        self, method: str, params: Mapping[str, Any], *, within_s: float, paying: PaymentHash | None = None
    ) -> Said:
        """Ask once; the first answer that is one. Raises NotReached, and NoAnswer when it may have been asked.

        ``paying`` is the payment that is asked for: when the service notifies us that it was sent, its answer is
        not waited for much longer.
        """
        async with self._session() as session:
            speech = self.speech or await self._agree(session)
            return await self._exchange(session, speech, method, params, within_s, paying)

    async def learn(self) -> None:
        """Read the info event anew. Raises WalletError where the service cannot be talked to."""
        async with self._session() as session:
            await self._agree(session)

    async def _agree(self, session: Session) -> Speech:
        offer = await self._offered(session)
        if offer is not None:
            self.offer = offer
            if self.speech is not Speech.NIP44:
                if not offer.speaks:
                    raise NoAnswer("The wallet encrypts in ways that this app does not know.", "Use another wallet.")
                self.speech = offer.speaks[0]
        if self.speech is None:
            await self._probe(session)
        assert self.speech is not None
        return self.speech

    async def _offered(self, session: Session) -> Offer | None:
        """What the newest info event says; None where no relay shows one."""
        try:
            found = await session.stored({"kinds": [OFFER], "authors": [self._peer], "limit": 1}, OFFER_S)
        except WalletError:
            return None
        return Offer.read(found[0].content, found[0].tags) if found else None

    async def _probe(self, session: Session) -> None:
        """Find out by asking for what costs nothing which encryption is understood. Raises WalletError."""
        for speech in Speech:  # NIP-44 first
            try:
                said = await self._exchange(session, speech, INFO, {}, PROBE_S)
            except NoAnswer:
                continue
            if said.code != UNSUPPORTED:
                self.speech = self.speech or speech
                self.info = Info.read(said.result) if said.result is not None else self.info
                return
        raise NoAnswer("The wallet does not answer.", WAIT)

    async def _exchange(
        self,
        session: Session,
        speech: Speech,
        method: str,
        params: Mapping[str, Any],
        within_s: float,
        paying: PaymentHash | None = None,
    ) -> Said:
        request = self._envelopes.request(speech, method, params, int(self._now()))
        answered: asyncio.Future[Said] = asyncio.get_running_loop().create_future()
        hinted = asyncio.Event()

        def heard(event: Event) -> None:
            said = self._answer(event, method)
            if said is not None and not answered.done():
                answered.set_result(said)

        def notified(event: Event) -> None:
            if paying is not None and self._envelopes.tells_of(event, paying):
                hinted.set()

        asked = {"kinds": [RESPONSE], "authors": [self._peer], "#e": [request.id]}
        notes = {"kinds": list(NOTIFICATIONS), "authors": [self._peer], "#p": [self._envelopes.ours]}
        listening = [await session.subscribe(asked, heard)]  # before it is asked: the relay keeps no answers
        try:
            if paying is not None and (self.offer is None or self.offer.notifies):
                with suppress(WalletError):  # it can do without
                    listening.append(await session.subscribe(notes, notified))
            return await self._handed(session, request, answered, hinted, within_s)
        finally:
            for subscription in listening:
                subscription.close()

    async def _handed(
        self, session: Session, request: Event, answered: asyncio.Future[Any], hinted: asyncio.Event, within_s: float
    ) -> Said:
        """Hand the request to the relays and wait for its answer. Raises NotReached and NoAnswer."""
        handing: asyncio.Future[Any] = asyncio.ensure_future(session.publish(request, HANDING_S))
        hint: asyncio.Future[Any] = asyncio.ensure_future(hinted.wait())
        try:
            async with asyncio.timeout(within_s):
                await asyncio.wait({handing, answered}, return_when=asyncio.FIRST_COMPLETED)
                if not answered.done():
                    _see_to(handing)
                await asyncio.wait({hint, answered}, return_when=asyncio.FIRST_COMPLETED)
            if not answered.done():
                async with asyncio.timeout(HINT_S):
                    await asyncio.wait({answered})
            said: Said = answered.result()
            return said
        except TimeoutError:
            raise NoAnswer("The wallet did not answer in time.", WAIT) from None
        finally:
            for task in (handing, hint):
                task.cancel()
            await asyncio.gather(handing, hint, return_exceptions=True)

    def _answer(self, event: Event, method: str) -> Said | None:
        """The answer in an event that was verified and asked for; None where it holds none."""
        text, speech = self._envelopes.open(event)
        said = None if text is None else Said.read(text, method)
        if said is not None and speech is Speech.NIP44 and said.code != UNSUPPORTED:
            self.speech = speech
        return said


def _see_to(handing: asyncio.Future[Any]) -> None:
    """Whether it is worth waiting for an answer. Raises NotReached and NoAnswer."""
    try:
        published = handing.result()
    except NoAnswer:
        return  # some relays never say what they did
    if not published.is_accepted:
        said = "; ".join(f"{refusal.place} says “{visible(refusal.message, 120)}”" for refusal in published.refused)
        is_about_time = re.search(r"expired|created_at|too (?:old|new)|in the future", said)
        remedy = "Check this computer's clock." if is_about_time else "Try again later, or connect over another relay."
        raise NoAnswer(f"The relay does not pass this on: {said}.", remedy)
