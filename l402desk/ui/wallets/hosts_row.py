"""The hosts at which a wallet is offered first: each can be taken out, and another one typed in."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.buttons import button, icon_button, link_button
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import elided_label

LONGEST = 2_048


class HostsRow(QWidget):
    """`given` carries an address as it was typed, `dropped` an origin."""

    given = Signal(object)
    dropped = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._shown: tuple[str, ...] = ()
        self._crosses = QButtonGroup(self)
        self._crosses.buttonClicked.connect(self._drop)
        self.more = link_button("Add a host…", name=f"{name}HostButton", icon="plus", label="Offer it first at a host")
        self.field = line_field(name=f"{name}HostField", label="Host", placeholder="https://api.example.com")
        self.field.setMaxLength(LONGEST)
        self.go = button("Add", name=f"{name}HostAddButton", label="Add this host")
        self._typing = QWidget()
        row = QHBoxLayout(self._typing)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.SMALL)
        row.addWidget(self.field, 1)
        row.addWidget(self.go)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.HAIR)
        column.addLayout(self._list)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._typing)
        self._typing.hide()
        self.more.clicked.connect(self.begin)
        self.go.clicked.connect(self._give)
        self.field.returnPressed.connect(self._give)
        give_up = QShortcut(QKeySequence(Qt.Key.Key_Escape), self.field, self._end)
        give_up.setContext(Qt.ShortcutContext.WidgetShortcut)

    def show_hosts(self, origins: tuple[str, ...]) -> None:
        if origins == self._shown:
            return
        self._shown = origins
        while (item := self._list.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for cross in self._crosses.buttons():
            self._crosses.removeButton(cross)
        for number, origin in enumerate(origins):
            self._list.addWidget(self._line(number, origin))

    @Slot()
    def begin(self) -> None:
        """Let a host be typed."""
        self.more.hide()
        self._typing.show()
        self.field.clear()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, number: int, origin: str) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.HAIR)
        cross = icon_button("close", name=f"{self._name}Host{number}Button", label=f"No longer first at {origin}")
        cross.setProperty("origin", origin)
        self._crosses.addButton(cross)
        row.addWidget(elided_label(origin, mode="middle", name=f"{self._name}Host{number}"))
        row.addWidget(cross)
        row.addStretch(1)
        return made

    @Slot(QAbstractButton)
    def _drop(self, pressed: QAbstractButton) -> None:
        self.dropped.emit(pressed.property("origin"))

    @Slot()
    def _give(self) -> None:
        typed = self.field.text().strip()
        if typed:
            self._end()
            self.given.emit(typed)

    @Slot()
    def _end(self) -> None:
        had_keyboard = self._typing.isAncestorOf(self.focusWidget()) if self.focusWidget() is not None else False
        self._typing.hide()
        self.more.show()
        if had_keyboard:
            self.more.setFocus(Qt.FocusReason.OtherFocusReason)
