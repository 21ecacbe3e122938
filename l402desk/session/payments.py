"""The payments as a window shows them: a list of row numbers, the lines that are looked at, and what was spent."""

from __future__ import annotations

import functools
from array import array
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from l402desk.engine.statement_file import FileKind, export
from l402desk.ledger.history import History
from l402desk.ledger.sums import Span
from l402desk.session.io import Io
from l402desk.session.payment_listing import Listing, Summary, Wanted, in_words, list_numbers, read_lines, sum_up

if TYPE_CHECKING:
    from l402desk.engine.statement import Line
    from l402desk.services import Services

PAGE = 100
"""Lines read at once: a few milliseconds of the database's time."""
KEPT = 40 * PAGE
"""Lines remembered; a table shows some dozens."""


class PaymentsSession(QObject):
    """`changed` follows each new list, `lines_came` lines that were asked for, `summed` each new `summary`.

    `found` carries the number of a purchase that was asked for by its id, None where there is none with it;
    `exported` carries how many lines are in the file, `went_wrong` a sentence with its remedy.
    """

    changed = Signal()
    lines_came = Signal()
    summed = Signal()
    found = Signal(object)
    exported = Signal(object)
    went_wrong = Signal(object)

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.wanted = Wanted()
        self.span = Span.DAY
        self.numbers: array[int] = array("q")
        self.everything = 0
        self.is_loaded = False
        self.summary = Summary()
        self._lines: dict[int, Line] = {}
        self._fresh: set[int] = set()
        self._pages: set[int] = set()
        self._owes_sums = False
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._fetch)

    def want(self, wanted: Wanted) -> None:
        """List these from now on."""
        self.wanted = wanted
        self.refresh()

    def show_span(self, span: Span) -> None:
        """Sum up by day, or by month."""
        self.span = span
        self._sum_up()

    @Slot()
    def refresh(self) -> None:
        """Ask again: after a payment, a look-up, another filter. What is on the screen stays until the answer comes."""
        call = self._io.submit(functools.partial(list_numbers, wanted=self.wanted))
        call.succeeded.connect(self._list)
        call.failed.connect(self._fail)

    def line_at(self, row: int) -> Line | None:
        """The line in this row if it is known, perhaps from before; if it is not fresh, it is fetched."""
        if not 0 <= row < len(self.numbers):
            return None
        number = self.numbers[row]
        if number not in self._fresh:
            self._pages.add(row // PAGE)
            self._turn.start()
        return self._lines.get(number)

    def row_of(self, number: int) -> int:
        """The row of a purchase's number, or -1."""
        try:
            return self.numbers.index(number)
        except ValueError:
            return -1

    def find(self, purchase_id: str) -> None:
        """Ask for the number of a purchase; it comes by `found`."""
        call = self._io.submit(functools.partial(_find, purchase_id=purchase_id))
        call.succeeded.connect(self.found)
        call.failed.connect(self._fail)

    def export(self, target: Path, kind: FileKind, *, replace: bool = False) -> None:
        """Write what is listed into a file; ``replace`` is the user's word about one that is there already."""
        job = functools.partial(_export, target=target, kind=kind, wanted=self.wanted, replace=replace)
        call = self._io.submit(job)
        call.succeeded.connect(self.exported)
        call.failed.connect(self._fail)

    @Slot(object)
    def _list(self, listing: object) -> None:
        assert isinstance(listing, Listing)
        if listing.wanted != self.wanted:
            return  # the answer to an older question came after a newer one was asked
        self.is_loaded = listing.numbers is not None
        self.numbers = array("q") if listing.numbers is None else listing.numbers
        self.everything = listing.everything
        self._fresh.clear()
        self._pages.clear()
        if not self.is_loaded:
            self._lines.clear()
        self.changed.emit()
        if self.is_loaded:
            self._owes_sums = True
            self._turn.start()

    @Slot()
    def _fetch(self) -> None:
        """The lines that are looked at come first: sums of many payments take longer, and the database does one thing
        at a time.
        """
        pages, self._pages = self._pages, set()
        some = [number for page in sorted(pages) for number in self.numbers[page * PAGE : (page + 1) * PAGE]]
        missing = [number for number in some if number not in self._fresh]
        if missing:
            self._fresh.update(missing)  # asked for: not once more
            call = self._io.submit(functools.partial(read_lines, numbers=missing))
            call.succeeded.connect(self._take_lines)
            call.failed.connect(self._fail)
        if self._owes_sums:
            self._sum_up()

    @Slot(object)
    def _take_lines(self, found: object) -> None:
        assert isinstance(found, dict)
        if not self.is_loaded:
            return
        self._lines.update(found)
        while len(self._lines) > KEPT:
            oldest = next(iter(self._lines))
            del self._lines[oldest]
            self._fresh.discard(oldest)
        self.lines_came.emit()

    def _sum_up(self) -> None:
        self._owes_sums = False
        call = self._io.submit(functools.partial(sum_up, wanted=self.wanted.only, span=self.span))
        call.succeeded.connect(self._take_sums)
        call.failed.connect(self._fail)

    @Slot(object)
    def _take_sums(self, summary: object) -> None:
        assert isinstance(summary, Summary)
        if (summary.span, summary.wanted) == (self.span, self.wanted.only):
            self.summary = summary
            self.summed.emit()

    @Slot(object)
    def _fail(self, error: object) -> None:
        self.went_wrong.emit(in_words(error))


async def _find(services: Services, *, purchase_id: str) -> int | None:
    return await History(services.database).number_of(purchase_id)


async def _export(services: Services, *, target: Path, kind: FileKind, wanted: Wanted, replace: bool) -> int:
    return await export(
        services, target, kind, wanted.only, wanted.order, descending=wanted.descending, replace=replace
    )
