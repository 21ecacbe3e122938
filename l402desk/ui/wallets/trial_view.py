"""What a tried connection was found to be: what its credential may do, what it holds, what to beware of; or why not."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from l402desk.session.wallet_trial import Distrusted, Tried
from l402desk.session.wallet_view import Trouble
from l402desk.ui.style import GAP
from l402desk.ui.wallets import words
from l402desk.ui.widgets.announce import announce
from l402desk.ui.widgets.buttons import button
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.text import label, sentences, visible
from l402desk.wallets.examining import Examination

_HEADINGS = {
    "pin-mismatch": "This is not the certificate that was pinned",
    "expired": "The certificate has expired",
}


class TrialView(QWidget):
    """Hidden until there is something to show. `pin_pressed` when the certificate that was shown is the right one."""

    pin_pressed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("walletTrial")
        self._shown: object = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.pin = button("Pin this certificate", name="pinCertificateButton", icon="lock")
        self.pin.setParent(self)
        self.pin.clicked.connect(self.pin_pressed)
        self.pin.hide()
        self.hide()

    def show_tried(self, tried: Tried | None, refusal: Trouble | None, pinned: str) -> None:
        """``refusal`` is why it was not stored, ``pinned`` the SHA-256 of the certificate that the connection pins."""
        shown = (tried, refusal)
        if shown == self._shown:
            return
        self._shown = shown
        self._clear()
        if refusal is not None:
            self._show_trouble("danger", refusal)
        elif tried is not None and tried.distrusted is not None and tried.distrusted.fingerprint:
            self._show_certificate(tried, tried.distrusted, pinned)
        elif tried is not None and tried.trouble is not None:
            self._show_trouble("warning", tried.trouble)
        elif tried is not None and tried.examination is not None:
            self._show_found(tried.examination)
        self.setVisible(self._column.count() > 0)

    def _clear(self) -> None:
        self.pin.setParent(self)
        self.pin.hide()
        while (item := self._column.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()

    def _show_found(self, found: Examination) -> None:
        card = Card(name="walletFound", spacing=GAP.SMALL)
        called = f" and calls itself “{visible(found.calls_itself, 60)}”" if found.calls_itself else ""
        card.body.addWidget(FindingRow("good", f"It answers{called}.", name="walletAnswers"))
        card.body.addWidget(FindingRow("info", words.power(found), detail=_powers(found), name="walletPower"))
        if found.balance is not None:
            on = f" on {found.network}" if found.network is not None else ""
            card.body.addWidget(FindingRow("info", f"It holds {found.balance.words()}{on}.", name="walletHolds"))
        elif found.network is not None:
            card.body.addWidget(FindingRow("info", f"It is on {found.network}.", name="walletHolds"))
        if found.budget is not None:
            said = f"Its own budget for this app: {words.budget_words(found.budget)}."
            card.body.addWidget(FindingRow("info", said, name="walletBudget"))
        for warning in found.warnings:
            card.body.addWidget(FindingRow("warning", warning, name="walletWarning"))
        self._column.addWidget(card)
        announce(self, f"The wallet answers. {words.power(found)}")

    def _show_trouble(self, severity: str, trouble: Trouble) -> None:
        card = Card(name="walletTrouble", spacing=GAP.SMALL)
        card.body.addWidget(FindingRow(severity, trouble.sentence, detail=trouble.remedy, name="walletTroubleText"))
        self._column.addWidget(card)
        announce(self, sentences(trouble.sentence, trouble.remedy), urgent=True)

    def _show_certificate(self, tried: Tried, seen: Distrusted, pinned: str) -> None:
        assert tried.trouble is not None
        card = Card(name="walletCertificate", spacing=GAP.SMALL)
        refused = not seen.pinned_text
        heading = _HEADINGS.get(seen.reason, "Is this your node?")
        said = tried.trouble.sentence.partition(" It shows SHA-256")[0] if pinned else tried.trouble.sentence
        card.body.addWidget(FindingRow("danger" if refused else "warning", heading, detail=said, name="walletDistrust"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP.MEDIUM)
        grid.setVerticalSpacing(GAP.SMALL)
        grid.setColumnStretch(1, 1)
        rows = [("It shows SHA-256", _in_lines(seen.fingerprint), "seenFingerprint")]
        rows += [("Pinned is SHA-256", _in_lines(pinned), "pinnedFingerprint")] if pinned else []
        rows += [
            ("It is for", words.certificate_names(seen.names), "seenNames"),
            ("It is good until", words.until(seen.not_after), "seenUntil"),
        ]
        for row, (caption, value, name) in enumerate(rows):
            grid.addWidget(label(caption, role="dim"), row, 0)
            mono = "mono" if name.endswith("Fingerprint") else ""
            grid.addWidget(label(value, role=mono, wrap=True, selectable=True, name=name), row, 1)
        card.body.addLayout(grid)
        card.body.addWidget(label(tried.trouble.remedy if refused else _COMPARE, role="dim", wrap=True))
        if not refused:
            card.body.addWidget(self.pin, 0, Qt.AlignmentFlag.AlignLeft)
            self.pin.show()
        self._column.addWidget(card)
        announce(self, heading, urgent=True)


_COMPARE = (
    "Compare it with what the node itself says, on the node: “openssl x509 -noout -fingerprint -sha256 -in tls.cert”. "
    "Only if every pair of digits is the same, pin it: this wallet then believes this certificate and no other."
)


def _powers(found: Examination) -> str:
    return f"The credential may {words.listed(found.powers)}." if found.powers else ""


def _in_lines(fingerprint: str) -> str:
    """Thirty-two pairs in two lines of sixteen, to be compared by eye."""
    pairs = fingerprint.split(":")
    return "\n".join(" ".join(pairs[at : at + 16]) for at in range(0, len(pairs), 16))
