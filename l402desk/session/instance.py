"""The single instance: the first window of a data folder listens, a second start hands over its address and ends."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from l402desk.session.instance_lock import CannotLock, InstanceLock
from l402desk.session.summons import MOST_BYTES, Summons, read_summons, socket_name, write_summons

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

MOST_CALLERS = 16
PATIENCE_MS = 2_000
"""A caller that says nothing for this long is sent away."""
STARTING_S = 8.0
"""How long a second start waits for a first window that is there and does not answer: it may be starting itself."""
BURST, EVERY_S = 4, 3.0
"""Calls taken at once, and then one per so many seconds: a page with a thousand links opens no thousand tabs."""


class Answer(Enum):
    """What a second start heard."""

    TAKEN = b"taken\n"
    BUSY = b"busy\n"
    NOT_UNDERSTOOD = b"not understood\n"
    NONE = b""


class Instance(QObject):
    """This process's place among the windows of one folder. `called` carries each `Summons` of a second start."""

    called = Signal(object)

    def __init__(
        self, folder: Path, clock: Callable[[], float] = time.monotonic, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._folder = folder
        self._clock = clock
        self._lock = InstanceLock(folder)
        self._server: QLocalServer | None = None
        self._callers: set[_Caller] = set()
        self._calls_left, self._counted_at = float(BURST), clock()

    def claim_or_call(self, url: str, patience_s: float = STARTING_S) -> Answer | None:
        """Become the first window: None. Where there is one already, what it answered to this address.

        Blocks for ``patience_s`` at most, and only while the first window is there and silent. Raises CannotLock.
        """
        summons = Summons(url, os.environ.get("XDG_ACTIVATION_TOKEN", ""))
        deadline = time.monotonic() + patience_s
        while not self._lock.take():
            answer = _call(self._folder, summons)
            if answer is not Answer.NONE or time.monotonic() > deadline:
                return answer
            time.sleep(0.05)
        return None

    @Slot()
    def listen(self) -> None:
        """Hear second starts from now on. Where that cannot be, they say that this window does not answer."""
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 - not before the first frame

        if self._server is not None or not self._lock.is_held:
            return
        try:
            name = socket_name(self._folder)
        except OSError:
            return
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._receive)
        QLocalServer.removeServer(name)  # of a run that crashed: whoever holds the lock owns the name
        self._server.listen(name)

    def close(self) -> None:
        """Stop listening and let the next start be the first."""
        for caller in tuple(self._callers):
            caller.send_away()
        if self._server is not None:
            self._server.close()
            self._server.deleteLater()
            self._server = None
        self._lock.release()

    @Slot()
    def _receive(self) -> None:
        assert self._server is not None
        while (socket := self._server.nextPendingConnection()) is not None:
            if len(self._callers) >= MOST_CALLERS:
                socket.abort()
                socket.deleteLater()
                continue
            caller = _Caller(socket, self)
            self._callers.add(caller)
            caller.said.connect(self._hear)
            caller.gone.connect(self._forget)
            caller.read()

    @Slot(object, object)
    def _hear(self, caller: _Caller, line: bytes) -> None:
        summons = read_summons(line)
        if summons is None:
            caller.answer(Answer.NOT_UNDERSTOOD)
        elif not self._may_call():
            caller.answer(Answer.BUSY)
        else:
            caller.answer(Answer.TAKEN)
            self.called.emit(summons)

    @Slot(object)
    def _forget(self, caller: _Caller) -> None:
        self._callers.discard(caller)

    def _may_call(self) -> bool:
        now = self._clock()
        self._calls_left = min(BURST, self._calls_left + (now - self._counted_at) / EVERY_S)
        self._counted_at = now
        if self._calls_left < 1:
            return False
        self._calls_left -= 1
        return True


@dataclass(frozen=True, slots=True)
class Ending:
    """How a start ends that does not become the window; ``words`` may be empty."""

    status: int
    words: str = ""


_ENDINGS = {
    Answer.TAKEN: Ending(0),
    Answer.BUSY: Ending(0, "The window had too many calls at once, and did not take this one."),
    Answer.NOT_UNDERSTOOD: Ending(2, "The window that is open did not understand the address."),
    Answer.NONE: Ending(
        1, "A window is open already, and does not answer. Close it, or end its process, then start again."
    ),
}


def first_or_ending(instance: Instance, url: str) -> Ending | None:
    """None where this start is the window. Else it is over: the one that is open was called, or cannot be."""
    try:
        answer = instance.claim_or_call(url)
    except CannotLock as error:
        return Ending(1, str(error))
    return None if answer is None else _ENDINGS[answer]


class _Caller(QObject):
    """One connection: a line, an answer, and gone; who sends no line, or too long a one, is sent away."""

    said = Signal(object, object)
    gone = Signal(object)

    def __init__(self, socket: QLocalSocket, parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        socket.setParent(self)
        socket.setReadBufferSize(MOST_BYTES + 1)
        self._line = b""
        self._answered = False
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self.send_away)
        self._patience.start()
        socket.readyRead.connect(self.read)
        socket.disconnected.connect(self._leave)

    @Slot()
    def read(self) -> None:
        if self._answered:
            return
        self._line += self._socket.readAll().data()
        line, newline, _ = self._line.partition(b"\n")
        if newline and len(line) <= MOST_BYTES:
            self._answered = True
            self.said.emit(self, line)
        elif len(self._line) > MOST_BYTES:
            self.send_away()

    def answer(self, answer: Answer) -> None:
        self._socket.write(answer.value)
        self._socket.flush()
        self._socket.disconnectFromServer()

    @Slot()
    def send_away(self) -> None:
        self._answered = True
        self._socket.abort()
        self._leave()

    @Slot()
    def _leave(self) -> None:
        self._patience.stop()
        self.gone.emit(self)
        self.deleteLater()


def _call(folder: Path, summons: Summons) -> Answer:
    """Tell the first window; NONE where nobody answers."""
    from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 - a first start does not need it here

    try:
        name = socket_name(folder)
    except OSError:
        return Answer.NONE
    socket = QLocalSocket()
    socket.connectToServer(name)
    if not socket.waitForConnected(PATIENCE_MS):
        return Answer.NONE
    socket.write(write_summons(summons))
    heard = b""
    while b"\n" not in heard and len(heard) < MOST_BYTES and socket.waitForReadyRead(PATIENCE_MS):
        heard += socket.readAll().data()
    socket.abort()
    return next((answer for answer in Answer if answer.value == heard), Answer.NONE)
