"""The vault page over 100,000 tokens: `python tests/bench/bench_vault.py [TOKENS]`.

Everything is the real thing: sealed rows in a file, the I/O thread, the page offscreen. Beside each time stands the
same work done by a list of all summaries in memory, and by plain SQL, in the same run; the gap is the longest time
that the event loop of the window was not reached.
"""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QAbstractTableModel, QElapsedTimer, QModelIndex, Qt, QTimer
from PySide6.QtWidgets import QApplication, QTableView

from l402desk.session.tokens import TokensSession
from l402desk.store.database import Database
from l402desk.ui.style import apply_style
from l402desk.ui.vault.columns import COLUMNS
from l402desk.ui.vault.page import VaultPage
from l402desk.vault.rows import SCHEMA, Rows
from l402desk.vault.tokens import TokenSummary
from l402desk.vault.vault import Vault
from l402desk.vault.wanted import Order, OrderBy, Wanted
from l402desk.worker.thread import IoThread
from tests.fakes.purchased import NOW, Clock, new_seal, new_token

SCROLLS = 100
HOSTS, DAYS = 5_000, 400


def fill(file: Path, tokens: int) -> float:
    """Sealed rows with titles, hosts, prices and ends of their own; seconds that took."""

    async def run() -> None:
        database = await Database.open(file, (SCHEMA,))
        rows = Rows(new_seal())

        def work(connection: sqlite3.Connection) -> None:
            for number in range(tokens):
                end = NOW + (number * 7_919) % (DAYS * 86_400) - 86_400
                new = new_token(
                    number,
                    f"https://host{(number * 31) % HOSTS}.example/v1/data{number % 97}",
                    title=f"service {(number * 17) % 9_973}",
                    price=(number * 13) % 100_000,
                    caveats=() if number % 3 == 0 else (f"expires_at={end}",),
                    bought_at=NOW - number * 60,
                )
                rows.insert(connection, f"{number:032x}", new, NOW)

        await database.write(work)
        await database.close()

    began = time.perf_counter()
    asyncio.run(run())
    return time.perf_counter() - began


class Watch:
    """How long something takes in the window's thread, and the longest time its event loop was not reached."""

    def __init__(self) -> None:
        self.gap = 0.0
        self._since = QElapsedTimer()
        self._beat = QTimer(interval=1)
        self._beat.timeout.connect(self._tick)
        self._beat.setTimerType(Qt.TimerType.PreciseTimer)

    def _tick(self) -> None:
        self.gap = max(self.gap, self._since.nsecsElapsed() / 1e6)
        self._since.restart()

    def measure(self, work: Callable[[], object], done: Callable[[], bool]) -> tuple[float, float]:
        """Milliseconds until ``done``, and the longest gap on the way."""
        settle()
        self.gap = 0.0
        self._since.start()
        self._beat.start()
        began = time.perf_counter()
        work()
        QApplication.processEvents()
        while not done():
            QApplication.processEvents()
            time.sleep(0.0002)  # as the event loop does between events: it lets the other threads work
            if time.perf_counter() - began > 60:
                raise TimeoutError
        took = (time.perf_counter() - began) * 1_000
        self._tick()
        self._beat.stop()
        return took, self.gap


def settle() -> None:
    until = time.perf_counter() + 0.05
    while time.perf_counter() < until:
        QApplication.processEvents()
        time.sleep(0.001)


class InMemory(QAbstractTableModel):
    """All summaries in a list, as the page had them before: what the numbers are compared with."""

    def __init__(self, tokens: list[TokenSummary]) -> None:
        super().__init__()
        self.tokens = tokens

    def rowCount(self, _parent: object = None) -> int:
        return len(self.tokens)

    def columnCount(self, _parent: object = None) -> int:
        return len(COLUMNS)

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # type: ignore[override]
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return COLUMNS[index.column()].cell(self.tokens[index.row()], NOW)

    def put(self, tokens: list[TokenSummary]) -> None:
        self.beginResetModel()
        self.tokens = tokens
        self.endResetModel()


