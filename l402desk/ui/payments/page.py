"""The payments page: what was spent, every purchase in a table, and the chosen one in full."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from l402desk.engine.statement import Line
from l402desk.engine.statement_file import FileKind
from l402desk.ledger.history import PurchaseFilter
from l402desk.session.payment import PaymentSession, Told
from l402desk.session.payment_listing import Wanted
from l402desk.session.payments import PaymentsSession
from l402desk.ui.payments.book import PaymentBook
from l402desk.ui.payments.exchange_view import ExchangeDialog
from l402desk.ui.payments.filter_row import FilterRow
from l402desk.ui.payments.saving import StatementSaver
from l402desk.ui.payments.spending import SpendingCard
from l402desk.ui.payments.sums_strip import SumsStrip
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.empty import EmptyState
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.text import label

TICK_MS = 30_000
_CHART_FROM = 620  # logical pixels of height below which the table needs them more
_STRIP_FROM = 400
SURE = (
    "Look into the wallet first. If it shows this payment as pending, wait: it may still go through. Once ended, it no"
    " longer counts against your budgets, and the same thing may be paid again."
)


class PaymentsPage(QWidget):
    """Shows what the sessions hold. `token_requested` carries the line whose token is wanted."""

    token_requested = Signal(object)
    unlock_requested = Signal()

    def __init__(
        self, payments: PaymentsSession, payment: PaymentSession, clock: Callable[[], float] = time.time
    ) -> None:
        super().__init__()
        self.setObjectName("paymentsPage")
        self._payments = payments
        self._payment = payment
        self._ending = ""
        self.filter = FilterRow(clock)
        self.strip = SumsStrip()
        self.spending = SpendingCard()
        self.book = PaymentBook(payments, clock)
        self.table, self.detail = self.book.table, self.book.detail
        self.chart_button = button("Chart", name="spendingChartButton", label="Show the spending chart")
        self.chart_button.setCheckable(True)
        self.chart_button.setChecked(True)
        self.export = button("Export…", name="exportPaymentsButton", icon="download", label="Export the payments")
        self._saver = StatementSaver(self, clock)
        self._exchange = ExchangeDialog(self)
        self._notice = NoticeBar(name="paymentsNotice")
        self._stack = QStackedWidget()
        self._ticks = QTimer(self, interval=TICK_MS)
        self._make_empty_states()
        self._lay_out()
        self._connect()
        self.show_payments()

    def _make_empty_states(self) -> None:
        self._empty = EmptyState(
            "receipt",
            "Nothing paid yet",
            "Send a request to a paid API. Whatever you pay for is written down here before any money moves.",
            name="paymentsEmpty",
        )
        self._none = EmptyState(
            "search",
            "No payment matches",
            "Try a host, a part of the path or the beginning of a payment hash.",
            name="paymentsNone",
            button_text="Show all payments",
        )
        self._locked = EmptyState(
            "lock",
            "The vault is locked",
            "Unlock it to see what you paid, and what became of it.",
            name="paymentsLocked",
            button_text="Unlock",
        )

    def _lay_out(self) -> None:
        for part in (self.book, self._empty, self._none, self._locked):
            self._stack.addWidget(part)
        head = QHBoxLayout()
        head.setSpacing(GAP.SMALL)
        title = label("Payments", role="title")
        title.setMinimumHeight(2 * GAP.LARGE)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.chart_button)
        head.addWidget(self.export)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP.LARGE, GAP.MEDIUM, GAP.LARGE, GAP.SMALL)
        column.setSpacing(GAP.MEDIUM)
        column.addLayout(head)
        column.addWidget(self.filter)
        column.addWidget(self._notice)
        column.addWidget(self.strip)
        column.addWidget(self.spending)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        payments, payment, actions = self._payments, self._payment, self.detail.buttons
        payments.changed.connect(self.show_payments)
        payments.summed.connect(self.show_sums)
        payments.went_wrong.connect(self._tell_failure)
        payments.exported.connect(self._tell_exported)
        payment.told.connect(self._tell)
        payment.acted.connect(payments.refresh)
        payment.busy_changed.connect(self._show_busy)
        payment.exchange_came.connect(self._exchange.show_exchange)
        self._exchange.wanted.connect(self._ask_exchange)
        actions.ask_pressed.connect(payment.resolve)
        actions.deliver_pressed.connect(payment.deliver)
        actions.proof_given.connect(payment.prove)
        actions.end_pressed.connect(self._make_sure)
        self.detail.exchange_wanted.connect(self._open_exchange)
        self.detail.token_wanted.connect(self.token_requested)
        self.filter.changed.connect(self._filter)
        self.chart_button.toggled.connect(self._arrange)
        self.export.clicked.connect(self._saver.ask)
        self._saver.chosen.connect(self._save)
        self.spending.span_wanted.connect(payments.show_span)
        self._notice.action_pressed.connect(self._act)
        self._none.pressed.connect(self.filter.clear)
        self._locked.pressed.connect(self.unlock_requested)
        self._ticks.timeout.connect(self.book.tick)
        QShortcut(QKeySequence("Ctrl+F"), self, self.filter.search.setFocus)

    def show_purchase(self, purchase_id: str) -> None:
        """Bring one purchase to the front, whatever the filter hides."""
        self.book.seek(purchase_id)
        if not self.filter.wanted().is_empty:
            self.filter.clear()
        else:
            self._payments.refresh()

    @Slot()
    def refresh(self) -> None:
        """Something was paid or found out; a page that is not seen asks when it is."""
        if self.isVisible():
            self._payments.refresh()

    @Slot()
    def show_payments(self) -> None:
        """Draw what the session lists now; the chosen payment stays chosen, and the table where it was."""
        payments = self._payments
        self.book.take_list()
        self.filter.count(payments.everything)
        if not payments.is_loaded:
            self._stack.setCurrentWidget(self._locked)
            self._forget()
        elif payments.numbers:
            self._stack.setCurrentWidget(self.book)
        else:
            self._stack.setCurrentWidget(self._empty if not payments.everything else self._none)
        self._arrange()

    def _forget(self) -> None:
        """What is locked away stands in no message and no other window either."""
        self._ending = ""
        self._notice.hide()
        self._exchange.reject()

    @Slot()
    def show_sums(self) -> None:
        self.strip.show_summary(self._payments.summary)
        self.spending.show_summary(self._payments.summary)

    @Slot()
    def _arrange(self) -> None:
        """What there is room for, and something to say."""
        has_any = self._payments.is_loaded and self._payments.everything > 0
        self.filter.setVisible(has_any)
        self.export.setVisible(has_any)
        self.strip.setVisible(has_any and self.height() >= _STRIP_FROM)
        has_room = self.height() >= _CHART_FROM
        self.chart_button.setVisible(has_any and has_room)
        has_bars = has_room and bool(self._payments.numbers) and self.chart_button.isChecked()
        self.spending.setVisible(has_any and has_bars)

    @Slot(object)
    def _filter(self, only: PurchaseFilter) -> None:
        now = self._payments.wanted
        self._payments.want(Wanted(only, now.order, now.descending))

    @Slot()
    def _show_busy(self) -> None:
        self.detail.buttons.show_busy(self._payment.is_busy)

    @Slot(object)
    def _tell(self, told: Told) -> None:
        self._notice.show_notice(told.severity, told.title, told.sentence)

    @Slot(object)
    def _tell_failure(self, sentence: object) -> None:
        self._notice.show_notice("danger", "That did not work", str(sentence))

    @Slot(object)
    def _tell_exported(self, count: object) -> None:
        self._notice.show_notice("good", f"Saved {count:,} payment{'' if count == 1 else 's'}")

    @Slot(object, object, object)
    def _save(self, target: Path, kind: FileKind, replace: bool) -> None:
        self._payments.export(target, kind, replace=replace)

    @Slot(object)
    def _make_sure(self, purchase_id: str) -> None:
        """Money could be lost here: the one question of this page, asked in the page."""
        self._ending = purchase_id
        line = self.detail.line
        what = "this" if line is None else f"{line.purchase.amount.words()} to {line.purchase.origin.authority}"
        title = f"Did you look whether the wallet paid {what}?"
        self._notice.show_notice("warning", title, SURE, (("end", "It was not paid"), ("wait", "Go on waiting")))

    @Slot(object)
    def _act(self, word: object) -> None:
        self._notice.hide()
        if word == "end" and self._ending:
            self._payment.end_unpaid(self._ending)
        self._ending = ""

    @Slot(object)
    def _open_exchange(self, line: Line) -> None:
        title = f"{line.purchase.method} {line.purchase.origin.authority}{line.purchase.path}"
        self._exchange.show_purchase(line.purchase.id, title)

    @Slot(object, object)
    def _ask_exchange(self, purchase_id: str, reveal: bool) -> None:
        self._payment.ask_exchange(purchase_id, reveal=reveal)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ticks.start()
        self._payments.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        self._ticks.stop()
        super().hideEvent(event)
