"""Delivery as a step of its own: what was bought is fetched again, for free, days later and elsewhere too (law 7)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from l402desk.client.errors import SendError
from l402desk.client.record import from_record
from l402desk.client.request import RequestDraft
from l402desk.engine import words
from l402desk.engine.addressing import as_asked, redirected
from l402desk.engine.delivery_record import STATES, delivery_of, record_delivery
from l402desk.engine.keeping import keep_token
from l402desk.engine.picture import Report
from l402desk.engine.view import Notice
from l402desk.ledger.errors import NotSettled
from l402desk.protocol.commands import Delivery
from l402desk.protocol.errors import ProtocolError
from l402desk.store.errors import StoreError
from l402desk.vault.errors import Forgotten, NoSuchToken

if TYPE_CHECKING:
    from l402desk.client.answer import Answer, Progress
    from l402desk.ledger.purchases import Purchase, PurchaseSecrets
    from l402desk.protocol.token import Token
    from l402desk.services import Services


@dataclass(frozen=True, slots=True)
class Delivered:
    """How it went. ``answer`` is None where none came; ``error`` says why. Its body is the caller's to discard."""

    purchase: Purchase
    notice: Notice
    answer: Answer | None = None
    error: SendError | None = None


async def deliver(
    services: Services, purchase_id: str, *, url: str = "", method: str = "", report: Report | None = None
) -> Delivered:
    """Send the kept credential of a settled purchase once more; nothing is paid, whatever the server answers.

    To the address that asked for the money, or to another ``url`` of the same origin. ``report`` hears of the progress.
    Raises NoSuchPurchase, NotSettled, StoreError, TokenError.
    """
    purchase = await services.ledger.get(purchase_id)
    secrets = await services.ledger.secrets(purchase_id)
    token = secrets.token()
    if token is None:
        raise NotSettled(purchase)
    try:
        draft = redirected(_request_of(purchase, secrets), url, method)
        answer = await _send(services, draft, token, report)
    except (SendError, ProtocolError) as error:
        trouble = error if isinstance(error, SendError) else None
        said = f"{error.title}. {error.sentence}" if isinstance(error, SendError) else str(error)
        return Delivered(purchase, words.undelivered(said), error=trouble)
    delivery = delivery_of(answer)
    notice = words.delivery(delivery, purchase.amount, _why(answer))
    # To its end, also when the job is cancelled: what the server did with what was paid for must reach the disk.
    marking = services.keep_running(_mark(services, purchase, token, delivery, answer))
    return Delivered(await asyncio.shield(marking), notice, answer=answer)


async def _send(services: Services, draft: RequestDraft, token: Token, report: Report | None) -> Answer:
    def on_progress(so_far: Progress) -> None:
        if report is not None:
            report(so_far)

    return await services.client.send(draft, authorization=token.authorization(), on_progress=on_progress)


async def _mark(services: Services, purchase: Purchase, token: Token, delivery: Delivery, answer: Answer) -> Purchase:
    marked = await record_delivery(services, purchase, delivery, answer.status, answer)
    try:
        held = await keep_token(services, marked, token)
        await services.vault.record_use(held.id, answer.status, services.now())
        await services.vault.mark(held.id, STATES[delivery])
    except (StoreError, NoSuchToken, Forgotten):  # the token may be deleted; the purchase has it written down
        return marked
    return marked


def _request_of(purchase: Purchase, secrets: PurchaseSecrets) -> RequestDraft:
    """The request that the challenge answered; one that a later version wrote is asked for without its body."""
    try:
        draft = from_record(secrets.request)
    except ValueError:
        draft = RequestDraft()
    return as_asked(draft, purchase.method, secrets.url)


def _why(answer: Answer) -> str:
    if answer.trouble is not None:
        return answer.trouble.sentence
    return f"The server answered {answer.status}. {answer.redirect_refused or ''}".strip()
