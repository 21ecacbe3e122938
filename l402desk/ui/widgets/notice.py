"""A message in the page: what happened, why, and what can be done. It never takes the keyboard away."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.buttons import button, icon_button
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.severity import look_of
from l402desk.ui.widgets.text import label


class NoticeBar(QFrame):
    """Hidden until ``show_notice``.

    ``action_pressed`` carries the word an action was given; ``dismissed`` comes when the cross has hidden it.
    """

    action_pressed = Signal(object)
    dismissed = Signal()

    def __init__(self, *, name: str = "noticeBar", dismissible: bool = True) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "notice")
        self._icon = IconView("info", "link")
        self._title = label(role="strong", wrap=True, name=f"{name}Title")
        self._sentence = label(wrap=True, selectable=True, name=f"{name}Text")
        self._close = icon_button("close", name=f"{name}Close", label="Dismiss this message", tint="dim")
        self._close.clicked.connect(self.dismiss)
        self._close.setVisible(dismissible)
        self._buttons = QButtonGroup(self)
        self._buttons.buttonClicked.connect(self._press)
        self._bar = QWidget()
        self._actions = QHBoxLayout(self._bar)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        self._actions.setSpacing(GAP.SMALL)
        self._actions.setContentsMargins(0, GAP.HAIR, 0, 0)
        column = QVBoxLayout()
        column.setSpacing(GAP.HAIR)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addWidget(self._bar)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP.MEDIUM, GAP.MEDIUM, GAP.SMALL, GAP.MEDIUM)
        row.setSpacing(GAP.SMALL)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)

    def show_notice(
        self, severity: str, title: str, sentence: str = "", actions: Sequence[tuple[str, str]] = ()
    ) -> None:
        """Show a message; ``severity`` is good, info, warning or danger, an action (word, button text)."""
        look = look_of(severity)
        self._icon.show_icon(look.icon, look.tint)
        self.setProperty("severity", str(severity))
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self.setAccessibleName(f"{look.word}: {title}")
        self._replace_actions(actions)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        announce(self, f"{look.word}: {title}. {sentence}", urgent=severity == "danger")

    def minimumSizeHint(self) -> QSize:
        """As high as its wrapped text is at the width it has: a low window would cut its buttons off else."""
        layout = self.layout()
        needed = layout.totalMinimumHeightForWidth(self.width()) if layout is not None else 0
        hint = super().minimumSizeHint()
        return QSize(hint.width(), max(hint.height(), needed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    def dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()

    def _replace_actions(self, actions: Sequence[tuple[str, str]]) -> None:
        for old in self._buttons.buttons():
            self._buttons.removeButton(old)
            self._actions.removeWidget(old)
            old.hide()
            old.deleteLater()
        while self._actions.count():
            self._actions.takeAt(0)
        last: QWidget = self._close
        for word, text in actions:
            made = button(text, name=f"{self.objectName()}{word.title().replace('-', '')}Button")
            made.setProperty("word", word)
            self._buttons.addButton(made)
            self._actions.addWidget(made)
            self.setTabOrder(last, made)  # made after the page around it: else Tab would come here last of all
            last = made
        self._actions.addStretch(1)
        self._bar.setVisible(bool(actions))

    def _press(self, pressed: QAbstractButton) -> None:
        self.action_pressed.emit(pressed.property("word"))
