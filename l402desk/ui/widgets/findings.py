"""One finding of an inspection: an icon that says how serious it is, and the sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from l402desk.ui.style import GAP
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.severity import look_of
from l402desk.ui.widgets.text import label


class FindingRow(QWidget):
    """``severity`` is good or one of ``protocol.inspection.Severity``; ``detail`` stands below it, dim."""

    def __init__(self, severity: str, text: str, *, detail: str = "", name: str = "finding") -> None:
        super().__init__()
        look = look_of(severity)
        self.severity = str(severity)
        self.text = text
        self.setObjectName(name)
        self.setAccessibleName(f"{look.word}: {text}")
        sentence = label(text, wrap=True, role="strong" if severity == "danger" else "")
        sentence.setAccessibleName(f"{look.word}: {text}")
        column = QVBoxLayout()
        column.setSpacing(GAP.HAIR // 2)
        column.addWidget(sentence)
        if detail:
            column.addWidget(label(detail, wrap=True, role="dim"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP.SMALL)
        row.addWidget(IconView(look.icon, look.tint), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
