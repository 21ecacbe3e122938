"""Imports what a page needs, one module a turn of the event loop: the window stays alive while it gets ready."""

from __future__ import annotations

import importlib
from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal, Slot


class Warming(QObject):
    """`done` follows the last import. A module that is loaded already costs one turn."""

    done = Signal()

    def __init__(self, modules: Iterable[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting = deque(modules)
        self._turn = QTimer(self, interval=0)
        self._turn.timeout.connect(self._import_next)

    def begin(self) -> None:
        self._turn.start()

    @Slot()
    def _import_next(self) -> None:
        if self._waiting:
            importlib.import_module(self._waiting.popleft())
            return
        self._turn.stop()
        self.done.emit()
