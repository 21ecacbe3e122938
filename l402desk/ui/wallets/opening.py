"""Hands a link to whatever opens such links on this computer."""

from __future__ import annotations

import sys

from PySide6.QtCore import QProcess, QStandardPaths, QUrl
from PySide6.QtGui import QDesktopServices

_OPENERS = {"linux": ("xdg-open",), "darwin": ("open",), "win32": ("rundll32", "url.dll,FileProtocolHandler")}


def open_link(link: str) -> bool:
    """False where it is certain that nothing opened it.

    Qt takes no host of more than 63 letters (RFC 1035), and the key in a ``nostr+walletauth://`` link has 64 digits:
    such a link is given to the system's own opener, which does not tell what became of it.
    """
    url = QUrl(link)
    if url.isValid():
        return QDesktopServices.openUrl(url)
    program, *arguments = _OPENERS.get(sys.platform, ("xdg-open",))
    found = QStandardPaths.findExecutable(program)
    return bool(found) and bool(QProcess.startDetached(found, [*arguments, link])[0])
