"""The settings of the vault: who keeps its key, when it is locked, and what can be done with the key."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.session.lock import LockSession
from l402desk.session.preferences import Preferences
from l402desk.session.security import Deed, Done, KeyView, SecuritySession, day_words
from l402desk.ui.settings.code_dialog import CodeDialog
from l402desk.ui.settings.rows import caption
from l402desk.ui.settings.vault_deeds import VaultDeeds
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.notice import NoticeBar
from l402desk.ui.widgets.text import Label, label

MINUTES = (1, 5, 15, 30, 60, 0)
_NO_VAULT = "There is no vault yet: it is made when you buy something, or when you unlock it."


class VaultSection(QWidget):
    """Shows what `SecuritySession` knows. Nothing that could be done twice by a double click is done twice."""

    unlock_requested = Signal()

    def __init__(
        self, security: SecuritySession, lock: LockSession, preferences: Preferences, copy: Callable[[str], None]
    ) -> None:
        """``copy`` takes a secret to the clipboard, marked, and away again."""
        super().__init__()
        self.setObjectName("vaultSection")
        self._security, self._lock, self._preferences, self._copy = security, lock, preferences, copy
        self._deeds = VaultDeeds(security, self)
        self._notice = NoticeBar(name="keysNotice")
        self._moved = NoticeBar(name="keyMovedNotice")
        self._said_moved = ""
        self._facts = {word: label(wrap=True, name=f"{word}Fact") for word in ("keeper", "key", "code")}
        self._lock_button = button("Lock now", name="lockNowButton", icon="lock")
        self._minutes = QComboBox()
        self._buttons = QButtonGroup(self)
        self._by_word: dict[str, QAbstractButton] = {}
        self._lay_out()
        self._connect()
        self.show_lock_time()
        self.show_key()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.MEDIUM)
        column.addWidget(self._notice)
        column.addWidget(self._moved)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP.LARGE)
        grid.setVerticalSpacing(GAP.SMALL)
        grid.setColumnStretch(1, 1)
        facts: tuple[tuple[str, Label], ...] = (
            ("Key kept by", self._facts["keeper"]),
            ("Key made", self._facts["key"]),
            ("Recovery code", self._facts["code"]),
        )
        for number, (words, fact) in enumerate(facts):
            grid.addWidget(caption(words), number, 0)
            grid.addWidget(fact, number, 1)
        column.addLayout(grid)
        column.addLayout(self._lock_row())
        column.addLayout(
            self._row(
                (Deed.PASSPHRASE, "Use a passphrase…", "passphraseButton", "edit"),
                (Deed.KEYRING, "Use the keyring", "keyringButton", "key"),
            )
        )
        column.addLayout(
            self._row(
                (Deed.CODE, "New recovery code…", "newCodeButton", "file"),
                (Deed.ROTATE, "Replace the key", "replaceKeyButton", "refresh"),
            )
        )
        column.addLayout(
            self._row(
                (Deed.BACK_UP, "Back up…", "backUpButton", "download"),
                (Deed.RESTORE, "Restore a backup…", "restoreButton", "undo"),
            )
        )
        words = "A backup holds everything, sealed under a passphrase of its own, and opens on any computer."
        column.addWidget(label(words, role="dim", wrap=True))

    def _lock_row(self) -> QHBoxLayout:
        self._minutes.setObjectName("lockAfterBox")
        self._minutes.setAccessibleName("Lock the vault after")
        for minutes in MINUTES:
            self._minutes.addItem(_after(minutes), minutes)
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        row.addWidget(self._lock_button)
        row.addSpacing(GAP.SMALL)
        row.addWidget(self._minutes)
        row.addStretch(1)
        return row

    def _row(self, *buttons: tuple[Deed, str, str, str]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP.SMALL)
        for deed, words, name, icon in buttons:
            made = button(words, name=name, icon=icon)
            made.setProperty("deed", str(deed))
            self._buttons.addButton(made)
            self._by_word[deed] = made
            row.addWidget(made)
        row.addStretch(1)
        return row

    def _connect(self) -> None:
        self._lock_button.clicked.connect(self._lock_or_unlock)
        self._minutes.activated.connect(self._choose_minutes)
        self._buttons.buttonClicked.connect(self._press)
        self._security.changed.connect(self.show_key)
        self._security.done.connect(self._tell)
        self._security.failed.connect(self._tell)
        self._security.code_ready.connect(self._show_code)
        self._lock.changed.connect(self._security.refresh)
        self._lock.lock_refused.connect(self._tell_refusal)
        self._preferences.changed.connect(self.show_lock_time)

    @Slot()
    def show_lock_time(self) -> None:
        """Show the time that holds; one that was set by hand in the file is offered, too."""
        minutes = self._preferences.settings.lock_after_minutes
        if self._minutes.findData(minutes) < 0:
            self._minutes.addItem(_after(minutes), minutes)
        self._minutes.setCurrentIndex(self._minutes.findData(minutes))

    @Slot()
    def show_key(self) -> None:
        """Show what is known now."""
        view, doing = self._security.view, self._security.doing
        self._facts["keeper"].setText(_keeper(view))
        self._facts["key"].setText(_day(view.key_since) if view.exists else "–")
        self._facts["code"].setText(_code(view))
        self._lock_button.setText("Lock now" if view.is_open or not view.exists else "Unlock…")
        self._lock_button.setEnabled(view.exists)
        self._by_word[Deed.PASSPHRASE].setText("Change the passphrase…" if view.by_passphrase else "Use a passphrase…")
        self._by_word[Deed.KEYRING].setVisible(view.by_passphrase)
        for deed, shown in self._by_word.items():
            shown.setEnabled(doing is None and (view.is_open or deed == Deed.RESTORE))
        self._by_word[Deed.ROTATE].setText("Replacing…" if doing is Deed.ROTATE else "Replace the key")
        self._by_word[Deed.BACK_UP].setText("Backing up…" if doing is Deed.BACK_UP else "Back up…")
        self._show_moved(view)

    def _show_moved(self, view: KeyView) -> None:
        if view.moved_from and view.moved_from != self._said_moved:
            sentence = (
                f"The key was kept by {view.moved_from} until now, and was found in {view.kept_by}. If you did not "
                "change your keyring, replace the key."
            )
            self._moved.show_notice("warning", "Another keyring keeps the key", sentence)
        elif not view.moved_from:
            self._moved.hide()
        self._said_moved = view.moved_from or ""

    @Slot()
    def _lock_or_unlock(self) -> None:
        if self._lock.is_open:
            self._lock.lock()
        else:
            self.unlock_requested.emit()

    @Slot()
    def _choose_minutes(self) -> None:
        self._preferences.lock_after(int(self._minutes.currentData()))

    @Slot(QAbstractButton)
    def _press(self, pressed: QAbstractButton) -> None:
        self._notice.hide()
        self._deeds.begin(Deed(pressed.property("deed")))

    @Slot(object)
    def _tell(self, done: Done) -> None:
        self._notice.show_notice(done.severity, done.title, done.sentence)

    @Slot(object)
    def _tell_refusal(self, sentence: object) -> None:
        self._notice.show_notice("info", "The vault stays open", str(sentence))

    @Slot(object)
    def _show_code(self, code: object) -> None:
        CodeDialog(str(code), self._copy, self.window()).open()


def _after(minutes: int) -> str:
    if not minutes:
        return "Never lock by itself"
    return f"Lock after {minutes} {'minute' if minutes == 1 else 'minutes'} untouched"


def _day(at: int | None) -> str:
    return "before this was written down" if at is None else day_words(at)


def _keeper(view: KeyView) -> str:
    if not view.exists:
        return _NO_VAULT
    since = f", since {_day(view.since)}" if view.since is not None else ""
    locked = "" if view.is_open else " (the vault is locked)"
    return f"{view.kept_by[:1].upper()}{view.kept_by[1:]}{since}{locked}"


def _code(view: KeyView) -> str:
    if not view.exists:
        return "–"
    if view.code_made_at is not None:
        return f"Made on {_day(view.code_made_at)}"
    lost = "a forgotten passphrase" if view.by_passphrase else "a keyring that loses its key"
    return f"None yet: without one, {lost} closes the vault for good"
