"""How long something is still good for, counted down while it is looked at."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent

from l402desk.ui.style import set_role
from l402desk.ui.widgets.text import Label

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
_SOON = 60  # seconds before the end at which the label asks for attention


def time_left(seconds: float) -> str:
    """A span as people say it, never more than there is: ``6 d``, ``5 h 12 min``, ``59 min``, ``24 s``."""
    whole = int(seconds)
    if whole >= 2 * _DAY:
        return f"{whole // _DAY} d"
    if whole >= _HOUR:
        hours, minutes = whole // _HOUR, whole % _HOUR // _MINUTE
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    if whole >= _MINUTE:
        return f"{whole // _MINUTE} min"
    return f"{whole} s"


def _until_next_word(seconds: float) -> float:
    """Seconds until ``time_left`` says something else."""
    step = _DAY if seconds >= 2 * _DAY else _MINUTE if seconds >= _MINUTE else 1
    return seconds % step or step


class Countdown(Label):
    """Says "expires in 59 min", "expires in 24 s", "expired"; the signal comes once, at the end."""

    expired = Signal()

    def __init__(self, *, name: str, clock: Callable[[], float] = time.time, prefix: str = "expires in") -> None:
        """``clock`` gives seconds since 1970; it may jump, the label follows at its next tick."""
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "dim")
        self._clock = clock
        self._prefix = prefix
        self._over_words = prefix.replace("expires in", "expired") if "expires in" in prefix else "expired"
        self._end: float | None = None
        self._over = False
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.tick)

    def count_to(self, end: float | None) -> None:
        """Count down to ``end`` (seconds since 1970); None means that there is no end, and shows nothing."""
        self._end = end
        self._over = False
        self.setText("")
        self.tick()

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    def tick(self) -> None:
        """Say what is true now and, while visible, wake when that changes."""
        self._timer.stop()
        if self._end is None:
            return
        left = self._end - self._clock()
        # Below a minute the started second still counts: "expired" is said at the end, not before.
        shown = left if left >= _MINUTE else -int(-left // 1)
        self.setText(f"{self._prefix} {time_left(shown)}" if left > 0 else self._over_words)
        set_role(self, "dim" if left > _SOON else "caution" if left > 0 else "danger")
        if left <= 0:
            self._end_once()
        elif self.isVisible():
            # An hour at most: a computer that slept wakes with a timer that knows nothing of it.
            self._timer.start(int(min(_until_next_word(left), _HOUR) * 1_000) + 20)

    def _end_once(self) -> None:
        if not self._over and self.isVisible():
            self._over = True
            self.expired.emit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.tick()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)
