"""A request's journey, performed: tells the exchange what happened and does what it commands, in that order.

The methods are jobs for the loop; each ends with the view of where the journey stands. What money moves is decided
in `protocol.exchange` alone. An unresolved payment keeps its job alive, looking up until somebody knows.
"""

from __future__ import annotations

import asyncio
from collections import deque
from itertools import chain, repeat
from typing import TYPE_CHECKING

from l402desk.client.request import RequestDraft
from l402desk.engine import words
from l402desk.engine.automatic import automatic_wallet
from l402desk.engine.keeping import redeem_anything
from l402desk.engine.patience import LOOK_UP_AFTER_S, LOOK_UP_EVERY_S
from l402desk.engine.performing import Performer
from l402desk.engine.picture import Report, Turn
from l402desk.engine.view import JourneyView
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.commands import Send
from l402desk.protocol.errors import ProofError, ProtocolError
from l402desk.protocol.events import (
    DeliveryRetried,
    Event,
    PaymentAnswered,
    PaymentClosed,
    PaymentOpened,
    Proved,
    SendFailed,
    Started,
    WalletChosen,
)
from l402desk.protocol.exchange import Exchange, Phase
from l402desk.protocol.payment import Unknown
from l402desk.protocol.proof import Preimage, read_preimage
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.services import Services


