"""Start-up beside a minimal PySide6 window in the same run: milliseconds to the first paint, and resident memory.

Run: ``python tests/bench/bench_start.py [ROUNDS]``. Prints medians and the ratio.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

MINIMAL = """
import json, os, time
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

app = QApplication([])

class Window(QMainWindow):
    painted = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            QTimer.singleShot(0, tell)

def tell():
    fields = Path("/proc/self/stat").read_text().rpartition(")")[2].split()
    began = int(fields[19]) / os.sysconf("SC_CLK_TCK")
    print(json.dumps({
        "first_paint_ms": (time.clock_gettime(time.CLOCK_BOOTTIME) - began) * 1000,
        "rss_mb": int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 1e6,
    }), flush=True)
    app.quit()

window = Window()
window.resize(1280, 820)
window.show()
app.exec()
"""


def measure(command: list[str], home: str) -> dict[str, float]:
    env = {**os.environ, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen"), "L402DESK_HOME": home}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # as on anybody's machine: the second start finds byte code
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True, timeout=60)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main(rounds: int) -> None:
    commands = {
        "minimal PySide6 window": [sys.executable, "-c", MINIMAL],
        "l402desk": [sys.executable, "-m", "l402desk", "--measure-start"],
    }
    with tempfile.TemporaryDirectory() as home:
        for command in commands.values():
            measure(command, home)  # warm the page cache and the byte code
        runs = {name: [] for name in commands}  # type: dict[str, list[dict[str, float]]]
        for _ in range(rounds):
            for name, command in commands.items():
                runs[name].append(measure(command, home))
    medians = {}
    for name, found in runs.items():
        paint = statistics.median(run["first_paint_ms"] for run in found)
        memory = statistics.median(run["rss_mb"] for run in found)
        medians[name] = paint
        print(f"{name:24} first paint {paint:6.1f} ms   RSS {memory:6.1f} MB")
    ratio = medians["l402desk"] / medians["minimal PySide6 window"]
    print(f"ratio {ratio:.2f} (goal: at most 2), medians of {rounds} interleaved runs")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10)
