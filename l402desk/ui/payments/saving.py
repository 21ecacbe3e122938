"""Asks where the statement goes: a name, a kind, and never over another file without the user's word."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from l402desk.engine.statement_file import FileKind

KINDS = {"Comma-separated values (*.csv)": FileKind.CSV, "JSON (*.json)": FileKind.JSON}


class StatementSaver(QObject):
    """`chosen` carries the path, the kind, and whether the user agreed to replace what is there."""

    chosen = Signal(object, object, object)

    def __init__(self, parent: QWidget, clock: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._window = parent
        self._clock = clock
        self._dialog: QFileDialog | None = None

    def ask(self) -> QFileDialog:
        """Open the save dialog, without waiting for it."""
        dialog = QFileDialog(self._window, "Save the payments")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setNameFilters(list(KINDS))
        dialog.setDefaultSuffix(FileKind.CSV)
        dialog.selectFile(f"payments-{datetime.fromtimestamp(self._clock()):%Y-%m-%d}.csv")
        dialog.filterSelected.connect(self._follow_kind)
        dialog.fileSelected.connect(self._choose)
        dialog.finished.connect(dialog.deleteLater)
        self._dialog = dialog
        dialog.open()
        return dialog

    @Slot(str)
    def _follow_kind(self, words: str) -> None:
        """Another kind was picked: the name that was offered follows it."""
        if self._dialog is None or words not in KINDS:
            return
        kind = KINDS[words]
        self._dialog.setDefaultSuffix(kind)
        names = self._dialog.selectedFiles()
        if names:
            self._dialog.selectFile(Path(names[0]).with_suffix(f".{kind}").name)

    @Slot(str)
    def _choose(self, name: str) -> None:
        if not name:
            return
        target = Path(name)
        kind = FileKind.JSON if target.suffix.lower() == ".json" else FileKind.CSV
        # The dialog has asked about a file that is there now; one that comes later is not replaced.
        self.chosen.emit(target, kind, target.exists())
