"""The right half decodes the chosen challenge and shows the whole answer, as text only."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPlainTextEdit, QTabWidget
from pytestqt.qtbot import QtBot

from l402desk.ui.challenge.details import ChallengeDetails
from l402desk.ui.style import Appearance
from l402desk.ui.widgets.tree import FieldTree
from tests.fakes.challenges import HASH
from tests.fakes.invoices import NOW
from tests.fakes.journeys import TABLE_BOMB, answer_of, challenged, demand_of


@pytest.fixture
def details(qtbot: QtBot, dressed: Appearance) -> ChallengeDetails:
    made = ChallengeDetails()
    qtbot.addWidget(made)
    made.resize(500, 500)
    view = challenged()
    made.show_inspection(view.inspections[0], NOW + 60)
    made.show_answer(view.answer, view.demand)
    made.show()
    return made


def tree(details: ChallengeDetails, name: str) -> FieldTree:
    found = details.findChild(FieldTree, name)
    assert found is not None
    return found


def test_invoice_and_token_stand_in_trees_of_their_own(details: ChallengeDetails) -> None:
    assert tree(details, "invoiceTree").value_of("Payment hash") == HASH.hex
    assert tree(details, "macaroonTree").value_of("services") == "services=weather:0"


def test_the_values_of_both_trees_begin_at_one_line(details: ChallengeDetails) -> None:
    assert tree(details, "invoiceTree").columnWidth(0) == tree(details, "macaroonTree").columnWidth(0)


def test_every_offer_is_listed(details: ChallengeDetails) -> None:
    assert tree(details, "offersTree").topLevelItemCount() >= 1


def test_the_raw_answer_is_shown_as_it_came(details: ChallengeDetails) -> None:
    demand = demand_of()
    details.show_answer(answer_of(demand, body=TABLE_BOMB.encode()), demand)
    raw = details.findChild(QPlainTextEdit, "challengeRaw")
    assert raw is not None
    text = raw.toPlainText()
    assert text.startswith("HTTP/1.1 402 Payment Required\nContent-Type: text/plain\nWWW-Authenticate: L402 macaroon=")
    assert text.rstrip().endswith(TABLE_BOMB)


def test_a_body_whose_file_is_gone_leaves_the_headers(details: ChallengeDetails, tmp_path: object) -> None:
    from dataclasses import replace
    from pathlib import Path

    from l402desk.client.spool import SpooledBody

    gone = SpooledBody(data=None, path=Path(str(tmp_path)) / "gone", size=10)
    details.show_answer(replace(answer_of(None), body=gone), None)
    raw = details.findChild(QPlainTextEdit, "challengeRaw")
    assert raw is not None
    assert raw.toPlainText().startswith("HTTP/1.1 402")


def test_without_an_answer_nothing_of_the_last_one_is_left(details: ChallengeDetails) -> None:
    details.show_answer(None, None)
    raw, tabs = details.findChild(QPlainTextEdit, "challengeRaw"), details.findChild(QTabWidget, "challengeTabs")
    assert raw is not None
    assert tabs is not None
    assert raw.toPlainText() == ""
    assert tree(details, "offersTree").topLevelItemCount() == 0
    assert tabs.tabText(1) == "Offers"
