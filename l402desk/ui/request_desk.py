"""The request page connected to its journeys: one exchange for every tab. Imported when the page is first shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from l402desk.client.request import RequestDraft
from l402desk.session.exchange import ExchangeSession
from l402desk.session.io import Io
from l402desk.session.starts import StartsSession
from l402desk.ui.request.collection import CollectionItem
from l402desk.ui.request.request_page import RequestPage
from l402desk.ui.request.request_tab import RequestTab
from l402desk.ui.tab_journey import Shared, TabJourney


def _challenge_panel() -> QWidget:
    from l402desk.ui.challenge.panel import ChallengePanel  # noqa: PLC0415 - not before the first 402

    return ChallengePanel()


class RequestDesk(QObject):
    """Makes the page and gives each of its tabs a journey. `ended` follows a send, `unlock_wanted` a locked vault."""

    ended = Signal()
    unlock_wanted = Signal()

    def __init__(self, io: Io, starts: StartsSession, shared: Shared, parent: QObject) -> None:
        super().__init__(parent)
        self._io = io
        self._starts = starts
        self._shared = shared
        self._journeys: dict[RequestTab, TabJourney] = {}
        self.page = RequestPage(_challenge_panel)
        self.page.tab_opened.connect(self._connect_tab)
        self.page.tab_closing.connect(self._end)
        self.page.begin()
        starts.changed.connect(self.show_starts)
        self.show_starts()

    def open(self, url: str, method: str = "GET", *, is_foreign: bool = False) -> RequestTab:
        """A tab with this request filled in and nothing sent; ``is_foreign``: a link did that, not the user."""
        return self.page.open_draft(RequestDraft(method=method, url=url, is_foreign=is_foreign))

    def holding_proof(self) -> RequestTab | None:
        """The tab that alone knows a proof the disk refused, if there is one."""
        return next((tab for tab in self.page.tabs if tab.holds_proof), None)

    def give_up_unlocking(self) -> None:
        """The user would not unlock the vault: nothing is paid behind their back later."""
        for journey in self._journeys.values():
            journey.give_up_unlocking()

    @Slot(object)
    def _connect_tab(self, tab: RequestTab) -> None:
        journey = TabJourney(tab, ExchangeSession(self._io), self._shared)
        journey.unlock_wanted.connect(self.unlock_wanted)
        journey.ended.connect(self.ended)
        journey.happened.connect(self.page.add_history)
        self._journeys[tab] = journey

    @Slot(object)
    def _end(self, tab: RequestTab) -> None:
        """The tab is closing: its journey stops waiting for an answer; a payment under way goes on without it."""
        self._journeys.pop(tab).end()

    @Slot()
    def show_starts(self) -> None:
        self.page.set_collection(
            [
                CollectionItem(
                    group=start.group,
                    method=start.draft.method,
                    name=start.name,
                    url=start.draft.url,
                    price_text=start.price.words() if start.price else "",
                    draft=start.draft,
                )
                for start in self._starts.starts
            ]
        )
