"""The right half of the challenge panel: invoice and token decoded, every other offer, and the raw bytes."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QTabWidget, QVBoxLayout, QWidget

from l402desk.client.answer import Answer
from l402desk.protocol.challenge import Demand
from l402desk.protocol.inspection import Inspection
from l402desk.ui.challenge.rows import invoice_rows, offer_rows, token_rows
from l402desk.ui.style import GAP
from l402desk.ui.widgets.card import Card
from l402desk.ui.widgets.text import TextView, label
from l402desk.ui.widgets.tree import FieldTree

MOST_RAW = 16_384
"""Bytes of the body that the raw tab shows; the answer's own page shows all."""


class ChallengeDetails(Card):
    """Tabs *Decoded*, *Offers* and *Raw*; shows one answer's challenge."""

    def __init__(self) -> None:
        super().__init__(name="challengeDetails", margin=GAP.SMALL, spacing=0)
        self._invoice = FieldTree(name="invoiceTree", label="Decoded invoice")
        self._token = FieldTree(name="macaroonTree", label="Decoded token")
        self._offers = FieldTree(name="offersTree", label="Every offer in the answer")
        self._raw = TextView(name="challengeRaw", label="The answer as it came")
        for tree in (self._invoice, self._token):
            tree.setHeaderHidden(True)
        decoded = QSplitter(Qt.Orientation.Vertical)
        decoded.setChildrenCollapsible(False)
        decoded.addWidget(_titled("Invoice", self._invoice))
        decoded.addWidget(_titled("Token", self._token))
        decoded.setStretchFactor(0, 3)
        decoded.setStretchFactor(1, 2)
        self._tabs = QTabWidget()
        self._tabs.setObjectName("challengeTabs")
        self._tabs.setAccessibleName("Details of the challenge")
        self._tabs.addTab(decoded, "Decoded")
        self._tabs.addTab(self._offers, "Offers")
        self._tabs.addTab(self._raw, "Raw")
        self._tabs.setDocumentMode(True)
        self.body.addWidget(self._tabs)

    def show_inspection(self, inspection: Inspection, now: int) -> None:
        """``now`` is in seconds since 1970."""
        self._invoice.show_rows(invoice_rows(inspection, now))
        self._token.show_rows(token_rows(inspection))
        widest = max(tree.sizeHintForColumn(0) for tree in (self._invoice, self._token))
        for tree in (self._invoice, self._token):  # both values begin at one line
            tree.header().setMinimumSectionSize(widest)

    def show_answer(self, answer: Answer | None, demand: Demand | None) -> None:
        """The offers with the reason why one can or cannot be paid, and the head of the answer as it came."""
        offers = demand.offers if demand else ()
        self._offers.show_rows(offer_rows(demand) if demand else ())
        self._tabs.setTabText(1, f"Offers {len(offers)}" if len(offers) > 1 else "Offers")
        self._raw.set_text(_raw(answer) if answer else "")


def _titled(title: str, tree: FieldTree) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, GAP.SMALL, 0, 0)
    column.setSpacing(GAP.HAIR)
    heading = label(title, role="strong")
    heading.setContentsMargins(GAP.SMALL, 0, 0, 0)
    heading.setBuddy(tree)
    column.addWidget(heading)
    column.addWidget(tree, 1)
    return made


def _raw(answer: Answer) -> str:
    lines = [f"{answer.http_version} {answer.status} {answer.reason}".rstrip()]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    try:
        body = answer.body.head(MOST_RAW).decode("utf-8", "replace")
    except OSError:  # the file of a spooled body was taken away; the challenge is in the headers
        body = "(the body is no longer there)"
    return "\n".join([*lines, "", body])
