"""What a user does with a stored wallet: rename, prefer, connect, arm, remove; each outcome is told in words."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from l402desk.protocol.text import visible
from l402desk.session.io import Io
from l402desk.session.wallets import WalletsSession
from l402desk.store.errors import StoreError
from l402desk.wallets.errors import WalletError

if TYPE_CHECKING:
    from l402desk.engine.connecting import Removed
    from l402desk.services import Services

log = logging.getLogger(__name__)
UNDO_MS = 120_000
"""How long a removed wallet's secret is kept in memory, so that it can be brought back."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a deed, as a notice. ``offers`` is what can be done about it: "undo", "remove-anyway" or empty."""

    name: str
    title: str
    sentence: str = ""
    severity: str = "good"
    offers: str = ""
    removed: Removed | None = None


Work = Callable[["Services"], Awaitable[Outcome]]


class WalletDeeds(QObject):
    """`told` carries the `Outcome` of each deed; the wallets are listed anew after it."""

    told = Signal(object)

    def __init__(self, io: Io, wallets: WalletsSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._wallets = wallets
        self._removed: Removed | None = None
        self._forgetting = QTimer(self, singleShot=True, interval=UNDO_MS)
        self._forgetting.timeout.connect(self.forget)

    def rename(self, name: str, new: str) -> None:
        self._do(name, functools.partial(_rename, name=name, new=new))

    def use_as_default(self, name: str) -> None:
        self._do(name, functools.partial(_use_as_default, name=name))

    def prefer(self, name: str, address: str) -> None:
        """Let this wallet pay at this host where none is named."""
        self._do(name, functools.partial(_prefer, name=name, address=address))

    def stop_preferring(self, name: str, origin: str) -> None:
        self._do(name, functools.partial(_stop_preferring, name=name, origin=origin))

    def connect_again(self, name: str) -> None:
        self._do(name, functools.partial(_connect, name=name))

    def disconnect_wallet(self, name: str) -> None:
        self._do(name, functools.partial(_disconnect, name=name))

    def arm(self, name: str, is_armed: bool) -> None:
        """Let this wallet pay by itself inside all three budgets, or never again."""
        self._do(name, functools.partial(_arm, name=name, is_armed=is_armed))

    def remove(self, name: str, *, despite_open: bool = False) -> None:
        self._do(name, functools.partial(_remove, name=name, despite_open=despite_open))

    @Slot()
    def bring_back(self) -> None:
        """Undo the last removal."""
        removed = self._removed
        if removed is not None:
            self.forget()
            self._do(removed.wallet.name, functools.partial(_bring_back, removed=removed))

    @Slot()
    def forget(self) -> None:
        """Let go of the secret of what was removed: the vault is being locked, or nobody wants it back."""
        self._forgetting.stop()
        self._removed = None

    def _do(self, name: str, work: Work) -> None:
        call = self._io.submit(functools.partial(_told, name=name, work=work))
        call.succeeded.connect(self._tell)

    @Slot(object)
    def _tell(self, outcome: object) -> None:
        assert isinstance(outcome, Outcome)
        if outcome.removed is not None:
            self._removed = outcome.removed
            self._forgetting.start()
        self.told.emit(outcome)
        self._wallets.refresh()


async def _told(services: Services, *, name: str, work: Work) -> Outcome:
    from l402desk.engine.connecting import StillOpen  # noqa: PLC0415 - on the loop only

    try:
        return await work(services)
    except StillOpen as error:
        removing = isinstance(work, functools.partial) and work.func is _remove
        title = f"“{visible(name, 60)}” has a payment under way"
        remedy = (
            f"{error.remedy} Without the wallet the money may be gone and nothing bought with it."
            if removing
            else error.remedy
        )
        return Outcome(name, title, f"{error.sentence} {remedy}", "warning", "remove-anyway" if removing else "")
    except (WalletError, StoreError) as error:
        return Outcome(name, "That could not be done", f"{error.sentence} {error.remedy}", "warning")
    except Exception as error:  # noqa: BLE001 - ours: it is told, and everything else goes on
        log.error("a wallet could not be changed: %s", type(error).__name__)
        return Outcome(name, "That could not be done", "The app failed at it. The wallets are as they were.", "danger")


async def _rename(services: Services, *, name: str, new: str) -> Outcome:
    from l402desk.engine.connecting import rename  # noqa: PLC0415 - on the loop only

    stored = await rename(services, name, new)
    return Outcome(stored.name, f"“{visible(name, 60)}” is now called “{visible(stored.name, 60)}”")


async def _use_as_default(services: Services, *, name: str) -> Outcome:
    await services.wallet_book.set_default(name)
    return Outcome(name, f"“{visible(name, 60)}” is offered first wherever no other wallet was chosen")


async def _prefer(services: Services, *, name: str, address: str) -> Outcome:
    from l402desk.engine.connecting import prefer  # noqa: PLC0415 - on the loop only

    origin = await prefer(services, address, name)
    return Outcome(name, f"“{visible(name, 60)}” is offered first at {visible(str(origin), 120)}")


async def _stop_preferring(services: Services, *, name: str, origin: str) -> Outcome:
    from l402desk.engine.connecting import prefer  # noqa: PLC0415 - on the loop only

    await prefer(services, origin, None)
    return Outcome(name, f"At {visible(origin, 120)} the default wallet is offered first again")


async def _connect(services: Services, *, name: str) -> Outcome:
    from l402desk.engine.connecting import connect  # noqa: PLC0415 - on the loop only

    await connect(services, name)
    return Outcome(name, f"“{visible(name, 60)}” is connected again")


async def _disconnect(services: Services, *, name: str) -> Outcome:
    from l402desk.engine.connecting import disconnect  # noqa: PLC0415 - on the loop only

    await disconnect(services, name)
    kept = "Its connection is kept, sealed, and it is asked nothing until you connect it again."
    return Outcome(name, f"“{visible(name, 60)}” is disconnected", kept)


async def _arm(services: Services, *, name: str, is_armed: bool) -> Outcome:
    from l402desk.engine.connecting import arm  # noqa: PLC0415 - on the loop only

    await arm(services, name, is_armed)
    if not is_armed:
        return Outcome(name, f"“{visible(name, 60)}” pays only when you say so")
    if (await services.ledger.caps()).is_complete:
        return Outcome(name, f"“{visible(name, 60)}” may pay by itself, inside all three budgets")
    missing = "Set all three budgets in the settings: before that nothing is paid without a question."
    return Outcome(name, f"“{visible(name, 60)}” may pay by itself once the budgets are set", missing, "info")


async def _remove(services: Services, *, name: str, despite_open: bool) -> Outcome:
    from l402desk.engine.connecting import remove  # noqa: PLC0415 - on the loop only

    removed = await remove(services, name, despite_open=despite_open)
    kept = "Its money is where it was; what it paid stays in the payments."
    offers = "undo" if removed is not None else ""
    return Outcome(name, f"“{visible(name, 60)}” is removed", kept, "info", offers, removed)


async def _bring_back(services: Services, *, removed: Removed) -> Outcome:
    from l402desk.engine.connecting import bring_back  # noqa: PLC0415 - on the loop only

    stored = await bring_back(services, removed)
    return Outcome(stored.name, f"“{visible(stored.name, 60)}” is back")
