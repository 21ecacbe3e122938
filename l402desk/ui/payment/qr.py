"""The modules of an invoice's QR code, computed beside the window."""

from __future__ import annotations

import functools

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal, Slot

Modules = tuple[tuple[bool, ...], ...]
"""Rows of modules, True is dark; without the quiet zone."""

MOST_CHARACTERS = 1_500
"""Beyond this a phone's camera no longer resolves the code (facts: 109 modules at level L): copying is the way."""


def qr_text(invoice: str) -> str:
    """What the code says: a lower-case scheme, since phones match it by case, and an upper-case invoice, since upper
    case packs denser (BOLT 11: "writers SHOULD use upper case for QR codes")."""
    return f"lightning:{invoice.upper()}"


def modules_of(text: str) -> Modules:
    """The code of a text at error correction level L, in mixed segments. Takes some 10 ms: not for the GUI thread."""
    # The one seam of the library; imported here so that the window's first frame does not wait for it.
    from qrcode.constants import ERROR_CORRECT_L  # noqa: PLC0415 - not before the first code
    from qrcode.main import QRCode  # noqa: PLC0415 - not before the first code

    code = QRCode(error_correction=ERROR_CORRECT_L, border=0)
    code.add_data(text)
    code.make(fit=True)
    return tuple(tuple(bool(module) for module in row) for row in code.modules)


class QrMaker(QObject):
    """Computes codes in the background; `made` brings the text and its modules to the GUI thread."""

    made = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: set[str] = set()
        _courier().made.connect(self._bring, Qt.ConnectionType.QueuedConnection)

    def make(self, text: str) -> None:
        self._wanted.add(text)
        QThreadPool.globalInstance().start(_Making(text))

    @Slot(object, object)
    def _bring(self, text: str, modules: Modules) -> None:
        if text in self._wanted:
            self._wanted.discard(text)
            self.made.emit(text, modules)


class _Courier(QObject):
    """Carries every code home. It outlives all dialogs: a worker must not speak through what is being destroyed."""

    made = Signal(object, object)


@functools.cache
def _courier() -> _Courier:
    return _Courier()


class _Making(QRunnable):
    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def run(self) -> None:
        _courier().made.emit(self._text, modules_of(self._text))
