"""Tokens on their way into the vault and out of it, as a window shows them: what was found, and what became of it."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from l402desk.session import export_jobs, import_jobs
from l402desk.session.export_jobs import Exported, Which
from l402desk.session.import_jobs import Found, Reading, Source
from l402desk.session.io import Io, Job
from l402desk.store.errors import StoreError
from l402desk.vault.errors import NoSuchToken
from l402desk.vault.foreign.entries import ForeignStore
from l402desk.vault.intake import Taken
from l402desk.vault.whole_file import NotWritten
from l402desk.worker.call import Call

log = logging.getLogger(__name__)
NOT_READ = "The app could not read this. Nothing was taken in, and nothing there was changed."
NOT_TAKEN = "The app could not take all of it in. What is in the vault by now stays there."
NOT_EXPORTED = "The app could not export these tokens. Nothing in the vault was changed."


class Step(StrEnum):
    """Where an import stands."""

    CHOOSE = "choose"
    READING = "reading"
    FOUND = "found"
    TAKING = "taking"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class ImportView:
    """What there is to show, no secret in it. ``refusal`` says why the last step was not made; ``done`` of the tokens
    found have been gone through.
    """

    step: Step = Step.CHOOSE
    found: Found | None = None
    refusal: str = ""
    done: int = 0
    taken: Taken | None = None


class ImportSession(QObject):
    """Reads a store, and takes in exactly what was shown of it. `changed` follows each new `view`; `taken` an import.

    What was read is kept, secrets too, until it is taken in or forgotten: the store may change meanwhile.
    """

    changed = Signal()
    taken = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._source: Source | None = None
        self._store: ForeignStore | None = None
        self._taking: Call | None = None
        self.view = ImportView()

    def read(self, source: Source) -> None:
        """Find out what is there; what was read before is forgotten."""
        if self._taking is not None:
            return
        self._source, self._store = source, None
        # What was found stays in sight while an answer is tried.
        self._show(ImportView(Step.READING, self.view.found if self.view.step is Step.FOUND else None))
        call = self._io.submit(functools.partial(import_jobs.read, source=source))
        call.succeeded.connect(self._take_reading)
        call.failed.connect(self._fail_reading)

    def take(self) -> None:
        """Take in what was found."""
        if self._store is None or self._taking is not None:
            return
        self._show(replace(self.view, step=Step.TAKING, refusal="", done=0))
        call = self._taking = self._io.submit_reporting(functools.partial(import_jobs.take, store=self._store))
        call.progress.connect(self._count)
        call.succeeded.connect(self._succeed)
        call.failed.connect(self._fail)
        call.finished.connect(self._end)

    @Slot()
    def forget(self) -> None:
        """Begin anew, with nothing in memory. An import under way is stopped: what it has taken in stays."""
        self._source = self._store = None
        if self._taking is not None:
            self._taking.cancel()
        self._show(ImportView())

    def _show(self, view: ImportView) -> None:
        self.view = view
        self.changed.emit()

    @Slot(object)
    def _take_reading(self, reading: Reading) -> None:
        if reading.source is not self._source:
            return  # the answer to an older wish, or one that was given up
        self._source, self._store = None, reading.store  # a passphrase that was tried is not kept
        step = Step.CHOOSE if reading.found is None else Step.FOUND
        self._show(ImportView(step, reading.found, reading.refusal))

    @Slot(object)
    def _fail_reading(self, error: object) -> None:
        log.error("a store could not be read: %s", type(error).__name__)
        if self.view.step is Step.READING:
            self._source = None
            self._show(ImportView(refusal=NOT_READ))

    @Slot(object)
    def _count(self, done: object) -> None:
        if isinstance(done, int) and self.view.step is Step.TAKING:
            self._show(replace(self.view, done=done))

    @Slot(object)
    def _succeed(self, taken: Taken) -> None:
        if self.view.step is Step.TAKING:
            self._store = None
            self._show(replace(self.view, step=Step.TAKEN, taken=taken))

    @Slot(object)
    def _fail(self, error: object) -> None:
        if not isinstance(error, StoreError):
            log.error("an import failed: %s", type(error).__name__)
        if self.view.step is Step.TAKING:
            self._show(replace(self.view, step=Step.FOUND, refusal=_sentence(error, NOT_TAKEN)))

    @Slot()
    def _end(self) -> None:
        self._taking = None
        self.taken.emit()


@dataclass(frozen=True, slots=True)
class ExportView:
    """What became of the last export, while none ``is_running``."""

    is_running: bool = False
    exported: Exported | None = None
    refusal: str = ""


class ExportSession(QObject):
    """Writes tokens to a place the user named, over nothing that is there. `changed` follows each new `view`."""

    changed = Signal()

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self.view = ExportView()

    def seal(self, which: Which, file: Path, passphrase: str) -> None:
        """Into one file, sealed under a passphrase of its own."""
        self._begin(functools.partial(export_jobs.seal, which=which, file=file, passphrase=passphrase))

    def lay_out_for_lnget(self, which: Which, folder: Path) -> None:
        """Into lnget's folder, in clear."""
        self._begin(functools.partial(export_jobs.lay_out_for_lnget, which=which, folder=folder))

    @Slot()
    def forget(self) -> None:
        """Show nothing of the last one any more; one that is running goes on, and is told when it has ended."""
        if not self.view.is_running:
            self._show(ExportView())

    def _begin(self, job: Job) -> None:
        if self.view.is_running:
            return
        self._show(ExportView(is_running=True))
        call = self._io.submit(job)
        call.succeeded.connect(self._succeed)
        call.failed.connect(self._fail)
        call.cancelled.connect(self._cancel)

    def _show(self, view: ExportView) -> None:
        self.view = view
        self.changed.emit()

    @Slot(object)
    def _succeed(self, exported: Exported) -> None:
        self._show(ExportView(exported=exported))

    @Slot(object)
    def _fail(self, error: object) -> None:
        if not isinstance(error, (StoreError, NotWritten, NoSuchToken)):
            log.error("an export failed: %s", type(error).__name__)
        self._show(ExportView(refusal=_sentence(error, NOT_EXPORTED)))

    @Slot()
    def _cancel(self) -> None:
        self._show(ExportView())


def _sentence(error: object, otherwise: str) -> str:
    if isinstance(error, (StoreError, NotWritten)):
        return f"{error.sentence} {error.remedy}"
    return "The vault does not hold one of these tokens any more." if isinstance(error, NoSuchToken) else otherwise
