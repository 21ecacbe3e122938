"""The budgets, the wallets that may pay by themselves and the exchange rate, as the settings show and change them."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.ledger.budgets import Caps
from l402desk.ledger.rate import Rate
from l402desk.session.io import Io, Job
from l402desk.store.errors import StoreError

if TYPE_CHECKING:
    from l402desk.protocol.amount import Msat
    from l402desk.services import Services

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Arming:
    """One wallet that can pay: may it do so by itself? Play money always may, inside the budgets."""

    wallet: str
    is_armed: bool
    is_play: bool


@dataclass(frozen=True, slots=True)
class BudgetsView:
    """What holds now. ``spent_day`` is what counts against the day so far; ``is_open`` False: the vault is locked."""

    is_open: bool = False
    caps: Caps = field(default_factory=Caps)
    wallets: tuple[Arming, ...] = ()
    rate: Rate | None = None
    spent_day: Msat | None = None


class BudgetsSession(QObject):
    """`changed` follows each new `view`, `went_wrong` carries a sentence with its remedy."""

    changed = Signal()
    went_wrong = Signal(object)

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.view = BudgetsView()

    @Slot()
    def refresh(self) -> None:
        self._submit(_view)

    def set_caps(self, caps: Caps) -> None:
        self._submit(functools.partial(_set_caps, caps=caps))

    def arm(self, wallet: str, is_armed: bool) -> None:
        """Let this wallet pay by itself inside all three budgets, or never again."""
        self._submit(functools.partial(_arm, wallet=wallet, is_armed=is_armed))

    def set_rate(self, rate: Rate | None) -> None:
        self._submit(functools.partial(_set_rate, rate=rate))

    def _submit(self, job: Job) -> None:
        call = self._io.submit(job)
        call.succeeded.connect(self._show)
        call.failed.connect(self._fail)

    @Slot(object)
    def _show(self, view: object) -> None:
        assert isinstance(view, BudgetsView)
        self.view = view
        self.changed.emit()

    @Slot(object)
    def _fail(self, error: object) -> None:
        if isinstance(error, StoreError):
            self.went_wrong.emit(f"{error.sentence} {error.remedy}")
        else:
            log.error("the budgets failed: %s", type(error).__name__)
            self.went_wrong.emit("The app could not do this. The budgets are as they were.")
        self.changed.emit()  # what was typed gives way to what holds


async def _view(services: Services) -> BudgetsView:
    if not services.is_unlocked:
        return BudgetsView()
    ledger, armed = services.ledger, await services.ledger.armed()
    return BudgetsView(
        is_open=True,
        caps=await ledger.caps(),
        wallets=tuple(
            Arming(wallet.name, wallet.name in armed, wallet.capabilities.is_play)
            for wallet in services.wallets.payers()
        ),
        rate=await ledger.rate(),
        spent_day=await ledger.spent_day(),
    )


async def _set_caps(services: Services, *, caps: Caps) -> BudgetsView:
    if services.is_unlocked:
        await services.ledger.set_caps(caps)
    return await _view(services)


async def _arm(services: Services, *, wallet: str, is_armed: bool) -> BudgetsView:
    if services.is_unlocked:
        await services.ledger.arm(wallet, is_armed)
    return await _view(services)


async def _set_rate(services: Services, *, rate: Rate | None) -> BudgetsView:
    if services.is_unlocked:
        await services.ledger.set_rate(rate)
    return await _view(services)
