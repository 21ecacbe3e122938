"""The left half of the challenge panel: the price, who is paid, the verdict and its reasons, and the one button."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from l402desk.protocol.caveats import explain
from l402desk.protocol.inspection import Finding, Inspection, Severity, Verdict
from l402desk.protocol.macaroon import Macaroon
from l402desk.protocol.origin import Origin
from l402desk.ui.challenge.actions import ChallengeActions
from l402desk.ui.challenge.caveat_row import caveat_row
from l402desk.ui.challenge.rows import short
from l402desk.ui.style import GAP, set_role
from l402desk.ui.widgets.amount import AmountLabel
from l402desk.ui.widgets.card import Card, ScrollColumn
from l402desk.ui.widgets.findings import FindingRow
from l402desk.ui.widgets.icon_view import IconView
from l402desk.ui.widgets.severity import look_of
from l402desk.ui.widgets.text import elided_label, label, set_tool_tip, visible

VERDICTS = {
    Verdict.PAYABLE: ("good", "Safe to pay", "good"),
    Verdict.CAUTION: ("warning", "Look twice before you pay", "caution"),
    Verdict.REFUSE: ("danger", "Do not pay this", "danger"),
}
REQUIRED = "402 Payment Required"
EXPIRED = ("danger", "Expired: this can no longer be paid", "danger")
MOST_SHOWN = 12
MOST_PURPOSE = 160
"""Characters of the server's own words that stand in the card; the tool tip and the tree have all of them."""
_ORDER = (Severity.DANGER, Severity.WARNING, Severity.INFO)


