"""One token in detail: what it is good for, where it may go, what it is made of, and what can be done with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, QTimer, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QVBoxLayout

from l402desk.session.clipboard import CLEAR_AFTER_MS
from l402desk.session.token_jobs import TokenAccount
from l402desk.ui.style import GAP
from l402desk.ui.vault.detail_body import DetailBody
from l402desk.ui.vault.facts import use_hindrance
from l402desk.ui.vault.inline_edit import InlineEdit
from l402desk.ui.vault.token_actions import TokenActions
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.buttons import button, danger_button, icon_button, primary_button
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.text import elided_label, label, sentences, set_tool_tip
from l402desk.vault.tokens import MOST_TITLE, TokenState, TokenSummary

if TYPE_CHECKING:
    from l402desk.engine.trial import Trial

LOW = 420
"""Logical pixels of height below which room is short."""
_SECOND = ("copy", "restrict")
_IN_TRASH = ("restore", "forget")
WHY_TEST = "Sends one request to the token's own address. It costs no money, and the server may count it as a use."


class TokenDetail(Card):
    """Shows one token; what is pressed is done by `TokenActions`. `renamed` and `noted` carry the token and a text."""

    renamed = Signal(object, object)
    noted = Signal(object, object)

    def __init__(self, actions: TokenActions, clock: Callable[[], float] = time.time) -> None:
        super().__init__(name="tokenDetail", spacing=GAP.SMALL)
        self._actions = actions
        self._clock = clock
        self._token: TokenSummary | None = None
        self._is_low = False
        self.is_trying = False
        self.title = InlineEdit(name="tokenTitle", label="Rename", most=MOST_TITLE, keys="F2", role="heading")
        self._place = elided_label(role="dim", mode="middle", name="tokenPlace")
        self._hindrance = label(role="caution", wrap=True, name="tokenHindrance")
        self.notice = NoticeBar(name="tokenNotice")
        self.body_column = DetailBody(clock)
        self.note = self.body_column.note
        self._copied = label(role="small", name="tokenCopied")
        self._copied.hide()
        self._gone = QTimer(self, singleShot=True, interval=CLEAR_AFTER_MS)
        self._gone.timeout.connect(self._copied.hide)
        self.more = icon_button("more", name="tokenMoreButton", label="More for this token")
        self._make_buttons()
        self._lay_out()
        self.title.written.connect(self._rename)
        self.note.written.connect(self._write_note)

    def _make_buttons(self) -> None:
        self.use = primary_button("Use in request", name="useTokenButton", icon="send")
        self.test = button("Test", name="testTokenButton", icon="refresh", label="Test for free")
        self.copy = button("Copy header", name="copyTokenHeaderButton", icon="copy")
        self.restrict = button("Restrict…", name="restrictTokenButton", icon="link", label="Restrict and share")
        self.restore = button("Restore", name="restoreTokenButton", icon="undo", label="Take out of the trash")
        self.forget = danger_button("Delete for ever…", name="forgetTokenButton", icon="trash")
        self._buttons: dict[str, QPushButton] = {
            "use": self.use,
            "test": self.test,
            "copy": self.copy,
            "restrict": self.restrict,
            "restore": self.restore,
            "forget": self.forget,
        }
        for word, made in self._buttons.items():
            made.clicked.connect(self._actions.of(word).trigger)
            if word in _IN_TRASH:
                made.hide()
        set_tool_tip(self.test, WHY_TEST)
        menu = QMenu(self)
        menu.setObjectName("tokenMenu")
        menu.addActions(self._actions.all)
        self.more.setMenu(menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP.SMALL)
        head.addWidget(IconView("key", "accent", 20))
        head.addWidget(self.title, 1)
        head.addWidget(self.more)
        below = QVBoxLayout()
        below.setSpacing(GAP.SMALL)
        for pair in ((self.use, self.test), (self.copy, self.restrict), (self.restore, self.forget)):
            row = QHBoxLayout()
            row.setSpacing(GAP.SMALL)
            row.addWidget(pair[0], 1)
            row.addWidget(pair[1], 1)
            below.addLayout(row)
        below.addWidget(self._copied)
        self.body.addLayout(head)
        self.body.addWidget(self._place)
        self.body.addWidget(self._hindrance)
        self.body.addWidget(self.notice)
        self.body.addWidget(self.body_column, 1)
        self.body.addLayout(below)

    def sizeHint(self) -> QSize:
        return QSize(340, 480)

    def show_token(self, token: TokenSummary) -> None:
        """What the list knows of it; the rest comes by `show_account`."""
        if self._token is None or token.id != self._token.id:
            self.notice.hide()
            self._copied.hide()
            self.body_column.scroll_to_top()
        self._token = token
        self.title.show_text(token.title or "token")
        bought = f" · bought for {token.price.words()}" if token.price is not None else f" · {token.source}"
        self._place.setText(f"{token.origin.authority}{bought}")
        hindrance = use_hindrance(token, int(self._clock()))
        self._hindrance.setText(hindrance)
        self._hindrance.setVisible(bool(hindrance))
        self.body_column.show_token(token)
        self._show_buttons(token)

    def show_account(self, account: TokenAccount) -> None:
        """Everything there is to show of the same token; of another one, nothing."""
        if self._token is None or account.token.id != self._token.id:
            return
        self.show_token(account.token)
        self.body_column.show_account(account)
        reason = account.anatomy.reason if account.anatomy is not None else ""
        self._actions.allow(account.token, reason)
        set_tool_tip(self.restrict, reason)
        self._show_buttons(account.token)

    def begin_trial(self) -> None:
        """A trial is under way: another one waits for its end."""
        self.is_trying = True
        self.notice.hide()
        self._show_trying()

    @Slot()
    def end_trial(self) -> None:
        """It came to an end, with an answer or without."""
        self.is_trying = False
        self._show_trying()

    def _show_trying(self) -> None:
        self.test.setText("Testing…" if self.is_trying else "Test")
        self.test.setEnabled(not self.is_trying and self._actions.of("test").isEnabled())

    def show_trial(self, trial: Trial) -> None:
        """How the trial of this token went."""
        self.end_trial()
        if self._token is None or trial.token.id != self._token.id:
            return
        notice = trial.notice
        self.notice.show_notice(str(notice.tone), notice.title, sentences(notice.sentence, notice.remedy))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the second row of buttons leaves it to the facts; the menu has them too."""
        super().resizeEvent(event)
        is_low = event.size().height() < LOW
        if is_low != self._is_low:
            self._is_low = is_low
            if self._token is not None:
                self._show_buttons(self._token)

    def _show_buttons(self, token: TokenSummary) -> None:
        in_trash = token.state is TokenState.TRASHED
        for word, made in self._buttons.items():
            made.setVisible((word in _IN_TRASH) == in_trash and not (self._is_low and word in _SECOND))
            made.setEnabled(self._actions.of(word).isEnabled())
        self._show_trying()

    @Slot(object)
    def tell_copied(self, _header: object) -> None:
        """The header came from the vault and is on the clipboard now."""
        seconds = CLEAR_AFTER_MS // 1_000
        self._copied.show()
        self._copied.setText(f"Copied. It leaves the clipboard in {seconds} s.")
        announce(self, "Copied")
        self._gone.start()

    @Slot(object)
    def _rename(self, text: object) -> None:
        if self._token is not None:
            self.renamed.emit(self._token, text)

    @Slot(object)
    def _write_note(self, text: object) -> None:
        if self._token is not None:
            self.noted.emit(self._token, text)
