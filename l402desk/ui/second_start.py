"""A second start calls the window: it comes forward, with the address that was brought filled in and not sent."""

from __future__ import annotations

import os

from PySide6.QtCore import QObject, Qt, Slot

from l402desk.session.instance import Instance
from l402desk.session.summons import Summons
from l402desk.ui.desk import Desk


class SecondStart(QObject):
    """Connects the instance with the desk."""

    def __init__(self, instance: Instance, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        instance.called.connect(self._come_forward)

    @Slot(object)
    def _come_forward(self, summons: Summons) -> None:
        window = self._desk.window
        if summons.activation:  # Wayland lets a window come forward only with the token of the start (xdg-activation)
            os.environ["XDG_ACTIVATION_TOKEN"] = summons.activation
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        if summons.url:
            self._desk.fill_in(summons.url)
