"""A request's journey, performed: tells the exchange what happened and does what it commands, in that order.

The methods are jobs for the loop; each ends with the view of where the journey stands. What money moves is decided
in `protocol.exchange` alone. An unresolved payment keeps its job alive, looking up until the wallet knows.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import chain, repeat
from typing import TYPE_CHECKING

from l402desk.client.request import RequestDraft
from l402desk.engine import words
from l402desk.engine.performing import Performer
from l402desk.engine.picture import Report, Turn
from l402desk.engine.view import JourneyView
from l402desk.protocol.errors import ProofError
from l402desk.protocol.events import (
    DeliveryRetried,
    Event,
    PaymentAnswered,
    PaymentClosed,
    PaymentOpened,
    ProofKept,
    Proved,
    SendFailed,
    Started,
    WalletChosen,
)
from l402desk.protocol.exchange import Exchange, Phase
from l402desk.protocol.payment import Unknown
from l402desk.protocol.proof import read_preimage

if TYPE_CHECKING:
    from l402desk.services import Services

LOOK_UP_AFTER_S = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
LOOK_UP_EVERY_S = 60.0


class Journey:
    """One request from its first send to its delivered answer. `latest` is the last view, safe to read anywhere."""

    def __init__(self, draft: RequestDraft) -> None:
        self._exchange = Exchange()
        self._performer = Performer(draft)
        self.latest = JourneyView()

    async def send(self, services: Services, report: Report, *, use_token: bool = True) -> JourneyView:
        """Send the request, with a held token if there is one."""
        turn = Turn(services, report)
        token = await self._performer.sending.find_token(turn) if use_token else None
        return await self._tell(Started(token), turn)

    async def open_payment(
        self, services: Services, report: Report, *, index: int = 0, despite_open: bool = False
    ) -> JourneyView:
        """Commit the intent to pay this challenge. ``despite_open`` is the user's word for a second open payment."""
        turn = Turn(services, report, despite_open=despite_open)
        return await self._tell_if_possible(PaymentOpened(index), turn)

    async def close_payment(self, services: Services, report: Report) -> JourneyView:
        """The payment was closed without a wallet; its record stays, so that a late proof is still taken."""
        turn = Turn(services, report)
        return await self._tell_if_possible(PaymentClosed(), turn)

    async def pay_with(self, services: Services, report: Report, *, wallet: str) -> JourneyView:
        """Hand the invoice to this wallet, once; then look up as long as nobody knows the outcome."""
        turn = Turn(services, report)
        if not self._exchange.can_receive(WalletChosen):
            return self._view()
        await self._tell(WalletChosen(wallet), turn)
        for pause in chain(LOOK_UP_AFTER_S, repeat(LOOK_UP_EVERY_S)):
            if self._exchange.phase not in (Phase.UNKNOWN, Phase.NO_PROOF):
                break
            report(self._view())
            await asyncio.sleep(pause)
            result = await self._performer.paying.look_up(wallet, turn)
            if self._exchange.can_receive(PaymentAnswered) and not isinstance(result, Unknown):
                await self._tell(PaymentAnswered(result), turn)
        return self._view()

    async def prove(self, services: Services, report: Report, *, text: str) -> JourneyView:
        """Take a pasted proof; if it is none, the view's notice says what it is instead."""
        turn = Turn(services, report)
        chosen = self._exchange.chosen
        if chosen is None or chosen.payment_hash is None:
            return self._view()
        try:
            preimage = read_preimage(text, chosen.payment_hash)
        except ProofError as error:
            self._performer.picture.show(notice=words.bad_proof(f"{error}."))
            return self._view()
        return await self._tell_if_possible(Proved(preimage), turn)

    async def keep_again(self, services: Services, report: Report) -> JourneyView:
        """Write down the proof that could not be written before."""
        turn = Turn(services, report)
        paying = self._performer.paying
        if paying.unkept is not None and await paying.keep(paying.unkept, turn):
            return await self._tell(ProofKept(), turn)
        return self._view()

    async def deliver_again(self, services: Services, report: Report) -> JourneyView:
        """Send the bought token once more, for free."""
        turn = Turn(services, report)
        if not self._exchange.can_retry:
            return self._view()
        return await self._tell(DeliveryRetried(), turn)

    async def _tell_if_possible(self, event: Event, turn: Turn) -> JourneyView:
        """Tell what a person did; a click that came too late, or twice, changes nothing."""
        if self._exchange.can_receive(type(event)):
            return await self._tell(event, turn)
        return self._view()

    async def _tell(self, event: Event, turn: Turn) -> JourneyView:
        commands = deque(self._exchange.receive(event))
        while commands:
            turn.report(self._view())
            try:
                following = await self._performer.perform(commands.popleft(), self._exchange, turn)
            except asyncio.CancelledError:
                await self._give_up_sending(turn)
                raise
            if following is not None and self._exchange.can_receive(type(following)):
                commands.extend(self._exchange.receive(following))
        return self._view()

    async def _give_up_sending(self, turn: Turn) -> None:
        # A cancelled delivery is an undelivered one: that it was paid for must still reach the disk.
        if self._exchange.can_receive(SendFailed):
            for command in self._exchange.receive(SendFailed("cancelled")):
                await asyncio.shield(self._performer.perform(command, self._exchange, turn))
        self._view()

    def _view(self) -> JourneyView:
        self.latest = self._performer.view(self._exchange)
        return self.latest
