"""Saving a body as a file: a name that is safe to offer, and a copy that is complete or absent."""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from email.message import Message
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from l402desk.client.spool import SpooledBody
from l402desk.store.whole_file import WholeFile

_STEP = 4 << 20
_NAME_BYTES = 120
# Device names of Windows, with any ending: opening one never opens a file.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d|conin\$|conout\$)(\..*)?", re.IGNORECASE)
# Never an ending that a double click would run: only these few are added.
_ENDINGS = {
    "application/json": ".json", "text/plain": ".txt", "text/html": ".html", "text/csv": ".csv",
    "application/xml": ".xml", "text/xml": ".xml", "image/png": ".png", "image/jpeg": ".jpg",
    "application/pdf": ".pdf", "application/zip": ".zip", "audio/mpeg": ".mp3", "video/mp4": ".mp4",
}  # fmt: skip


def safe_name(content_disposition: str, url: str, content_type: str) -> str:
    """The file name to offer for a body; whatever the server says, it is one plain name in one folder."""
    name = _clean(_disposition_name(content_disposition)) or _clean(unquote(urlsplit(url).path))
    media = content_type.partition(";")[0].strip().lower()
    ending = _ENDINGS.get(media, ".json" if media.endswith("+json") else "")
    if not name:
        return f"answer{ending or '.bin'}"
    return name if Path(name).suffix or not ending else name + ending


def _disposition_name(header: str) -> str:
    message = Message()
    try:
        message["content-disposition"] = header.replace("\r", " ").replace("\n", " ")
        return message.get_filename("") or ""
    except (
        ValueError,
        LookupError,
        UnicodeError,
    ):  # the standard library's reader meets hostile RFC 2231 here
        return ""


def _clean(name: str) -> str:
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join("_" if ch in '<>:"|?*' else ch for ch in last if unicodedata.category(ch)[0] != "C")
    while len(shown.encode()) > _NAME_BYTES:
        stem, ending = os.path.splitext(shown)
        shown = stem[:-1] + ending if len(ending) < 12 and stem[:-1] else shown[:-1]
    shown = shown.strip(" .")
    return f"_{shown}" if _RESERVED.fullmatch(shown) else shown


class BodySaver(QObject):
    """Copies one body to one file in steps of 4 MB, so that the window stays alive.

    The copy is written beside the target under a name nobody else has, for this user only, and takes the
    target's place when it is whole. A link at the target is replaced, not followed.
    """

    finished = Signal()
    failed = Signal(object)  # str: why, in words

    def __init__(self, body: SpooledBody, target: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._body = body
        self._made = WholeFile(target)
        self._from: BinaryIO | None = None
        self._to: BinaryIO | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._copy_some)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.stop)

    def start(self) -> None:
        try:
            self._to = self._made.begin()
            self._from = self._body.open()
            self._timer.start(0)
        except OSError as error:
            self._give_up(error)

    def stop(self) -> None:
        """Leave nothing half written behind."""
        self._timer.stop()
        with contextlib.suppress(OSError):
            if self._from is not None:
                self._from.close()
        self._made.discard()
        self._from = self._to = None

    def _copy_some(self) -> None:
        assert self._from is not None
        assert self._to is not None
        try:
            chunk = self._from.read(_STEP)
            self._to.write(chunk)
            if not chunk:
                self._finish()
        except OSError as error:
            self._give_up(error)

    def _finish(self) -> None:
        self._made.put_in_place(replace=True)  # without a sync, which would hold the window up
        self.stop()
        self.finished.emit()

    def _give_up(self, error: OSError) -> None:
        self.stop()
        self.failed.emit(error.strerror or "the file could not be written")
