"""The network in the settings: the proxy of Tor, behind which hidden services are."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from l402desk.session.preferences import Preferences
from l402desk.ui.settings.rows import table
from l402desk.ui.style import GAP
from l402desk.ui.widgets.fields import line_field
from l402desk.ui.widgets.text import label, visible

WHY = (
    "Wallets at .onion addresses are reached through Tor's SOCKS proxy, and names are looked up there too. Tor itself "
    "listens at 127.0.0.1:9050, Tor Browser at 127.0.0.1:9150; leave it empty to reach none. A change counts from the "
    "next start on."
)


class NetworkSection(QWidget):
    """Applies what is typed when the field is left; what is no address is said beside it, and changes nothing."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__()
        self.setObjectName("networkSection")
        self._preferences = preferences
        self.tor = line_field(name="torField", label="Address of Tor's proxy, HOST:PORT", placeholder="none", mono=True)
        self.tor.setMaxLength(250)
        self._says = label(role="caution", wrap=True, name="torProblem")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP.SMALL)
        column.addLayout(table((("Tor's proxy", self.tor),)))
        column.addWidget(self._says)
        column.addWidget(label(WHY, role="dim", wrap=True))
        self.tor.editingFinished.connect(self._apply)
        preferences.changed.connect(self.show_settings)
        self.show_settings()

    @Slot()
    def show_settings(self) -> None:
        """Show what holds now."""
        self.tor.setText(self._preferences.settings.tor)
        self._says.hide()

    @Slot()
    def _apply(self) -> None:
        typed = self.tor.text().strip()
        try:
            self._preferences.reach_tor_at(typed)
        except ValueError:
            self._says.setText(f"“{visible(typed, 60)}” is no HOST:PORT. It is as it was.")
            self._says.show()
        else:
            self._says.hide()
