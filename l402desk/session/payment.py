"""One payment as a window shows it: all that is known, and what can be done about it, each on the I/O thread."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.engine import statement
from l402desk.ledger.errors import NoSuchPurchase, Refused
from l402desk.ledger.purchases import Delivery, Purchase, PurchaseState
from l402desk.protocol.errors import ProtocolError
from l402desk.session.io import Io, Job
from l402desk.session.payment_listing import in_words
from l402desk.worker.call import Call

if TYPE_CHECKING:
    from l402desk.engine.exchange_text import Exchange
    from l402desk.engine.statement import Line
    from l402desk.protocol.proof import Preimage
    from l402desk.services import Services


@dataclass(frozen=True, slots=True)
class Told:
    """Something to say about a payment: good, info, warning or danger."""

    severity: str
    title: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What an action made of a payment, and what there is to say about it."""

    purchase_id: str
    told: Told


@dataclass(frozen=True, slots=True)
class Opened:
    """Both sides of one purchase, as text."""

    purchase_id: str
    exchange: Exchange


class PaymentSession(QObject):
    """`line_came` carries a line that was asked for, `exchange_came` an `Opened`, `told` a `Told`.

    `acted` follows every action: the lists of payments, tokens and wallets may have changed. `busy_changed` when
    `is_busy` does: one action at a time.
    """

    line_came = Signal(object)
    exchange_came = Signal(object)
    told = Signal(object)
    acted = Signal()
    busy_changed = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.is_busy = False

    def ask(self, purchase_id: str) -> None:
        """Read one line anew; it comes by `line_came`."""
        self._submit(functools.partial(_line, purchase_id=purchase_id)).succeeded.connect(self.line_came)

    def ask_exchange(self, purchase_id: str, *, reveal: bool = False) -> None:
        """Read both sides; with ``reveal`` the secrets stand in them: show them no longer than they are wanted."""
        job = functools.partial(_exchange, purchase_id=purchase_id, reveal=reveal)
        self._submit(job).succeeded.connect(self.exchange_came)

    def resolve(self, purchase_id: str) -> None:
        """Ask the wallet once."""
        self._act(functools.partial(_resolve, purchase_id=purchase_id))

    def deliver(self, purchase_id: str, url: str = "") -> None:
        """Send what was bought once more, for free; ``url`` names another address of the same origin."""
        self._act(functools.partial(_deliver, purchase_id=purchase_id, url=url))

    def prove(self, purchase_id: str, digits: str) -> None:
        """Take the proof of payment."""
        self._act(functools.partial(_prove, purchase_id=purchase_id, digits=digits))

    def end_unpaid(self, purchase_id: str) -> None:
        """The user says that it was not paid."""
        self._act(functools.partial(_end_unpaid, purchase_id=purchase_id))

    def _submit(self, job: Job) -> Call:
        call = self._io.submit(job)
        call.failed.connect(self._fail)
        return call

    def _act(self, job: Job) -> None:
        if self.is_busy:
            return
        self._be_busy(True)
        call = self._submit(job)
        call.succeeded.connect(self._tell)
        call.finished.connect(self._finish)

    def _be_busy(self, is_busy: bool) -> None:
        self.is_busy = is_busy
        self.busy_changed.emit()

    @Slot(object)
    def _tell(self, done: object) -> None:
        assert isinstance(done, Done)
        self.told.emit(done.told)

    @Slot()
    def _finish(self) -> None:
        self._be_busy(False)
        self.acted.emit()

    @Slot(object)
    def _fail(self, error: object) -> None:
        match error:
            case NoSuchPurchase():
                self.told.emit(Told("warning", "This payment is not in the ledger"))
            case Refused() | ProtocolError():
                self.told.emit(Told("warning", "That cannot be done", str(error)))
            case _:
                self.told.emit(Told("danger", "That did not work", in_words(error)))


async def _line(services: Services, *, purchase_id: str) -> Line:
    return await statement.line(services, purchase_id)


async def _exchange(services: Services, *, purchase_id: str, reveal: bool) -> Opened:
    from l402desk.engine.exchange_text import exchange_of  # noqa: PLC0415 - for whoever looks closer

    return Opened(purchase_id, await exchange_of(services, purchase_id, reveal=reveal))


async def _resolve(services: Services, *, purchase_id: str) -> Done:
    from l402desk.engine.reconciling import resolve  # noqa: PLC0415 - not before somebody asks

    is_known = services.wallets.find((await services.ledger.get(purchase_id)).rail or "") is not None
    return Done(purchase_id, resolved_words(await resolve(services, purchase_id), is_known))


async def _deliver(services: Services, *, purchase_id: str, url: str) -> Done:
    from l402desk.engine.delivering import deliver  # noqa: PLC0415 - not before somebody asks

    delivered = await deliver(services, purchase_id, url=url)
    if delivered.answer is not None:
        delivered.answer.body.discard()  # its beginning is in the exchange
    notice, purchase = delivered.notice, delivered.purchase
    if purchase.delivery is Delivery.DELIVERED and str(notice.tone) == "good":  # nobody is to think it was paid again
        return Done(purchase_id, Told("good", "Delivered. Nothing was paid for it", _answered(purchase)))
    return Done(purchase_id, Told(str(notice.tone), notice.title, f"{notice.sentence} {notice.remedy}".strip()))


async def _prove(services: Services, *, purchase_id: str, digits: str) -> Done:
    from l402desk.engine.by_hand import prove  # noqa: PLC0415 - not before somebody asks
    from l402desk.protocol.proof import Preimage  # noqa: PLC0415 - not before somebody asks

    preimage: Preimage = Preimage.from_hex(digits)
    await prove(services, purchase_id, preimage)
    return Done(purchase_id, Told("good", "Paid, and proven", "The token is kept in the vault. Deliver it now."))


async def _end_unpaid(services: Services, *, purchase_id: str) -> Done:
    from l402desk.engine.by_hand import end_unpaid  # noqa: PLC0415 - not before somebody asks

    await end_unpaid(services, purchase_id)
    sentence = "If the wallet shows it as paid after all, paste the proof here: it still counts."
    return Done(purchase_id, Told("info", "No longer waited for", sentence))


def _answered(purchase: Purchase) -> str:
    return "" if purchase.last_status is None else f"The server answered {purchase.last_status}."


def resolved_words(purchase: Purchase, is_known: bool) -> Told:
    """What the wallet's answer comes to."""
    match purchase.state:
        case PurchaseState.SETTLED:
            return Told("good", "It was paid", "The token is kept in the vault.")
        case PurchaseState.FAILED:
            return Told("info", "It was not paid: no money left the wallet", purchase.reason)
        case PurchaseState.PAID_WITHOUT_PROOF:
            return Told(
                "warning", "The wallet says it paid, and shows no proof", "Paste the proof if you find it there."
            )
    if not is_known:
        sentence = f"Connect “{purchase.rail}” again to ask it." if purchase.rail else "It was given to no wallet."
        return Told("warning", "There is nobody to ask", sentence)
    return Told("info", "Still open: the wallet does not know yet", "The app goes on asking by itself.")