class VerdictCard(Card):
    """Shows one inspection. `pay_pressed` is the only way from here to money."""

    pay_pressed = Signal()
    again_pressed = Signal()

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        super().__init__(name="challengeCard", spacing=GAP.SMALL)
        self._pay_words = "Pay…"
        self._can_pay = self._is_under_way = self._is_expired = self._is_whole = False
        self._status = elided_label(REQUIRED, role="strong", name="challengeStatus")
        self._scheme = label(role="dim", name="challengeScheme")
        self._amount = AmountLabel(name="challengeAmount")
        self._purpose = label(wrap=True, role="dim", name="challengePurpose")
        self._host = elided_label(role="strong", mode="middle", name="challengeHost")
        self._route = label(role="dim", name="challengeRoute")
        self._payee = elided_label(role="dim", mode="middle", name="challengePayee")
        self._verdict_icon = IconView("info", "link")
        self._verdict = label(role="strong", name="challengeVerdict")
        self._findings = ScrollColumn(name="findingsList", spacing=GAP.SMALL)
        self.foot = ChallengeActions(clock)
        self.pay, self.again, self._expiry = self.foot.pay, self.foot.again, self.foot.expiry
        self.pay.clicked.connect(self.pay_pressed)
        self.again.clicked.connect(self.again_pressed)
        self._expiry.expired.connect(self._expire)
        self._lay_out()

    def _lay_out(self) -> None:
        self._findings.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._findings.setAccessibleName("Reasons for the verdict")
        self.body.addLayout(_row(IconView("bolt", "accent"), self._status, None, self._scheme))
        self.body.addWidget(self._amount)
        self.body.addWidget(self._purpose)
        self.body.addLayout(_row(label("to", role="dim"), self._host, self._route, None))
        self.body.addWidget(self._payee)
        self.body.addSpacing(GAP.HAIR)
        self.body.addLayout(_row(self._verdict_icon, self._verdict, None))
        self.body.addWidget(self._findings, 1)
        self.body.addWidget(self.foot)

    def sizeHint(self) -> QSize:
        return QSize(400, 420)

    def minimumSizeHint(self) -> QSize:
        """As high as its wrapped texts are at the width it has: a splitter would squeeze them else."""
        return QSize(super().minimumSizeHint().width(), self.body.minimumHeightForWidth(self.width()) + GAP.SMALL)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._show_reasons_whole()
            self.updateGeometry()

    def set_whole(self, whole: bool) -> None:
        """Show every reason at once, because what is around the card scrolls; else the reasons scroll by themselves."""
        if whole != self._is_whole:
            self._is_whole = whole
            self._show_reasons_whole()

    def _show_reasons_whole(self) -> None:
        least = 0
        if self._is_whole:
            margins = self.body.contentsMargins()
            least = self._findings.height_for(self.width() - margins.left() - margins.right())
        self._findings.setMinimumHeight(least)

    def show_inspection(self, inspection: Inspection, origin: Origin | None, status: str = REQUIRED) -> None:
        """Show what is asked, by whom, and whether to pay it; ``status`` is the answer's. Foreign text stays text."""
        self._status.setText(status)
        self._scheme.setText(inspection.challenge.scheme if inspection.challenge else "")
        self._amount.set_amount(inspection.amount)
        self._show_purpose(inspection)
        self._host.setText(origin.authority if origin else "an unknown host")
        self._route.setText(_route(origin))
        payee = inspection.invoice.payee if inspection.invoice else None
        self._payee.setText(f"node {short(payee)}" if payee else "")
        self._payee.setVisible(payee is not None)
        self._is_expired = False
        self._pay_words = f"Pay {inspection.amount.words()}…" if inspection.amount else "Pay…"
        self._show_verdict(*VERDICTS[inspection.verdict])
        self._show_findings(inspection.findings, _allowances(inspection))
        self._expiry.count_to(inspection.invoice.expires_at if inspection.invoice else None)
        self._show_actions()

    def set_payable(self, can_pay: bool, *, is_under_way: bool = False) -> None:
        """Offer the payment, the way back to the one that is under way, or a fresh challenge."""
        self._can_pay, self._is_under_way = can_pay, is_under_way
        self._show_actions()

    def _show_actions(self) -> None:
        payable = self._is_under_way or (self._can_pay and not self._is_expired)
        words = "Show the payment…" if self._is_under_way else self._pay_words
        self.pay.setText(words)
        self.pay.setAccessibleName(words)
        self.pay.setEnabled(payable)
        self.again.setVisible(not payable)

    @Slot()
    def _expire(self) -> None:
        self._is_expired = True
        self._show_verdict(*EXPIRED)
        self._show_actions()

    def _show_purpose(self, inspection: Inspection) -> None:
        description = inspection.invoice.description if inspection.invoice else None
        words = " ".join((description or "").split())
        self._purpose.setText(f"for “{visible(words, MOST_PURPOSE)}”" if words else "")
        set_tool_tip(self._purpose, description if description and len(words) > MOST_PURPOSE else "")
        self._purpose.setVisible(bool(words))

    def _show_verdict(self, severity: str, words: str, role: str) -> None:
        look = look_of(severity)
        self._verdict_icon.show_icon(look.icon, look.tint)
        self._verdict.setText(words)
        self._verdict.setAccessibleName(f"Verdict: {words}")
        set_role(self._verdict, f"verdict-{role}")

    def _show_findings(self, findings: tuple[Finding, ...], allowances: tuple[QWidget, ...]) -> None:
        column = self._findings.body
        self._findings.clear()
        for finding in sorted(findings, key=_gravity):
            severity = "good" if finding.code == "hash-matches" else str(finding.severity)
            column.addWidget(FindingRow(severity, finding.message, name=f"finding-{finding.code}"))
        for number, allowed in enumerate(allowances):
            if number == 0:
                column.addSpacing(GAP.SMALL)
                column.addWidget(label("What the token allows", role="strong"))
            column.addWidget(allowed)
        column.addStretch(1)
        self._show_reasons_whole()


def _gravity(finding: Finding) -> int:
    return _ORDER.index(finding.severity)


def _allowances(inspection: Inspection) -> tuple[QWidget, ...]:
    """The token's conditions in words, without those a finding already speaks of."""
    if not isinstance(inspection.token, Macaroon):
        return ()
    meanings = [explain(caveat.text) for caveat in inspection.token.caveats[:MOST_SHOWN]]
    return tuple(caveat_row(meaning, name="allowance") for meaning in meanings if meaning.expires_at is None)


def _route(origin: Origin | None) -> str:
    if origin is None or origin.scheme == "https":
        return ""
    return "over http, this computer only" if origin.is_loopback else "over plain http"


def _row(*parts: QWidget | None) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP.SMALL)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row
