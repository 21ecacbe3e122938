"""A wallet that is being added: recognised while its connection is typed, tried before it is stored."""

from __future__ import annotations

import functools
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from l402desk.session.io import Io
from l402desk.session.wallet_trial import Recognised, Tried, in_one_piece, recognise, try_text
from l402desk.session.wallet_view import Trouble
from l402desk.store.errors import StoreError
from l402desk.wallets.connection import LONGEST
from l402desk.wallets.errors import WalletError

if TYPE_CHECKING:
    from pathlib import Path

    from l402desk.engine.connecting import Added
    from l402desk.services import Services
    from l402desk.wallets.examining import Examination
    from l402desk.worker.call import Call

MOST_OF_A_FILE = 4 * LONGEST
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"BM")
log = logging.getLogger(__name__)
READ_AFTER_MS = 120
"""A pause in the typing: what stands there then is read."""


class AddingSession(QObject):
    """Holds one connection until it is stored or given up.

    `changed` follows what was recognised, tried, begun or refused; `came` carries a connection out of a file; `added`
    the stored wallet's name.
    """

    changed = Signal()
    came = Signal(object)
    added = Signal(object)

    def __init__(self, io: Io, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._io = io
        self._text = ""
        self._tests_soon = False
        self._trying: Call | None = None
        self._reading = QTimer(self, singleShot=True, interval=READ_AFTER_MS)
        self._reading.timeout.connect(self._read)
        self.recognised = Recognised("")
        self.tried: Tried | None = None
        self.refusal: Trouble | None = None
        """Why it was not stored."""
        self.is_storing = False

    @property
    def text(self) -> str:
        """The connection as it will be stored. A secret."""
        return self._text

    @property
    def is_trying(self) -> bool:
        return self._trying is not None

    @property
    def is_whole(self) -> bool:
        """Was a connection read that can be tried?"""
        return bool(self._text) and self.recognised.text == self._text and self.recognised.problem is None

    @Slot(str)
    def write(self, text: str) -> None:
        """Take what stands in the field now."""
        text = in_one_piece(text)
        if text == self._text:
            return
        self.stop()
        self._text, self._tests_soon = text, False
        self.tried = self.refusal = None
        if not text:
            self.recognised = Recognised("")
            self._reading.stop()
            self.changed.emit()
            return
        self._reading.start()

    def give(self, text: str) -> None:
        """Take a connection that came in one piece: pasted, dropped, or out of a file."""
        self.write(text)
        if self._reading.isActive():
            self._reading.stop()
            self._read()

    def test(self) -> None:
        """Ask the wallet; what it says is in `tried` when it has answered."""
        if not self.is_whole or self._trying is not None:
            return
        self.tried = self.refusal = None
        self._trying = self._io.submit(functools.partial(try_text, text=self._text))
        self._trying.succeeded.connect(self._show_tried)
        self._trying.failed.connect(self._show_failed)
        self._trying.finished.connect(self._end_trying)
        self.changed.emit()

    def test_when_read(self) -> None:
        """Try what was given just now as soon as it was read."""
        self._tests_soon = True
        if self.is_whole:
            self._tests_soon = False
            self.test()

    def stop(self) -> None:
        """Wait for no answer any more."""
        if self._trying is not None:
            self._trying.cancel()

    def store(self, name: str, *, watch_only: bool) -> None:
        """Seal the connection under this name; what was tried just now is not tried again."""
        if not self.is_whole or self.is_storing:
            return
        self.is_storing, self.refusal = True, None
        found = self.tried.examination if self.tried is not None and self.tried.text == self._text else None
        work = functools.partial(_store, name=name, text=self._text, watch_only=watch_only, found=found)
        call = self._io.submit(work)
        call.succeeded.connect(self._show_added)
        call.failed.connect(self._show_refused)
        self.changed.emit()

    def read_file(self, path: Path) -> None:
        """Take the connection that a text file holds."""
        call = self._io.submit(functools.partial(_read_file, path=path))
        call.succeeded.connect(self._take_file)

    def forget(self) -> None:
        """The dialog closes: the secret is dropped."""
        self._reading.stop()
        self.stop()
        self._text = ""
        self.recognised, self.tried, self.refusal = Recognised(""), None, None

    @Slot(object)
    def _take_file(self, found: object) -> None:
        if isinstance(found, str):
            self.came.emit(found)
            return
        assert isinstance(found, Trouble)
        self.refusal = found
        self.changed.emit()

    @Slot()
    def _read(self) -> None:
        call = self._io.submit(functools.partial(recognise, text=self._text))
        call.succeeded.connect(self._show_recognised)
        call.failed.connect(self._show_failed)

    @Slot(object)
    def _show_recognised(self, recognised: object) -> None:
        assert isinstance(recognised, Recognised)
        if recognised.text == self._text and self._text:
            self.recognised = recognised
            self.changed.emit()
            if self._tests_soon:
                self._tests_soon = False
                self.test()

    @Slot(object)
    def _show_tried(self, tried: object) -> None:
        assert isinstance(tried, Tried)
        if tried.text == self._text and self._text:
            self.tried = tried

    @Slot(object)
    def _show_failed(self, error: object) -> None:
        self.refusal = _in_words(error)
        self.changed.emit()

    @Slot()
    def _end_trying(self) -> None:
        self._trying = None
        self.changed.emit()

    @Slot(object)
    def _show_added(self, name: object) -> None:
        self.is_storing = False
        self.added.emit(name)

    @Slot(object)
    def _show_refused(self, error: object) -> None:
        self.is_storing = False
        self.refusal = _in_words(error)
        self.changed.emit()


def _in_words(error: object) -> Trouble:
    if isinstance(error, (WalletError, StoreError)):
        return Trouble(error.sentence, error.remedy)
    log.error("a wallet could not be added: %s", type(error).__name__)
    return Trouble("The app failed at it.", "Nothing was stored. Try again; if that does not help, report it.")


async def _read_file(_services: Services, *, path: Path) -> str | Trouble:
    import asyncio  # noqa: PLC0415 - on the loop only

    def begin() -> bytes:
        with path.open("rb") as file:
            return file.read(MOST_OF_A_FILE + 1)

    try:
        raw = await asyncio.to_thread(begin)
    except OSError as error:
        return Trouble(f"The file could not be read: {error.strerror or 'it is no file'}.", "Choose another.")
    if raw.startswith(PICTURES):
        return Trouble("That is a picture, and the app reads no codes out of pictures.", "Copy the connection as text.")
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = ""
    if not text.strip() or len(raw) > MOST_OF_A_FILE:
        return Trouble("That file holds no wallet connection.", "Choose a text file with one connection in it.")
    return in_one_piece(text)


async def _store(services: Services, *, name: str, text: str, watch_only: bool, found: Examination | None) -> str:
    from l402desk.engine.connecting import add  # noqa: PLC0415 - on the loop only

    added: Added = await add(services, name, text, watch_only=watch_only, found=found)
    return added.wallet.name