def through_the_page(file: Path, watch: Watch) -> dict[str, tuple[float, float]]:
    @asynccontextmanager
    async def services() -> AsyncIterator[SimpleNamespace]:
        database = await Database.open(file, (SCHEMA,))
        yield SimpleNamespace(is_unlocked=True, vault=Vault(database, new_seal(), Clock()))
        await database.close()

    io: IoThread[SimpleNamespace] = IoThread(services)
    opened: list[object] = []
    io.opened.connect(lambda: opened.append(True))
    io.begin()
    while not opened:
        QApplication.processEvents()
        time.sleep(0.001)
    session = TokensSession(io)  # type: ignore[arg-type]
    page = VaultPage(session)
    page.resize(1_216, 760)
    told: list[bool] = []
    session.changed.connect(lambda: told.append(True))
    model = page.table._model
    times = {}

    def is_shown() -> bool:
        """The list that was asked for is drawn, and the rows in sight are fresh."""
        waits = model._asked or model._pages or model._asking.isActive()
        return bool(told) and not waits and page.table.current is not None

    def doing(work: Callable[[], object]) -> tuple[float, float]:
        told.clear()
        return watch.measure(work, is_shown)

    times["open"] = doing(page.show)
    header = page.table.horizontalHeader()
    times["sort_text"] = doing(lambda: header.setSortIndicator(0, Qt.SortOrder.AscendingOrder))
    times["sort_number"] = doing(lambda: header.setSortIndicator(6, Qt.SortOrder.DescendingOrder))
    times["search_one"] = doing(lambda: session.search("host4321."))
    times["search_many"] = doing(lambda: session.search("service 1"))
    times["search_none_again"] = doing(lambda: session.search(""))
    bar = page.table.verticalScrollBar()

    def scroll() -> None:
        for number in range(SCROLLS):
            bar.setValue(bar.maximum() * ((number * 37) % SCROLLS) // SCROLLS)
            QApplication.processEvents()
            time.sleep(0.0002)
        told.append(True)

    times["scroll_100_jumps"] = doing(scroll)
    page.close()
    assert io.close()
    return times


def in_memory(file: Path, watch: Watch) -> dict[str, tuple[float, float]]:
    async def read() -> list[TokenSummary]:
        database = await Database.open(file, (SCHEMA,))
        tokens = await Vault(database, new_seal(), Clock()).list(limit=10**9)
        await database.close()
        return tokens

    view, times = QTableView(), {}
    view.verticalHeader().hide()
    model = InMemory([])

    def open_() -> None:
        model.put(asyncio.run(read()))
        view.setModel(model)
        view.resize(830, 600)
        view.show()

    def done() -> bool:
        return True

    times["open"] = watch.measure(open_, done)
    everything = model.tokens
    times["sort_text"] = watch.measure(lambda: model.put(sorted(everything, key=lambda t: t.title)), done)
    times["sort_number"] = watch.measure(lambda: model.put(sorted(everything, key=lambda t: -t.uses)), done)
    for name, text in (("search_one", "host4321."), ("search_many", "service 1"), ("search_none_again", "")):

        def search(text: str = text) -> None:
            model.put([t for t in everything if text in t.title or text in t.origin.authority or text in t.scope.path])

        times[name] = watch.measure(search, done)
    view.close()
    return times


def plain_sql(file: Path) -> dict[str, float]:
    """Milliseconds of the same lists read by SQLite alone, in this thread."""
    connection = sqlite3.connect(file)
    cases = {
        "open": "SELECT number FROM tokens WHERE state != 'trashed' ORDER BY bought_at DESC, number DESC",
        "sort_text": "SELECT number FROM tokens WHERE state != 'trashed' ORDER BY title COLLATE NOCASE, number",
        "sort_number": "SELECT number FROM tokens WHERE state != 'trashed' ORDER BY uses DESC, number DESC",
        "search_one": "SELECT number FROM tokens WHERE title LIKE '%host4321.%' OR origin LIKE '%host4321.%'",
        "search_many": "SELECT number FROM tokens WHERE title LIKE '%service 1%' OR origin LIKE '%service 1%'",
    }
    times = {}
    for name, sql in cases.items():
        best = float("inf")
        for _ in range(3):
            began = time.perf_counter()
            connection.execute(sql).fetchall()
            best = min(best, time.perf_counter() - began)
        times[name] = best * 1_000
    connection.close()
    return times


def numbers_ms(file: Path) -> dict[str, float]:
    """Milliseconds of `Vault.numbers` for each order, on the database's thread."""

    async def run() -> dict[str, float]:
        database = await Database.open(file, (SCHEMA,))
        vault = Vault(database, new_seal(), Clock())
        times = {}
        for by in OrderBy:
            began = time.perf_counter()
            await vault.numbers(Wanted(order=Order(by)))
            times[str(by)] = round((time.perf_counter() - began) * 1_000, 1)
        await database.close()
        return times

    return asyncio.run(run())


def main(tokens: int) -> None:
    app = QApplication([])
    apply_style(app, "light")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "app" / "desk.sqlite3"
        filled = fill(file, tokens)
        sql = plain_sql(file)
        watch = Watch()
        page = through_the_page(file, watch)
        memory = in_memory(file, watch)
        result = {
            "tokens": tokens,
            "fill_s": round(filled, 1),
            "file_mb": round(file.stat().st_size / 1e6, 1),
            "numbers_ms": numbers_ms(file),
            "page": {
                name: {
                    "ms": round(took, 1),
                    "longest_gap_ms": round(gap, 1),
                    **({"times_in_memory": round(took / memory[name][0], 2)} if name in memory else {}),
                    **({"gap_over_in_memory": round(gap / memory[name][1], 2)} if name in memory else {}),
                    **({"times_plain_sql": round(took / sql[name], 1)} if name in sql else {}),
                }
                for name, (took, gap) in page.items()
            },
            "longest_gap_ms": round(max(gap for _, gap in page.values()), 1),
            "in_memory_ms": {name: round(took, 1) for name, (took, _) in memory.items()},
            "plain_sql_ms": {name: round(took, 1) for name, took in sql.items()},
        }
        print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 100_000)
