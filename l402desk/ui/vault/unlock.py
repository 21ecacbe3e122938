"""Opening the vault with a passphrase or the recovery code, or choosing the passphrase it will be sealed under."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from l402desk.session.lock import LockState, LockView
from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button, link_button, primary_button
from l402desk.ui.widgets.dialog import ColumnDialog
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.text import label

SHORTEST = 8
WIDTH, LEAST_HEIGHT = 480, 216
_LONGEST = 1_024
NEW = (
    "This computer offers no keyring the app can trust, so what you buy is sealed under a passphrase of your own. "
    "Nobody can recover it for you: without it the vault stays closed."
)

CODE = "Type the recovery code that you wrote down: seven groups of five letters and digits."
_BY_CODE = (LockState.ASK_PASSPHRASE, LockState.CLOSED)
_TITLES = {LockState.CHOOSE_PASSPHRASE: "Protect what you buy", LockState.NEW_PASSPHRASE: "Choose a new passphrase"}


class UnlockDialog(ColumnDialog):
    """Asks for the passphrase; `passphrase_given` carries it, `retry_pressed` asks the keyring once more.

    `code_given` carries a recovery code, `new_passphrase_given` what is chosen after it opened the vault.
    """

    passphrase_given = Signal(object)
    retry_pressed = Signal()
    code_given = Signal(object)
    new_passphrase_given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name="unlockDialog", title="Vault", width=WIDTH, least_height=LEAST_HEIGHT, parent=parent)
        self._state = LockState.OPENING
        self._view = LockView()
        self._by_code = False
        self._title = label(role="title", name="unlockTitle")
        self._why = label(wrap=True, role="dim", name="unlockReason")
        self._first = secret_field("passphraseField", "Passphrase")
        self._second = secret_field("passphraseAgainField", "The same passphrase again")
        self._code = line_field(name="recoveryCodeField", label="Recovery code", placeholder="Recovery code", mono=True)
        self._code.setMaxLength(_LONGEST)
        self._says = label(wrap=True, role="caution", name="unlockProblem")
        self._go = primary_button("Unlock", name="unlockButton", icon="unlock")
        self._retry = button("Ask the keyring again", name="retryKeyringButton", icon="refresh")
        self._other_way = link_button("Use the recovery code", name="otherWayButton")
        self._later = button("Not now", name="unlockLaterButton")
        self._go.clicked.connect(self._give)
        self._retry.clicked.connect(self.retry_pressed)
        self._other_way.clicked.connect(self._change_way)
        self._later.clicked.connect(self.reject)
        self._code.textChanged.connect(self._check)
        self._first.textChanged.connect(self._check)
        self._second.textChanged.connect(self._check)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP.SMALL)
        head.addWidget(IconView("lock", "accent", 24))
        head.addWidget(self._title, 1)
        self.column.addLayout(head)
        for part in (self._why, self._first, self._second, self._code, self._says):
            self.column.addWidget(part)
        ways = QHBoxLayout()
        ways.addWidget(self._other_way)
        ways.addStretch(1)
        self.column.addLayout(ways)
        self.end_with(self._later, self._go, left=[self._retry])

    def show_lock(self, view: LockView) -> None:
        """Follow the lock: ask, say what was wrong, and close once it is open."""
        if view.state is LockState.OPEN:
            self.accept()
            return
        before, self._state, self._view = self._state, view.state, view
        if view.state is LockState.OPENING:
            self._show_opening()
            return
        asked = before is LockState.OPENING and bool(self._first.text())
        self._by_code = bool(view.problem) and view.state in _BY_CODE
        self._let_type(True)
        self._show_parts()
        if view.problem:
            self._say(view.problem)
            self._code.selectAll()
        elif asked and view.state is LockState.ASK_PASSPHRASE:
            self._why.setText(view.remedy)
            self._say(view.reason)
            self._first.selectAll()
        self.resize(self.sizeHint())

    def _show_parts(self) -> None:
        view, by_code = self._view, self._by_code
        chooses = view.state in (LockState.CHOOSE_PASSPHRASE, LockState.NEW_PASSPHRASE)
        asks = view.state is LockState.ASK_PASSPHRASE and not by_code
        self._title.setText(_TITLES.get(view.state, "The vault is locked"))
        self._why.setText(self._reason())
        self._first.setVisible(chooses or asks)
        self._second.setVisible(chooses)
        self._code.setVisible(by_code)
        self._go.setVisible(chooses or asks or by_code)
        self._go.setText("Seal the vault" if chooses else "Unlock")
        self._retry.setVisible(view.state in (LockState.CLOSED, LockState.CHOOSE_PASSPHRASE) and not by_code)
        self._retry.setText("Unlock" if view.on_purpose else "Ask the keyring again")
        self._other_way.setVisible(view.state in _BY_CODE)
        self._other_way.setText("Back" if by_code else "Use the recovery code")
        self._check()
        (self._code if by_code else self._first if chooses or asks else self._retry).setFocus()

    def _reason(self) -> str:
        if self._by_code:
            return CODE
        if self._view.state is LockState.CHOOSE_PASSPHRASE:
            return f"{NEW}\n\n{self._view.reason}"
        return f"{self._view.reason} {self._view.remedy}".strip()

    @Slot()
    def _change_way(self) -> None:
        self._by_code = not self._by_code
        self._show_parts()
        self.resize(self.sizeHint())

    def _show_opening(self) -> None:
        """What was typed stays, and waits with the user for the answer."""
        self._let_type(False)
        self._say("")
        self._go.setText("Opening…")
        self._go.setEnabled(False)
        if not self._first.text() and not self._by_code:
            self._title.setText("Opening the vault…")
            self._why.setText("The keyring of this computer is being asked. It may ask you in turn.")
            for part in (self._first, self._second, self._code, self._retry, self._other_way, self._go):
                part.hide()

    def _let_type(self, may: bool) -> None:
        for part in (self._first, self._second, self._code, self._retry, self._other_way):
            part.setEnabled(may)

    def done(self, result: int) -> None:
        self._by_code = False
        for part in (self._first, self._second, self._code):
            part.clear()
        super().done(result)

    @Slot()
    def _check(self) -> None:
        if self._state is LockState.OPENING:
            return
        if self._by_code:
            self._say("")
            self._go.setEnabled(bool(self._code.text().strip()))
            return
        first, second = self._first.text(), self._second.text()
        chooses = self._state in (LockState.CHOOSE_PASSPHRASE, LockState.NEW_PASSPHRASE)
        problem = ""
        if chooses and first and len(first) < SHORTEST:
            problem = f"Use at least {SHORTEST} characters; a few unrelated words are best."
        elif chooses and second and first != second:
            problem = "The two are not the same yet."
        self._say(problem)
        self._go.setEnabled(bool(first) and not problem and (not chooses or first == second))

    def _say(self, problem: str) -> None:
        self._says.setText(problem)
        self._says.setVisible(bool(problem))

    @Slot()
    def _give(self) -> None:
        if self._by_code:
            self.code_given.emit(self._code.text())
        elif self._state is LockState.NEW_PASSPHRASE:
            self.new_passphrase_given.emit(self._first.text())
        else:
            self.passphrase_given.emit(self._first.text())


def secret_field(name: str, words: str) -> QLineEdit:
    """A field that does not show what is typed; ``words`` say what it is for."""
    made = line_field(name=name, label=words, placeholder=words)
    made.setMaxLength(_LONGEST)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    return made
