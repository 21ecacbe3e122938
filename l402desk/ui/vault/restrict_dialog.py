"""A copy of a token that allows less, to hand on: the condition is chosen here, the original stays as it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QWidget

from l402desk.protocol.caveats import explain
from l402desk.ui.challenge.rows import clock_time
from l402desk.ui.style import set_role
from l402desk.ui.widgets.buttons import button, primary_button
from l402desk.ui.widgets.dialog import ColumnDialog
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.text import elided_label, label
from l402desk.vault.restricting import expiry_caveats
from l402desk.vault.tokens import TokenSummary

WIDTH, LEAST_HEIGHT = 560, 340
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
CHOICES: tuple[tuple[str, int | None], ...] = (
    ("Good for 10 minutes", 10 * _MINUTE),
    ("Good for 1 hour", _HOUR),
    ("Good for 1 day", _DAY),
    ("Good for 7 days", 7 * _DAY),
    ("Good for 30 days", 30 * _DAY),
    ("A condition of my own", None),
)
STRICT = (
    "Not every server takes a copy. satring and Fewsats refuse any condition they did not write themselves, and "
    "toll-booth refuses one without “ = ” or one that it already has. Test the copy before you rely on it."
)
WHO_HAS_IT = (
    "Whoever has the copy can use it as far as its conditions go, for the proof of payment is in it. "
    "It cannot be called back."
)


class RestrictDialog(ColumnDialog):
    """`copy_wanted` and `keep_wanted` carry the token and a tuple of conditions; the copy itself is made elsewhere."""

    copy_wanted = Signal(object, object)
    keep_wanted = Signal(object, object)

    def __init__(self, parent: QWidget | None = None, clock: Callable[[], float] = time.time) -> None:
        super().__init__(
            name="restrictDialog", title="Restrict and share", width=WIDTH, least_height=LEAST_HEIGHT, parent=parent
        )
        self._clock = clock
        self._token: TokenSummary | None = None
        self._caveats: tuple[str, ...] = ()
        self._which = elided_label(role="dim", mode="middle", name="restrictWhich")
        self.choice = QComboBox()
        self.choice.setObjectName("restrictChoiceBox")
        self.choice.setAccessibleName("What the copy allows")
        for words, seconds in CHOICES:
            self.choice.addItem(words, seconds)
        self.own = line_field(
            name="restrictOwnField", label="A condition of my own", placeholder="max_requests=10", mono=True
        )
        self._says = label(wrap=True, name="restrictSays")
        self._raw = elided_label(role="mono", mode="middle", name="restrictRaw")
        self.copy = primary_button("Copy its header", name="copyRestrictedButton", icon="copy")
        self.keep = button("Keep it in the vault", name="keepRestrictedButton", icon="key")
        self._later = button("Cancel", name="restrictCancelButton")
        self.choice.currentIndexChanged.connect(self._say)
        self.own.textChanged.connect(self._say)
        self.copy.clicked.connect(self._copy)
        self.keep.clicked.connect(self._keep)
        self._later.clicked.connect(self.reject)
        self._lay_out()

    def _lay_out(self) -> None:
        self.column.addWidget(label("A copy that allows less", role="title"))
        self.column.addWidget(self._which)
        self.column.addWidget(self.choice)
        self.column.addWidget(self.own)
        self.column.addWidget(self._says)
        self.column.addWidget(self._raw)
        self.column.addWidget(FindingRow("warning", STRICT, name="restrictStrict"))
        self.column.addWidget(label(WHO_HAS_IT, role="dim", wrap=True))
        self.end_with(self.keep, self.copy, left=[self._later])

    def ask(self, token: TokenSummary) -> None:
        """Ask what a copy of this token is to allow. The original is never replaced by it."""
        self._token = token
        self._which.setText(f"{token.title or 'token'} · {token.origin.authority} · the original stays as it is")
        self.choice.setCurrentIndex(1)
        self.own.clear()
        self._say()
        self.open()
        self.choice.setFocus()

    @Slot()
    def _say(self) -> None:
        token = self._token
        if token is None:
            return
        seconds = cast("int | None", self.choice.currentData())
        self.own.setVisible(seconds is None)
        if seconds is None:
            self._say_own(self.own.text().strip())
        else:
            self._say_end(token, int(self._clock()) + seconds)
        self._raw.setText("   ".join(self._caveats))
        self._raw.setVisible(bool(self._caveats) and seconds is not None)
        self.copy.setEnabled(bool(self._caveats))
        self.keep.setEnabled(bool(self._caveats))
        self.resize(self.sizeHint().expandedTo(self.size()))

    def _say_end(self, token: TokenSummary, until: int) -> None:
        if token.expires_at is not None and token.expires_at <= until:
            self._caveats = ()
            self._show(f"The token itself ends before that, at {clock_time(token.expires_at)}.", "caution")
            return
        self._caveats = expiry_caveats(token.caveats, until)
        self._show(f"The copy ends at {clock_time(until)}. It says so in the words this server uses:", "dim")

    def _say_own(self, typed: str) -> None:
        self._caveats = (typed,) if typed.isprintable() and typed else ()
        if not typed:
            self._show("One line, as this server writes its conditions.", "dim")
        elif not self._caveats:
            self._show("A condition is one line of visible characters.", "danger")
        else:
            self._show(f"As the app reads it: {explain(typed).meaning}.", "dim")

    def _show(self, words: str, role: str) -> None:
        self._says.setText(words)
        set_role(self._says, role)

    @Slot()
    def _copy(self) -> None:
        if self._token is not None:
            self.copy_wanted.emit(self._token, self._caveats)
        self.accept()

    @Slot()
    def _keep(self) -> None:
        if self._token is not None:
            self.keep_wanted.emit(self._token, self._caveats)
        self.accept()
