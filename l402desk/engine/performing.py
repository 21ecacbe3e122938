"""Does what an exchange commands, each by the part that can, and paints the view of it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from l402desk.engine.paying import Paying
from l402desk.engine.picture import Picture, Turn
from l402desk.engine.sending import Sending
from l402desk.protocol import commands as do
from l402desk.protocol.events import Event, ProofKept
from l402desk.protocol.exchange import Exchange, Phase

if TYPE_CHECKING:
    from l402desk.client.request import RequestDraft
    from l402desk.engine.view import JourneyView
    from l402desk.protocol.token import Token

T = TypeVar("T")


class Performer:
    """Performs one exchange's commands."""

    def __init__(self, draft: RequestDraft, journey: int = 0) -> None:
        self._journey = journey
        self.draft = draft
        self._pictures = 0
        self.picture = Picture()
        self.sending = Sending(draft, self.picture)
        self.paying = Paying(draft, self.picture)

    async def perform(self, command: do.Command, exchange: Exchange, turn: Turn) -> Event | None:
        """Do one command; answer what happened, if the exchange waits for it."""
        match command:
            case do.Send(token):
                return await self._send(token, exchange, turn)
            case do.MarkTokenRefused():
                await _unbroken(self.sending.mark_refused(turn), turn)
            case do.RecordIntent(inspection):
                return await self.paying.record_intent(inspection, turn)
            case do.Pay(wallet, inspection):
                return await self.paying.pay(wallet, inspection, turn)
            case do.KeepProof():
                return ProofKept() if await _unbroken(self.paying.keep(command, turn), turn) else None
            case do.RecordUnknown() | do.RecordNoProof() | do.RecordFailed():
                await _unbroken(self.paying.record(command, turn), turn)
            case do.MarkDelivery(delivery):
                await _unbroken(self.sending.mark_delivery(delivery, turn), turn)
            case do.AskUser() | do.Finish():
                pass
        return None

    async def _send(self, token: Token | None, exchange: Exchange, turn: Turn) -> Event:
        def on_progress() -> None:
            turn.report(self.view(exchange))

        how = self.sending.deliver if exchange.phase is Phase.DELIVERING else self.sending.send
        return await how(token, turn, on_progress)

    def view(self, exchange: Exchange) -> JourneyView:
        """The picture of now, with what can be done next."""
        self._pictures += 1
        return replace(
            self.picture.view,
            journey=self._journey,
            number=self._pictures,
            phase=exchange.phase,
            outcome=exchange.outcome,
            chosen=exchange.chosen,
            can_pay=exchange.can_pay(0),
            can_prove=exchange.can_prove,
            can_retry=exchange.can_retry,
        )


async def _unbroken(work: Coroutine[object, object, T], turn: Turn) -> T:
    """Do it to its end, also when the job is cancelled: what was paid for must reach the disk while the app closes."""
    return await asyncio.shield(turn.services.keep_running(work))
