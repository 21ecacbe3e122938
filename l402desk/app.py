"""The window's composition root: folders, settings, the I/O thread, the window; and everything closed again."""

from __future__ import annotations

import functools
import json
import logging
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from l402desk import __version__, settings
from l402desk.session.instance import Instance, first_or_ending
from l402desk.session.preferences import Preferences
from l402desk.session.process import age_ms, has_no_screen, leave, resources, say
from l402desk.ui.desk import Desk
from l402desk.ui.first_paint import FirstPaint
from l402desk.ui.second_start import SecondStart
from l402desk.ui.style import Appearance, apply_style
from l402desk.ui.warming import Warming
from l402desk.ui.window_state import WindowState
from l402desk.worker.thread import IoThread

if TYPE_CHECKING:
    from l402desk.services import Services

log = logging.getLogger(__name__)

SANDBOX_PORT = 8402
PASSPHRASE_FILE = "L402DESK_PASSPHRASE_FILE"
CLOSE_WITHIN_MS = 5_000
FIRST_PAGE = (
    "l402desk.protocol.inspection",
    "l402desk.engine.journey",
    "l402desk.ui.request.builder",
    "l402desk.ui.request.response",
    "l402desk.ui.request_desk",
)
# Imported while nobody waits for it: what the first 402, the first payment and the vault need.
LATER = (
    "l402desk.ui.challenge.panel",
    "l402desk.ui.payment.dialog",
    "l402desk.ui.vault.page",
    "l402desk.ui.payments.page",
)


@dataclass(frozen=True, slots=True)
class Start:
    """How the window was asked for."""

    url: str = ""
    with_sandbox: bool = False
    measure: bool = False


def run(*, url: str = "", with_sandbox: bool = False, measure: bool = False) -> int:
    """Show the window until it is closed; the exit status."""
    start = Start(url, with_sandbox, measure)
    folders = settings.Folders.find(os.environ)
    try:
        folders.make()
        chosen = settings.load(folders.settings_file)
    except OSError as error:
        say(f"l402desk: {folders.config}: {error.strerror}. Set L402DESK_HOME to a folder of yours.", sys.stderr)
        return 1
    instance = Instance(folders.data)
    if not measure and (ending := first_or_ending(instance, url)) is not None:
        say(f"l402desk: {ending.words}" if ending.words else "", sys.stderr)
        return ending.status
    if has_no_screen(os.environ):
        why = "there is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set)"
        say(f"l402desk: {why}. Start it from a desktop.", sys.stderr)
        return 1
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("l402desk")
    app.setApplicationDisplayName("L402 Desk")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("l402desk")
    composition = Composition(app, start, folders, chosen, instance)
    composition.desk.window.show()
    status = app.exec()
    return status if composition.close() else leave(status)


class Composition(QObject):
    """Holds what must live as long as the window, and opens and closes it in order."""

    def __init__(
        self,
        app: QApplication,
        start: Start,
        folders: settings.Folders,
        chosen: settings.Settings,
        instance: Instance | None = None,
    ) -> None:
        super().__init__()
        self._app = app
        self._start = start
        self._folders = folders
        self.appearance: Appearance = apply_style(app, chosen.theme)
        self.io: IoThread[Services] = IoThread(functools.partial(_open, start, folders, chosen.tor))
        self.preferences = Preferences(chosen, self._keep_settings)
        self.desk = Desk(self.io, self.preferences, folders, WindowState(folders.window_file))
        self.instance = instance or Instance(folders.data)
        self._second_start = SecondStart(self.instance, self.desk)
        self._painted_ms = 0.0
        self._first_page, self._later = Warming(FIRST_PAGE, self), Warming(LATER, self)
        self._first_page.done.connect(self._open_first_page)
        self._first_paint = FirstPaint(self.desk.window)
        self._first_paint.painted.connect(self._after_first_paint)
        self.preferences.changed.connect(self._apply_theme)
        self.io.opened.connect(self.desk.begin)
        self.io.opened.connect(self._announce)
        self.io.open_failed.connect(self._cannot_open)

    def close(self) -> bool:
        """Give back the clipboard, end the thread with everything in it; False if it would not end in time."""
        self.desk.end()
        ended = self.io.close(CLOSE_WITHIN_MS)
        self.instance.close()  # not before: the next start must find what this one wrote
        return ended

    @Slot()
    def _after_first_paint(self) -> None:
        if self._start.measure:
            self._painted_ms = age_ms()
        self._first_page.begin()

    @Slot()
    def _open_first_page(self) -> None:
        self.desk.window.open_page("requests")
        if self._start.measure:
            self._page_paint = FirstPaint(self.desk.requests.page)
            self._page_paint.painted.connect(self._tell_measures)
            return
        if self._start.url:
            self.desk.fill_in(self._start.url)
        self.io.begin()
        self._later.begin()
        self.instance.listen()

    @Slot()
    def _tell_measures(self) -> None:
        """Memory and modules once the page can be used: before that they would flatter."""
        say(json.dumps({"first_paint_ms": self._painted_ms, **resources()}))
        self._app.quit()

    @Slot()
    def _announce(self) -> None:
        if self._start.with_sandbox:
            self.io.submit(_sandbox_url).succeeded.connect(self._print_sandbox)

    @Slot(object)
    def _print_sandbox(self, url: object) -> None:
        say(f"The sandbox listens on {url}")

    @Slot(object)
    def _cannot_open(self, error: object) -> None:
        log.error("the services did not open: %s", error)
        self.desk.cannot_begin(error if isinstance(error, Exception) else RuntimeError())

    @Slot()
    def _apply_theme(self) -> None:
        self.appearance.choose(self.preferences.settings.theme)

    def _keep_settings(self, chosen: settings.Settings) -> None:
        self.io.submit(functools.partial(_save, self._folders.settings_file, chosen))


@asynccontextmanager
async def _open(start: Start, folders: settings.Folders, tor: str) -> AsyncIterator[Services]:
    from l402desk.services import Plan, open_services  # noqa: PLC0415 - imports the network: not before the first frame

    file = os.environ.get(PASSPHRASE_FILE)
    plan = Plan(
        data_folder=folders.data,
        cache_folder=folders.cache,
        passphrase_file=Path(file) if file else None,
        sandbox_port=SANDBOX_PORT if start.with_sandbox else None,
        tor=tor or None,
    )
    async with open_services(plan) as services:
        yield services


async def _sandbox_url(services: Services) -> str:
    return services.sandbox.url if services.sandbox else ""


async def _save(file: Path, chosen: settings.Settings, _services: Services) -> None:
    settings.save(file, chosen)
