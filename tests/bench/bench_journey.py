"""The longest gap of the GUI's event loop at each step of the journey, on real parts; the goal is 50 ms.

Run: ``python tests/bench/bench_journey.py [ROUNDS]``. A timer of one millisecond runs in the window's thread; a gap is
the time between two of its ticks, less that millisecond.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from l402desk import settings
from l402desk.app import Composition, Start

STEPS = ("begin", "challenge", "payment", "answer", "again", "vault")
PATIENCE_S = 20.0


class Gaps(QObject):
    """Notes the longest time without a turn of the event loop since `take` was called last."""

    def __init__(self) -> None:
        super().__init__()
        self._last = time.perf_counter()
        self._longest = 0.0
        self._timer = QTimer(self, interval=1)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    @Slot()
    def tick(self) -> None:
        now = time.perf_counter()
        self._longest = max(self._longest, now - self._last - 0.001)
        self._last = now

    def take(self) -> float:
        """The longest gap in milliseconds; begins anew."""
        self.tick()
        longest, self._longest = self._longest, 0.0
        return longest * 1_000


def run_until(question: Callable[[], bool], what: str) -> None:
    loop = QEventLoop()
    deadline = time.monotonic() + PATIENCE_S
    while not question():
        if time.monotonic() > deadline:
            raise SystemExit(f"waited {PATIENCE_S:.0f} s for {what}")
        loop.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        time.sleep(0.0002)


def rest(seconds: float) -> None:
    """Let what follows a step (drawing, refreshing lists) happen within it."""
    end = time.monotonic() + seconds
    run_until(lambda: time.monotonic() > end, "the end of a pause")


def find(name: str) -> QWidget | None:
    return next((w for w in QApplication.allWidgets() if w.objectName() == name and w.isVisible()), None)


def text_of(name: str) -> str:
    """What a widget and its visible children say."""
    widget = find(name)
    if widget is None:
        return ""
    parts = [widget, *(child for child in widget.findChildren(QWidget) if child.isVisible())]
    return " ".join(str(part.text()) for part in parts if hasattr(part, "text"))


def press(name: str) -> None:
    run_until(lambda: (b := find(name)) is not None and b.isEnabled(), name)
    button = find(name)
    assert isinstance(button, QAbstractButton)
    button.click()


def ask(url: str) -> None:
    run_until(lambda: find("urlBar") is not None, "the URL bar")
    field = find("urlBar")
    assert isinstance(field, QLineEdit)
    field.setText(url)
    field.textEdited.emit(url)
    press("sendButton")


def journey(app: QApplication) -> dict[str, float]:
    folders = settings.Folders.find(os.environ)
    folders.make()
    composition = Composition(app, Start(with_sandbox=True), folders, settings.Settings())
    gaps, found = Gaps(), {}
    composition.desk.window.show()
    desk = composition.desk
    run_until(lambda: desk.lock.is_open and bool(desk.starts.starts) and find("urlBar") is not None, "the start")
    rest(0.3)
    found["begin"] = gaps.take()
    url = next(start.draft.url for start in desk.starts.starts if start.name == "/weather").split("?")[0]
    ask(f"{url}?city=Lisbon")
    run_until(lambda: find("payButton") is not None, "the challenge")
    rest(0.2)
    found["challenge"] = gaps.take()
    press("payButton")
    run_until(lambda: "Waiting" in text_of("paymentStatus"), "the payment")
    rest(0.2)
    found["payment"] = gaps.take()
    press("payWithWalletButton")
    run_until(lambda: "200" in text_of("responseStatus"), "the answer")
    rest(0.2)
    found["answer"] = gaps.take()
    ask(f"{url}?city=Porto")
    rest(0.4)
    found["again"] = gaps.take()
    desk.open_vault()
    run_until(lambda: find("tokenTable") is not None, "the vault")
    rest(0.2)
    found["vault"] = gaps.take()
    if not composition.close():
        raise SystemExit("the app did not close in time")
    composition.appearance.undress()
    composition.desk.window.deleteLater()
    return found


def main(rounds: int) -> None:
    app = QApplication([])
    runs = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as home:
            os.environ["L402DESK_HOME"] = home
            secret = Path(home) / "passphrase"
            secret.write_text("correct horse battery staple\n", encoding="utf-8")
            os.environ["L402DESK_PASSPHRASE_FILE"] = str(secret)
            runs.append(journey(app))
    for step in STEPS:
        figures = [run[step] for run in runs]
        print(f"{step:10} longest gap: median {statistics.median(figures):6.1f} ms, worst {max(figures):6.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
