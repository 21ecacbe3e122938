"""The window with its pages, connected to the sessions they show. What a page needs is imported when it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from l402desk.session.clipboard import SecretClipboard
from l402desk.session.io import Io
from l402desk.session.lock import LockSession, LockState
from l402desk.session.preferences import Preferences
from l402desk.session.recovery import RecoverySession
from l402desk.session.starts import StartsSession
from l402desk.session.tokens import TokensSession
from l402desk.session.wallets import WalletsSession
from l402desk.settings import Folders
from l402desk.store.errors import StoreError
from l402desk.ui.locking import Locking
from l402desk.ui.main_window import MainWindow
from l402desk.ui.page import LazyPage
from l402desk.ui.pending_bar import Pending
from l402desk.ui.unlocking import Unlocking
from l402desk.ui.widgets.announce import announce
from l402desk.ui.window_state import WindowState

if TYPE_CHECKING:
    from l402desk.engine.statement import Line
    from l402desk.ui.payments.page import PaymentsPage
    from l402desk.ui.request_desk import RequestDesk
    from l402desk.ui.vault.page import VaultPage
    from l402desk.vault.tokens import TokenSummary

_VAULT_WORDS = {
    LockState.OPEN: "Vault unlocked",
    LockState.NEW_PASSPHRASE: "Vault unlocked",
    LockState.OPENING: "Opening the vault…",
}


class Desk(QObject):
    """Makes the window and the sessions, and connects them. Nothing here waits, and nothing decides about money."""

    def __init__(self, io: Io, preferences: Preferences, folders: Folders, state: WindowState | None = None) -> None:
        super().__init__()
        self._io = io
        self._preferences = preferences
        self._folders = folders
        self.lock = LockSession(io, self)
        self.wallets = WalletsSession(io, self)
        self.tokens = TokensSession(io, self)
        self.starts = StartsSession(io, self)
        self.recovery = RecoverySession(io, self)
        self.clipboard = SecretClipboard(self)
        self._requests: RequestDesk | None = None
        self.window = MainWindow(
            (
                LazyPage("requests", "Requests", "send", self._make_requests),
                LazyPage("vault", "Vault", "key", self._make_vault),
                LazyPage("payments", "Payments", "receipt", self._make_payments),
                LazyPage("wallets", "Wallets", "wallet", self._make_wallets),
                LazyPage("settings", "Settings", "gear", self._make_settings),
            ),
            state=state,
        )
        self.window.may_close = self.may_close
        self.locking = Locking(self.window, self.lock, preferences, self)
        self.locking.proof_is_shown = self.show_proof
        self.unlocking = Unlocking(self.window, self.lock, self)
        self.unlocking.given_up.connect(self._give_up_unlocking)
        self._warned = False
        self._connect()

    def _connect(self) -> None:
        for keys, act in (
            ("Ctrl+Shift+K", self.open_vault),
            ("Ctrl+Shift+Y", self.open_payments),
            ("Ctrl+Shift+W", self.open_wallets),
            ("Ctrl+,", self.open_settings),
            (QKeySequence.StandardKey.Quit, self.window.close),
        ):
            QShortcut(QKeySequence(keys), self.window, act)
        self.lock.changed.connect(self.show_lock)
        self.lock.closed.connect(self._after_locking)
        self.lock.lock_refused.connect(self._tell_not_locked)
        self.lock.opened.connect(self.tokens.refresh)
        self.lock.opened.connect(self.wallets.refresh)
        self.lock.opened.connect(self.recovery.run)
        self.lock.opened.connect(self.recovery.look_for_imports)
        self.recovery.changed.connect(self.show_open_purchases)
        self.window.pending_bar.ask_requested.connect(self.recovery.run)
        self.window.pending_bar.show_requested.connect(self.show_open_payment)
        self.recovery.changed.connect(self.tokens.refresh)
        self.wallets.changed.connect(self.show_wallets)
        self.tokens.changed.connect(self.show_lock)
        self.tokens.header_ready.connect(self._copy_header)

    @Slot()
    def begin(self) -> None:
        """The services are open: unlock what needs no user, ask the wallets, list the sandbox's requests."""
        self.lock.unlock()
        self.wallets.refresh()
        self.starts.refresh()

    def cannot_begin(self, error: Exception) -> None:
        """The app's own files or threads do not open: say why, in place of everything else."""
        sentence = error.sentence if isinstance(error, StoreError) else "The app could not start its work."
        remedy = error.remedy if isinstance(error, StoreError) else "Start it again; if that does not help, report it."
        notice = self.requests.page.current_tab.notice
        notice.show_notice("danger", "The app cannot work", f"{sentence} {remedy}")
        self.window.status_line.show_vault("Vault not open", locked=True)

    def end(self) -> None:
        """The app ends: give back the clipboard, hide the window, ask nobody any more."""
        self.clipboard.clear()
        self.window.hide()
        self.recovery.stop()

    def may_close(self) -> bool:
        """False once while a proof of payment is in memory alone: the first attempt shows it, the second one counts."""
        if self._warned or not self.show_proof():
            return True
        self._warned = True
        return False

    def show_proof(self) -> bool:
        """Show the tab whose proof of payment is in memory alone, if there is one."""
        holding = self._requests.holding_proof() if self._requests is not None else None
        if holding is not None:
            self.requests.page.show_tab(holding)
        return holding is not None

    @Slot(object)
    def _tell_not_locked(self, sentence: object) -> None:
        self.window.status_line.show_vault("Vault stays open for now")
        announce(self.window, str(sentence))

    @Slot()
    def _after_locking(self) -> None:
        self.clipboard.clear()
        self.tokens.refresh()
        self.wallets.refresh()

    def fill_in(self, url: str) -> None:
        """Put an address into the first tab. It is never sent by itself (a link must not pay or fetch)."""
        self.requests.open(url, is_foreign=True)

    @property
    def requests(self) -> RequestDesk:
        """The request page, brought to the front."""
        self.window.open_page("requests")
        assert self._requests is not None
        return self._requests

    @Slot()
    def open_vault(self) -> None:
        self.window.open_page("vault")

    @Slot()
    def open_payments(self) -> None:
        self.window.open_page("payments")

    @Slot()
    def open_wallets(self) -> None:
        self.window.open_page("wallets")

    @Slot()
    def show_open_payment(self) -> None:
        """The payments, with the one that is open the longest in front."""
        self.open_payments()
        if self.recovery.open_purchases:
            self._show_payment(self.recovery.open_purchases[0].id)

    @Slot()
    def open_settings(self) -> None:
        self.window.open_page("settings")

    def _make_requests(self) -> QWidget:
        from l402desk.ui.request_desk import RequestDesk  # noqa: PLC0415 - not before the first frame
        from l402desk.ui.tab_journey import Shared  # noqa: PLC0415 - not before the first frame

        self._requests = RequestDesk(self._io, self.starts, Shared(self.lock, self.wallets), self)
        self._requests.unlock_wanted.connect(self.ask_unlock)
        self._requests.ended.connect(self._refresh)
        return self._requests.page

    def _make_vault(self) -> QWidget:
        from l402desk.ui.vault.page import VaultPage  # noqa: PLC0415 - not before it is wanted
        from l402desk.ui.vault.transfers import Transfers  # noqa: PLC0415 - not before it is wanted

        page = VaultPage(self.tokens)
        Transfers(page, self._io, self.tokens, self.lock)
        page.use_requested.connect(self._use)
        page.header_wanted.connect(self.tokens.ask_header)
        page.payment_wanted.connect(self._show_payment)
        page.unlock_requested.connect(self.ask_unlock)
        return page

    def _make_payments(self) -> QWidget:
        from l402desk.session.payment import PaymentSession  # noqa: PLC0415 - not before it is wanted
        from l402desk.session.payments import PaymentsSession  # noqa: PLC0415 - not before it is wanted
        from l402desk.ui.payments.page import PaymentsPage  # noqa: PLC0415 - not before it is wanted

        payments, payment = PaymentsSession(self._io, self), PaymentSession(self._io, self)
        page = PaymentsPage(payments, payment)
        page.unlock_requested.connect(self.ask_unlock)
        page.token_requested.connect(self._show_token)
        self.lock.changed.connect(payments.refresh)
        self.recovery.changed.connect(page.refresh)
        self.tokens.changed.connect(page.refresh)
        payment.acted.connect(self._refresh)
        return page

    def _make_wallets(self) -> QWidget:
        from l402desk.ui.wallets.making import make_wallets_page  # noqa: PLC0415 - not before it is wanted

        page = make_wallets_page(self._io, self.wallets, self.lock, self)
        page.unlock_requested.connect(self.ask_unlock)
        return page

    def _make_settings(self) -> QWidget:
        from l402desk.session.budgets import BudgetsSession  # noqa: PLC0415 - not before it is wanted
        from l402desk.session.security import SecuritySession  # noqa: PLC0415 - not before it is wanted
        from l402desk.ui.settings.budgets import BudgetsSection  # noqa: PLC0415 - not before it is wanted
        from l402desk.ui.settings.page import SettingsPage  # noqa: PLC0415 - not before it is wanted
        from l402desk.ui.settings.vault_section import VaultSection  # noqa: PLC0415 - not before it is wanted

        security = SecuritySession(self._io, self)
        security.ended_restoring.connect(self.lock.unlock)
        keys = VaultSection(security, self.lock, self._preferences, self.clipboard.copy)
        keys.unlock_requested.connect(self.ask_unlock)
        security.refresh()
        budgets = BudgetsSession(self._io, self)
        self.lock.changed.connect(budgets.refresh)
        self.wallets.changed.connect(budgets.refresh)
        sections = (("Budgets", BudgetsSection(budgets)), ("Vault and keys", keys))
        return SettingsPage(self._preferences, self._folders, sections)

    @Slot()
    def _refresh(self) -> None:
        self.tokens.refresh()
        self.wallets.refresh()
        self.recovery.run()

    @Slot(object, object)
    def _use(self, token: TokenSummary, path: str) -> None:
        self.tokens.use_again(token)
        self.requests.open(f"{token.origin}{path}", token.method or "GET")

    @Slot(object)
    def _show_token(self, line: Line) -> None:
        cast("VaultPage", self.window.open_page("vault")).show_purchase(line.purchase.id)

    @Slot(object)
    def _show_payment(self, purchase_id: str) -> None:
        cast("PaymentsPage", self.window.open_page("payments")).show_purchase(purchase_id)

    @Slot(object)
    def _copy_header(self, header: object) -> None:
        self.clipboard.copy(f"Authorization: {header}")

    @Slot()
    def ask_unlock(self) -> None:
        self.unlocking.ask()

    @Slot()
    def _give_up_unlocking(self) -> None:
        if self._requests is not None:
            self._requests.give_up_unlocking()

    @Slot()
    def show_lock(self) -> None:
        view = self.lock.view
        is_open = self.lock.is_open
        count = self.tokens.total if is_open and self.tokens.is_loaded else None
        self.window.status_line.show_vault(_VAULT_WORDS.get(view.state, "Vault locked"), count, locked=not is_open)

    @Slot()
    def show_open_purchases(self) -> None:
        self.window.pending_bar.show_pending(
            [
                Pending(p.amount, p.origin.authority, p.claimed_at or p.created_at, p.known_words)
                for p in self.recovery.open_purchases
            ]
        )

    @Slot()
    def show_wallets(self) -> None:
        if not self.wallets.cards:
            self.window.status_line.show_no_wallet()
            return
        first = self.wallets.cards[0]
        if first.trouble:
            self.window.status_line.show_wallet_trouble(first.name, "does not answer")
        else:
            self.window.status_line.show_wallet(first.name, first.balance)
