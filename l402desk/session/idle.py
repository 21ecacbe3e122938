"""Notices that nobody has touched the app for a while: keys, mouse and wheel in any of its windows count."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.KeyRelease,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)
AGAIN_S = 30.0
"""How soon it is said again while nobody touches the app: what refused to lock may be ready then."""
LONGEST_TIMER_S = 60.0


def running_seconds() -> float:
    """Seconds that passed, those asleep included where the system counts them; the clock on the wall has no say."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class IdleWatch(QObject):
    """`idle` comes when nobody has touched the app for the time set, and again while it stays so.

    Looks at the windows' own events, not at every event of every widget: those are few. A touch that comes after the
    time is over (the computer was asleep) is too late: `idle` comes first.
    """

    idle = Signal()

    def __init__(self, parent: QObject | None = None, *, clock: Callable[[], float] = running_seconds) -> None:
        super().__init__(parent)
        self._clock = clock
        self._after_s = 0.0
        self._touched = clock()
        self._told: float | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self.watch)

    def set_minutes(self, minutes: int) -> None:
        """0: never."""
        self._after_s = minutes * 60.0
        self.touch()

    @Slot(QWindow)
    def watch(self, window: QWindow | None) -> None:
        """Count what happens in this window, too."""
        if window is not None:
            window.removeEventFilter(self)  # once: filters add up
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in TOUCHES:
            self.touch()
        return False

    @Slot()
    def touch(self) -> None:
        """Somebody is there."""
        now = self._clock()
        if self._after_s and self._told is None and now - self._touched >= self._after_s:
            self._tell(now)
        self._touched, self._told = now, None
        self._arm(self._after_s)

    @Slot()
    def look(self) -> None:
        """The timer is coarse, and may be early or late: the time that passed decides."""
        if not self._after_s:
            return
        now = self._clock()
        left = self._after_s - (now - self._touched)
        if left <= 0 and (self._told is None or now - self._told >= AGAIN_S):
            self._tell(now)
        self._arm(left if left > 0 else AGAIN_S)

    def _tell(self, now: float) -> None:
        self._told = now
        self.idle.emit()

    def _arm(self, seconds: float) -> None:
        if not self._after_s:
            self._timer.stop()
        elif not self._timer.isActive() or seconds < LONGEST_TIMER_S:
            self._timer.start(max(1, int(min(seconds, LONGEST_TIMER_S) * 1000)))
