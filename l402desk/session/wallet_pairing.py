"""A wallet that connects itself: our wish is shown as a link and a code, and the wallet's answer is awaited."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.session.io import Io
from l402desk.session.wallet_view import Trouble
from l402desk.wallets.errors import WalletError

if TYPE_CHECKING:
    from l402desk.protocol.amount import Msat
    from l402desk.services import Services
    from l402desk.session.io import Report
    from l402desk.worker.call import Call

HUB = "https://my.albyhub.com/apps/new"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wished:
    """A wish in its two forms. Neither holds a secret."""

    uri: str
    hub_url: str


class PairingSession(QObject):
    """`changed` follows the wish and its end; `answered` carries the connection that the wallet gave, a secret."""

    changed = Signal()
    answered = Signal(object)

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._waiting: Call | None = None
        self.uri = ""
        """The wish, for a wallet to read; empty while there is none."""
        self.hub_url = ""
        """The same as a page of Alby Hub, where its owner agrees."""
        self.trouble: Trouble | None = None

    @property
    def is_waiting(self) -> bool:
        return self._waiting is not None

    def begin(self, *, budget: Msat | None, renews: str, watch_only: bool, relays: tuple[str, ...] = ()) -> None:
        """Make a wish and wait for the wallet that grants it; an earlier one is taken back."""
        self.stop()
        self.uri, self.hub_url, self.trouble = "", "", None
        job = functools.partial(_pair, budget=budget, renews=renews, watch_only=watch_only, relays=relays)
        self._waiting = self._io.submit_reporting(job)
        self._waiting.progress.connect(self._show)
        self._waiting.succeeded.connect(self._end)
        self._waiting.failed.connect(self._fail)
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Wait no longer: whoever answers the old wish is connected to nothing."""
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            waiting.progress.disconnect(self._show)
            waiting.succeeded.disconnect(self._end)
            waiting.failed.disconnect(self._fail)
            waiting.cancel()
            self.uri = self.hub_url = ""
            self.changed.emit()

    @Slot(object)
    def _show(self, wish: object) -> None:
        assert isinstance(wish, Wished)
        self.uri, self.hub_url = wish.uri, wish.hub_url
        self.changed.emit()

    @Slot(object)
    def _end(self, connection: object) -> None:
        self._waiting, self.uri, self.hub_url = None, "", ""
        self.changed.emit()
        self.answered.emit(connection)

    @Slot(object)
    def _fail(self, error: object) -> None:
        self._waiting, self.uri, self.hub_url = None, "", ""
        if isinstance(error, WalletError):
            self.trouble = Trouble(error.sentence, error.remedy)
        else:
            log.error("pairing failed: %s", type(error).__name__)
            self.trouble = Trouble("The app failed at it.", "Try again; if that does not help, paste a connection.")
        self.changed.emit()


async def _pair(
    services: Services, report: Report, *, budget: Msat | None, renews: str, watch_only: bool, relays: tuple[str, ...]
) -> str:
    from l402desk.wallets.pairing import RELAYS, Wish  # noqa: PLC0415 - on the loop only

    wish = Wish(budget=budget, renews=renews, watch_only=watch_only)
    pairing = services.catalogue.pairing(wish, relays or RELAYS)
    report(Wished(pairing.uri, pairing.hub_url(HUB)))
    return await pairing.wait()
