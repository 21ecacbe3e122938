"""Where a token may be sent: the whole host, a part of it, one address; with one method or with any."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QRadioButton, QWidget

from l402desk.client.request import KNOWN_METHODS
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.dialog import ColumnDialog
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import elided_label, label
from l402desk.vault.scope import Reach, Scope
from l402desk.vault.tokens import TokenSummary

ANY = "any method"
WIDTH, LEAST_HEIGHT = 520, 380
_WORDS = {
    Reach.EXACT: "This address alone",
    Reach.PREFIX: "This address and everything below it",
    Reach.HOST: "The whole host",
}


class ScopeDialog(ColumnDialog):
    """Asks for a scope of one token; `scope_chosen` carries the token, a `Scope`, and a method or None for any."""

    scope_chosen = Signal(object, object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            name="scopeDialog", title="Where it is sent", width=WIDTH, least_height=LEAST_HEIGHT, parent=parent
        )
        self._token: TokenSummary | None = None
        self._host = elided_label(role="dim", mode="middle", name="scopeHost")
        self._reaches = QButtonGroup(self)
        self._choices = {reach: QRadioButton(words) for reach, words in _WORDS.items()}
        self.path = line_field(name="scopePathField", label="Path", placeholder="/v1/data", mono=True)
        self.method = QComboBox()
        self.method.setObjectName("scopeMethodBox")
        self.method.setAccessibleName("Method")
        self._says = label(wrap=True, name="scopeSays")
        self.go = primary_button("Change", name="changeScopeButton")
        self._later = button("Cancel", name="scopeCancelButton")
        for reach, choice in self._choices.items():
            choice.setObjectName(f"{reach}ScopeButton")
            choice.setAccessibleName(_WORDS[reach])
            self._reaches.addButton(choice)
            choice.toggled.connect(self._say)
        self.path.textChanged.connect(self._say)
        self.method.currentTextChanged.connect(self._say)
        self.go.clicked.connect(self._give)
        self._later.clicked.connect(self.reject)
        self._lay_out()

    def _lay_out(self) -> None:
        self.column.addWidget(label("Where may this token be sent?", role="title"))
        self.column.addWidget(self._host)
        for choice in self._choices.values():
            self.column.addWidget(choice)
        place = QHBoxLayout()
        place.setSpacing(GAP.SMALL)
        place.addWidget(self.method)
        place.addWidget(self.path, 1)
        self.column.addLayout(place)
        self.column.addWidget(self._says)
        self.end_with(self._later, self.go)

    def ask(self, token: TokenSummary, path: str = "") -> None:
        """Ask about this token; ``path`` is one where it was used, for a token whose scope names none."""
        self._token = token
        self._host.setText(f"{token.title or 'token'} · {token.origin}")
        methods = [ANY, *KNOWN_METHODS]
        if token.method is not None and token.method not in methods:
            methods.append(token.method)
        self.method.clear()
        self.method.addItems(methods)
        self.method.setCurrentText(token.method or ANY)
        self.path.setText(token.scope.path if token.scope.reach is not Reach.HOST else path or "/")
        self._choices[token.scope.reach].setChecked(True)
        self._say()
        self.open()
        self._choices[token.scope.reach].setFocus()

    def _chosen(self) -> Scope:
        """Raises ValueError for what is no path."""
        reach = next(reach for reach, choice in self._choices.items() if choice.isChecked())
        return Scope.of(reach, self.path.text().strip())

    def _chosen_method(self) -> str | None:
        method = self.method.currentText()
        return None if method == ANY else method

    @Slot()
    def _say(self) -> None:
        token = self._token
        if token is None or self._reaches.checkedButton() is None:
            return
        self.path.setEnabled(not self._choices[Reach.HOST].isChecked())
        try:
            scope = self._chosen()
        except ValueError:
            self._show("A path begins with a slash, and has no “?” and no “#”.", "danger")
            self.go.setEnabled(False)
            return
        method = self._chosen_method()
        same = scope == token.scope and method == token.method
        wider = _is_wider(scope, method, token)
        self._show(_sentence(token, scope, method, wider=wider), "caution" if wider else "dim")
        self.go.setEnabled(not same)

    def _show(self, words: str, role: str) -> None:
        self._says.setText(words)
        set_role(self._says, role)

    @Slot()
    def _give(self) -> None:
        if self._token is not None:
            self.scope_chosen.emit(self._token, self._chosen(), self._chosen_method())
        self.accept()


def _is_wider(scope: Scope, method: str | None, token: TokenSummary) -> bool:
    """May it go to a place, or with a method, where it may not go now?"""
    now = token.scope
    if method is None and token.method is not None:
        return True
    if method is not None and token.method is not None and method != token.method:
        return True
    if now.reach is Reach.HOST or scope == now:
        return False
    return scope.reach is Reach.HOST or not now.covers(scope.path) or now.reach is Reach.EXACT


def _sentence(token: TokenSummary, scope: Scope, method: str | None, *, wider: bool) -> str:
    what = f"{method} requests" if method else "every request"
    where = {
        Reach.HOST: f"to {token.origin}, whatever the path",
        Reach.PREFIX: f"to {token.origin}{scope.path.rstrip('/')}/… and {scope.path} itself",
        Reach.EXACT: f"to {token.origin}{scope.path}",
    }[scope.reach]
    sentence = f"It will be sent with {what} {where}, and nowhere else."
    if not wider:
        return sentence
    return (
        f"{sentence} That is further than now: whoever answers there sees the token and its proof, and could use them."
        " A server that does not take it answers 402 or 401, and nothing is paid by that."
    )
