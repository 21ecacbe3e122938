"""The window: a rail of pages, the page that is open, a bar for open payments, and the status at the foot."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from l402desk.ui.page import Page
from l402desk.ui.pending_bar import PendingBar
from l402desk.ui.rail import Rail
from l402desk.ui.status_line import StatusLine
from l402desk.ui.window_state import WindowState

_SMALLEST = QSize(720, 480)
_USUAL = QSize(1280, 820)


def _always() -> bool:
    return True


class MainWindow(QMainWindow):
    """Arranges ``pages`` and holds no logic. A page is built when it is first shown."""

    def __init__(self, pages: Sequence[Page], *, state: WindowState | None = None) -> None:
        """``state`` remembers the geometry; None forgets it. No page is open before `open_page`."""
        super().__init__()
        self.setObjectName("mainWindow")
        self.setWindowTitle("L402 Desk")
        self.setAccessibleName("L402 Desk")
        self.setMinimumSize(_SMALLEST)
        self._pages = {page.name: page for page in pages}
        self._built: dict[str, QWidget] = {}
        self._state = state
        self.may_close: Callable[[], bool] = _always
        """Asked before the window closes; False keeps it open, and whoever says so tells the user why."""
        self.pending_bar = PendingBar()
        self.status_line = StatusLine()
        self._rail = Rail(pages)
        self._rail.chosen.connect(self.open_page)
        self._stack = QStackedWidget()
        self._stack.setObjectName("pages")
        self._lay_out()
        if state is None or not state.restore_window(self):
            self.resize(_USUAL)

    def _lay_out(self) -> None:
        beside_rail = QVBoxLayout()
        beside_rail.setSpacing(0)
        beside_rail.addWidget(self.pending_bar)
        beside_rail.addWidget(self._stack, 1)
        above_foot = QHBoxLayout()
        above_foot.setSpacing(0)
        above_foot.addWidget(self._rail)
        above_foot.addLayout(beside_rail, 1)
        central = QWidget()
        column = QVBoxLayout(central)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above_foot, 1)
        column.addWidget(self.status_line)
        self.setCentralWidget(central)

    @property
    def open_page_name(self) -> str:
        """The page on the screen, or ``""`` before the window was first shown."""
        current = self._stack.currentWidget()
        return next((name for name, widget in self._built.items() if widget is current), "")

    def open_page(self, name: str) -> QWidget:
        """Show a page, building it if this is the first time. Raises KeyError for a name that has none."""
        page = self._pages[name]
        if name not in self._built:
            self._built[name] = page.build()
            self._stack.addWidget(self._built[name])
        self._stack.setCurrentWidget(self._built[name])
        self._built[name].setFocus(Qt.FocusReason.OtherFocusReason)  # a page's proxy is where its work begins
        self._rail.mark(name)
        self.setWindowTitle(f"{page.title} – L402 Desk")
        return self._built[name]

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        if self._state is not None:
            self._state.keep_window(self)
        super().closeEvent(event)
