"""One send from the terminal: the engine's journey, with the command line in place of a person at a window."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from l402desk.cli import send_words as words
from l402desk.cli.opening import can_ask
from l402desk.cli.send_options import Options, UsageError
from l402desk.cli.send_owed import is_owed, newest_paid, token_of
from l402desk.cli.send_result import Outcome, Result
from l402desk.cli.send_wallet import NoWallet, choose, connect
from l402desk.client.errors import Kind
from l402desk.client.redirects import Follow
from l402desk.engine.journey import Journey
from l402desk.engine.reconciling import resume
from l402desk.engine.view import JourneyView
from l402desk.ledger.purchases import Purchase, PurchaseState
from l402desk.protocol.commands import Outcome as Ended
from l402desk.protocol.exchange import Phase
from l402desk.protocol.inspection import Verdict
from l402desk.protocol.origin import Origin, path_of
from l402desk.store.errors import KeyUnavailable, PassphraseNeeded, StoreError

if TYPE_CHECKING:
    from l402desk.services import Services
    from l402desk.wallets.connection import Connection

UNDECIDED = (Phase.PAYING, Phase.UNKNOWN, Phase.NO_PROOF)
"""Phases in which money may be on its way, and nobody can say."""
NOT_OF_THE_BODY = (Kind.REDIRECT_REFUSED, Kind.REDIRECT_LOOP)
"""Troubles that leave the body whole."""
KEEP_AGAIN_S = (0.2, 0.5, 1.0, 2.0)
"""Pauses before a proof that the disk refused is written once more."""


class Errand:
    """Performs one command line. ``say`` tells a person what happens meanwhile."""

    def __init__(self, options: Options, connection: Connection | None, say: Callable[[str], None]) -> None:
        self._options = options
        self._connection = connection
        self._say = say
        self.is_paying = False
        """From the moment a wallet may hear of the invoice: what ends the process then ends no payment."""
        self._last_paid: Purchase | None = None
        """What was paid for this request last, before it was sent now."""

    async def run(self, services: Services) -> Result:
        """Raises UsageError, StoreError; PassphraseNeeded where somebody can be asked."""
        began = time.monotonic()
        result = await self._run(services)
        return replace(result, took_ms=(time.monotonic() - began) * 1_000)

    async def _run(self, services: Services) -> Result:
        options = self._options
        services.client.follow = Follow.ANY if options.follow else Follow.NEVER
        if self._connection is not None:
            self._options = options = replace(options, wallet=connect(services, self._connection))
        locked = await self._unlock(services)
        if locked is not None:
            if options.pay:
                return self._ended(Outcome.PAYMENT_REQUIRED, words.locked_unpaid(locked))
            self._say(words.locked_unused(locked))
        earlier, origin, path = None, options.draft.origin, path_of(options.draft.full_url())
        if services.is_unlocked and (options.pay or options.use_token):
            earlier = await self._earlier(services, origin, path)
            if earlier is not None and earlier.is_open:
                return self._unresolved(earlier, services)
            if earlier is None and options.pay:
                return await self._send_owed(services)
        return await self._send(services, earlier)

    async def _send_owed(self, services: Services) -> Result:
        """Send what was paid for before and never given, else the request as it is."""
        self._last_paid = last = await self._newest_paid(services)
        if last is not None and await is_owed(services, last, also_refused=self._options.use_token):
            return replace(await self._send(services, last), is_paid_now=False)
        return await self._send(services, None)

    async def _newest_paid(self, services: Services) -> Purchase | None:
        draft = self._options.draft
        return await newest_paid(services, draft.method, draft.origin, path_of(draft.full_url()))

    async def _unlock(self, services: Services) -> KeyUnavailable | None:
        """Open the vault where it matters; None, or why it stays closed. Nothing is made that was not asked for."""
        options = self._options
        if not options.pay and not (options.use_token and await services.vault_exists()):
            return None
        try:
            await services.unlock()
        except PassphraseNeeded as error:
            if can_ask():
                raise
            return error
        except KeyUnavailable as error:
            return error
        return None

    async def _earlier(self, services: Services, origin: Origin, path: str) -> Purchase | None:
        """What an earlier run left open here, after it was looked up for as long as the wallet is waited for."""
        before = await services.ledger.open_at(origin, path)
        if before is not None:
            self._say(words.looking_up(before))
        found = await resume(services, origin=origin, path=path, wait_s=self._options.wait_s)
        if before is not None:
            return found or await _fresh(services, before)  # it may end at the first look
        return found

    async def _send(self, services: Services, earlier: Purchase | None) -> Result:
        """``earlier`` is the purchase that has just come to its end: when it was paid, nothing else is."""
        settled = earlier if earlier is not None and earlier.state is PurchaseState.SETTLED else None
        journey = Journey(self._options.draft)
        token_id = await token_of(services, settled) if settled is not None else None
        use_token = self._options.use_token or token_id is not None
        view = await journey.send(services, _unheard, use_token=use_token, token_id=token_id)
        now = await _fresh(services, settled) if settled is not None else None
        if view.phase is not Phase.CHALLENGED:
            return self._finished(view, now)
        why_not = self._why_not(view, settled)
        if why_not is not None:
            outcome, sentence = why_not
            return self._shown(outcome, sentence, view, now)
        assert view.answer is not None
        try:
            wallet = await choose(services, self._options.wallet, Origin.of(view.answer.url))
        except NoWallet as error:
            return self._shown(Outcome.PAYMENT_REQUIRED, f"{error}.", view)
        return await self._pay(journey, services, wallet)

    def _why_not(self, view: JourneyView, settled: Purchase | None) -> tuple[Outcome, str] | None:
        """Why the best challenge is not paid; None where nothing speaks against it."""
        options, best, answer = self._options, view.inspections[0], view.answer
        assert answer is not None
        if settled is not None:
            return Outcome.PAYMENT_REQUIRED, words.asked_again(settled)
        if not options.pay:
            return Outcome.PAYMENT_REQUIRED, words.say_pay(best, view.candidates)
        if best.verdict is Verdict.REFUSE:
            return Outcome.REFUSED, words.refused(best)
        if answer.status != 402:
            return Outcome.PAYMENT_REQUIRED, words.not_402(answer.status)
        if Origin.of(answer.url) != options.draft.origin:
            return Outcome.PAYMENT_REQUIRED, words.elsewhere(answer.url)
        if best.amount is None or not view.can_pay:
            return Outcome.PAYMENT_REQUIRED, words.not_payable()
        if options.max_amount is not None and best.amount > options.max_amount:
            return Outcome.PAYMENT_REQUIRED, words.too_much(options.max_amount, best.amount)
        return None

    async def _pay(self, journey: Journey, services: Services, wallet: str) -> Result:
        view = await journey.open_payment(services, _unheard)
        if view.blocking is not None:
            return await self._stand_back(view.blocking, view, services)
        if (meanwhile := await self._bought_meanwhile(services)) is not None:
            await journey.close_payment(services, _unheard)
            return replace(await self._send(services, meanwhile), is_paid_now=False)
        if view.phase is not Phase.OFFERED:  # the disk refused the record, or the invoice has run out
            return self._shown(Outcome.PAYMENT_REQUIRED, words.of_notice(view.notice), view)
        assert view.purchase is not None
        self._say(words.paying(view.purchase, wallet, view.inspections[0]))
        self.is_paying = True
        paying = services.keep_running(journey.pay_with(services, _unheard, wallet=wallet))
        try:
            await self._wait(paying, journey, services, view.purchase)
        except asyncio.CancelledError:  # Ctrl+C: the money does not come back by it
            return await self._interrupted(paying, services, view.purchase)
        if journey.latest.phase is Phase.OFFERED:  # the ledger refused: perhaps another was faster by a moment
            if (open_now := await services.ledger.open_at(*_place(view.purchase))) is not None:
                return await self._stand_back(open_now, journey.latest, services)
            if (meanwhile := await self._bought_meanwhile(services)) is not None:
                return replace(await self._send(services, meanwhile), is_paid_now=False)
        if journey.latest.phase is Phase.KEEPING:
            await _keep_again(journey, services)
        return self._paid(journey.latest, await _fresh(services, view.purchase), services)

    async def _bought_meanwhile(self, services: Services) -> Purchase | None:
        """What another window or command has paid for since this one asked: nothing is open, and its token is there."""
        newest = await self._newest_paid(services)
        is_known = newest is None or (self._last_paid is not None and newest.id == self._last_paid.id)
        return None if is_known else newest

    async def _wait(
        self, paying: asyncio.Task[JourneyView], journey: Journey, services: Services, purchase: Purchase
    ) -> None:
        """Until the payment is decided and what was bought is here, or the wallet was waited for long enough."""
        while not paying.done() and not await _is_handed_over(services, purchase):
            await asyncio.wait({paying}, timeout=0.02)
        await asyncio.wait({paying}, timeout=self._options.wait_s)
        if not paying.done() and journey.latest.phase in UNDECIDED:
            paying.cancel()
        await asyncio.wait({paying})

    async def _interrupted(self, paying: asyncio.Task[JourneyView], services: Services, purchase: Purchase) -> Result:
        task = asyncio.current_task()
        assert task is not None
        task.uncancel()
        paying.cancel()
        await asyncio.wait({paying})
        now = await _fresh(services, purchase)
        if now.state is PurchaseState.SETTLED:
            return self._ended(Outcome.NETWORK, words.interrupted_settled(now), now)
        if now.is_open:
            return self._ended(Outcome.UNRESOLVED, words.interrupted_open(now), now)
        return self._ended(Outcome.PAYMENT_REQUIRED, words.interrupted_unpaid(), now)

    async def _stand_back(self, blocking: Purchase, view: JourneyView, services: Services) -> Result:
        """An open purchase is in the way: what becomes of it is what becomes of this."""
        earlier = await self._earlier(services, *_place(blocking)) or await _fresh(services, blocking)
        if earlier.is_open:
            return self._unresolved(earlier, services)
        if earlier.state is PurchaseState.SETTLED:
            return await self._send(services, earlier)
        return self._shown(Outcome.PAYMENT_REQUIRED, words.earlier_unpaid(earlier), view, earlier)

    def _paid(self, view: JourneyView, purchase: Purchase, services: Services) -> Result:
        """What became of a payment that this command made."""
        if view.outcome in (Ended.DELIVERED, Ended.UNDELIVERED, Ended.NOT_ACCEPTED):
            return self._finished(view, purchase)
        if view.unkept_proof is not None:
            return self._ended(Outcome.UNRESOLVED, words.unkept(view.unkept_proof, view.notice), purchase)
        if view.outcome is Ended.PAYMENT_FAILED or view.phase is Phase.OFFERED:
            return self._shown(Outcome.PAYMENT_REQUIRED, words.of_notice(view.notice), view, purchase)
        answer = view.answer
        return replace(self._unresolved(purchase, services), answer=answer, inspections=view.inspections)

    def _finished(self, view: JourneyView, purchase: Purchase | None) -> Result:
        """The last answer of the journey, or why there is none."""
        message = words.of_delivery(view, purchase)
        if view.error is not None:
            if view.error.kind is Kind.BAD_REQUEST and purchase is None:
                raise UsageError(f"{view.error.sentence.rstrip('.')}. {view.error.remedy}".strip())
            outcome = Outcome.REFUSED if view.error.kind is Kind.INSECURE else Outcome.NETWORK
            return self._ended(outcome, f"{words.of_error(view.error)} {message}".strip(), purchase)
        answer = view.answer
        if answer is None:
            return self._ended(Outcome.NETWORK, message or words.no_answer(), purchase)
        whole = answer.body.complete and (answer.trouble is None or answer.trouble.kind in NOT_OF_THE_BODY)
        if answer.trouble is not None and answer.trouble.sentence not in message:
            message = f"{answer.trouble.title}. {answer.trouble.sentence} {message}".strip()
        outcome = Outcome.ANSWERED if whole else Outcome.NETWORK
        return Result(outcome, answer.url, message, answer, view.inspections, purchase)

    def _shown(self, outcome: Outcome, message: str, view: JourneyView, purchase: Purchase | None = None) -> Result:
        """The answer is a bill that is not paid now."""
        url = view.answer.url if view.answer is not None else self._options.draft.full_url()
        return Result(outcome, url, message, view.answer, view.inspections, purchase)

    def _ended(self, outcome: Outcome, message: str, purchase: Purchase | None = None) -> Result:
        return Result(outcome, self._options.draft.full_url(), message, purchase=purchase)

    def _unresolved(self, purchase: Purchase, services: Services) -> Result:
        is_connected = services.wallets.find(purchase.rail or "") is not None
        return self._ended(Outcome.UNRESOLVED, words.unresolved(purchase, is_connected=is_connected), purchase)


def _unheard(_view: object) -> None:
    """The terminal shows the end of a journey, not each of its pictures."""


def _place(purchase: Purchase) -> tuple[Origin, str]:
    return purchase.origin, purchase.path


async def _fresh(services: Services, purchase: Purchase) -> Purchase:
    """How it stands on the disk now; as it was known where that cannot be read."""
    try:
        return await services.ledger.get(purchase.id)
    except StoreError:
        return purchase


async def _is_handed_over(services: Services, purchase: Purchase) -> bool:
    """Has the wallet the invoice? Before that a short patience would break off what has not begun."""
    state = (await _fresh(services, purchase)).state
    return state not in (PurchaseState.OFFERED, PurchaseState.INTENT)


async def _keep_again(journey: Journey, services: Services) -> None:
    for pause in KEEP_AGAIN_S:
        await asyncio.sleep(pause)
        if (await journey.keep_again(services, _unheard)).unkept_proof is None:
            return
