"""The long part of a token's detail: facts, conditions, identity and history, in one column that scrolls."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from l402desk.protocol.caveats import explain
from l402desk.session.token_jobs import TokenAccount
from l402desk.ui.challenge.rows import short
from l402desk.ui.style import GAP
from l402desk.ui.vault import facts
from l402desk.ui.vault.columns import standing
from l402desk.ui.vault.inline_edit import InlineEdit
from l402desk.ui.widgets.card import ScrollColumn
from l402desk.ui.widgets.countdown import Countdown
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.text import elided_label, label
from l402desk.ui.widgets.tree import FieldRow, FieldTree
from l402desk.vault.anatomy import Anatomy, Condition
from l402desk.vault.tokens import BOUGHT, MOST_NOTE, TokenSummary

FACTS = ("Good for", "Used", "Last answer", "Sent to", "Bought", "Source", "Payment hash")
MOST_CAVEATS = 32
_LINES_OF_IDENTITY, _LINES_OF_HISTORY = 16, 8


class DetailBody(ScrollColumn):
    """Shows a summary at once, and what an account adds when it comes."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__(name="tokenScroll", spacing=GAP.SMALL)
        self._clock = clock
        self._shown = ""
        self._names: dict[str, QWidget] = {}
        self._left = Countdown(name="tokenExpiry", clock=clock, prefix="another")
        self._facts = {name: elided_label(mode="middle", name=f"tokenFact{i}") for i, name in enumerate(FACTS)}
        self.note = InlineEdit(
            name="tokenNote", label="Write a note", most=MOST_NOTE, keys="Shift+F2", role="dim", empty="no note"
        )
        self._sealed = label(role="small", wrap=True, name="tokenSealed")
        self._conditions = QVBoxLayout()
        self._conditions.setSpacing(GAP.SMALL)
        self._identity = FieldTree(name="tokenIdentity", label="What the token is made of")
        self._history = FieldTree(name="tokenHistory", label="Its uses", headings=("When", "Answer and request"))
        self._older = label(role="dim", name="tokenOlderUses", wrap=True)
        self._identity_part = _section("What it is", self._identity)
        self._history_part = _section("What it was used for", self._history, self._older)
        self._lay_out()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP.LARGE)
        grid.setVerticalSpacing(GAP.SMALL)
        grid.setColumnStretch(1, 1)
        values = {**self._facts, "Good for": self._left, "Note": self.note}
        for row, (name, value) in enumerate(values.items()):
            self._names[name] = label(name, role="dim")
            grid.addWidget(self._names[name], row, 0)
            grid.addWidget(value, row, 1)
        self.body.setContentsMargins(0, 0, GAP.SMALL, 0)  # the scroll bar has a place of its own
        self.body.addLayout(grid)
        self.body.addSpacing(GAP.HAIR)
        self.body.addWidget(label("What it allows", role="strong"))
        self.body.addLayout(self._conditions)
        self.body.addWidget(self._identity_part)
        self.body.addWidget(self._history_part)
        self.body.addSpacing(GAP.HAIR)
        self.body.addWidget(self._sealed)
        self.body.addStretch(1)

    def scroll_to_top(self) -> None:
        self.verticalScrollBar().setValue(0)

    def show_token(self, token: TokenSummary) -> None:
        """What the list knows; what was there of another token is taken away."""
        self._left.count_to(token.expires_at)
        if token.expires_at is None:
            self._left.setText("no end is named in it")
        self._facts["Used"].setText(facts.used_words(token))
        self._facts["Last answer"].setText(standing(token, int(self._clock())))
        self._facts["Sent to"].setText(facts.place_words(token))
        self._facts["Bought"].setText(facts.bought_words(token))
        self._facts["Source"].setText(token.source)
        for part in (self._facts["Source"], self._names["Source"]):
            part.setVisible(token.source != BOUGHT)
        self.note.show_text(token.note)
        self._sealed.setText(f"Sealed under {token.sealed_by}" if token.sealed_by else "")
        self._facts["Payment hash"].setText(short(token.payment_hash))
        if token.id != self._shown:
            self._shown = token.id
            self._show_conditions([_condition(raw) for raw in token.caveats])
            self._identity_part.hide()
            self._history_part.hide()

    def show_account(self, account: TokenAccount) -> None:
        """The token taken apart, and its history."""
        token, anatomy = account.token, account.anatomy
        if anatomy is not None:
            self._show_conditions(anatomy.conditions, anatomy)
            _fill(self._identity, facts.identity_rows(token, anatomy), _LINES_OF_IDENTITY)
        self._identity_part.setVisible(anatomy is not None)
        _fill(self._history, facts.history_rows(account.uses), _LINES_OF_HISTORY)
        more = token.uses - len(account.uses)
        self._older.setText(f"and {more:,} more, older ones or from before they were written down")
        self._older.setVisible(more > 0 and bool(account.uses))
        self._history_part.setVisible(bool(account.uses))

    def _show_conditions(self, conditions: Sequence[Condition], anatomy: Anatomy | None = None) -> None:
        while (item := self._conditions.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        now = int(self._clock())
        for condition in conditions[:MOST_CAVEATS]:
            self._conditions.addWidget(facts.condition_row(condition, now))
        if (more := len(conditions) - MOST_CAVEATS) > 0:
            self._conditions.addWidget(label(f"and {more} more", role="dim"))
        if not conditions:
            words = "Nothing in it limits its use, as far as can be read."
            self._conditions.addWidget(label(words, role="dim", wrap=True))
        if anatomy is not None:
            self._conditions.addWidget(FindingRow(*facts.binding(anatomy), name="tokenBinding"))


def _condition(raw: str) -> Condition:
    meaning = explain(raw)
    return Condition(raw, meaning.meaning, meaning.expires_at)


def _section(title: str, *parts: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, GAP.SMALL, 0, 0)
    column.setSpacing(GAP.SMALL)
    column.addWidget(label(title, role="strong"))
    for part in parts:
        column.addWidget(part)
    made.hide()
    return made


def _fill(tree: FieldTree, rows: Sequence[FieldRow], most: int) -> None:
    """As high as its lines, so that the column scrolls and not the tree; a long one scrolls after all."""
    tree.show_rows(rows)
    lines = sum(1 + len(row.children) for row in rows)
    line = max(tree.sizeHintForRow(0), tree.fontMetrics().height())
    tree.setFixedHeight(min(lines, most) * line + tree.header().sizeHint().height() + 2 * tree.frameWidth() + 2)
