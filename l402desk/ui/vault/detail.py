"""One token in detail: what it is good for, where it may go, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from l402desk.protocol.amount import Msat
from l402desk.protocol.caveats import explain
from l402desk.session.clipboard import CLEAR_AFTER_MS
from l402desk.ui.challenge.caveat_row import caveat_row
from l402desk.ui.challenge.rows import clock_time, short
from l402desk.ui.style import GAP
from l402desk.ui.vault.columns import standing
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.card import Card, ScrollColumn
from l402desk.ui.widgets.countdown import Countdown
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import elided_label, label
from l402desk.vault.tokens import TokenSummary

FACTS = ("Good for", "Used", "Last answer", "Sent to", "Scheme", "Payment hash", "Bought")
MOST_CAVEATS = 32


class TokenDetail(Card):
    """Shows one summary. Signals carry it: `use_pressed`, `header_wanted`, `trash_pressed`."""

    use_pressed = Signal(object)
    header_wanted = Signal(object)
    trash_pressed = Signal(object)

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__(name="tokenDetail", spacing=GAP.SMALL)
        self._clock = clock
        self._token: TokenSummary | None = None
        self._title = elided_label(role="heading", name="tokenTitle")
        self._place = elided_label(role="dim", mode="middle", name="tokenPlace")
        self._left = Countdown(name="tokenExpiry", clock=clock, prefix="another")
        self._facts = {name: elided_label(mode="middle", name=f"tokenFact{i}") for i, name in enumerate(FACTS)}
        self._scroll = ScrollColumn(name="tokenScroll", spacing=GAP.SMALL)
        self.use = primary_button("Use in request", name="useTokenButton", icon="send")
        self.copy = button("Copy header", name="copyTokenHeaderButton", icon="copy")
        self.trash = button("Move to trash", name="trashTokenButton", icon="trash")
        self._sealed = label(role="small", wrap=True, name="tokenSealed")
        self._copied = label(role="small", name="tokenCopied")
        self._copied.hide()
        self._gone = QTimer(self, singleShot=True, interval=CLEAR_AFTER_MS)
        self._gone.timeout.connect(self._tell_gone)
        self.use.clicked.connect(self._use)
        self.copy.clicked.connect(self._ask_header)
        self.trash.clicked.connect(self._trash)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP.SMALL)
        head.addWidget(IconView("key", "accent", 20))
        head.addWidget(self._title, 1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP.LARGE)
        grid.setVerticalSpacing(GAP.SMALL)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(self._facts.items()):
            grid.addWidget(label(name, role="dim"), row, 0)
            grid.addWidget(self._left if name == "Good for" else value, row, 1)
        actions = QHBoxLayout()
        actions.setSpacing(GAP.SMALL)
        actions.addWidget(self.copy)
        actions.addWidget(self.trash)
        actions.addStretch(1)
        below = QVBoxLayout()
        below.setSpacing(GAP.SMALL)
        below.addWidget(self.use)
        below.addLayout(actions)
        below.addWidget(self._copied)
        self.body.addLayout(head)
        self.body.addWidget(self._place)
        self.body.addSpacing(GAP.HAIR)
        self._scroll.body.addLayout(grid)
        self._scroll.body.addSpacing(GAP.HAIR)
        self._scroll.body.addWidget(label("What it allows", role="strong"))
        self._kept = self._scroll.body.count()
        self.body.addWidget(self._scroll, 1)
        self.body.addLayout(below)
        self.body.addWidget(self._sealed)

    def sizeHint(self) -> QSize:
        return QSize(340, 480)

    def show_token(self, token: TokenSummary) -> None:
        self._token = token
        now = int(self._clock())
        self._title.setText(token.title or "token")
        bought = f" · bought for {token.price.words()}" if token.price is not None else ""
        self._place.setText(f"{token.origin.authority}{bought}")
        self._left.count_to(token.expires_at)
        if token.expires_at is None:
            self._left.setText("no end is named in it")
        self._facts["Used"].setText(_used(token))
        self._facts["Last answer"].setText(standing(token, now))
        method = f"{token.method} " if token.method else ""
        self._facts["Sent to"].setText(f"{method}{token.origin}, {token.scope}")
        self._facts["Scheme"].setText(token.scheme)
        self._facts["Payment hash"].setText(short(token.payment_hash))
        self._facts["Bought"].setText(clock_time(token.bought_at))
        self._sealed.setText(f"Sealed under {token.sealed_by}" if token.sealed_by else "")
        self._show_caveats(token)

    def _show_caveats(self, token: TokenSummary) -> None:
        column = self._scroll.body
        self._scroll.clear(self._kept)
        for caveat in token.caveats[:MOST_CAVEATS]:
            column.addWidget(caveat_row(explain(caveat), name="tokenCaveat", now=self._clock()))
        if (more := len(token.caveats) - MOST_CAVEATS) > 0:
            column.addWidget(label(f"and {more} more", role="dim"))
        if not token.caveats:
            column.addWidget(label("Nothing in it limits its use, as far as can be read.", role="dim", wrap=True))
        column.addStretch(1)

    @Slot(object)
    def tell_copied(self, _header: object) -> None:
        """The header came from the vault and is on the clipboard now."""
        seconds = CLEAR_AFTER_MS // 1_000
        self._copied.show()
        self._copied.setText(f"Copied. It leaves the clipboard in {seconds} s.")
        announce(self, "Copied")
        self._gone.start()

    @Slot()
    def _tell_gone(self) -> None:
        self._copied.hide()

    @Slot()
    def _ask_header(self) -> None:
        if self._token is not None:
            self.header_wanted.emit(self._token)

    @Slot()
    def _use(self) -> None:
        if self._token is not None:
            self.use_pressed.emit(self._token)

    @Slot()
    def _trash(self) -> None:
        if self._token is not None:
            self.trash_pressed.emit(self._token)


def _used(token: TokenSummary) -> str:
    times = f"{token.uses} time{'' if token.uses == 1 else 's'}"
    if not token.uses or token.price is None:
        return times
    each = Msat(token.price.value // token.uses)
    return f"{times} · {each.words()} a use"