class Journey:
    """One request from its first send to its delivered answer. `latest` is the last view, safe to read anywhere.

    ``number`` tells the journeys of one maker apart. Several methods may run at once on the loop; whatever they
    are called with, and in whatever order, money moves at most once.
    """

    def __init__(self, draft: RequestDraft, number: int = 0) -> None:
        self._exchange = Exchange()
        self._performer = Performer(draft, number)
        self.latest = JourneyView(journey=number)

    async def send(
        self, services: Services, report: Report, *, use_token: bool = True, token_id: str | None = None
    ) -> JourneyView:
        """Send the request, with a held token if there is one, or with the one the user names. A journey is sent once.

        Where the view names a wallet in ``automatic``, `pay_automatically` may follow without a question.
        """
        turn = Turn(services, report)
        token = await self._performer.sending.find_token(turn, token_id) if use_token else None
        await self._tell_if_possible(Started(token), turn)
        await self._offer_automatic(turn)
        return self._view()

    async def _offer_automatic(self, turn: Turn) -> None:
        wallet = ""
        if self._exchange.can_pay(0):
            wallet = await automatic_wallet(self._performer.draft, self._performer.picture.view, turn.services)
        self._performer.picture.show(automatic=wallet)

    async def pay_automatically(self, services: Services, report: Report) -> JourneyView:
        """Pay the best challenge inside all three budgets, from a wallet that may (law 6); else nothing is done.

        Everything is judged once more here, and the caps in the transaction of the intent.
        """
        turn = Turn(services, report, automatic=True)
        await self._offer_automatic(turn)
        wallet = self._performer.picture.view.automatic
        self._performer.picture.show(automatic="")
        if not wallet:
            return self._view()
        await self._tell(PaymentOpened(0), turn)
        return await self._pay(wallet, turn)

    async def open_payment(
        self, services: Services, report: Report, *, index: int = 0, despite_open: bool = False
    ) -> JourneyView:
        """Commit the intent to pay this challenge. ``despite_open`` is the user's word for a second open payment."""
        turn = Turn(services, report, despite_open=despite_open)
        if not self._exchange.can_pay(index):
            return self._view()
        return await self._tell(PaymentOpened(index), turn)

    async def close_payment(self, services: Services, report: Report) -> JourneyView:
        """The payment was closed without a wallet; its record stays, so that a late proof is still taken."""
        return await self._tell_if_possible(PaymentClosed(), Turn(services, report))

    async def pay_with(
        self, services: Services, report: Report, *, wallet: str, over_budget: bool = False
    ) -> JourneyView:
        """Hand the invoice to this wallet, once; then look up as long as nobody knows the outcome.

        ``over_budget`` is the user's word to break a cap, after the view had said so.
        """
        return await self._pay(wallet, Turn(services, report, over_budget=over_budget))

    async def _pay(self, wallet: str, turn: Turn) -> JourneyView:
        if not self._exchange.can_receive(WalletChosen):
            return self._view()
        try:
            await self._tell(WalletChosen(wallet), turn)
            await self._look_up_until_known(turn)
        except asyncio.CancelledError:
            self._performer.paying.outlive(turn)
            raise
        return self._view()

    async def _look_up_until_known(self, turn: Turn) -> None:
        for pause in chain(LOOK_UP_AFTER_S, repeat(LOOK_UP_EVERY_S)):
            if self._exchange.phase not in (Phase.UNKNOWN, Phase.NO_PROOF):
                break
            turn.report(self._view())
            await asyncio.sleep(pause)
            if not self._exchange.can_receive(PaymentAnswered):
                break
            result = await self._performer.paying.look_up(turn)
            if self._exchange.can_receive(PaymentAnswered) and not isinstance(result, Unknown):
                await self._tell(PaymentAnswered(result), turn)

    async def prove(self, services: Services, report: Report, *, text: str) -> JourneyView:
        """Take a pasted proof, of this payment or of an earlier one; if it is none, the notice says what it is."""
        turn = Turn(services, report)
        chosen, preimage = self._exchange.chosen, None
        try:
            if chosen is not None and chosen.payment_hash is not None:
                preimage = read_preimage(text, chosen.payment_hash)
        except ProofError as error:
            self._performer.picture.show(notice=words.bad_proof(f"{error}."))
        if preimage is not None and self._exchange.can_prove:
            return await self._tell(Proved(preimage), turn)
        if not self._is_settled:
            await self._redeem(text, turn)
        return self._view()

    @property
    def _is_settled(self) -> bool:
        purchase = self._performer.picture.view.purchase
        kept = purchase is not None and purchase.state is PurchaseState.SETTLED
        return kept or self._exchange.phase in (Phase.KEEPING, Phase.DELIVERING)

    async def _redeem(self, text: str, turn: Turn) -> None:
        """A proof that this journey cannot use now may belong to what was offered, and paid by phone, before."""
        if not turn.services.is_unlocked:
            return
        picture = self._performer.picture
        try:
            taken = await redeem_anything(turn.services, Preimage.from_hex(text))
        except ProtocolError:
            return
        except StoreError as error:
            picture.show(notice=words.proof_not_written(str(error)))
            return
        if taken is not None:
            amount = taken.amount if isinstance(taken, Purchase) else taken.price
            picture.show(notice=words.earlier_proof(amount, f"{taken.origin.authority}{taken.path}"))

    async def keep_again(self, services: Services, report: Report) -> JourneyView:
        """Write down the proof that could not be written before."""
        turn = Turn(services, report)
        proof = self._performer.paying.unkept
        if proof is None:
            return self._view()
        event = await self._performer.perform(proof, self._exchange, turn)
        return self._view() if event is None else await self._tell_if_possible(event, turn)

    async def deliver_again(
        self, services: Services, report: Report, *, url: str = "", method: str = ""
    ) -> JourneyView:
        """Send the bought token once more, for free; to another address of the same origin where the user names one."""
        if not self._exchange.can_retry or not self._performer.sending.aim(url, method):
            return self._view()
        return await self._tell(DeliveryRetried(), Turn(services, report))

    async def _tell_if_possible(self, event: Event, turn: Turn) -> JourneyView:
        """Tell what a person did; a click that came too late, or twice, changes nothing."""
        if self._exchange.can_receive(type(event)):
            return await self._tell(event, turn)
        return self._view()

    async def _tell(self, event: Event, turn: Turn) -> JourneyView:
        commands = deque(self._exchange.receive(event))
        while commands:
            turn.report(self._view())
            command = commands.popleft()
            try:
                following = await self._performer.perform(command, self._exchange, turn)
            except asyncio.CancelledError:
                if isinstance(command, Send):
                    await asyncio.shield(turn.services.keep_running(self._give_up_sending(turn)))
                self._view()
                raise
            if following is not None and self._exchange.can_receive(type(following)):
                commands.extend(self._exchange.receive(following))
        return self._view()

    async def _give_up_sending(self, turn: Turn) -> None:
        # A cancelled delivery is an undelivered one: that it was paid for must still reach the disk.
        if self._exchange.can_receive(SendFailed):
            for command in self._exchange.receive(SendFailed("cancelled")):
                await self._performer.perform(command, self._exchange, turn)
        self._view()

    def _view(self) -> JourneyView:
        self.latest = self._performer.view(self._exchange)
        return self.latest
