"""A job in flight as the GUI thread sees it: a call, and the three ways it can end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The job returned ``value``."""

    value: object


@dataclass(frozen=True, slots=True)
class Failed:
    """The job, or the opening of what it needs, raised ``error``."""

    error: BaseException


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The job was cancelled, or the thread ended before it could run to its end."""


Outcome = Succeeded | Failed | Cancelled


class Call(QObject):
    """A job in flight. ``progress`` any number of times, then exactly one outcome signal, then ``finished``.

    All signals are emitted on the GUI thread. ``cancel()`` may be called at any time, any number of times;
    ``cancelled`` arrives only when the job's own clean-up has ended, and never after another outcome.
    """

    progress = Signal(object)
    succeeded = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    finished = Signal()

    def __init__(self, cancel: Callable[[], object]) -> None:
        super().__init__()
        self.cancel = cancel
        self._outcome: Outcome | None = None

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, or None while it is in flight."""
        return self._outcome

    def settle(self, outcome: Outcome) -> None:
        """End the call, once: whatever comes later is ignored."""
        if self._outcome is not None:
            return
        self._outcome = outcome
        match outcome:
            case Succeeded(value):
                self.succeeded.emit(value)
            case Failed(error):
                self.failed.emit(error)
            case Cancelled():
                self.cancelled.emit()
        self.finished.emit()
