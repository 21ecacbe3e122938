"""Sends a journey's request, with a token that is held or was bought, and writes down what became of that token."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from l402desk.client.errors import SendError
from l402desk.client.request import RequestDraft
from l402desk.engine import words
from l402desk.engine.addressing import as_asked, redirected
from l402desk.engine.delivery_record import CUT_SHORT, STATES, record_delivery
from l402desk.engine.picture import Picture, Turn
from l402desk.engine.reading import judge
from l402desk.engine.saving import could_save
from l402desk.ledger.errors import NoSuchPurchase, NotSettled
from l402desk.protocol.commands import Delivery
from l402desk.protocol.errors import ProtocolError
from l402desk.protocol.events import Answered, Event, SendFailed
from l402desk.protocol.origin import Origin, path_of
from l402desk.store.errors import StoreError
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.tokens import HeldToken, TokenState, TokenSummary

if TYPE_CHECKING:
    from l402desk.client.answer import Answer, Progress
    from l402desk.protocol.inspection import Inspection
    from l402desk.protocol.token import Token


class Sending:
    """One request's sends."""

    def __init__(self, draft: RequestDraft, picture: Picture) -> None:
        self._draft = draft
        self._picture = picture
        self._asking = draft
        """The request that the challenge answered: after a redirect not the one that was typed (law 8)."""
        self._status: int | None = None
        """The status of the last delivery, if there was one."""
        self._why = ""
        """What became of the last delivery, as a sentence."""

    async def find_token(self, turn: Turn, token_id: str | None = None) -> Token | None:
        """A token already held for this request, or the one the user names; none while the vault is locked."""
        if not turn.services.is_unlocked:
            return None
        try:
            held = await self._held(turn, token_id)
            if held is None:
                return None
            self._picture.show(token=await turn.services.vault.summary(held.id))
        except (ProtocolError, SendError):  # no URL to look up: the send itself says so
            return None
        except NoSuchToken:  # forgotten a moment ago
            return None
        except StoreError as error:
            self._picture.show(notice=words.vault_unreadable(str(error)))
            return None
        return held.token

    async def _held(self, turn: Turn, token_id: str | None) -> HeldToken | None:
        vault, url = turn.services.vault, self._draft.full_url()
        if token_id is None:
            return await vault.find(url, self._draft.method)
        origin = Origin.of(url)
        held = await vault.hold(token_id)
        # The user may send a token further than its scope, never to another origin (law 8).
        return held if held.origin == origin and origin.is_private_enough else None

    def aim(self, url: str, method: str) -> bool:
        """Deliver to this address from now on; False, with a notice, where the token must not go (law 8)."""
        if not url and not method:
            return True
        try:
            self._asking = redirected(self._asking, url, method)
        except (ProtocolError, SendError) as error:
            self._picture.show(notice=words.wrong_claim_address(str(error)))
            return False
        return True

    async def send(self, token: Token | None, turn: Turn, on_progress: Callable[[], None]) -> Event:
        """Send, and judge what the answer demands."""
        self._picture.bought_before = await self._bought_before(turn)
        answer = await self._ask(self._draft, token, turn, on_progress)
        if isinstance(answer, SendFailed):
            return answer
        if token is not None:
            await self._mark_good(answer, turn)
        demand, inspections = await judge(answer, turn.services)
        self._asking = as_asked(self._draft, answer.method, answer.url)
        candidates = await self._candidates(answer, inspections, turn) if inspections else ()
        self._picture.show(answer=answer, error=None, demand=demand, inspections=inspections, candidates=candidates)
        return Answered(answer.status, inspections)

    async def _bought_before(self, turn: Turn) -> tuple[Origin, str, int] | None:
        """What another tab or process buys from now on, this journey does not buy once more."""
        if not turn.services.is_unlocked:
            return None
        try:
            url = self._draft.full_url()
            origin, path = Origin.of(url), path_of(url)
            return origin, path, await turn.services.ledger.settled_at(origin, path)
        except (ProtocolError, SendError, StoreError):  # the send itself, or the intent, says so
            return None

    async def _candidates(
        self, answer: Answer, inspections: tuple[Inspection, ...], turn: Turn
    ) -> tuple[TokenSummary, ...]:
        """Held tokens that may save the payment, but for the one that was just sent."""
        if not turn.services.is_unlocked:
            return ()
        sent = self._picture.view.token
        try:
            held = await turn.services.vault.candidates(answer.url, answer.method)
        except (StoreError, ProtocolError):  # a hint less is no reason to withhold the answer
            return ()
        return tuple(t for t in held if (sent is None or t.id != sent.id) and could_save(t, inspections))

    async def deliver(self, token: Token | None, turn: Turn, on_progress: Callable[[], None]) -> Event:
        """Send what was bought, to the URL that asked for it (law 8)."""
        self._status, self._why = None, "No answer came."
        self._picture.show(answer=None, error=None)  # the challenge is answered: it must not pass for the delivery
        answer = await self._ask(self._asking, token, turn, on_progress)
        if isinstance(answer, SendFailed):
            self._why = answer.reason
            return answer
        self._picture.show(answer=answer, error=None)
        if answer.trouble is not None and answer.trouble.kind in CUT_SHORT:
            self._why = answer.trouble.sentence
            return SendFailed(answer.trouble.sentence)
        said = answer.redirect_refused or ""
        self._status, self._why = answer.status, f"The server answered {answer.status}. {said}".strip()
        return Answered(answer.status)

    async def _ask(
        self, draft: RequestDraft, token: Token | None, turn: Turn, on_progress: Callable[[], None]
    ) -> Answer | SendFailed:
        began = time.monotonic()
        self._picture.show(received_bytes=0)

        def progress(so_far: Progress) -> None:
            self._picture.show(received_bytes=so_far.received)
            on_progress()

        try:
            authorization = token.authorization() if token else None
            answer = await turn.services.client.send(draft, authorization=authorization, on_progress=progress)
        except SendError as error:
            self._picture.show(error=error)
            return SendFailed(f"{error.title}. {error.sentence}")
        self._picture.step("Answer with the token" if token else "Answer", began)
        if token is not None:
            await self._count_use(answer.status, draft, turn)
        return answer

    async def _count_use(self, status: int, draft: RequestDraft, turn: Turn) -> None:
        held = self._picture.view.token
        if held is None:
            return
        try:
            used = await turn.services.vault.record_use(
                held.id, status, turn.services.now(), method=draft.method, path=path_of(draft.full_url())
            )
            self._picture.show(token=used)
        except (StoreError, NoSuchToken) as error:  # a counter not written is no reason to withhold the answer
            self._tell_trouble(error)

    async def _mark_good(self, answer: Answer, turn: Turn) -> None:
        """A held token that was owed something, or refused before, was honoured now: that is written down too."""
        held = self._picture.view.token
        cut = answer.trouble is not None and answer.trouble.kind in CUT_SHORT
        if held is None or cut or not 200 <= answer.status < 300 or held.state in (TokenState.USABLE, TokenState.SPENT):
            return
        try:
            if held.purchase_id is not None:
                with contextlib.suppress(NoSuchPurchase, NotSettled):  # an imported token
                    await turn.services.ledger.mark_delivery(held.purchase_id, Delivery.DELIVERED, answer.status)
            self._picture.show(token=await turn.services.vault.mark(held.id, TokenState.USABLE))
        except (StoreError, NoSuchToken) as error:
            self._tell_trouble(error)

    async def mark_refused(self, turn: Turn) -> None:
        """The token that was held did not open this; it is kept and marked (law 7)."""
        held, answer = self._picture.view.token, self._picture.view.answer
        if held is None or answer is None:
            return
        self._picture.show(notice=words.token_refused(answer.status))
        try:
            self._picture.show(token=await turn.services.vault.mark(held.id, TokenState.REFUSED))
        except (StoreError, NoSuchToken) as error:
            self._tell_trouble(error)

    async def mark_delivery(self, delivery: Delivery, turn: Turn) -> None:
        """Write down, at the purchase and at the token, what the server did with what was bought."""
        view = self._picture.view
        assert view.purchase is not None
        self._picture.show(
            notice=words.delivery(delivery, view.purchase.amount, self._why, automatic=view.purchase.automatic)
        )
        try:
            said = await record_delivery(turn.services, view.purchase, delivery, self._status, view.answer)
            self._picture.show(purchase=said)
            if view.token is not None:
                self._picture.show(token=await turn.services.vault.mark(view.token.id, STATES[delivery]))
        except (StoreError, NoSuchToken) as error:
            self._tell_trouble(error)

    def _tell_trouble(self, error: StoreError | NoSuchToken) -> None:
        """Say beside what matters more that something was not written; a token forgotten meanwhile is no trouble."""
        if isinstance(error, NoSuchToken):
            return
        notice = self._picture.view.notice
        if notice is None:
            self._picture.show(notice=words.vault_unreadable(str(error)))
        else:
            self._picture.show(notice=replace(notice, sentence=f"{notice.sentence} {error}"))
